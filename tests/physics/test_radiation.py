import numpy as np
import pytest

from cosmodrome.physics import radiation
from cosmodrome.solvers.core import sunlit

SUN, EARTH, AU = 695_700_000.0, 6_378_137.0, 149_597_870_700.0
sun = np.array([AU, 0.0, 0.0])


def behind(distance, off):
    return np.array([-distance, off, 0.0])


def test_light_and_dark():
    f = lambda r: float(radiation.visible_fraction(r, sun, SUN, EARTH))  # noqa: E731
    assert f(np.array([7e6, 0, 0])) == 1.0
    assert f(behind(7e6, 0.0)) == 0.0
    assert f(behind(7e6, 6.5e6)) == 1.0
    # beyond the tip of the umbra (1.38 million km) the eclipse is annular
    far = behind(2e9, 0.0)
    a, b, _ = radiation.apparent_disks(far, sun, SUN, EARTH)
    assert f(far) == pytest.approx(1 - (b / a) ** 2, rel=1e-12)


def test_umbra_and_penumbra_of_the_cones():
    # similar triangles: at distance x behind the centre the cones have these radii
    x = 7e6
    slope_in, slope_out = (SUN - EARTH) / AU, (SUN + EARTH) / AU
    umbra = EARTH / np.cos(np.arcsin(slope_in)) - x * np.tan(np.arcsin(slope_in))
    penumbra = EARTH / np.cos(np.arcsin(slope_out)) + x * np.tan(np.arcsin(slope_out))
    f = lambda y: float(radiation.visible_fraction(behind(x, y), sun, SUN, EARTH))  # noqa: E731
    # the tangent cones and the apparent disks differ by the Earth's radius over the distance
    assert f(umbra - 100) == 0.0
    assert 0.0 < f(umbra + 100) < 0.01
    assert f(penumbra + 100) == 1.0
    assert 0.99 < f(penumbra - 100) < 1.0


@pytest.mark.parametrize("part", [0.05, 0.3, 0.5, 0.8, 0.97])
def test_partial_eclipse_by_counting_the_disk(part):
    # area of the Sun's disk not covered, by strips
    x = 7e6
    inner, outer = 6.35e6, 6.42e6
    y = inner + part * (outer - inner)
    r = behind(x, y)
    a, b, c = (float(q) for q in radiation.apparent_disks(r, sun, SUN, EARTH))
    covered = _covered(a, b, c)
    want = 1.0 - covered / (np.pi * a * a)
    got = float(radiation.visible_fraction(r, sun, SUN, EARTH))
    assert got == pytest.approx(want, abs=2e-4)


def _covered(a, b, c):
    """Area of the Sun's disk inside the Earth's, by strips across the line of centres."""
    u = np.linspace(-a, a, 200_001)
    half_sun = np.sqrt(np.maximum(0.0, a * a - u * u))
    half_earth = np.sqrt(np.maximum(0.0, b * b - (u - c) ** 2))
    return float(np.trapezoid(2 * np.minimum(half_sun, half_earth), u))


def test_visible_fraction_is_monotonic_through_the_penumbra():
    y = np.linspace(6.3e6, 6.45e6, 400)
    r = np.stack([np.full_like(y, -7e6), y, 0 * y], axis=1)
    f = radiation.visible_fraction(r, np.tile(sun, (400, 1)), SUN, EARTH)
    assert f[0] == 0.0
    assert f[-1] == 1.0
    assert np.all(np.diff(f) >= -1e-12)


def test_pressure_pushes_away_and_falls_with_the_square():
    a1 = radiation.acceleration(np.zeros(3), sun, 0.02, 1.3, 4.54e-6, AU)
    a2 = radiation.acceleration(np.zeros(3), 2 * sun, 0.02, 1.3, 4.54e-6, AU)
    np.testing.assert_allclose(a1, [-0.02 * 1.3 * 4.54e-6, 0, 0], rtol=1e-15)
    np.testing.assert_allclose(a2, a1 / 4, rtol=1e-15)
    half = radiation.acceleration(np.zeros(3), sun, 0.02, 1.3, 4.54e-6, AU, 0.5)
    np.testing.assert_allclose(half, a1 / 2, rtol=1e-15)


def test_core_sees_the_same_sun():
    rng = np.random.default_rng(5)
    y = rng.uniform(6.3e6, 6.45e6, 300)
    angle = rng.uniform(0, 2 * np.pi, 300)
    r = np.stack([rng.uniform(-4e7, -6e6, 300), y * np.cos(angle), y * np.sin(angle)], axis=1)
    s = np.tile(sun, (300, 1))
    want = radiation.visible_fraction(r, s, SUN, EARTH)
    assert np.sum((want > 0) & (want < 1)) > 20
    np.testing.assert_allclose(sunlit(r, s, SUN, EARTH), want, atol=1e-9)


MOON = 1_737_400.0


def test_one_body_of_several_is_that_body():
    rng = np.random.default_rng(8)
    r = rng.normal(size=(200, 3)) * 1e7
    s = np.tile(sun, (200, 1))
    far = np.array([0.0, 3.8e8, 0.0])
    want = radiation.visible_fraction(r, s, SUN, EARTH)
    got = radiation.visible_fraction_of_all(r, s, SUN, [(np.zeros(3), EARTH), (far, MOON)])
    np.testing.assert_array_equal(got, want)
    assert np.all(radiation.visible_fraction_of_all(r, s, SUN, []) == 1.0)


def test_moon_alone_in_a_solar_eclipse():
    # a spacecraft on the Earth's day side behind the Moon, which hides what it hides alone
    moon = np.array([3.75e8, 0.0, 0.0])
    y = np.linspace(-8e6, 8e6, 41)
    r = np.stack([np.full(41, 1.2e7), y, 0 * y], axis=1)
    got = radiation.visible_fraction_of_all(
        r, np.tile(sun, (41, 1)), SUN, [(np.zeros(3), EARTH), (moon, MOON)]
    )
    want = radiation.visible_fraction(r - moon, np.tile(sun - moon, (41, 1)), SUN, MOON)
    np.testing.assert_array_equal(got, want)
    assert got.min() == 0.0
    assert got.max() == 1.0


def test_two_bodies_at_once_lie_between_apart_and_overlapping():
    # sunrise in a solar eclipse: Moon and Earth both cover part of the disk
    moon = np.array([3.75e8, 6.6e6, 0.0])
    y = np.linspace(6.36e6, 6.42e6, 200)
    r = np.stack([np.full(200, -7e6), y, 0 * y], axis=1)
    s = np.tile(sun, (200, 1))
    by_earth = radiation.visible_fraction(r, s, SUN, EARTH)
    by_moon = radiation.visible_fraction(r - moon, s - moon, SUN, MOON)
    both = (by_earth > 0) & (by_earth < 1) & (by_moon > 0) & (by_moon < 1)
    assert np.sum(both) > 20
    got = radiation.visible_fraction_of_all(r, s, SUN, [(np.zeros(3), EARTH), (moon, MOON)])
    assert np.all(got <= np.minimum(by_earth, by_moon))
    apart = np.maximum(0.0, by_earth + by_moon - 1.0)
    assert np.all(got - apart <= 0.25 + 1e-12)
    assert np.all(np.minimum(by_earth, by_moon) - got <= 0.25 + 1e-12)
