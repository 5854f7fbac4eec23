"""Single flaws in the sequence of a lane, and programmes cut from flown flights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import catalog
from cosmodrome.ascent import Draw, flown_programme, fly_guided, guided_programme
from cosmodrome.ascent.guided import marked
from cosmodrome.ascent.lane_timeline import LaneTimeline, fixed_part
from cosmodrome.ascent.schedule import burns_of
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Flight, LaunchSolution
from cosmodrome.solvers import guided as kernel
from cosmodrome.solvers.guided import Status

if TYPE_CHECKING:
    from cosmodrome.ascent.guided import GuidedProgramme
    from tests.ascent.conftest import Flown

SOYUZ = catalog.vehicle("soyuz-2.1b-fregat")
NAMES = [s.id for s in SOYUZ.stages]


@pytest.fixture(scope="module")
def programme(sso: Flown) -> GuidedProgramme:
    return guided_programme(sso.solution, sso.plan, sso.mission, sso.world)


def flight_of(sso: Flown) -> Flight:
    """The record of a launch, and nothing after it."""
    launch = LaunchSolution(sso.plan.epoch, 0.0, 0.0, "ascending")
    return Flight(sso.mission, launch, None, None, sso.legs)


def fixed(draw: Draw) -> tuple[list[str], np.ndarray, list[float]]:
    """Names and instants (events, n) of the fixed part, and mass dropped in all, per lane."""
    stretches = fixed_part(LaneTimeline(SOYUZ, draw), (("fairing", 210.0, 1_700.0),))
    at = np.cumsum([s.length_s for s in stretches if s.length_s is not None], axis=0)
    gone = np.sum([s.drop_kg for s in stretches], axis=0)
    return [s.name for s in stretches], at, gone.tolist()


# the sequence --------------------------------------------------------------------------------
def test_each_flaw_moves_its_own_mark_and_no_other() -> None:
    draw = Draw.nominal(SOYUZ, 6)
    flaws, core, third = draw.flaws, NAMES.index("core"), NAMES.index("third")
    flaws.separation_s[NAMES.index("strap-ons"), 1] = 4.0
    flaws.fairing_s[2] = -7.0
    flaws.cutoff_s[core, 3] = -10.0
    draw.ignition_delay_s[third, 4] = 6.0
    flaws.cutoff_s[core, 5] = 10.0
    names, at, _ = fixed(draw)
    moved = at - at[:, :1]

    def of(name: str) -> list[float]:
        out: list[float] = np.round(moved[names.index(name)], 9).tolist()
        return out

    assert of("strap-on separation") == [0.0, 4.0, 0.0, 0.0, 0.0, 0.0]
    assert of("fairing") == [0.0, 0.0, -7.0, 0.0, 0.0, 0.0]
    # a core without propellant cannot be late; the third stage follows its cut-off
    assert of("core cut-off")[3] == -10.0
    assert of("core cut-off")[5] == 0.0
    assert of("third-stage cut-off") == [0.0, 0.0, 0.0, -10.0, 6.0, 0.0]


def test_what_stays_leaves_with_the_next_one_or_never() -> None:
    draw = Draw.nominal(SOYUZ, 4)
    draw.flaws.retained[NAMES.index("strap-ons"), 1] = 1.0
    draw.flaws.retained[NAMES.index("third"), 2] = 1.0
    draw.flaws.fairing_kept[3] = 1.0
    names, _, gone = fixed(draw)
    assert gone[1] == pytest.approx(gone[0], rel=1e-12)
    # dry mass without the aft section that went before, and what cannot be burnt
    third = SOYUZ.stage("third")
    held = third.residual_kg + sum(c.mass_kg for c in third.consumables)
    left = third.dry_mass_kg + held - sum(j.mass_kg for j in third.jettisons)
    assert gone[0] - gone[2] == pytest.approx(left, abs=1e-6)
    assert gone[0] - gone[3] == pytest.approx(1_700.0)
    assert names.count("strap-on separation") == 1


def test_engines_that_fail_stretch_the_burn_and_spend_the_same() -> None:
    """Half of the core's engines from the start: by the propellant it burns for twice as long."""
    draw = Draw.nominal(SOYUZ, 4)
    core = NAMES.index("core")
    draw.flaws.paced[:] = 1.0
    draw.flaws.engines[core, 1:] = 0.5
    draw.flaws.engines_s[core, 1:] = [0.0, 100.0, 1e5]
    lanes = LaneTimeline(SOYUZ, draw)
    lasts = lanes.burning_s(SOYUZ.stage("core"))
    assert lasts[1] == pytest.approx(2.0 * lasts[0], rel=1e-12)
    assert lasts[2] == pytest.approx(100.0 + 2.0 * (lasts[0] - 100.0), rel=1e-12)
    assert lasts[3] == pytest.approx(lasts[0], rel=1e-12)
    stretches = fixed_part(lanes, ())
    impulse = sum(s.length_s * s.thrust_n for s in stretches if s.length_s is not None)
    assert isinstance(impulse, np.ndarray)
    np.testing.assert_allclose(impulse, impulse[0], rtol=1e-12)
    # no engine at all: by the clock
    draw.flaws.paced[:], draw.flaws.engines[core, 1:] = 0.0, 0.0
    assert LaneTimeline(SOYUZ, draw).burning_s(SOYUZ.stage("core"))[1] == pytest.approx(
        lasts[0], rel=1e-13
    )


def test_a_nozzle_that_is_out_is_not_pressed_back_by_the_air() -> None:
    draw = Draw.nominal(SOYUZ, 4)
    straps, core = SOYUZ.stage("strap-ons"), SOYUZ.stage("core")
    draw.flaws.engines[NAMES.index("core"), 1] = 0.75
    draw.flaws.engines_s[NAMES.index("core"), 1] = 0.0
    draw.flaws.lights[NAMES.index("strap-ons"), 2] = 0.75
    draw.thrust[NAMES.index("core"), 3] = 0.75  # less pressure in the chamber: the nozzle works
    first = fixed_part(LaneTimeline(SOYUZ, draw), ())[0]
    one, four = core.exit_area_m2, straps.count * straps.exit_area_m2
    np.testing.assert_allclose(
        first.exit_area_m2,
        [one + four, 0.75 * one + four, one + 0.75 * four, one + four],
        rtol=1e-14,
    )


def test_paced_lanes_are_the_clock_s_where_nothing_is_wrong() -> None:
    draw = Draw.nominal(SOYUZ, 2)
    draw.flaws.paced[1] = 1.0
    _, at, gone = fixed(draw)
    np.testing.assert_allclose(at[:, 1], at[:, 0], rtol=1e-13)
    assert gone[1] == pytest.approx(gone[0], rel=1e-13)


# flown ---------------------------------------------------------------------------------------
def test_a_flown_flight_gives_the_optimum_s_programme(
    sso: Flown, programme: GuidedProgramme
) -> None:
    own = flown_programme(flight_of(sso), sso.world)
    assert own.cutoffs == programme.cutoffs
    assert own.schedule.guided_s == pytest.approx(programme.schedule.guided_s, abs=2e-3)
    for a, b in zip(own.core.aims, programme.core.aims, strict=True):
        # the residual of the re-flight, centimetres after an hour
        assert a.radius_m == pytest.approx(b.radius_m, abs=1.0)
        assert a.speed_m_s == pytest.approx(b.speed_m_s, abs=1e-3)
    nominal = Draw.nominal(SOYUZ)
    mine, theirs = fly_guided(own, nominal), fly_guided(programme, nominal)
    assert mine.flown.all()
    assert mine.a_m[0] == pytest.approx(theirs.a_m[0], abs=10.0)
    assert mine.margin_kg[0] == pytest.approx(theirs.margin_kg[0], abs=0.1)
    # and it is released when and where the plan says
    y = sso.stack.path.at(sso.stack.path.end)
    back = np.asarray(sso.plan.launch_axes).T
    # the plan's own phases end at the release: measured some metres, along the orbit
    r = back @ mine.release_r_m[:, 0]
    assert np.linalg.norm(r) == pytest.approx(np.linalg.norm(y.r_m), abs=50.0)
    assert mine.release_s[0] == pytest.approx(sso.plan.phases[-1].end_s, abs=1.0)


def test_a_flight_without_a_launch_has_no_programme(sso: Flown) -> None:
    with pytest.raises(InputError, match="begins in orbit"):
        flown_programme(Flight(sso.mission, None, None, None, sso.legs), sso.world)


def test_marks_change_nothing_but_the_steps(sso: Flown, programme: GuidedProgramme) -> None:
    fine = marked(programme, (40.0, 200.0))
    assert len(fine.core.sections) == len(programme.core.sections) + 2
    nominal = Draw.nominal(SOYUZ)
    a, b = fly_guided(programme, nominal), fly_guided(fine, nominal)
    assert a.a_m[0] == pytest.approx(b.a_m[0], abs=1.0)
    assert a.margin_kg[0] == pytest.approx(b.margin_kg[0], abs=1e-2)


def test_burns_are_counted_as_the_flaws_count_them(sso: Flown) -> None:
    burns = burns_of(sso.plan, SOYUZ)
    assert [id_ for id_, _, _ in burns] == ["fregat", "fregat"]
    assert burns[0][2] < burns[1][1]


def test_flaws_of_a_real_flight(sso: Flown, programme: GuidedProgramme) -> None:
    draw = Draw.nominal(SOYUZ, 8)
    flaws, third, fregat = draw.flaws, NAMES.index("third"), NAMES.index("fregat")
    flaws.burn_late_s[1, 1] = 1.0
    flaws.burn_lights[1, 2] = 0.0
    flaws.burn_delay_s[0, 3] = 5.0
    flaws.gimbal[1, third, 4] = 0.05
    flaws.lights[third, 5] = 0.0
    flaws.retained[third, 6] = 1.0
    flaws.burn_late_s[1, 7] = 1e6
    batch = fly_guided(programme, draw)
    _, _, share = programme.schedule.lanes(draw)
    fregat_flow = SOYUZ.stages[fregat].mass_flow_kg_s
    assert batch.margin_kg[0] - batch.margin_kg[1] == pytest.approx(fregat_flow, rel=1e-3)
    assert batch.a_m[1] > batch.a_m[0] + 1e3
    # the second burn never comes: the transfer orbit stays
    assert batch.status[2] == Status.LATE
    ground_m = programme.core.surroundings.equatorial_radius_m
    assert 100e3 < batch.perigee_m[2] - ground_m < 200e3
    assert 790e3 < batch.apogee_m[2] - ground_m < 850e3
    assert batch.status[3] == Status.FLOWN
    assert batch.cutoffs_s[1, 3] - batch.cutoffs_s[1, 0] == pytest.approx(5.0, abs=2.0)
    # thrust three degrees aside is steered against
    assert batch.status[4] == Status.FLOWN
    assert abs(batch.i_rad[4] - batch.i_rad[0]) < 1e-4
    assert batch.status[5] == Status.GROUND
    assert batch.margin_kg[6] < batch.margin_kg[0] - 500.0
    assert batch.margin_kg[7] == pytest.approx(0.0, abs=1e-6)
    assert batch.apogee_m[7] > 2.0 * batch.apogee_m[0]
    assert share.shape == (8,)


def test_a_turned_unit_misses_by_what_it_cannot_know(
    sso: Flown, programme: GuidedProgramme
) -> None:
    """The orbit is met in the axes believed in: the plane turns with them, nearly, and the sizes
    of the orbit differ by what the Earth's rotation, loaded and not turned, does."""
    draw = Draw.nominal(SOYUZ, 3)
    r0 = programme.core.start[:3]
    draw.flaws.alignment[:, 1] = np.radians(1.0) * r0 / np.linalg.norm(r0)
    draw.flaws.alignment[:, 2] = np.radians(1e-4) * r0 / np.linalg.norm(r0)
    batch = fly_guided(programme, draw)
    assert batch.flown.all()
    h = np.cross(batch.r_m, batch.v_m_s, axis=0)
    h = h / np.linalg.norm(h, axis=0)
    # about the pad's vertical the plane's normal turns by the whole angle, for it lies level
    turned = np.degrees(np.arccos(h[:, 1] @ h[:, 0]))
    assert turned == pytest.approx(1.0, abs=0.2)
    # small turns are small: linear
    off = np.abs(batch.a_m[1:] - batch.a_m[0])
    assert off[0] > 1e3
    assert off[1] == pytest.approx(1e-4 * off[0], rel=0.2)


def test_lanes_do_not_feel_the_turned_ones(sso: Flown, programme: GuidedProgramme) -> None:
    alone = Draw.nominal(SOYUZ, 3)
    draw = Draw.nominal(SOYUZ, 3)
    draw.flaws.alignment[2, 1] = 0.1
    _, a, _ = programme.schedule.lanes(alone)
    _, b, _ = programme.schedule.lanes(draw)
    first, second = kernel.fly(programme.core, a), kernel.fly(programme.core, b)
    np.testing.assert_array_equal(first.marks[:, :, [0, 2]], second.marks[:, :, [0, 2]])
