"""Tables of cubics: exact for cubics, fourth order for the rest, held beyond their ends."""

from __future__ import annotations

import numpy as np

from cosmodrome.maths import Cubics


def test_a_cubic_is_its_own_table() -> None:
    x = np.linspace(-1.0, 3.0, 101)
    table = Cubics.of(lambda y: np.stack([y**3 - 2.0 * y, 1.0 + y**2]), -1.0, 3.0, 7)
    np.testing.assert_allclose(table(x), [x**3 - 2.0 * x, 1.0 + x**2], atol=1e-13)


def test_the_error_falls_with_the_fourth_power_of_the_step() -> None:
    x = np.random.default_rng(3).uniform(0.0, 2.0, 500)
    errors = [
        np.abs(Cubics.of(lambda y: np.exp(y)[None], 0.0, 2.0, n)(x)[0] - np.exp(x)).max()
        for n in (10, 20)
    ]
    # measured: 15.2
    assert 14.0 < errors[0] / errors[1] < 17.0


def test_the_ends_are_held_and_no_number_is_a_place() -> None:
    table = Cubics.of(lambda y: np.stack([y, -y]), 1.0, 2.0, 3)
    np.testing.assert_allclose(table(np.array([0.0, 9.0])), [[1.0, 2.0], [-1.0, -2.0]], atol=1e-14)
    # not-a-number has no cell: it must not raise, and whoever gave it sees it elsewhere
    assert table(np.array([np.nan])).shape == (2, 1)
