"""SGP4 through its library: the published verification set, frames, and errors in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import sgp4

from cosmodrome.errors import InputError
from cosmodrome.formats import tle
from cosmodrome.targets import sgp4_state, sgp4_teme
from cosmodrome.world.named_axes import teme_from_gcrf
from cosmodrome.world.orientation import EarthOrientation

if TYPE_CHECKING:
    from cosmodrome.formats.mean_elements import MeanElements

# the verification set of Vallado, Crawford, Hujsak and Kelso (2006), AIAA 2006-6753, as the
# library ships it: element sets, and place (km) and velocity (km/s) at minutes from their epochs
SET = Path(sgp4.__file__).parent / "SGP4-VER.TLE"
ANSWERS = Path(sgp4.__file__).parent / "tcppver.out"
# elements made to fail have no check digits of their own
FAILING = {33333, 33334, 33335}


def element_sets() -> list[MeanElements]:
    lines = [x[:69] for x in SET.read_text().splitlines() if x[:2] in ("1 ", "2 ")]
    out = []
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        if int(first[2:7]) in FAILING:
            first, second = (x[:68] + str(tle._check_digit(x)) for x in (first, second))
        out += tle.loads(f"{first}\n{second}\n")
    return out


def answers() -> list[tuple[int, np.ndarray]]:
    """(number, rows of minutes, place and velocity) in the order of the element sets."""
    out: list[tuple[int, list[list[float]]]] = []
    for line in ANSWERS.read_text().splitlines():
        words = line.split()
        if words[1:2] == ["xx"]:
            out.append((int(words[0]), []))
        else:
            out[-1][1].append([float(w) for w in words[:7]])
    return [(number, np.array(rows)) for number, rows in out]


def test_the_verification_set() -> None:
    sets, known = element_sets(), answers()
    assert len(sets) == len(known) == 33
    points = 0
    for elements, (number, rows) in zip(sets, known, strict=True):
        assert elements.number == number
        if number == 33334:
            continue  # fails at its epoch, below
        r, v = sgp4_teme(elements, rows[:, 0] * 60.0)
        # printed to 1e-8 km; measured: 4 mm in 23333 (e = 0.973), 0.5 mm in 20413 (1,280 days
        # away), 0.008 mm in all others
        limit = {23333: 5e-6, 20413: 1e-6}.get(number, 3e-8)
        assert np.abs(r / 1e3 - rows[:, 1:4]).max() < limit, number
        assert np.abs(v / 1e3 - rows[:, 4:7]).max() < 5e-9, number
        points += len(rows)
    assert points >= 660


def named(number: int) -> MeanElements:
    return next(m for m in element_sets() if m.number == number)


@pytest.mark.parametrize(
    ("number", "minutes", "why"),
    [
        # the set's own comments: 28872 is lost in 50 minutes, 29141 in under 420; 33333 is made
        # for error 4
        (28350, 1480.0, "the mean eccentricity leaves 0 to 1: drag has carried"),
        (28872, 60.0, "the object has decayed: its radius is below the Earth's; ask earlier"),
        (29141, 440.0, "the object has decayed: its radius is below the Earth's; ask earlier"),
        (33333, 40.0, "the semi-latus rectum turns negative"),
        (33334, 0.0, "the eccentricity leaves 0 to 1 with the pull of Sun and Moon"),
    ],
)
def test_failures_are_told_in_words(number: int, minutes: float, why: str) -> None:
    elements = named(number)
    with pytest.raises(InputError) as caught:
        sgp4_teme(elements, minutes * 60.0)
    assert why in str(caught.value)
    assert f"object {number} of {elements.epoch}" in str(caught.value)
    assert f"{minutes / 1440.0:+.3f} days from their epoch" in str(caught.value)


def test_elements_of_another_theory_are_refused() -> None:
    with pytest.raises(InputError, match=r"are for SGP4-XP \(ephemeris type 4\)"):
        sgp4_teme(replace(named(6251), ephemeris_type=4), 0.0)


def test_a_state_is_in_gcrf() -> None:
    orientation = EarthOrientation.shipped()
    elements = named(6251)
    at = elements.epoch + 3600.0
    state = sgp4_state(elements, at, 100.0, orientation)
    r, v = sgp4_teme(elements, 3600.0)
    turn = teme_from_gcrf(orientation, at)
    assert (state.epoch, str(state.frame), state.mass_kg) == (at, "earth/gcrf", 100.0)
    assert turn.vector(state.r_m) == pytest.approx(r[0], abs=1e-6)
    assert turn.vector(state.v_m_s) == pytest.approx(v[0], abs=1e-9)
