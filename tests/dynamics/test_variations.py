"""Variations: the transition matrix and the partials against differences of whole flights.

Differences are of fourth order, on the same tables. Each 3 x 3 block is compared by its own largest
element, so that the small blocks count as much as the large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from cosmodrome.dynamics import (
    Drag,
    Dynamics,
    Gravity,
    Panel,
    Plates,
    PointMass,
    Radiation,
    Relativity,
    Thrust,
    Tides,
    propagate,
)
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.solvers import core
from cosmodrome.solvers.core import Settings
from tests.dynamics.starts import (
    DAY,
    EPOCH,
    GEO,
    GTO,
    HYPERBOLA,
    LEO,
    LOW_LUNAR,
    orbit,
    seven,
    shifted,
)

QUIET = SpaceWeather(120.0, 120.0, 8.0)
FINE = Settings(40, 1e-9)
SKY = (PointMass("sun"), PointMass("moon"))
AIR = Drag(10.0, 2.2, space_weather=QUIET)
LIGHT = Radiation(10.0, 1.3)
SUNLIT = Radiation(10.0, 1.3, ())
BURN = Thrust(
    EPOCH + 900.0, EPOCH + 2_100.0, (20.0, 60.0, 30.0), 300.0,
    ((0.2, 1.0, 0.1), (-0.1, 1.0, 0.3), (0.3, 0.8, 0.0)), "rtn", knots_s=(0.0, 500.0, 1_200.0),
)  # fmt: skip
INERTIAL = Thrust(EPOCH + 900.0, EPOCH + 2_100.0, 40.0, 300.0, (0.2, 1.0, 0.1))
VNC = Thrust(EPOCH + 900.0, EPOCH + 2_100.0, 40.0, 300.0, (1.0, 0.1, 0.2), "vnc")
BOX = Plates(
    (
        Panel(4.0, (1.0, 0.0, 0.0), 0.2, 0.3),
        Panel(4.0, (0.0, 0.3, 1.0), 0.2, 0.3),
        Panel(9.0, specular=0.1, tracking="sun", axis=(0.0, 1.0, 0.0)),
    ),
    "nadir",
)


def by_differences(f, n, steps):
    """d f / d x at 0, fourth order, x of n numbers."""
    columns = []
    for k in range(n):
        ends = []
        for s in (-2.0, -1.0, 1.0, 2.0):
            x = np.zeros(n)
            x[k] = s * steps[k]
            ends.append(f(x))
        columns.append((ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12.0 * steps[k]))
    return np.array(columns).T


def by_block(got, want):
    """Largest difference over largest element, of the four blocks."""
    out = []
    for i in (0, 3):
        for j in (0, 3):
            a, b = got[i : i + 3, j : j + 3], want[i : i + 3, j : j + 3]
            out.append(np.max(np.abs(a - b)) / np.max(np.abs(b)))
    return max(out)


def flown(model, y0, span, partials=None):
    return core.propagate(model, y0, 0.0, span, core.Search(), FINE, dense=False, partials=partials)


def steps_of(state, place=10.0):
    rate = np.linalg.norm(state.v_m_s) / np.linalg.norm(state.r_m)
    return [place] * 3 + [place * rate] * 3


def everything(centre="earth"):
    return Dynamics(
        (
            Gravity("earth", 20),
            *SKY,
            Tides(ocean=0),
            Relativity(lense_thirring=True, de_sitter=True),
            AIR,
            LIGHT,
        )
    )


def lunar(light):
    return Dynamics((Gravity("moon", 30), PointMass("earth"), PointMass("sun"), light), "moon")


CASES = {
    # name: start, dynamics, span s, step m
    "leo-all": (LEO, everything(), 20_000.0, 10.0),
    "leo-figures": (
        LEO,
        Dynamics((Gravity("earth", 36), Gravity("moon", 8), PointMass("sun"))),
        20_000.0,
        10.0,
    ),
    "gto-drag": (
        orbit(6_578e3, 0.73, 27.0, 10.0, 178.0, 30.0),
        Dynamics((Gravity("earth", 12), *SKY, AIR, SUNLIT)),
        60_000.0,
        10.0,
    ),
    "low-drag": (orbit(6_600e3, 0.001, 51.6), Dynamics((Gravity("earth", 8), AIR)), 10_000.0, 10.0),
    "moon": (LOW_LUNAR, lunar(SUNLIT), 20_000.0, 10.0),
    "moon-shadow": (LOW_LUNAR, lunar(Radiation(10.0, 1.3, ("centre", "earth"))), 20_000.0, 10.0),
    "hyperbola": (HYPERBOLA, Dynamics((Gravity("earth", 12), *SKY)), 50_000.0, 10.0),
    "burn-rtn": (LEO, Dynamics((Gravity("earth", 8), BURN)), 6_000.0, 10.0),
    "burn-gcrf": (LEO, Dynamics((Gravity("earth", 8), INERTIAL)), 6_000.0, 10.0),
    "burn-vnc": (LEO, Dynamics((Gravity("earth", 8), VNC)), 6_000.0, 10.0),
    "shadow": (LEO, Dynamics((PointMass("earth"), Radiation(200.0, 1.5))), 20_000.0, 10.0),
    "plates": (LEO, Dynamics((Gravity("earth", 8), LIGHT, AIR, BOX)), 10_000.0, 10.0),
    "geo": (GEO, Dynamics((Gravity("earth", 8), *SKY, SUNLIT)), 2 * DAY, 50.0),
    "geo-shadow": (GEO, Dynamics((Gravity("earth", 8), *SKY, LIGHT)), 2 * DAY, 50.0),
}


@pytest.mark.parametrize("sense", [1.0, -1.0], ids=["forward", "backward"])
@pytest.mark.parametrize("name", CASES)
def test_transition_against_differences(shipped_world, name, sense):
    start, dynamics, span, step = CASES[name]
    if sense < 0.0 and "burn" in name:
        # the burn is then flown through from its end
        start = propagate(start, dynamics, span, world=shipped_world).end
    model = set_up(start, dynamics, sense * span, shipped_world).model
    y0 = seven(start)
    got = flown(model, y0, sense * span, ()).variations
    want = by_differences(
        lambda x: flown(model, y0 + np.array([*x, 0.0]), sense * span).end_state[:6],
        6,
        steps_of(start, step),
    )
    # measured 6e-11 to 8e-10; 2e-9 to 2e-7 with drag, whose density table the differences stir;
    # 1.4e-8 where light is strong enough to bend the path in the shadow
    assert by_block(got, want) < 1e-6


FIELD_ONLY = {
    "leo": (LEO, Dynamics((Gravity("earth", 36), *SKY)), DAY),
    "leo-week": (LEO, Dynamics((Gravity("earth", 36), *SKY)), 7 * DAY),
    "gto": (GTO, Dynamics((Gravity("earth", 12), *SKY)), 3 * DAY),
    "moon": (LOW_LUNAR, Dynamics((Gravity("moon", 50), PointMass("earth")), "moon"), DAY),
    # without a shadow: light whose strength changes across the ray is no gradient
    "light": (GEO, Dynamics((Gravity("earth", 8), SUNLIT)), DAY),
}


def unsymplectic(phi, start):
    """|Phi' J Phi - J| in units of the orbit, over the largest product inside it."""
    length = np.linalg.norm(start.r_m)
    speed = np.linalg.norm(start.v_m_s)
    D = np.diag([length] * 3 + [speed] * 3)
    P = np.linalg.inv(D) @ phi @ D
    J = np.block([[np.zeros((3, 3)), np.eye(3)], [-np.eye(3), np.zeros((3, 3))]])
    return np.max(np.abs(P.T @ J @ P - J)), np.max(np.abs(P)) ** 2


@pytest.mark.parametrize("name", FIELD_ONLY)
def test_transition_in_a_potential_is_symplectic(shipped_world, name):
    start, dynamics, span = FIELD_ONLY[name]
    p = propagate(start, dynamics, span, world=shipped_world, partials=(), dense=False)
    miss, product = unsymplectic(p.stm, start)
    # measured 2e-15 to 6e-15 of the largest product
    assert miss < 1e-13 * product
    assert product > 100.0


@pytest.mark.parametrize("name", ["leo-figures", "moon-shadow", "hyperbola", "burn-rtn", "geo"])
def test_transitions_of_two_legs_multiply(shipped_world, name):
    start, dynamics, span, _ = CASES[name]
    # a second leg would count the burnt mass from its own start: thrust is left out
    asked = ("mu", "radiation")
    whole = propagate(start, dynamics, span, world=shipped_world, partials=asked)
    one = propagate(start, dynamics, 0.37 * span, world=shipped_world, partials=asked)
    two = propagate(one.end, dynamics, whole.end.epoch, world=shipped_world, partials=asked)
    # measured at most 3e-13, in a shadow 2e-10
    limit = 2e-9 if name == "moon-shadow" else 1e-11
    assert by_block(two.stm @ one.stm, whole.stm) < limit
    for k in asked:
        got = two.stm @ one.partials[k] + two.partials[k]
        # measured 2e-13; of the light in a shadow, 5e-10
        assert np.max(np.abs(got - whole.partials[k])) <= 5e-9 * np.max(np.abs(whole.partials[k]))


def test_there_and_back_is_the_identity(shipped_world):
    d = Dynamics((Gravity("earth", 20), *SKY, Relativity(), LIGHT, BURN))
    there = propagate(LEO, d, 20_000.0, world=shipped_world, partials=())
    back = propagate(there.end, d, EPOCH, world=shipped_world, partials=())
    r, v = np.linalg.norm(LEO.r_m), np.linalg.norm(LEO.v_m_s)
    scale = np.array([r] * 3 + [v] * 3)
    miss = np.max(np.abs((back.stm @ there.stm - np.eye(6)) * scale / scale[:, None]))
    # measured 3e-8
    assert miss < 1e-6


# ---------------------------------------------------------------------------------- partials
@dataclass(frozen=True)
class HeavierEarth:
    """The shipped world with another mu of the Earth."""

    world: object
    factor: float

    def gravity(self, *args, **kw):
        f = self.world.gravity(*args, **kw)
        return replace(f, mu_m3_s2=f.mu_m3_s2 * self.factor)

    def __getattr__(self, name):
        return getattr(self.world, name)


def scaled(dynamics, which, factor):
    def one(f):
        if which == "drag" and isinstance(f, Drag):
            return replace(f, area_m2=f.area_m2 * factor, coefficient=f.coefficient)
        if which == "radiation" and isinstance(f, Radiation):
            return replace(f, area_m2=f.area_m2 * factor)
        if which == "thrust" and isinstance(f, Thrust):
            return replace(
                f,
                thrust_n=tuple(np.atleast_1d(f.thrust_n) * factor)
                if np.ndim(f.thrust_n)
                else f.thrust_n * factor,
            )
        return f

    return replace(dynamics, forces=tuple(one(f) for f in dynamics.forces))


PARTIALS = {
    "mu": ("leo-all", 1e-7),
    "drag": ("low-drag", 1e-2),
    "drag gto": ("gto-drag", 1e-1),
    "radiation": ("geo", 0.3),
    "radiation moon": ("moon", 0.3),
    "radiation shadow": ("shadow", 0.3),
    "radiation moon-shadow": ("moon-shadow", 0.3),
    "thrust": ("burn-rtn", 1e-3),
    "thrust gcrf": ("burn-gcrf", 1e-3),
    "thrust vnc": ("burn-vnc", 1e-3),
}


@pytest.mark.parametrize("sense", [1.0, -1.0], ids=["forward", "backward"])
@pytest.mark.parametrize("name", PARTIALS)
def test_partials_against_differences(shipped_world, name, sense):
    case, step = PARTIALS[name]
    which = name.split()[0]
    start, dynamics, span, _ = CASES[case]
    if sense < 0 and "burn" in case:
        start = propagate(start, dynamics, span, world=shipped_world).end

    def end(x, partials=None):
        factor = 1.0 + x[0]
        world = HeavierEarth(shipped_world, factor) if which == "mu" else shipped_world
        return propagate(
            start, scaled(dynamics, which, factor), sense * span, world=world,
            dense=False, settings=FINE, partials=partials,
        )  # fmt: skip

    got = end([0.0], (which,)).partials[which]
    want = by_differences(lambda x: six(end(x).end), 1, [step])[:, 0]
    # measured 4e-11 (thrust), 2e-8 (drag), 4e-7 (mu), 5e-7 (drag at a perigee of 200 km: the knots
    # of the density table; noise of the differences: 3e-6 with a tenth of the step), 3e-7 (light)
    limit = 2e-6 if name == "drag gto" else 1e-6
    for k in (slice(3), slice(3, 6)):
        assert np.max(np.abs(got - want)[k]) < limit * np.max(np.abs(want[k]))


def six(state):
    return np.concatenate([state.r_m, state.v_m_s])


@pytest.mark.parametrize(
    "light",
    [
        SUNLIT,
        LIGHT,
    ],
    ids=["lit", "shadow"],
)
def test_variations_over_seams_of_legs(shipped_world, light):
    """70 days in legs of 32."""
    d = Dynamics((Gravity("earth", 8), *SKY, light))

    def flight(start, dynamics, partials=None):
        return propagate(
            start, dynamics, 70 * DAY, world=shipped_world, dense=False, partials=partials,
            settings=FINE,
        )  # fmt: skip

    p = flight(GEO, d, ("radiation",))
    want = by_differences(lambda x: six(flight(shifted(GEO, x), d).end), 6, steps_of(GEO, 100.0))
    # measured 5e-9
    assert by_block(p.stm, want) < 1e-6
    brighter = by_differences(
        lambda x: six(flight(GEO, scaled(d, "radiation", 1.0 + x[0])).end), 1, [0.2]
    )[:, 0]
    got = p.partials["radiation"]
    # measured 2e-7
    assert np.max(np.abs(got - brighter)[:3]) < 1e-6 * np.max(np.abs(brighter[:3]))
