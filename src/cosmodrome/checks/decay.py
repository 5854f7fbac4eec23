"""How long what is left in orbit stays there, where no step of the plan disposes of it.

Drag alone, averaged over the anomaly (King-Hele 1987), in the mean air of a solar cycle: a few
milliseconds, and good to what the Sun's activity lets anybody know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.conics import axis_m, eccentricity, mu_of
from cosmodrome.checks.disposal import FLOOR_M, SOLAR_CYCLE_DAYS, YEAR
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.mission.nouns import Deorbit, Land, Mission
from cosmodrome.physics import thermosphere
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.space_weather import SpaceWeatherSample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["decays_s", "lifetime"]

#: Inter-Agency Space Debris Coordination Committee, Mitigation Guidelines 5.3.2; Federal
#: Communications Commission, 22-74 (2022)
LONGEST_YEARS, SHORT_YEARS = 25.0, 5.0
_LOOKED_YEARS = 200.0
#: where there is hardly any air left
TOP_M = 1_500e3
# a low orbit in the guidelines' sense
LOW_M = 2_000e3
_POINTS = 64
_STEP_M = 20e3


def lifetime(view: View) -> Iterator[Judged]:
    """Years until the spacecraft and the last stage come down by drag, against 25."""
    plan = view.flight.mission.plan
    if any(isinstance(s, Deorbit | Land) for s in plan):
        yield not_judged("the plan disposes of the spacecraft, or lands it")
    else:
        yield _of_the_craft(view)
    if isinstance(view.flight.mission, Mission):
        yield from _of_the_stage(view)


def _of_the_craft(view: View) -> Judged:
    mission = view.flight.mission
    later = view.after_burns() or view
    craft = mission.spacecraft
    last = later.orbit
    if mission.physics.drag == "none":
        return not_judged("the mission flies without air", object=craft.id)
    return _told(view, last, craft.drag_coefficient * craft.drag_area_m2, True)


def _of_the_stage(view: View) -> Iterator[Judged]:
    """Of the last stage, which the release leaves behind, by what it is beside a falling body."""
    stage = view.mission.vehicle.stages[-1]
    legs = [g for g in view.dropped if g.object == stage.id]
    if not legs or stage.suborbital or view.flight.mission.physics.drag == "none":
        return
    if stage.ballistic_cd_area_m2 is None:
        yield not_judged("the catalogue gives no drag area for it", object=stage.id)
        return
    yield _told(view, legs[0], stage.ballistic_cd_area_m2, False)


def _told(view: View, leg: Leg, cd_area_m2: float, end: bool) -> Judged:
    state = leg.end if end else leg.start
    path = view.inertial(leg.path)
    if path.frame.centre != "earth":
        return not_judged(f"it is left about the {path.frame.centre}", object=leg.object)
    mu = mu_of(view, path)
    r, v = state.r_m, state.v_m_s
    a, e = axis_m(r, v, mu), eccentricity(r, v, mu)
    low = a * (1.0 - e) - EARTH_EQUATORIAL_RADIUS_M
    where = f"{leg.object}, {state.epoch.utc(0)}"
    if a <= 0.0 or low > LOW_M:
        return not_judged("its perigee is above 2,000 km: no air takes it down", object=leg.object)
    found = decays_s(view, a, e, cd_area_m2 / state.mass_kg, state.epoch) / YEAR
    known = np.isfinite(found)
    said = f"{found:.1f} years" if known else f"more than {_LOOKED_YEARS:g} years"
    return at_most(
        found if known else _LOOKED_YEARS,
        LONGEST_YEARS,
        "years",
        where,
        f"left at a perigee of {low / 1e3:.0f} km it decays by drag in {said};"
        f" {LONGEST_YEARS:g} are asked (IADC), {SHORT_YEARS:g} by others (FCC), and no step of"
        " the plan disposes of it",
        object=leg.object,
        otherwise="warns",
    )


def decays_s(view: View, a_m: float, e: float, cd_area_kg: float, epoch: Epoch) -> float:
    """Until the perigee is at 121.92 km, s; infinite beyond two hundred years.

    cd_area_kg  drag coefficient times area over mass, m^2/kg
    """
    mu = float(view.world.gravity().mu_m3_s2)
    heights, logs = _air(view, epoch)
    f = (np.arange(_POINTS) + 0.5) * (2.0 * np.pi / _POINTS)
    c = np.cos(f)

    def rates(_: float, y: Array) -> Array:
        a, e = float(y[0]), float(np.clip(y[1], 0.0, 0.99))
        p = a * (1.0 - e * e)
        r = p / (1.0 + e * c)
        v2 = mu * (2.0 / r - 1.0 / a)
        height = r - EARTH_EQUATORIAL_RADIUS_M
        rho = np.where(height < TOP_M, np.exp(np.interp(height, heights, logs)), 0.0)
        # time's share of an anomaly, and Gauss's equations with drag alone
        share = r * r / (a * a * np.sqrt(1.0 - e * e)) / _POINTS
        push = cd_area_kg * rho * np.sqrt(v2)
        return (
            np.array([-(a * a / mu) * float(share @ (push * v2)), -float(share @ (push * (e + c)))])
            * YEAR
        )

    def down(_: float, y: Array) -> float:
        return float(y[0] * (1.0 - y[1]) - EARTH_EQUATORIAL_RADIUS_M - FLOOR_M)

    down.terminal = True  # type: ignore[attr-defined]
    if down(0.0, np.array([a_m, e])) <= 0.0:
        return 0.0
    out = solve_ivp(
        rates, (0.0, _LOOKED_YEARS), [a_m, e], method="RK23", rtol=1e-4, atol=[10.0, 1e-6],
        events=down,
    )  # fmt: skip
    return float(out.t[-1]) * YEAR if out.t_events[0].size else np.inf


def _air(view: View, epoch: Epoch) -> tuple[Array, Array]:
    """Heights, m, and the logarithm of the mean density at each, over places and hours."""
    given = view.flight.mission.space_weather
    if given is not None:
        sample = given.sample()
    else:
        table = view.world.space_weather.table
        flux, ap = (table[-SOLAR_CYCLE_DAYS:, column].mean() for column in (10, 9))
        sample = SpaceWeatherSample(float(flux), float(flux), np.full(7, float(ap)), "mean")
    heights = np.arange(100e3, TOP_M + _STEP_M, _STEP_M)
    top = np.minimum(heights, thermosphere.HIGHEST_M)
    hours, nowhere = np.arange(4) * 21_600.0, np.zeros(1)
    latitude = np.radians([-45.0, 0.0, 45.0])
    rho = np.mean(
        [
            thermosphere.direct(epoch, t, b, nowhere, top, lambda _: sample)
            for t in hours
            for b in latitude
        ],
        axis=0,
    )
    return heights, np.log(np.maximum(rho, 1e-30))
