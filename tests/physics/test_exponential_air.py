import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.physics import exponential_air as air
from cosmodrome.physics import thermosphere
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import SpaceWeatherSample


def test_vallado_example():
    # Vallado (2013), example 8-4: 747.2119 km
    assert air.layered_density(747_211.9) == pytest.approx(2.1219854e-14, rel=1e-7)


def test_bases_hold_the_printed_density():
    np.testing.assert_array_equal(
        air.layered_density(air.VALLADO_LAYERS[:, 0]), air.VALLADO_LAYERS[:, 1]
    )


def test_layers_meet():
    # a digit of the table mistyped would show as a step
    for lower, upper in zip(air.VALLADO_LAYERS, air.VALLADO_LAYERS[1:], strict=False):
        step = air.density(upper[0], *lower) / upper[1] - 1.0
        # measured: 1.4e-3 at 25 km, 9.6e-5 at most at the others
        assert abs(step) < (2e-3 if upper[0] == 25e3 else 1.5e-4)


def test_one_layer():
    h = np.array([[400e3, 458.515e3], [0.0, 1e6]])
    rho = air.density(h, 400e3, 3.725e-12, 58.515e3)
    assert rho.shape == (2, 2)
    np.testing.assert_allclose(rho[0], [3.725e-12, 3.725e-12 / np.e], rtol=1e-15)
    np.testing.assert_allclose(
        air.layered_density([-1e3, 1.5e6]),
        [1.225 * np.exp(1 / 7.249), 3.019e-15 * np.exp(-500 / 268.0)],
        rtol=1e-13,
    )


def test_mean_atmosphere_lies_between_quiet_and_active_sun():
    epoch = Epoch.from_utc("2024-04-10T12:00:00Z")
    h, zero = np.array([200e3, 400e3, 600e3]), np.zeros(3)
    quiet, active = (
        thermosphere.nrlmsise00(
            epoch, zero, zero, h, SpaceWeatherSample(f, f, np.full(7, ap), "given")
        )
        for f, ap in ((70.0, 0.0), (250.0, 30.0))
    )
    assert np.all(quiet < air.layered_density(h))
    assert np.all(air.layered_density(h) < active)


def test_what_is_refused():
    with pytest.raises(InputError, match="scale height"):
        air.density(1e5, 0.0, 1.0, 0.0)
    with pytest.raises(InputError, match="bases"):
        air.layered_density(1e5, np.array([[1e5, 1.0, 1e3], [0.0, 1.0, 1e3]]))
