"""What a launch window must meet beside the plane, and whom, as a mission file writes it."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.typed import Model, Read, Reading
from cosmodrome.mission.nouns import Meet, WindowConditions
from cosmodrome.mission.object_file import ObjectFile

__all__ = [
    "ConditionsFile",
    "MeetFile",
    "conditions_of",
    "conditions_written",
    "meet_of",
    "meet_written",
]

#: the Sun's upper limb on the horizon, with 34' of refraction and 16' of its own radius; and the
#: end of civil twilight (Explanatory Supplement to the Astronomical Almanac 2013, section 12.1)
_SUNRISE_RAD, _TWILIGHT_RAD = math.radians(-0.833), math.radians(-6.0)
_RIGHT = 0.5 * math.pi
_LIGHTING = {
    "day": (_SUNRISE_RAD, _RIGHT),
    "night": (-_RIGHT, _TWILIGHT_RAD),
    "twilight": (_TWILIGHT_RAD, _SUNRISE_RAD),
}
_MOST_ORBITS = 100.0
_ORBITS = re.compile(r"([0-9]+(?:\.[0-9]*)?) orbits?")

Elevation = Annotated[Read, Leaf("angle", low=-_RIGHT, high=_RIGHT, example="10 deg")]
Turn = Annotated[Read, Leaf("angle", low=0.0, high=math.tau, example="20 deg")]


class MeetFile(ObjectFile):
    """An object in orbit that is to be met, in one of the ways a mission may start, and when."""

    after: Annotated[Read, Leaf("time", low=0.0, high=30.0 * 86_400.0, example="6 h")]

    meant: ClassVar[dict[str, str]] = {"docking": "after", "orbit": "elements", "sgp4": "tle"}
    done: ClassVar[str] = "met"


class RangeFile(Model):
    """An angle between two others; a missing end is open."""

    from_: Elevation | None = Field(default=None, alias="from", examples=["10 deg"])
    to: Elevation | None = None

    meant: ClassVar[dict[str, str]] = {"min": "from", "max": "to", "at_least": "from"}

    def judge(self, context: Reading) -> None:
        if self.from_ is None and self.to is None:
            context.fault(
                self.stands, "", "a range without ends", "Write {from: 10 deg, to: 60 deg}."
            )
        elif self.from_ and self.to and self.to.value < self.from_.value:
            context.fault(
                self.stands_key("to"),
                self.to.text,
                f"the range ends below its start of {self.from_.text}",
                "Write the lower angle as from.",
            )

    def radians(self) -> tuple[float, float]:
        """(low, high); an open end is a right angle."""
        return (
            -_RIGHT if self.from_ is None else self.from_.value,
            _RIGHT if self.to is None else self.to.value,
        )

    def tree(self) -> dict[str, str]:
        """As resolved; it reads back to the same."""
        ends = {"from": self.from_, "to": self.to}
        return {key: end.text for key, end in ends.items() if end is not None}


class PhaseFile(Model):
    """An arc of phase, from one angle on to another; it may pass through 360 deg."""

    from_: Turn = Field(alias="from", examples=["10 deg"])
    to: Turn


class ConditionsFile(Model):
    """What the lift-offs of a window must meet."""

    lighting: Annotated[str, Choice(("day", "night", "twilight"), what="lighting")] | None = None
    sun_elevation: RangeFile | None = None
    release: Annotated[str, Choice(("sunlit", "shadow"), what="light")] | None = None
    beta: RangeFile | None = None
    eclipse_free: Annotated[str, Words("a number of orbits", "3 orbits")] | None = None
    branch: Annotated[str, Choice(("ascending", "descending"), what="branch")] | None = None
    corridor: Annotated[str, Choice(("inside", "any"), what="way with the corridor")] = "any"
    phase: PhaseFile | None = None

    meant: ClassVar[dict[str, str]] = {
        "sun": "sun_elevation",
        "light": "lighting",
        "beta_angle": "beta",
        "insertion": "release",
        "eclipse": "eclipse_free",
    }

    def judge(self, context: Reading) -> None:
        if self.lighting is not None and self.sun_elevation is not None:
            context.fault(
                self.stands_key("lighting"),
                self.lighting,
                "lighting and sun_elevation both say how high the Sun may stand",
                "Keep one of the two.",
            )
        if self.eclipse_free is not None and not 0.0 < (_orbits(self.eclipse_free) or 0.0) <= (
            _MOST_ORBITS
        ):
            context.fault(
                self.stands_key("eclipse_free"),
                self.eclipse_free,
                f"not a number of orbits above 0 and up to {_MOST_ORBITS:g}",
                "Write it like 3 orbits.",
            )


def _orbits(text: str) -> float | None:
    found = _ORBITS.fullmatch(text.strip())
    return None if found is None else float(found.group(1))


def conditions_of(file: ConditionsFile | None) -> WindowConditions:
    """The noun in SI."""
    if file is None:
        return WindowConditions()
    elevation = None if file.sun_elevation is None else file.sun_elevation.radians()
    if file.lighting is not None:
        elevation = _LIGHTING[file.lighting]
    return WindowConditions(
        sun_elevation_rad=elevation,
        release=file.release,  # type: ignore[arg-type]
        beta_rad=None if file.beta is None else file.beta.radians(),
        eclipse_free_orbits=None if file.eclipse_free is None else _orbits(file.eclipse_free),
        branch=file.branch,  # type: ignore[arg-type]
        inside_corridor=file.corridor == "inside",
        phase_rad=None if file.phase is None else (file.phase.from_.value, file.phase.to.value),
    )


def conditions_written(file: ConditionsFile) -> dict[str, Any]:
    """As resolved, to be written out; it reads back to the same."""
    out: dict[str, Any] = {}
    for key in ("lighting", "release", "eclipse_free", "branch"):
        if getattr(file, key) is not None:
            out[key] = getattr(file, key)
    out["corridor"] = file.corridor
    for key in ("sun_elevation", "beta", "phase"):
        found = getattr(file, key)
        if found is not None:
            ends = {"from": found.from_, "to": found.to}
            out[key] = {k: v.text for k, v in ends.items() if v is not None}
    return out


def meet_of(file: MeetFile | None, context: Reading) -> Meet | None:
    """The noun in SI; None without one, or with the faults recorded."""
    if file is None:
        return None
    start = file.start(context)
    return None if start is None else Meet(start, file.after.value)


def meet_written(meet: Meet) -> dict[str, Any]:
    """With all that its files gave written out; it reads back to the same."""
    from cosmodrome.mission.start_file import start_written

    return {**start_written(meet.start), "after": f"{meet.after_s!r} s"}
