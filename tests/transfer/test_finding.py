"""Burns found from an ephemeris: our own flights with burns that are known, and Artemis I as flown.

NASA's file (CCSDS OEM of 13 December 2022) is held against what NASA said of the large burns on the
days of the flight: 21 November 2 min 30 s; 25 November 1 min 28 s, 363 ft/s; 1 December 1 min 45 s,
454 ft/s; 5 December 3 min 27 s, 961 ft/s.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.cli import main
from cosmodrome.dynamics import Dynamics, Thrust, preset, propagate
from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.formats import oem
from cosmodrome.transfer import find_burns, through
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.transfer.found import Found
    from cosmodrome.world.world import World

FOOT = 0.3048
FILE = Path(__file__).parents[1] / "truth" / "dynamics" / "artemis1.oem"
ZERO = Epoch.from_utc("2022-11-17T00:00:00Z")


# -------------------------------------------------------------------- flights of our own
def flown(world: World, *burns: Thrust, hours: float = 8.0, step_s: float = 240.0) -> oem.Segment:
    """A translunar coast with burns, written as an ephemeris of one point a step."""
    state = State(
        ZERO, GCRF, np.array([-1.5e8, -3.1e7, -2e6]), np.array([-1586.0, -728.0, -254.0]), 2e4
    )
    times = np.arange(0.0, 3600.0 * hours + 1.0, step_s)
    path = propagate(
        state,
        preset("translunar").about("earth").with_thrust(*burns),
        float(times[-1]),
        world=world,
        dense=False,
        times=times,
    )
    points = tuple(
        oem.Point(ZERO + float(t), tuple(y[:3]), tuple(y[3:6]))
        for t, y in zip(times, path.samples, strict=True)
    )
    return oem.Segment("X", "1", "EARTH", "ICRF", "UTC", points[0].epoch, points[-1].epoch, points)


def burn(start_s: float, duration_s: float, push: Any, isp_s: float = 316.0) -> Thrust:
    """A burn of about this delta-v on 20 t."""
    force = 2e4 * float(np.linalg.norm(push)) / duration_s
    return Thrust(ZERO + start_s, ZERO + (start_s + duration_s), force, isp_s, push)


def test_a_burn_inside_one_step_is_found_with_its_middle_and_its_push(shipped_world: Any) -> None:
    push = np.array([0.12, -0.05, 0.18])
    found = find_burns(flown(shipped_world, burn(7_250.0, 20.0, push)), shipped_world)
    (b,) = found.burns
    assert found.changes == ()
    assert b.steps == 1
    assert b.duration_s is None
    # thrust at constant force on a mass that shrinks: the middle moves by 20 s dv / (24 ve)
    assert abs(b.epoch - ZERO - 7_260.0) < 1e-3
    assert b.delta_v_m_s == pytest.approx(push, rel=2e-4)
    assert b.misfit_m < 1e-4


def test_a_long_burn_is_found_with_its_ends_its_exhaust_and_its_turn(shipped_world: Any) -> None:
    start, lasts = 7_250.0, 500.0
    turn = np.radians(6.0)
    angles = np.linspace(-0.5, 0.5, 33) * turn
    thrust = Thrust(
        ZERO + start,
        ZERO + (start + lasts),
        [26_700.0] * 33,
        316.0,
        [[np.cos(a), np.sin(a), 0.0] for a in angles],
        knots_s=list(np.linspace(0.0, lasts, 33)),
    )
    (b,) = find_burns(flown(shipped_world, thrust), shipped_world).burns
    gained = 316.0 * 9.80665 * np.log(2e4 / (2e4 - 26_700.0 * lasts / (316.0 * 9.80665)))
    assert b.duration_s == pytest.approx(lasts, abs=0.01)
    assert abs(b.epoch - ZERO - (start + 0.5 * lasts)) < 0.01
    assert float(np.linalg.norm(b.delta_v_m_s)) == pytest.approx(gained, rel=1e-4)
    assert b.turned_rad == pytest.approx(turn, rel=1e-3)
    assert b.misfit_m < 0.01


def test_a_jump_is_no_burn(shipped_world: Any) -> None:
    whole = flown(shipped_world)
    half = len(whole.points) // 2
    jumped = tuple(
        p if k < half else replace(p, r_m=(p.r_m[0] + 400.0, *p.r_m[1:]))
        for k, p in enumerate(whole.points)
    )
    found = find_burns(replace(whole, points=jumped), shipped_world)
    assert found.burns == ()
    (change,) = found.changes
    assert change.epoch == whole.points[half].epoch
    assert change.jump_m == pytest.approx(400.0, abs=1e-3)
    assert change.jump_m_s < 1e-5


def test_a_quiet_coast_shows_nothing(shipped_world: Any) -> None:
    found = find_burns(flown(shipped_world), shipped_world, long_h=4.0)
    assert found.burns == found.changes == ()
    (arc,) = found.arcs
    assert arc.worst_m < 1e-3
    assert arc.area_m2_kg < 1e-8


def test_forces_without_light_fit_none(shipped_world: Any) -> None:
    found = find_burns(flown(shipped_world), shipped_world, forces="fast", long_h=4.0)
    (arc,) = found.arcs
    assert arc.area_m2_kg == 0.0
    assert arc.worst_m == arc.dark_m > 1e-3


def test_bad_questions_are_answered(shipped_world: Any, capsys: Any, tmp_path: Path) -> None:
    segment = flown(shipped_world, hours=0.5)
    with pytest.raises(InputError, match="reading 'j2000' is not known; write auto"):
        find_burns(segment, shipped_world, reading="j2000")
    with pytest.raises(InputError, match="2 points tell no burn"):
        find_burns(replace(segment, points=segment.points[:2]), shipped_world)
    with pytest.raises(FrameMismatchError, match="MOON in TOD"):
        find_burns(replace(segment, center="MOON", ref_frame="TOD"), shipped_world)
    found = find_burns(segment, shipped_world)
    with pytest.raises(InputError, match="fewer than two points"):
        through(found, shipped_world, ZERO + -90.0, ZERO + -30.0)
    assert main(["burns", str(tmp_path / "none.oem")]) == 2
    assert "give an orbit ephemeris message" in capsys.readouterr().err
    for words, said in (
        (("--through", "2022-11-17"), "write two instants"),
        (("--through", "2022-11-20T00:00Z/2022-11-17T00:00Z"), "swap them"),
        (("--long", "many"), "write hours"),
        (("--axes", "b1950"), "write auto, written, icrf"),
        (("--forces", "lunr"), "Did you mean 'lunar'"),
    ):
        assert main(["burns", str(FILE), *words]) == 2
        assert said in capsys.readouterr().err


# ----------------------------------------------------------------------- Artemis I
@pytest.fixture(scope="module")
def three_days(shipped_world: Any) -> Found:
    return find_burns(oem.read(FILE).segments[0], shipped_world)


@pytest.mark.truth
def test_three_days_of_artemis_1_close(three_days: Found, shipped_world: Any) -> None:
    end = Epoch.from_utc("2022-11-20T00:00:00Z")
    flown = through(three_days, shipped_world, ZERO, end)
    assert flown.ballistic_m == pytest.approx(34.3e3, abs=1e3)
    assert len(flown.burns) == 1
    assert len(flown.corrections) == 5
    assert flown.closed_m < 1.0  # the bar is 1 km; 0.36 m
    assert flown.closed_m_s < 1e-3
    # what the corrections amount to, so that nobody takes them for burns
    sizes = [float(np.linalg.norm(c.delta_v_m_s)) for c in flown.corrections]
    assert max(sizes) < 0.45


@pytest.mark.truth
def test_the_small_burn_of_artemis_1_is_found_among_changes_of_solution(
    three_days: Found,
) -> None:
    (b,) = three_days.burns
    assert abs(b.epoch - Epoch.from_utc("2022-11-17T11:32:42.8Z")) < 0.1
    assert float(np.linalg.norm(b.delta_v_m_s)) == pytest.approx(0.2214, abs=2e-4)
    assert b.misfit_m < 1e-3
    assert [c.jump_m > 3e3 for c in three_days.changes] == [True] * 4


@pytest.mark.truth
def test_the_axes_of_artemis_1_are_read_as_they_close(three_days: Found) -> None:
    assert three_days.rows.reading == "icrf"
    written, icrf = three_days.readings
    assert (written.axes, icrf.axes) == ("eme2000", "icrf")
    assert written.arcs_m is not None
    assert icrf.arcs_m is not None
    assert icrf.arcs_m < 0.02 < 3.0 * 0.02 < written.arcs_m  # 4.7 and 65 mm


@pytest.mark.truth
@pytest.mark.parametrize(
    ("segment", "lasted_s", "gained_m_s", "misfit_m"),
    [
        (1, 150.0, None, 0.05),
        (2, 88.0, 363.0 * FOOT, 0.01),
        (3, 105.0, 454.0 * FOOT, 0.01),
        (4, 207.0, 961.0 * FOOT, 0.1),
    ],
)
def test_the_large_burns_of_artemis_1(
    segment: int, lasted_s: float, gained_m_s: float | None, misfit_m: float, shipped_world: Any
) -> None:
    found = find_burns(oem.read(FILE).segments[segment], shipped_world)
    (b,) = found.burns
    assert b.duration_s == pytest.approx(lasted_s, abs=1.0)  # whole seconds were said
    if gained_m_s is not None:
        assert float(np.linalg.norm(b.delta_v_m_s)) == pytest.approx(gained_m_s, abs=0.5 * FOOT)
    assert b.misfit_m < misfit_m


def test_the_command_tells_one_object(capsys: Any, tmp_path: Path) -> None:
    message = oem.read(FILE)
    path = tmp_path / "insertion.oem"
    oem.write(replace(message, segments=message.segments[2:3]), path)
    words = ["burns", str(path), "--through", "2022-11-25T21:30Z/2022-11-25T22:20Z"]
    assert main([*words, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["segments"]
    assert told["burns"][0]["duration_s"] == pytest.approx(87.78, abs=0.01)
    assert told["through"]["with_burns_m"] < 1.0
    assert told["through"]["ballistic_m"] > 1e5
    assert main([*words, "--no-color"]) == 0
    said = capsys.readouterr().out
    assert "87.78 s" in said
    assert "1 burn, 0 changes of solution in 18 points of EM1" in said
    apart = ["burns", str(path), "--through", "2022-11-17T00:00Z/2022-11-18T00:00Z"]
    assert main(apart) == 2
    assert "no segment of the file lies there; it spans 2022-11-25" in capsys.readouterr().err
    assert main([*words, "--quiet"]) == 0
    assert capsys.readouterr().out == "EM1: 1 burn, 0 changes of solution, 0 long arcs\n"


def test_a_burn_about_the_moon_and_one_in_the_air(shipped_world: Any) -> None:
    """A low lunar orbit told about the Moon, and a low orbit with drag that is left out."""
    moon = State(
        ZERO, gcrf("moon"), np.array([1.84e6, 0.0, 2e4]), np.array([0.0, 900.0, 1360.0]), 2e4
    )
    low = State(ZERO, GCRF, np.array([6.78e6, 0.0, 0.0]), np.array([0.0, 4.8e3, 6.0e3]), 2e4)
    air = Dynamics.earth(30, drag="nrlmsise00", drag_area_m2=40.0)
    push = np.array([0.1, -0.3, 0.2])
    for start, dynamics, forces in ((moon, preset("lunar"), "lunar"), (low, air, "standard")):
        times = np.arange(0.0, 10_801.0, 60.0)
        path = propagate(
            start,
            dynamics.with_thrust(burn(5_000.0, 10.0, push)),
            float(times[-1]),
            world=shipped_world,
            dense=False,
            times=times,
        )
        points = tuple(
            oem.Point(ZERO + float(t), tuple(y[:3]), tuple(y[3:6]))
            for t, y in zip(times, path.samples, strict=True)
        )
        segment = oem.Segment(
            "X", "1", start.frame.centre.upper(), "ICRF", "UTC", ZERO, points[-1].epoch, points
        )
        found = find_burns(segment, shipped_world, forces=forces, long_h=24.0)
        assert found.changes == ()
        (b,) = found.burns
        assert abs(b.epoch - ZERO - 5_005.0) < 0.1
        # the air of a minute is 1e-4 m/s and lies in the noise
        assert b.delta_v_m_s == pytest.approx(push, abs=1e-3)
