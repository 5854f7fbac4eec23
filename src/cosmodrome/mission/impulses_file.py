"""Small impulses of a coast as mission files give them: a file's path, or its lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import MissionFileError
from cosmodrome.formats import impulses
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.typed import Field, Read, reading, shown
from cosmodrome.formats.yaml_text import Mapping, Place, Sequence, Text
from cosmodrome.mission.steps import Coast, Manoeuvre, Release
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationInfo

    from cosmodrome.formats.impulses import Impulses
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.steps import Step

__all__ = ["Firings", "ImpulsesRead", "judge_impulses", "judge_instants"]

_MOST_BYTES = 2_000_000
_WRITE = "Write the path of a file of impulses, from this file's folder, or a list of its lines."


@dataclass(frozen=True, slots=True)
class ImpulsesRead:
    """A file of impulses, and its lines as they were written."""

    impulses: Impulses
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Firings(Field):
    """The path of a file of small impulses (`formats.impulses`), or its lines as a list."""

    def to_write(self) -> str:
        return "unloadings.csv"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        if isinstance(node, Mapping) and list(node) == ["file"]:
            node = node["file"]
        if isinstance(node, Sequence) and all(isinstance(line, Text) for line in node):
            lines = [str(line) for line in node]
            name, places = context.file, [line.place for line in node]
        elif isinstance(node, Text):
            name, places = str(node), None
            lines = _lines_of(node, context)
        else:
            context.fault(where, shown(node), "no file of impulses stands here", _WRITE)
            raise TextFault("", "")
        try:
            found = impulses.loads("\n".join(lines), name)
        except MissionFileError as error:
            for fault in error.faults:
                at = Place(name, fault.line, 1, "") if places is None else where
                if places:
                    at = places[min(fault.line, len(places)) - 1]
                context.fault(at, fault.read, fault.why, fault.write)
            raise TextFault("", "") from None
        said = tuple(line for line in lines if line.strip())
        return Read(ImpulsesRead(found, said), name, place=where)

    def schema(self) -> dict[str, Any]:
        return {
            "description": "the path of a file of small impulses, or its lines",
            "anyOf": [
                {"type": "string", "examples": [self.to_write()]},
                {"type": "array", "items": {"type": "string"}},
                {
                    "type": "object",
                    "properties": {"file": {"type": "string"}},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ],
        }


def judge_impulses(read: Read, craft: Spacecraft, passengers: bool, context: Reading) -> None:
    """Record a fault for impulses that the spacecraft cannot give, or that are another's.

    passengers  are there other spacecraft on the flight, which fly the same plan?
    """
    told = read.value.impulses.object
    if passengers:
        why = "all spacecraft of a flight coast together, and impulses are those of one"
        write = "Write the mission of each spacecraft in a file of its own."
    elif craft.thrusters is None:
        why = f"{craft.id} has no thrusters to give impulses with"
        write = "Give it some: spacecraft: {thrusters: {thrust: 0.9 N, isp: 220 s}}."
    elif told != craft.id:
        why = f"the impulses are those of {told!r}, and the spacecraft is {craft.id!r}"
        write = f"Write object, {craft.id} in the file, or id: {told} under spacecraft."
    else:
        return
    context.fault(read.place, read.text, why, write)


def judge_instants(
    steps: Iterable[tuple[Step, Read | None]], begun: Epoch, context: Reading
) -> None:
    """Record a fault for impulses outside their coasts, as far as the file says when those begin:
    up to a step whose end is found in flight. The flight refuses the rest.

    steps  of a plan that begins at `begun`, each with its impulses as read
    """
    for step, read in steps:
        if isinstance(step, Coast):
            span = step.until if step.duration_s is None else step.duration_s
            if not isinstance(span, Epoch | float):
                return
            end = span if isinstance(span, Epoch) else begun + span
            _judge_span(read, begun, end, context)
            begun = end
        elif isinstance(step, Manoeuvre) and not step.impulsive:
            if step.duration_s is None:
                return
            begun = begun + step.duration_s
        elif not isinstance(step, Manoeuvre | Release):
            return


def _judge_span(read: Read | None, begun: Epoch, end: Epoch, context: Reading) -> None:
    outside = [
        e.epoch
        for e in (() if read is None else read.value.impulses.events)
        if not begun < e.epoch < end
    ]
    if read is None or not outside:
        return
    context.fault(
        read.place,
        read.text,
        f"the impulse of {outside[0].utc(3)} is outside its coast, which is flown from"
        f" {begun.utc(3)} to {end.utc(3)}",
        "Give each coast the impulses that are inside it.",
    )


def _lines_of(node: Text, context: Reading) -> list[str]:
    """The lines of a file beside the mission's. Raises TextFault with the fault recorded."""
    path = Path(str(node))
    if not path.is_absolute() and context.folder is not None:
        path = context.folder / path
    why = ""
    try:
        data = path.read_bytes()
        if len(data) <= _MOST_BYTES:
            return data.decode("utf-8-sig").splitlines()
        why = f"the file holds more than {_MOST_BYTES} bytes"
    except IsADirectoryError:
        why = "this is a folder"
    except FileNotFoundError:
        why = "there is no such file"
    except (OSError, ValueError):
        why = "the file cannot be read as UTF-8 text"
    context.fault(node.place, str(node), why, _WRITE)
    raise TextFault("", "")
