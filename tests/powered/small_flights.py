"""Small guided flights by hand: a planet without air or with it, one or two stages."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np

from cosmodrome.maths import Cubics, HingeTable
from cosmodrome.physics.powered import Body, Planet
from cosmodrome.powered.guided_flight import surroundings
from cosmodrome.solvers.guided import (
    SECTION_ROWS,
    Aim,
    Lanes,
    Mode,
    Outcome,
    Programme,
    Section,
    Surroundings,
)

DRAG = HingeTable.through((0.0, 0.9, 1.2, 5.0), (0.3, 0.4, 0.6, 0.25))
MU, RADIUS, J2 = 3.986004415e14, 6_378_136.3, 1.0826e-3
# sizes of what marks hold: time, place, velocity, mass
SCALE = np.array([1e2, *[6.4e6] * 3, *[7.8e3] * 3, 6e4])[None, :, None]


def vacuum(mu: float = MU, radius: float = RADIUS, j2: float = 0.0) -> Surroundings:
    """A planet without air."""
    planet = Planet(
        mu, radius, j2, 0.0, 0.0, 0.0, radius, 0.0,
        lambda ops, h: (0.0 * h, 0.0 * h, 300.0 + 0.0 * h),
    )  # fmt: skip
    return surroundings(planet, Body(0.0, HingeTable((), (), (), 0.0)))


def earth(wind: bool = True) -> Surroundings:
    """Our own, with J2 to J4, air, and a jet stream."""
    planet = Planet(MU, RADIUS, J2, -2.5e-6, -1.6e-6, 7.292115e-5, 6_378_137.0, 1.0 / 298.257223563)
    body = Body(10.0, DRAG)

    def jet(h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shape = np.exp(-(((h - 11e3) / 4e3) ** 2))
        return 40.0 * shape, -15.0 * shape

    return surroundings(planet, body, jet) if wind else surroundings(planet, body)


def aim(radius_m: float, speed_m_s: float, sine: float, ahead_rad: float, time_s: float) -> Aim:
    """In the plane z = 0, eastward."""
    return Aim(
        radius_m,
        speed_m_s,
        sine,
        math.sqrt(1.0 - sine * sine),
        np.array([0.0, 0.0, 1.0]),
        ahead_rad,
        time_s,
    )


def straight_up() -> Cubics:
    return Cubics.of(
        lambda t: np.stack([np.ones_like(t), 0.002 * np.sqrt(1.0 + t * t), 0.0 * t]), 0.0, 80.0, 80
    )


def lanes(
    length_s: list[float],
    thrust_n: list[float],
    flow_kg_s: list[float],
    drop_kg: list[float],
    mass_kg: float,
    usable_kg: float,
    count: int = 1,
    exit_area_m2: list[float] | None = None,
) -> Lanes:
    """`count` equal lanes."""

    def rows(x: list[float]) -> np.ndarray:
        return np.repeat(np.array(x)[:, None], count, axis=1)

    one, zero = np.ones(count), np.zeros(count)
    none = [-1.0] * len(length_s)
    usable = [*none[:-1], usable_kg]
    return Lanes(
        *(rows(x) for x in (length_s, thrust_n, flow_kg_s, drop_kg, none, usable)),
        *(mass_kg * one, one, one, one, zero, np.zeros((6, count))),
        np.repeat(np.eye(3).reshape(9, 1), count, axis=1),
        *np.zeros((3, len(length_s), count)),
        rows(exit_area_m2 or [0.0] * len(length_s)),
    )


def two_stages() -> tuple[Programme, Lanes]:
    """From the equator to 200 km: a table for 80 s, guidance over a staging gap to the cut-off."""
    sections = (
        Section("climb", 80, Mode.TABLE, -1, False, 3000.0, 150.0, 80.0),
        Section("first", 50, Mode.GUIDED, 0, False, 3000.0, 70.0, 50.0),
        Section("gap", 1, Mode.COAST, 0, False, 0.0, 1.0, 3.0),
        Section("second", 600, Mode.GUIDED, 0, True, 3400.0, 400.0, 280.0),
    )
    r = RADIUS + 200e3
    programme = Programme(
        earth(),
        np.array([6_378_140.0, 0.0, 0.0, 0.0, 465.1, 0.0]),
        straight_up(),
        sections,
        (aim(r, math.sqrt(MU / r), 0.0, 0.25, 333.0),),
    )
    # 60 t, 1,200 kN; second stage 8 t, 68 kN
    flow = 400.0
    truth = lanes(
        [80.0, 50.0, 3.0, 0.0],
        [1.2e6, 1.2e6, 0.0, 68e3],
        [flow, flow, 0.0, 20.0],
        [0.0, 0.0, 0.0, 0.0],
        60_000.0,
        6_400.0,
        exit_area_m2=[1.0, 1.0, 0.0, 0.0],
    )
    return programme, truth


def scattered(truth: Lanes, count: int, seed: int = 1) -> Lanes:
    """The same flight with a per cent on everything."""
    rng = np.random.default_rng(seed)
    wide = {f.name: np.repeat(getattr(truth, f.name), count, axis=-1) for f in fields(truth)}
    for name in ("thrust_n", "flow_kg_s", "density", "drag", "wind"):
        wide[name] = wide[name] * (1.0 + 0.01 * rng.standard_normal(wide[name].shape))
    wide["tail_s"] = 0.01 * rng.standard_normal(count)
    wide["navigation"] = np.array([[50.0]] * 3 + [[0.1]] * 3) * rng.standard_normal((6, count))
    return replace(truth, **wide)


def some(truth: Lanes, which: slice | np.ndarray) -> Lanes:
    """These lanes alone."""
    return replace(
        truth, **{f.name: getattr(truth, f.name)[..., which].copy() for f in fields(truth)}
    )


def first_section(truth: Lanes) -> Lanes:
    """The same lanes of a programme that has its first section alone."""
    return replace(truth, **{name: getattr(truth, name)[:1].copy() for name in SECTION_ROWS})


def same(a: Outcome, b: Outcome) -> None:
    """To the last bit."""
    for f in fields(a):
        np.testing.assert_array_equal(getattr(a, f.name), getattr(b, f.name))
