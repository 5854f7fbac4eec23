"""Errors of the ascent, carried along linearly, against the ascent flown again with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.ascent.safety import Scattered
    from cosmodrome.catalog.nouns import Stage, Vehicle
    from tests.ascent.conftest import Flown


def stages(vehicle: Vehicle, id_: str, change: Callable[[Stage], Stage]) -> Vehicle:
    return replace(vehicle, stages=tuple(change(s) if s.id == id_ else s for s in vehicle.stages))


def stronger(s: Stage, part: float, *, isp: float) -> Stage:
    """More thrust, vacuum and sea level alike, at `isp` times the specific impulse."""
    sea = s.thrust_sea_level_n
    return replace(
        s,
        thrust_vacuum_n=s.thrust_vacuum_n * part,
        thrust_sea_level_n=None if sea is None else sea * part,
        isp_vacuum_s=s.isp_vacuum_s * isp,
    )


def moved(sso: Flown, given: Scattered, vehicle: Vehicle, object_: str) -> np.ndarray:
    """(6,) change of the separation state when the plan is flown with another vehicle."""
    legs = ascent.execute(sso.plan, replace(sso.mission, vehicle=vehicle), sso.world)
    a, b = (next(g for g in group if g.object == object_) for group in (legs, sso.legs))
    axes = given.nominal.axes
    return np.concatenate(
        [axes @ (a.start.r_m - b.start.r_m), axes @ (a.start.v_m_s - b.start.v_m_s)]
    )


def linear(given: Scattered, object_: str, source: str) -> np.ndarray:
    drop = next(d for d in given.drops if d.object == object_)
    return drop.moved[drop.sources.index(source)]


def close(found: np.ndarray, wanted: np.ndarray, part: float) -> None:
    assert np.linalg.norm(found[:3] - wanted[:3]) < part * np.linalg.norm(wanted[:3])
    assert np.linalg.norm(found[3:] - wanted[3:]) < part * np.linalg.norm(wanted[3:])


@pytest.mark.parametrize(
    ("stage", "object_"),
    [("strap-ons", "strap-ons"), ("strap-ons", "core"), ("core", "core"), ("third", "third")],
)
def test_specific_impulse(sso: Flown, spread_out: Scattered, stage: str, object_: str) -> None:
    """Thrust up at the same flow: at most 0.5 % of the change measured, at both signs."""
    for sign in (1.0, -1.0):
        part = 1.0 + sign * 0.003
        other = stages(sso.mission.vehicle, stage, lambda s, p=part: stronger(s, p, isp=p))
        found = moved(sso, spread_out, other, object_)
        close(sign * found, linear(spread_out, object_, f"{stage} isp"), 0.015)


@pytest.mark.parametrize(("stage", "limit"), [("third", 0.02), ("core", 0.12)])
def test_thrust_for_the_same_propellant(
    sso: Flown, spread_out: Scattered, stage: str, limit: float
) -> None:
    """Half a per cent more runs the tank dry before the timer, as the model has it.

    Measured: 0.5 % of the change for the third stage, 5 % for the core, whose burn ends on its
    verniers alone while the model takes the end at the mean flow. (With less thrust the plan's
    timers leave propellant unburnt, which no flown vehicle would.)
    """
    other = stages(sso.mission.vehicle, stage, lambda s: stronger(s, 1.005, isp=1.0))
    found = moved(sso, spread_out, other, stage)
    close(found, linear(spread_out, stage, f"{stage} thrust"), limit)


def test_drag_on_the_way_up(sso: Flown, spread_out: Scattered) -> None:
    drag = sso.mission.vehicle.drag
    thicker = replace(sso.mission.vehicle, drag=replace(drag, area_m2=drag.area_m2 * 1.05))
    found = moved(sso, spread_out, thicker, "core")
    # measured: 0.3 %
    close(found, linear(spread_out, "core", "drag on the way up"), 0.01)


@pytest.mark.parametrize("source", ["pitch", "yaw"])
def test_attitude(sso: Flown, spread_out: Scattered, source: str) -> None:
    """The whole programme turned about one axis; pitch's, the plane's normal, stands still.

    Yaw's, square to thrust and normal, turns with the pitch programme: 10 % of the change.
    """
    given = spread_out
    axes, angle = np.asarray(sso.plan.launch_axes), 0.2 * np.pi / 180.0
    y, _, u, _ = given.nominal.columns(np.array([150.0]))
    side = np.cross(y[:3, 0], u[:, 0])
    side /= np.linalg.norm(side)
    about = side if source == "pitch" else np.cross(u[:, 0], side)
    k = np.array([[0, -about[2], about[1]], [about[2], 0, -about[0]], [-about[1], about[0], 0]])
    turn = np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * k @ k
    programme = sso.plan.attitude
    turned = replace(
        sso.plan,
        attitude=replace(programme, coefficients=np.asarray(programme.coefficients) @ turn.T),
        launch_axes=axes,
    )
    legs = ascent.execute(turned, sso.mission, sso.world)
    a, b = (next(g for g in group if g.object == "strap-ons") for group in (legs, sso.legs))
    found = given.nominal.axes @ (a.start.v_m_s - b.start.v_m_s)
    wanted = linear(given, "strap-ons", source)[3:]
    sign = np.sign(found @ wanted)
    # measured: 1.4 % in pitch, 9.8 % in yaw
    part = 0.04 if source == "pitch" else 0.2
    assert np.linalg.norm(sign * found - wanted) < part * np.linalg.norm(wanted)
