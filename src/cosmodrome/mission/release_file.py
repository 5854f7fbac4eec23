"""What a spacecraft carries and releases in orbit, as mission files write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import Field

from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Choice, Leaf, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.plan_leaves import FREE, Direction
from cosmodrome.mission.steps import Axes, Release

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft

__all__ = ["ReleaseStepFile", "judge_releases"]

_LONGEST_S = 366.0 * 86_400.0


class ReleaseStepFile(Model):
    """What is released, how fast and where to, and how long it is followed."""

    object: Annotated[str, Words("an id", "cubesat-1", identifier=True)]
    speed: Annotated[Read, Leaf("speed", low=0.0, above=True, high=20.0, example="1 m/s")] = Field(
        default="1 m/s", validate_default=True
    )
    direction: Annotated[Read, Direction()] = Field(default="retrograde", validate_default=True)
    frame: Annotated[str, Choice(get_args(Axes), what="frame of a direction")] | None = None
    coast: (
        Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="1 day")] | None
    ) = None

    written: ClassVar[str] = "{object: cubesat-1, speed: 1 m/s, direction: retrograde}"
    meant: ClassVar[dict[str, str]] = {
        "id": "object",
        "spacecraft": "object",
        "delta_v": "speed",
        "velocity": "speed",
        "axes": "frame",
        "for": "coast",
    }

    def judge(self, context: Reading) -> None:
        if self.direction.text == FREE:
            context.fault(
                self.direction.place,
                FREE,
                "only a burn within a target step may have a free direction",
                "Write retrograde, or another direction.",
            )
        elif self.direction.text and self.frame is not None:
            context.fault(
                self.stands_key("frame"),
                self.frame,
                f"{self.direction.text} says its axes by itself",
                "Remove frame, or write the direction as three numbers.",
            )
        elif not self.direction.text and self.frame is None:
            context.fault(
                self.direction.place,
                "a list",
                "three numbers need the axes they belong to",
                f"Add frame: {', '.join(get_args(Axes))}.",
            )

    def to_step(self, number: int) -> Release:
        axes, vector = self.direction.value
        return Release(
            object=self.object,
            speed_m_s=self.speed.value,
            direction=vector,
            axes=axes or self.frame,  # type: ignore[arg-type]
            coast_s=None if self.coast is None else self.coast.value,
            name=f"release of {self.object}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"object": self.object, "speed": self.speed.text}
        if self.direction.text:
            out["direction"] = self.direction.text
        else:
            out["direction"] = [f"{c!r}" for c in self.direction.value[1]]
            out["frame"] = self.frame
        if self.coast is not None:
            out["coast"] = self.coast.text
        return out


def judge_releases(
    files: list[ReleaseStepFile | None], craft: Spacecraft, passengers: bool, context: Reading
) -> None:
    """Record a fault for a release of what is not carried, or no more, or is not flown on.

    files  a release for each step of the plan that is one, else None
    passengers  are there other spacecraft on the flight, which fly the same plan?
    """
    carried = [c.id for c in craft.carries]
    planned = {c.id for c in craft.carries if c.plan}
    gone: set[str] = set()
    for k, file in enumerate(files):
        if file is None:
            continue
        where = file.stands_key("object")
        if passengers:
            context.fault(
                file.stands,
                "",
                "all spacecraft of a flight coast together, and one of several releases nothing",
                "Write the mission of the spacecraft that releases in a file of its own.",
            )
        elif file.object not in carried:
            hint = f"{did_you_mean(file.object, carried)} Or add" if carried else "Add"
            context.fault(
                where,
                file.object,
                f"{craft.id} carries nothing of this name",
                f"{hint} it: spacecraft: {{carries: [{{id: {file.object}, mass: 6 kg}}]}}.",
            )
        elif file.object in gone:
            context.fault(
                where, file.object, "it is released already", "Remove the second release of it."
            )
        elif file.coast is not None and file.object in planned:
            context.fault(
                file.coast.place,
                file.coast.text,
                f"{file.object} has a plan of its own, which says how long it flies",
                "Remove coast, or the plan.",
            )
        elif file.coast is None and k == len(files) - 1 and file.object not in planned:
            context.fault(
                where,
                file.object,
                "the mission ends at this release, and what is released would not fly at all",
                "Add coast: 1 day to the release, or - coast: {for: 1 day} after it.",
            )
        gone.add(file.object)
