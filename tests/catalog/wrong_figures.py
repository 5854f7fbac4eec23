"""Every single wrong figure that can be made of a vehicle file, for the tests of plausibility."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.catalog.files import resolve_vehicle, shipped_text
from cosmodrome.formats.typed import Reading
from cosmodrome.formats.yaml_text import read

if TYPE_CHECKING:
    from collections.abc import Iterator

#: the figures that decide what a vehicle can do: every wrong one must be caught
MAIN = (
    *("thrust_vacuum", "thrust_sea_level", "isp_vacuum", "isp_sea_level"),
    *("propellant", "dry_mass"),
)
#: masses of which a wrong one may hide in the rounding of the whole
SMALL = ("residual", "burnt_before_liftoff", "interstage", "adapter", "mass", "load")

_G0 = 9.80665
_FIGURE = re.compile(
    r"^(?P<head>\s*(?:- )?(?P<key>\w+): \{value: )(?P<value>[\d.]+)(?P<tail>[ ,].*)$"
)
_STAGE = re.compile(r"^  - id: (?P<id>\S+)$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A vehicle file with one wrong figure."""

    vehicle: str
    part: str
    figure: str
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.vehicle} {self.part} {self.figure} {self.change}"


@dataclass(frozen=True, slots=True)
class Caught:
    """What reading a file said: faults refuse it, doubts go with it."""

    faults: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join((*self.faults, *self.doubts))


def caught(text: str) -> Caught:
    """Read a vehicle file from its text."""
    node, faults = read(text, "vehicle.yaml")
    assert node is not None
    assert not faults
    context = Reading("vehicle.yaml", None)
    vehicle, _ = resolve_vehicle(node, context)
    return Caught(tuple(str(f) for f in context.faults), () if vehicle is None else vehicle.doubts)


def _changes(key: str) -> tuple[tuple[str, float], ...]:
    if key.startswith("isp"):
        return (("in m/s", _G0),)
    if key in (*MAIN, *SMALL, "liftoff_mass"):
        return (("x1000", 1e3), ("/1000", 1e-3))
    return ()


def wrong_figures(vehicle: str) -> Iterator[Wrong]:
    """Each figure of a shipped file mis-scaled, each stage and each count left out, one a time."""
    lines = shipped_text("vehicles", vehicle).splitlines()
    end = next((n for n, line in enumerate(lines) if line == "payloads:"), len(lines))
    part, starts = "", []
    for number, line in enumerate(lines[:end]):
        stage = _STAGE.match(line)
        if stage:
            part = stage["id"]
            starts.append((number, part))
        elif re.match(r"^\w", line):
            part = line.split(":")[0]
        found = _FIGURE.match(line)
        if not found:
            continue
        for change, factor in _changes(found["key"]):
            wrong = f"{found['head']}{float(found['value']) * factor:.9g}{found['tail']}"
            text = "\n".join([*lines[:number], wrong, *lines[number + 1 :]])
            yield Wrong(vehicle, part, found["key"], change, text)
        if found["key"] == "count":
            yield Wrong(vehicle, part, "count", "left out", _without(lines, number, number + 1))
    for (begin, part), (until, _) in zip(starts, [*starts[1:], (end, "")], strict=True):
        yield Wrong(vehicle, part, "stage", "left out", _without(lines, begin, until))


def _without(lines: list[str], begin: int, end: int) -> str:
    return "\n".join([*lines[:begin], *lines[end:]])
