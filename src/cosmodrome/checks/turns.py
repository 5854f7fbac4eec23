"""The turn of each stage between its own zero and its first attitude (the wrap class).

On 2017-11-28 the Fregat of Meteor-M 2-1 had to turn by about 2 deg and turned by 358 the other
way: its control counted azimuths from the pad and the launcher's from the flight, and the
difference was taken without wrapping. Nothing failed before, for twenty years, because from
the other pads the difference stayed below a half turn. The check asks each stage the question
that was not asked: is the difference as a plain subtraction the same as the shortest turn?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import azimuth_of, signed_turn, turn_of
from cosmodrome.checks.verdicts import Judged, NotJudged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cosmodrome.catalog.nouns import AttitudeReference, Stage
    from cosmodrome.checks.view import View

__all__ = ["attitude_turn_flown", "stage_turns", "turn_finding", "turns_on_paper"]

HALF_TURN_DEG = 180.0
# when a stage states no rate: a slow but usual one for an upper stage under way to its burn
DEFAULT_SLEW_RAD_S = np.radians(1.0)
# a stage that lights this soon after the one before is taken to light as it stands
SHORTEST_COAST_S = 0.5
HOT_STAGING_DEG = 1.0
ROLL = "roll to the flight azimuth"
# a pointing that is nearly vertical has no azimuth
SMALLEST_HORIZONTAL = 0.05


def stage_turns(view: View) -> Iterator[Judged]:
    """Plain difference of azimuths against the shortest signed turn, stage by stage."""
    before: tuple[Stage, float] | None = None
    for stage in view.mission.vehicle.stages:
        last = stage is view.mission.vehicle.stages[-1]
        reference, note = _reference(stage, last=last)
        if reference is None:
            yield not_judged(note, where=stage.id, object=stage.id)
            continue
        zero = _zero(reference, view.launch.azimuth_relative_rad)
        if before is not None and before[1] == zero:
            # the same count goes on: the stage takes over the attitude it is in
            before = (stage, zero)
            yield from _in_time(view, stage)
            continue
        if before is not None:
            yield _handed_over(*before, stage, zero)
        before = (stage, zero)
        if stage.ignition.kind == "lift-off":
            first, where = view.launch.azimuth_relative_rad, ROLL
        else:
            t = _first_ignition_s(view, stage.id)
            pointing = _pad_azimuth_of_thrust(view, t)
            if pointing is None:
                yield not_judged(
                    f"at T+{t:.0f} s the stage points along the pad's vertical: no azimuth",
                    where=stage.id,
                    object=stage.id,
                )
                continue
            first, where = pointing, f"first ignition, T+{t:.1f} s, in the pad's frozen horizon"
        yield turn_finding(zero, first, where, note, stage.id)
        yield from _in_time(view, stage)


def turns_on_paper(stages: Sequence[Stage], azimuth_rad: float) -> Iterator[Judged]:
    """Of `stage_turns` what needs no flight: the stages' zeros and the flight azimuth, rad."""
    before: tuple[Stage, float] | None = None
    for stage in stages:
        reference, note = _reference(stage, last=stage is stages[-1])
        if reference is None:
            continue
        zero = _zero(reference, azimuth_rad)
        if before is None or before[1] != zero:
            if before is not None:
                yield _handed_over(*before, stage, zero)
            if stage.ignition.kind == "lift-off":
                yield turn_finding(zero, azimuth_rad, ROLL, note, stage.id)
        before = (stage, zero)


def _handed_over(before: Stage, from_rad: float, stage: Stage, to_rad: float) -> Judged:
    """Where two stages with different zeros meet."""
    return turn_finding(
        from_rad,
        to_rad,
        f"hand-over of attitude, {before.id} to {stage.id}",
        f"zero of {before.id}; the first attitude here is the zero of {stage.id}",
        f"{before.id}/{stage.id}",
    )


def turn_finding(zero: float, first: float, where: str, note: str, object: str) -> Judged:
    """One stage's plain turn against a half turn; the wrap shows from two azimuths alone."""
    plain = float(turn_of(first) - turn_of(zero))
    short = float(signed_turn(first, zero))
    verb = "differs from" if abs(plain) > np.pi else "equals"
    text = (
        f"own zero {np.degrees(float(turn_of(zero))):.1f} deg ({note}), first attitude"
        f" {np.degrees(float(turn_of(first))):.1f} deg: plain difference"
        f" {np.degrees(plain):+.1f} deg {verb} the shortest turn {np.degrees(short):+.1f} deg"
    )
    if abs(plain) > np.pi:
        text += "; a control that subtracts without wrapping turns the long way, as on Meteor-M 2-1"
    return at_most(
        abs(np.degrees(plain)), HALF_TURN_DEG, "deg", where, text, object=object, otherwise="warns"
    )


def _reference(stage: Stage, *, last: bool) -> tuple[AttitudeReference | None, str]:
    """The stage's zero and how it is known."""
    if stage.attitude_reference is not None:
        return stage.attitude_reference, f"{stage.attitude_reference.zero}, from its data"
    if last and stage.ignition.kind != "lift-off":
        from cosmodrome.catalog.nouns import AttitudeReference

        return (
            AttitudeReference("pad-azimuth"),
            "pad azimuth, assumed: the stage does not say where it counts from",
        )
    return (
        None,
        "the stage does not say from where it counts its turns; it flies as one body with"
        " the stack",
    )


def _zero(reference: AttitudeReference, azimuth_rad: float) -> float:
    """Azimuth of a stage's zero: a pad's own azimuth is `value_rad`, north when not given."""
    if reference.zero == "flight-azimuth":
        return azimuth_rad
    return reference.value_rad


def _first_ignition_s(view: View, stage: str) -> float:
    starts = [b.start_s for b in view.stack.ledger.burns if b.stage == stage]
    if not starts:
        raise NotJudged(f"the ledger lists no burn of {stage!r}")
    return min(starts)


def _pad_azimuth_of_thrust(view: View, t_s: float) -> float | None:
    """Azimuth of the thrust direction in the pad's horizon as it stood at lift-off.

    A platform aligned before lift-off keeps its axes in inertial space, so later directions
    are counted in the horizon of the pad at that instant.
    """
    path = view.inertial(view.stack.path)
    if "ux" not in path.columns:
        raise NotJudged("the stack's path has no attitude columns")
    k = path.columns.index("ux")
    u = path.columns_at(view.in_path(path, t_s + 1e-3))[k : k + 3]
    turn = view.world.orientation.itrf_from_gcrf(view.lift_off)
    site = view.mission.site
    azimuth, level = azimuth_of(turn.vector(u), site.latitude_rad, site.longitude_rad)
    return azimuth if level > SMALLEST_HORIZONTAL else None


def _in_time(view: View, stage: Stage) -> Iterator[Judged]:
    """Can the turn to the first burn be made between cut-off and ignition at the stage's rate?"""
    if stage.ignition.kind == "lift-off" or "ux" not in view.stack.path.columns:
        return
    rate = stage.slew_rate_rad_s or DEFAULT_SLEW_RAD_S
    ignition = _first_ignition_s(view, stage.id)
    burns = view.stack.ledger.burns
    before = [b.end_s for b in burns if b.stage != stage.id and b.end_s <= ignition]
    # lit in the air beside engines that burn, a stage turns with the stack
    beside = any(b.start_s < ignition < b.end_s for b in burns if b.stage != stage.id)
    if not before or beside:
        return
    # the launcher points the stack until it lets go: only the coast is the stage's own
    available = ignition - max(before)
    path = view.inertial(view.stack.path)
    k = path.columns.index("ux")
    u0 = path.columns_at(view.in_path(path, max(before) - 1e-3))[k : k + 3]
    u1 = path.columns_at(view.in_path(path, ignition + 1e-3))[k : k + 3]
    angle = float(np.arctan2(np.linalg.norm(np.cross(u0, u1)), float(u0 @ u1)))
    if available < SHORTEST_COAST_S:
        # hot staging: nobody has time to turn, so nothing may need to
        yield at_most(
            np.degrees(angle),
            HOT_STAGING_DEG,
            "deg",
            f"T+{ignition:.1f} s, ignition within {available:.2f} s of the cut-off before",
            "step of the thrust axis where one stage hands over to the next",
            object=stage.id,
        )
        return
    yield at_most(
        angle / rate,
        available,
        "s",
        f"T+{max(before):.1f} .. T+{ignition:.1f} s",
        f"turning {np.degrees(angle):.1f} deg at {np.degrees(rate):.2f} deg/s; the other way round"
        f" would take {(2.0 * np.pi - angle) / rate:.0f} s",
        object=stage.id,
    )


def attitude_turn_flown(view: View) -> Iterator[Judged]:
    """The angle the attitude really swept in each coast, against the straight one."""
    path = view.inertial(view.stack.path)
    if "ux" not in path.columns:
        yield not_judged("the stack's path has no attitude columns")
        return
    k = path.columns.index("ux")
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    worst: Judged | None = None
    for burn in burns:
        ended = [b.end_s for b in burns if b.end_s <= burn.start_s + 1e-6]
        thrusting = any(b.start_s < burn.start_s < b.end_s for b in burns)
        if not ended or thrusting or burn.start_s - max(ended) < 0.5:
            continue
        t = np.linspace(max(ended), burn.start_s, 200)
        seen = path.columns_at(view.all_in_path(path, t))
        u = seen[:, k : k + 3]
        length = np.linalg.norm(u, axis=1)
        if np.any(length < 0.5):
            continue
        u = u / length[:, None]
        step = np.arctan2(
            np.linalg.norm(np.cross(u[:-1], u[1:]), axis=1), np.einsum("ij,ij->i", u[:-1], u[1:])
        )
        swept = np.degrees(float(step.sum()))
        # on a long coast the axis may follow the horizon: as far as the place itself goes round
        y = seen[:, 0:3]
        y = y / np.linalg.norm(y, axis=1)[:, None]
        arc = np.arccos(np.clip(np.einsum("ij,ij->i", y[:-1], y[1:]), -1.0, 1.0)).sum()
        j = at_most(
            swept,
            HALF_TURN_DEG + np.degrees(float(arc)),
            "deg",
            f"T+{t[0]:.1f} .. T+{t[-1]:.1f} s, before {burn.stage}",
            "angle swept by the thrust axis on the way to the next burn: any turn can be made"
            f" within a half turn, and following the horizon adds {np.degrees(float(arc)):.0f} deg",
            object=burn.stage,
        )
        if worst is None or (j.margin or 0.0) < (worst.margin or 0.0):
            worst = j
    yield worst or not_judged("no coast with attitude lies between burns")
