"""What the files of all kinds of target share: their quantities, and how these are judged."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from pydantic import Field

from cosmodrome.formats.leaves import Leaf
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.typed import Field as LeafField
from cosmodrome.formats.typed import Read, reading, shown, text_of
from cosmodrome.mission.nouns import Quantity
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from cosmodrome.formats.typed import Model, Reading

__all__ = [
    "GIVEN",
    "RADIUS",
    "Altitude",
    "Angles",
    "Clock",
    "Cycle",
    "Eccentricity",
    "Height",
    "Inclination",
    "Length",
    "Turn",
    "Width",
    "angles",
    "default",
    "ellipse",
    "not_too_low",
    "one_node",
    "one_of",
    "perigee_first",
    "quantity",
    "width",
]

#: equatorial radius to which orbit heights refer, m
RADIUS = EARTH_EQUATORIAL_RADIUS_M
_LOWEST = 120e3
_HIGHEST = 1.5e9

Altitude = Annotated[Read, Leaf("length", tolerance=True, example="820 km +- 5 km")]
Height = Annotated[Read, Leaf("length", tolerance=True, example="250 km +- 5 km")]
Inclination = Annotated[
    Read,
    Leaf(
        "angle",
        low=0.0,
        high=math.pi,
        tolerance=True,
        words=("same",),
        example="51.6 deg +- 0.05 deg",
    ),
]
Turn = Annotated[
    Read, Leaf("angle", low=-math.pi, high=2.0 * math.pi, tolerance=True, example="120 deg")
]
Clock = Annotated[Read, Leaf("time of day", tolerance=True, example='"15:00 +- 2 min"')]
Eccentricity = Annotated[Read, Leaf("ratio", low=0.0, high=0.99, tolerance=True, example="0.001")]
Length = Annotated[
    Read, Leaf("length", low=0.0, above=True, tolerance=True, example="26560 km +- 5 km")
]
Width = Annotated[Read, Leaf("angle", low=0.0, above=True, example="0.05 deg")]

_CYCLE = re.compile(r"(\d{1,5})\s*(?:orbits|revolutions|revs)?\s*[/:]\s*(\d{1,4})\s*(?:days?)?")


@dataclass(frozen=True, slots=True)
class _CycleLeaf(LeafField):
    """A repeat cycle: whole revolutions in whole days, without a common divisor."""

    def to_write(self) -> str:
        return "233 orbits / 16 days"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context, where = reading(info), getattr(node, "place", None)
        try:
            found = _CYCLE.fullmatch(text_of(node, self.to_write()))
            if found is None:
                raise TextFault(
                    "a repeat cycle is whole orbits in whole days",
                    f"Write it like {self.to_write()}, or 233/16.",
                )
            revolutions, days = int(found[1]), int(found[2])
            if revolutions == 0 or days == 0:
                raise TextFault("nothing repeats after nothing", "Write at least 1 orbit / 1 day.")
            if (common := math.gcd(revolutions, days)) > 1:
                raise TextFault(
                    f"the track closes {common} times sooner",
                    f"Write {revolutions // common} orbits / {days // common} days.",
                )
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None
        text = f"{revolutions} orbits / {days} days"
        return Read((revolutions, days), text, place=where)

    def schema(self) -> dict[str, Any]:
        pattern = r"^\d{1,5}\s*(orbits|revolutions|revs)?\s*[/:]\s*\d{1,4}\s*(days?)?$"
        return {"type": "string", "pattern": pattern, "examples": [self.to_write()]}


Cycle = Annotated[Read, _CycleLeaf()]

#: keys one might write for another
GIVEN = {
    "node": "raan",
    "longitude_of_node": "raan",
    "argp": "argument_of_perigee",
    "semi_major_axis": "altitude (mean semi-major axis minus 6378.137 km)",
    "height": "altitude",
    "i": "inclination",
    "inc": "inclination",
    "ecc": "eccentricity",
    "local_time": "ltan",
}


def default(text: str) -> Any:
    """A default that is read like what a user writes."""
    return Field(default=text, validate_default=True)


def width(read: Read, default: float) -> float:
    """The acceptance half-width as written, or the kind's own."""
    return default if read.tolerance is None else read.tolerance


def quantity(read: Read | None, default: float) -> Quantity | None:
    """A Quantity with that half-width; None for what is not written, or stands for no value."""
    return (
        None if read is None or read.value is None else Quantity(read.value, width(read, default))
    )


class Angles(TypedDict):
    """How an orbit lies: the plane, the node by angle or by local time, the perigee."""

    inclination_rad: Quantity | None
    raan_rad: Quantity | None
    argument_of_perigee_rad: Quantity | None
    ltan_s: Quantity | None


def angles(file: Model) -> Angles:
    """The angles a target's file writes; None for each that it leaves free or does not know."""

    def given(key: str, width: float) -> Quantity | None:
        return quantity(getattr(file, key, None), width)

    return {
        "inclination_rad": given("inclination", math.radians(0.05)),
        "raan_rad": given("raan", math.radians(0.5)),
        "argument_of_perigee_rad": given("argument_of_perigee", math.radians(1.0)),
        "ltan_s": given("ltan", 120.0),
    }


def ellipse(
    perigee: Read, apogee: Read, widths: tuple[float, float] = (5e3, 50e3)
) -> tuple[Quantity, Quantity]:
    """Semi-major axis and eccentricity between two heights.

    Their half-widths are those that perigee and apogee at the ends of theirs would reach.
    """
    low, high = RADIUS + perigee.value, RADIUS + apogee.value
    both = 0.5 * (width(perigee, widths[0]) + width(apogee, widths[1]))
    a = 0.5 * (low + high)
    return Quantity(a, both), Quantity((high - low) / (2.0 * a), both / a)


_SIZES = {"altitude": "820 km +- 5 km", "repeat": "233 orbits / 16 days"}


def one_of(context: Reading, file: Model, keys: dict[str, Read | None], what: str) -> bool:
    """Is exactly one of several keys written? A fault says which are too many, or missing."""
    given = {key: read for key, read in keys.items() if read is not None}
    if len(given) == 1:
        return True
    names = " and ".join(given or keys)
    if given:
        read = list(given.values())[-1]
        context.fault(read.place, read.text, f"{names} both say {what}", "Keep one of the two.")
    else:
        first = next(iter(keys))
        write = " or ".join(f"`{key}: {_SIZES[key]}`" for key in keys)
        context.fault(
            file.stands_key(first),
            "",
            f"neither {' nor '.join(keys)} is written, so nothing says {what}",
            f"Add {write}.",
        )
    return False


def one_node(context: Reading, raan: Read | None, ltan: Read | None, ltdn: Read | None) -> None:
    """Record a fault where several keys fix the node."""
    given = {
        key: read
        for key, read in (("raan", raan), ("ltan", ltan), ("ltdn", ltdn))
        if read is not None
    }
    if len(given) > 1:
        first = next(iter(given.values()))
        both = "both fix" if len(given) == 2 else "all fix"
        keep = "Keep one of the two." if len(given) == 2 else "Keep one of them."
        context.fault(first.place, first.text, f"{' and '.join(given)} {both} the node", keep)


def not_too_low(context: Reading, read: Read, what: str) -> None:
    """Record a fault for a height where nothing stays up, or that the Earth does not hold."""
    if read.value < _LOWEST:
        context.fault(
            read.place,
            read.text,
            f"no orbit lasts below 120 km: the {what} is too low",
            "Write at least 120 km; 200 km lasts for days, 500 km for years.",
        )
    elif read.value > _HIGHEST:
        context.fault(
            read.place,
            read.text,
            "this lies outside the sphere where Earth holds a satellite (1.5 million km)",
            "Write a lower altitude.",
        )


def perigee_first(context: Reading, perigee: Read, apogee: Read) -> None:
    """Record a fault for a perigee that is too low, or above its apogee."""
    not_too_low(context, perigee, "perigee")
    if perigee.value > apogee.value:
        context.fault(
            perigee.place,
            perigee.text,
            f"the perigee is above the apogee ({apogee.text})",
            "Swap the two.",
        )
    else:
        not_too_low(context, apogee, "apogee")
