"""Leaves of a plan: what ends a coast, and where a burn points."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import EpochError, did_you_mean
from cosmodrome.formats.quantity import TextFault, parse_measure, parse_number
from cosmodrome.formats.typed import Field, Read, reading, shown, text_of
from cosmodrome.formats.yaml_text import Sequence
from cosmodrome.mission.steps import SPHERE, Until
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from cosmodrome.mission.steps import Axes

__all__ = ["FREE", "Direction", "End", "three_numbers"]

#: stands for a number that a target step finds
FREE = "free"
#: what may be written -> the event's own name
_EVENTS = {
    "perigee": "periapsis",
    "periapsis": "periapsis",
    "perilune": "periapsis",
    "apogee": "apoapsis",
    "apoapsis": "apoapsis",
    "apolune": "apoapsis",
    "ascending node": "ascending node",
    "descending node": "descending node",
    "umbra entry": "umbra entry",
    "umbra exit": "umbra exit",
    "penumbra entry": "penumbra entry",
    "penumbra exit": "penumbra exit",
    "moon sphere": SPHERE,
}
_OF_THE_MOON = ("perilune", "apolune")
#: what may be written -> (axes, unit vector)
_DIRECTIONS: dict[str, tuple[Axes, tuple[float, float, float]]] = {
    "prograde": ("vnc", (1.0, 0.0, 0.0)),
    "retrograde": ("vnc", (-1.0, 0.0, 0.0)),
    "normal": ("vnc", (0.0, 1.0, 0.0)),
    "anti-normal": ("vnc", (0.0, -1.0, 0.0)),
    "radial-out": ("rtn", (1.0, 0.0, 0.0)),
    "radial-in": ("rtn", (-1.0, 0.0, 0.0)),
    "transverse": ("rtn", (0.0, 1.0, 0.0)),
}


@dataclass(frozen=True, slots=True)
class End(Field):
    """What ends a coast: an event's name, a height, or an instant."""

    def to_write(self) -> str:
        return "apogee"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.to_write())
            return Read(self._parse(text), text, place=where)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None

    def _parse(self, text: str) -> Until | Epoch:
        plain = re.sub(r"[\s_-]+", " ", text)
        if plain in _EVENTS:
            return Until(_EVENTS[plain], body="moon" if plain in _OF_THE_MOON else "")
        height = re.fullmatch(r"altitude\s+(.+)", text)
        if height is not None:
            return Until("altitude", parse_measure(height.group(1), "length", "400 km").value)
        if not text[:1].isdigit():
            hint = did_you_mean(plain, [*_EVENTS, "altitude"])
            raise TextFault(
                "no event of this name ends a coast",
                f"{hint} Others are a height, like altitude 400 km, and an instant, like"
                " 2027-03-02T00:00Z.",
            )
        try:
            return Epoch.parse(text)
        except EpochError as error:
            why, _, write = str(error).partition("; ")
            write = write[:1].upper() + write[1:] if write else "Write it like 2027-03-02T00:00Z"
            raise TextFault(why, f"{write}.") from None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "description": "an event, a height (altitude 400 km), or an instant",
            "examples": [*_EVENTS, "altitude 400 km", "2027-03-02T00:00Z"],
        }


def three_numbers(node: Sequence) -> tuple[float, ...]:
    """A direction written as three numbers, of any length. Raises TextFault."""
    again = "Write three numbers, like [0.8, 0, 0.6]."
    if len(node) != 3:
        raise TextFault(f"a direction has three components, not {len(node)}", again)
    vector = tuple(parse_number(text_of(part, "0.8")) for part in node)
    if not 0.0 < math.hypot(*vector) < math.inf:
        raise TextFault("a direction of no length points nowhere", again)
    return vector


@dataclass(frozen=True, slots=True)
class Direction(Field):
    """A direction by its name, as three numbers in the axes that `frame` names, or "free"."""

    def to_write(self) -> str:
        return "prograde"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            if isinstance(node, Sequence):
                return Read((None, three_numbers(node)), "", place=where)
            text = text_of(node, self.to_write())
            if text == FREE:
                return Read(None, text, place=where)
            if text not in _DIRECTIONS:
                hint = did_you_mean(text, _DIRECTIONS)
                raise TextFault(
                    "there is no such direction",
                    f"{hint} Or write three numbers with frame: [0.8, 0, 0.6].",
                )
            return Read(_DIRECTIONS[text], text, place=where)
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None

    def schema(self) -> dict[str, Any]:
        number = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        return {
            "anyOf": [
                {"enum": [*_DIRECTIONS, FREE]},
                {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
            ]
        }
