"""Transfers between planets: flown missions, opportunities to come, an independent flight."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.errors import InfeasibleError, InputError, UnknownNameError
from cosmodrome.targets.porkchop import porkchop, transfer
from cosmodrome.world.bodies import SUN
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return World.shipped()


def span(first: str, last: str, days: float) -> tuple[Epoch, ...]:
    a, b = (Epoch.parse(f"{t}T00:00Z") for t in (first, last))
    n = round((b - a) / 86_400.0 / days)
    return tuple(a + k * days * 86_400.0 for k in range(n + 1))


@pytest.mark.truth
def test_mars_2020(world: World) -> None:
    """C3 14.49 km^2/s^2 (press kit of JPL, Mars 2020 launch); here 14.496."""
    made = transfer(
        "earth", "mars", Epoch.parse("2020-07-30T12:00Z"), Epoch.parse("2021-02-18T20:30Z"), world
    )
    assert made.c3_m2_s2 / 1e6 == pytest.approx(14.49, abs=0.02)
    assert made.type == "I"


def test_the_opportunity_of_2026(world: World) -> None:
    """Type II is the cheaper one; refined between the points of a coarse grid.

    C3 9.144, 2026-10-31 to 2027-08-19, stands in NASA/TM-2010-216764 as remembered: not read again.
    """
    made = porkchop(
        "earth", "mars", span("2026-09-01", "2027-01-29", 10), span("2027-06-01", "2027-12-28", 10),
        world,
    )  # fmt: skip
    one, two = made.best
    assert (one.type, two.type) == ("I", "II")
    assert two.c3_m2_s2 / 1e6 == pytest.approx(9.143, abs=0.002)
    assert one.c3_m2_s2 / 1e6 == pytest.approx(10.474, abs=0.002)
    assert abs(two.depart - Epoch.parse("2026-10-31T00:00Z")) < 3.0 * 86_400.0
    # no point of the grid is below what was refined
    assert np.nanmin(made.c3_m2_s2) >= two.c3_m2_s2
    assert made.at(3, 4).c3_m2_s2 == made.c3_m2_s2[3, 4]
    # a transfer alone is the grid's
    again = transfer("earth", "mars", made.departs[3], made.arrives[4], world)
    assert again.c3_m2_s2 == pytest.approx(float(made.c3_m2_s2[3, 4]), rel=1e-12)


def test_an_arc_flown_by_another_road(world: World) -> None:
    """The speed, declination and right ascension left with lead to Venus under the Sun alone."""
    depart, arrive = Epoch.parse("2005-11-09T04:00Z"), Epoch.parse("2006-04-11T07:00Z")
    made = transfer("earth", "venus", depart, arrive, world)
    speed, d, a = math.sqrt(made.c3_m2_s2), made.declination_rad, made.right_ascension_rad
    away = speed * np.array([math.cos(d) * math.cos(a), math.cos(d) * math.sin(a), math.sin(d)])
    eph = world.ephemeris
    y0 = np.concatenate(
        [eph.position_m("emb", depart, "sun"), eph.velocity_m_s("emb", depart, "sun") + away]
    )

    def pull(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:], -SUN.mu_m3_s2 * y[:3] / np.linalg.norm(y[:3]) ** 3])

    flown = solve_ivp(pull, (0.0, made.flight_s), y0, method="DOP853", rtol=1e-12, atol=1e-3)
    end = flown.y[:, -1]
    assert np.linalg.norm(end[:3] - eph.position_m("venus", arrive, "sun")) < 100.0
    arriving = np.linalg.norm(end[3:] - eph.velocity_m_s("venus", arrive, "sun"))
    assert arriving == pytest.approx(made.arrival_m_s, abs=1e-4)
    # Venus Express: 7.99 km^2/s^2 here, type II by its turn of more than half a circle
    assert made.turn_rad > math.pi


def test_arrivals_before_departures_are_left_out(world: World) -> None:
    made = porkchop(
        "earth", "venus", span("2028-01-01", "2028-06-01", 19),
        span("2028-02-01", "2028-10-01", 27), world,
    )  # fmt: skip
    flight = np.array([[b - a for b in made.arrives] for a in made.departs])
    assert np.all(np.isnan(made.c3_m2_s2[flight < 20 * 86_400.0]))
    assert np.all(np.isfinite(made.c3_m2_s2[flight >= 20 * 86_400.0]))


def test_what_cannot_be_asked(world: World) -> None:
    a, b = span("2028-01-01", "2028-03-01", 30), span("2026-01-01", "2026-03-01", 30)
    with pytest.raises(InfeasibleError, match="20 days or more after"):
        porkchop("earth", "mars", a, b, world)
    with pytest.raises(UnknownNameError, match="mars"):
        porkchop("earth", "marz", b, a, world)
    with pytest.raises(InputError, match="name two planets"):
        porkchop("mars", "mars", b, a, world)
    with pytest.raises(InputError, match="20 days"):
        transfer("earth", "mars", a[0], a[0] + 86_400.0, world)
