"""Shadows: against the propagator's own search, brute force, and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.coverage import eclipses, in_sunlight_s
from cosmodrome.coverage.eclipses import Eclipse
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.errors import InputError, UnknownNameError
from cosmodrome.world.bodies import SUN


def test_the_propagators_own_search_agrees(world, low_state, low) -> None:
    """core/events.cpp finds the same on the collocation polynomial."""
    flown = propagate(low_state, Dynamics.earth(20), 2.0 * 86_400.0, ("eclipses",), world=world)
    found = eclipses(low, world)
    for kind in ("umbra", "penumbra"):
        mine = [e for e in found if (e.kind, e.body) == (kind, "earth")]
        for end, attribute in (("entry", "start_t_s"), ("exit", "end_t_s")):
            theirs = [e.t_s for e in flown.events if e.kind == f"{kind} {end}"]
            cut = "begins_late" if end == "entry" else "ends_early"
            ours = [getattr(e, attribute) for e in mine if not getattr(e, cut)]
            assert ours == pytest.approx(theirs, abs=1e-6)
    assert len([e for e in found if e.kind == "umbra"]) > 25


def test_the_length_of_a_shadow_in_closed_form(world, low) -> None:
    """A circle with the Sun near its plane: the shadow's half width is asin(R / r) for a cylinder,
    widened and narrowed by the Sun's half degree (Vallado 2013, section 5.3.2)."""
    umbra = [e for e in eclipses(low, world, ("earth",)) if e.kind == "umbra"][3]
    penumbra = [e for e in eclipses(low, world, ("earth",)) if e.kind == "penumbra"][3]
    t = 0.5 * (umbra.start_t_s + umbra.end_t_s)
    y = low.columns_at(t)
    r = float(np.linalg.norm(y[:3]))
    rate = float(np.linalg.norm(np.cross(y[:3], y[3:6]))) / r**2
    sun = world.ephemeris.positions_m("sun", low.epoch, np.array([t]))[0]
    normal = np.cross(y[:3], y[3:6])
    beta = math.asin(normal @ sun / np.linalg.norm(normal) / np.linalg.norm(sun))
    half = math.acos(math.sqrt(1.0 - (6_378_137.0 / r) ** 2) / math.cos(beta))
    # the orbit is a few km off a circle
    assert 0.5 * (umbra.duration_s + penumbra.duration_s) == pytest.approx(
        2.0 * half / rate, rel=5e-3
    )
    # each edge takes the Sun's diameter, slanted
    assert 5.0 < penumbra.duration_s - umbra.duration_s < 60.0


def test_a_small_body_leaves_a_ring(world, low_state) -> None:
    """An Earth of 60 km seen from 42,000 km hides the Sun's middle: brute force agrees."""
    sun = world.ephemeris.positions_m("sun", low_state.epoch, np.zeros(1))[0]
    r = 42e6 * sun / np.linalg.norm(sun)
    across = np.cross([0.0, -0.3978, 0.9175], r)  # in the ecliptic
    v = math.sqrt(3.986004415e14 / 42e6) * across / np.linalg.norm(across)
    s = type(low_state)(low_state.epoch, low_state.frame, r, v, 1_000.0)
    path = propagate(s, Dynamics.earth(4), 86_400.0, world=world).trajectory
    found = eclipses(path, world, ("earth",), radii_m={"earth": 60e3})
    assert [e.kind for e in found] == ["penumbra", "annular"]
    ring = found[1]
    t = np.arange(ring.start_t_s - 30.0, ring.end_t_s + 30.0, 0.05)
    r = path.columns_at(t)[:, :3]
    d = world.ephemeris.positions_m("sun", path.epoch, t) - r
    c = np.arctan2(np.linalg.norm(np.cross(d, r), axis=1), -np.einsum("ij,ij->i", d, r))
    a = np.arcsin(SUN.radius_m / np.linalg.norm(d, axis=1))
    b = np.arcsin(60e3 / np.linalg.norm(r, axis=1))
    inside = t[c < a - b]
    assert ring.start_t_s == pytest.approx(inside[0], abs=0.06)
    assert ring.end_t_s == pytest.approx(inside[-1], abs=0.06)


def test_time_in_the_light() -> None:
    from tests.coverage.conftest import START

    def dark(a: float, b: float, kind: str = "umbra", body: str = "earth") -> Eclipse:
        return Eclipse(kind, body, START + a, START + b, a, b)

    found = [dark(10.0, 20.0), dark(15.0, 30.0, body="moon"), dark(5.0, 35.0, "penumbra")]
    assert in_sunlight_s(found, 0.0, 100.0) == pytest.approx(80.0)
    assert in_sunlight_s(found, 12.0, 18.0) == pytest.approx(0.0)
    assert in_sunlight_s([], 0.0, 7.0) == pytest.approx(7.0)


def test_refusals(world, low) -> None:
    with pytest.raises(UnknownNameError, match="no body"):
        eclipses(low, world, ("erth",))
    with pytest.raises(InputError, match="metres above zero"):
        eclipses(low, world, radii_m={"earth": -1.0})
    with pytest.raises(InputError, match="Sun or one of"):
        eclipses(low, world, radii_m={"mars": 3.4e6})
