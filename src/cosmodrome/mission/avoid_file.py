"""Objects to stay away from, as a mission file writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Leaf, Words
from cosmodrome.formats.typed import Read  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.avoiding import Avoid
from cosmodrome.mission.object_file import ObjectFile

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["AvoidFile", "avoided_of", "avoided_written"]

Name = Annotated[str, Words("a name", "iss", identifier=True)]


class AvoidFile(ObjectFile):
    """An object in orbit, told in one of the ways a mission may start, and how near is too near.

    200 km: 14 CFR 417.107(e), of objects with people aboard or made for them.
    """

    name: Name
    distance: Annotated[Read, Leaf("length", low=0.0, above=True, high=1e7, example="200 km")] = (
        Field(default="200 km", validate_default=True)
    )
    for_: Annotated[
        Read, Leaf("time", low=0.0, above=True, high=10.0 * 86_400.0, example="1 day")
    ] = Field(default="1 day", alias="for", validate_default=True)

    meant: ClassVar[dict[str, str]] = {
        "id": "name",
        "object": "name",
        "orbit": "elements",
        "sgp4": "tle",
        "within": "distance",
        "radius": "distance",
        "time": "for",
    }
    done: ClassVar[str] = "avoided"


def avoided_of(files: list[AvoidFile], context: Reading) -> tuple[Avoid, ...]:
    """The nouns in SI, in order; what is at fault is recorded and left out."""
    out: list[Avoid] = []
    for file in files:
        if any(file.name == a.name for a in out):
            context.fault(
                file.stands_key("name"),
                file.name,
                f"two objects are called {file.name}",
                "Give each its own name.",
            )
        start = file.start(context)
        if start is None:
            continue
        if start.centre != "earth":
            context.fault(
                file.stands, file.name, "this object is not about the Earth", "Leave it out."
            )
            continue
        out.append(Avoid(file.name, start, file.distance.value, file.for_.value))
    return tuple(out)


def avoided_written(avoided: tuple[Avoid, ...]) -> dict[str, Any]:
    """The key with all that files gave written out; nothing where there is none."""
    from cosmodrome.mission.start_file import start_written

    if not avoided:
        return {}
    return {
        "avoid": [
            {
                "name": a.name,
                **start_written(a.start),
                "distance": f"{a.distance_m!r} m",
                "for": f"{a.lasts_s!r} s",
            }
            for a in avoided
        ]
    }
