"""Periodic orbits: the tables of Howell and of JPL, families from end to end, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InfeasibleError, InputError, UnknownNameError
from cosmodrome.targets.libration import (
    EARTH_MOON,
    SUN_EARTH,
    family,
    find,
    read_libration,
    system,
)
from cosmodrome.targets.libration.flow import flow
from cosmodrome.targets.libration.richardson import halo_guess, series
from cosmodrome.targets.libration.symmetric import Curve, PeriodicOrbit, asked, corrected

JPL = replace(EARTH_MOON, mu=1.215058560962404e-02)

# Howell (1984), Three-dimensional, periodic, halo orbits, Celestial Mechanics 32:53, table I:
# L1, mass ratio 0.04: x, z, vy, half the period, Jacobi's constant
HOWELL = (
    (0.723268, 0.040000, 0.198019, 1.300177, 3.329168),
    (0.729988, 0.215589, 0.397259, 1.348532, 3.030033),
    (0.753700, 0.267595, 0.399909, 1.211253, 2.937178),
    (0.777413, 0.284268, 0.361870, 1.101099, 2.928754),
    (0.801125, 0.299382, 0.312474, 1.017241, 2.930700),
    (0.817724, 0.313788, 0.271306, 0.978635, 2.929481),
)

# Three-body periodic orbits of JPL (ssd-api.jpl.nasa.gov/periodic_orbits.api), Earth-Moon, halo
# orbits of L2, south: x, z, vy, Jacobi's constant, period, stability index
CATALOGUE = (
    (1.1329106609425383, -1.7313865365419914e-01, -2.2517878845533010e-01,
     3.04638449932966, 3.0400642619902962, 43.8563250454204),
    (1.0829551779304256, -2.0231744561698364e-01, -2.0102644884016102e-01,
     3.01517767456737, 2.3834910105144469, 1.01524697223246),
    (1.0221904025346882, -1.8221292697303196e-01, -1.0362395926968587e-01,
     3.04633273426409, 1.5133369412016822, 1.32749246734159),
    (1.0220210834341630, -1.8209648779790591e-01, -1.0325542020688042e-01,
     3.04650084239252, 1.5111054628730460, 1.32281454559499),
    (1.0166682305261276, -1.7812309597900408e-01, -9.1292812070577156e-02,
     3.05216384709819, 1.4401925466903320, 1.16356216810814),
)  # fmt: skip


@pytest.mark.truth
@pytest.mark.parametrize("row", HOWELL)
def test_the_table_of_howell(row: tuple[float, ...]) -> None:
    """Corrected from its printed state at its printed z: within the rounding of six digits."""
    x, z, vy, half, c = row
    curve = Curve(0.04, series(1, 0.04).gamma, flat=False)

    def fixed(_: Curve, u: np.ndarray) -> tuple[float, np.ndarray]:
        return float(u[1]) - z / curve.scale, np.array([0.0, 1.0, 0.0, 0.0])

    start = np.array([x * 1.0001, 0.0, z, 0.0, vy, 0.0])
    made = corrected(curve, curve.unknowns(start, half), fixed)
    assert made.state[[0, 2, 4]] == pytest.approx([x, z, vy], abs=2e-6)
    assert made.period / 2.0 == pytest.approx(half, abs=5e-6)
    assert made.jacobi == pytest.approx(c, abs=2e-6)


@pytest.mark.truth
def test_the_catalogue_of_jpl() -> None:
    """Found by their periods in the family grown from Richardson's series: all of its digits."""
    members = []
    for member in family("halo", JPL, 2):
        members.append(member)
        if member.period < 1.4:
            break
    curve = Curve(JPL.mu, series(2, JPL.mu).gamma, flat=False)
    for x, z, vy, c, period, index in CATALOGUE:

        def fixed(_: Curve, u: np.ndarray, half: float = 0.5 * period) -> tuple[float, np.ndarray]:
            return float(u[3]) - half, np.array([0.0, 0.0, 0.0, 1.0])

        made = asked(iter(members), curve, lambda o: o.period, period, fixed)
        assert isinstance(made, PeriodicOrbit)
        assert made.state[[0, 2, 4]] == pytest.approx([x, z, vy], abs=2e-10)
        assert made.jacobi == pytest.approx(c, abs=2e-10)
        assert made.stability[0] == pytest.approx(index, rel=1e-6)
    # one after another without a gap, and from wild to nearly stable
    assert np.all(np.diff([m.period for m in members][2:]) < 0.0)
    assert np.abs(np.diff([m.state[2] for m in members])).max() < 0.06
    assert members[0].stability[0] > 500.0
    assert members[-1].stability[0] < 1.5


def test_the_orbit_of_the_gateway() -> None:
    """9:2 with the synodic month: 6.5624 days, a perilune of 3,250 km (published, rounded)."""
    made = find(read_libration("nrho 9:2"))
    assert made.period_s / 86_400.0 == pytest.approx(6.5624, abs=1e-4)
    assert made.figures["closest_m"] == pytest.approx(3_250e3, abs=5e3)
    assert made.figures["farthest_m"] == pytest.approx(71_200e3, abs=100e3)
    assert made.figures["revolutions_per_synodic_month"] == pytest.approx(4.5)
    assert made.orbit.state[2] < 0.0
    # it closes when flown all the way round
    y, phi = flow(made.orbit.state, made.orbit.period, EARTH_MOON.mu)
    assert np.abs(y - made.orbit.state).max() < 1e-9
    # the mirror gives the matrix of the whole period from that of the half
    np.testing.assert_allclose(made.orbit.monodromy, phi, rtol=1e-5, atol=1e-5)


def test_north_is_the_mirror_of_south() -> None:
    south = find(read_libration("halo l1 south az 20000 km")).orbit
    north = find(read_libration("halo l1 north az 20000 km")).orbit
    assert north.state[2] == pytest.approx(-south.state[2], abs=1e-12)
    assert north.period == pytest.approx(south.period, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("nrho perilune 15000 km", "closest_m", 15_000e3),
        ("halo l2 az 15000 km", "az_m", 15_000e3),
        ("halo sun-earth l1 az 120000 km", "az_m", 120_000e3),
        ("dro 70000 km", "closest_m", 70_000e3),
        ("dro period 13 days", "period_s", 13 * 86_400.0),
    ],
)
def test_a_member_is_what_was_asked(text: str, key: str, value: float) -> None:
    made = find(read_libration(text))
    assert made.figures[key] == pytest.approx(value, rel=1e-8)
    y, _ = flow(made.orbit.state, 0.5 * made.orbit.period, made.system.mu)
    assert np.abs(y[[1, 3, 5]]).max() < 1e-10


def test_a_member_by_its_constant() -> None:
    made = find(read_libration("halo l2 jacobi 3.05"))
    assert made.orbit.jacobi == pytest.approx(3.05, abs=1e-11)
    lyapunov = find(read_libration("lyapunov l2 period 15 days"))
    assert lyapunov.period_s == pytest.approx(15 * 86_400.0)
    assert np.all(lyapunov.orbit.state[[2, 5]] == 0.0)


def test_a_distant_retrograde_orbit_is_bounded_and_retrograde() -> None:
    made = find(read_libration("dro 70000 km"))
    assert made.orbit.stability[0] == pytest.approx(1.0)
    assert made.figures["period_s"] / 86_400.0 == pytest.approx(13.92, abs=0.01)
    # left of the Moon and going up: against the motion of the Moon
    assert made.orbit.state[0] < 1.0 - EARTH_MOON.mu
    assert made.orbit.state[4] > 0.0


def test_the_series_comes_near() -> None:
    for mu, bound in ((SUN_EARTH.mu, 0.01), (EARTH_MOON.mu, 0.02)):
        for point in (1, 2):
            y, half = halo_guess(point, mu, 0.1, north=True)
            curve = Curve(mu, series(point, mu).gamma, flat=False)
            u = curve.unknowns(y, half)

            def fixed(_: Curve, at: np.ndarray, z: float = float(u[1])) -> tuple[float, np.ndarray]:
                return float(at[1]) - z, np.array([0.0, 1.0, 0.0, 0.0])

            made = corrected(curve, u, fixed)
            assert np.abs(made.state - y).max() / curve.scale < bound
            assert made.period / 2.0 == pytest.approx(half, rel=0.002)
            assert y[2] > 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nrho", "nothing says which member"),
        ("nrho 9:2 az 10 km", "two figures are too many"),
        ("nrho 0:2", "has a zero"),
        ("nrho sun-earth 9:2", "the Moon alone"),
        ("halo l3 az 10 km", "'l3' means nothing here"),
        ("halo az 10", "no unit"),
        ("halo jacobi many", "followed by a number"),
        ("dro l1 70000 km", "no l1, l2"),
        ("lyapunov north 1000 km", "no north or south"),
        ("dro az 100 km", "stays in the plane"),
        ("lyapunov closest 100 km", "asked by its size"),
        ("halo size 100 km", "asked by az"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        find(read_libration(text))


def test_what_the_family_has_not_is_told_with_its_span() -> None:
    with pytest.raises(
        InfeasibleError,
        match=r"no dro orbit of earth-moon has period 28 days: its family spans 0\.4",
    ):
        find(read_libration("dro period 28 days"))
    with pytest.raises(UnknownNameError, match="earth-moon"):
        system("earth-mon")
