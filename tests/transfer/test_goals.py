import math

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY
from cosmodrome.transfer import Goal
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.goals import FLIP, conditions, flipped, turned
from tests.transfer.conftest import MU, orbit

A, E, TILT, NODE, PERIGEE = 2.6e7, 0.3, 1.1, 0.7, 2.2


@pytest.mark.parametrize(
    "asked",
    [
        {"a_m": A},
        {"e": E},
        {"a_m": A, "e": E},
        {"a_m": A, "e": E, "i_rad": TILT},
        {"a_m": A, "e": E, "i_rad": TILT, "raan_rad": NODE},
        {"a_m": A, "e": E, "i_rad": TILT, "argp_rad": PERIGEE},
        {"a_m": A, "e": E, "i_rad": TILT, "raan_rad": NODE, "argp_rad": PERIGEE},
    ],
)
@pytest.mark.parametrize("retrograde", [False, True])
def test_conditions_vanish_on_the_orbit_and_nowhere_near(asked, retrograde):
    inclination = math.pi - 0.2 if retrograde else TILT
    if "i_rad" in asked:
        asked = {**asked, "i_rad": inclination}
    goal = Goal(**asked)
    free = {"a_m": A, "e": E, "i_rad": inclination, "raan_rad": NODE, "argp_rad": PERIGEE}

    def miss(**change):
        r, v = orbit(**{**free, **change}, anomaly_rad=1.3)
        target = goal
        if flipped(goal, inclination):
            target, r, v = turned(goal), FLIP @ r, FLIP @ v
        x = equinoctial_from_state(r, v, MU)
        x[0] /= 1e7
        return np.abs(conditions(target, 1e7)(NUMPY, list(x))).max()

    assert miss() < 1e-12
    for name, value in asked.items():
        assert miss(**{name: value * 1.01}) > 1e-4


def test_a_circle_in_the_equator_is_four_conditions_and_a_size():
    goal = Goal(a_m=A, e=0.0, i_rad=0.0)
    x = equinoctial_from_state(*orbit(A, 0.0, 0.0, anomaly_rad=0.4), MU)
    found = conditions(goal, 1.0)(NUMPY, list(x))
    assert len(found) == 5
    assert found == pytest.approx([0.0] * 5, abs=1e-12)
    moved = conditions(goal, 1.0, (0.0, 0.1, 0.0, 0.0, 0.2))(NUMPY, list(x))
    assert moved == pytest.approx([0.0, 0.1, 0.0, 0.0, 0.2], abs=1e-12)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "something to reach"),
        ({"a_m": -1e7, "e": 0.1}, "no orbit"),
        ({"a_m": 1e7, "argp_rad": 1.0}, "argument of perigee"),
        ({"a_m": 1e7, "raan_rad": 1.0}, "inclination"),
        ({"e": -0.1}, "eccentricity"),
        ({"i_rad": 4.0}, "outside"),
    ],
)
def test_elements_that_are_no_orbit_are_refused(asked, words):
    with pytest.raises(InputError, match=words):
        Goal(**asked)


def test_a_name_of_the_room_is_no_module_of_it() -> None:
    """Importing a module sets its name on the package, and would hide a function of that name."""
    import pkgutil

    from cosmodrome import transfer

    modules = {m.name for m in pkgutil.iter_modules(transfer.__path__)}
    rooms = {"arriving", "burn", "libration", "phasing", "release", "targeting", "translunar"}
    rooms |= {"upkeep"}
    assert modules & set(transfer.__all__) == rooms
