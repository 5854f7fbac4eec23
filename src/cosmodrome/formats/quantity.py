"""Quantities as people write them: `820 km +- 5 km`, `6 g0`, `343.7 deg`, `15:00 +- 2 min`.

A strict unit table built on pint: the names below and products of their powers (`W/m^2`,
`kg/s`, `kPa deg`), nothing else. No prefix is guessed, a bare number has no unit, and every
value leaves as an SI float (angles in radians).
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pint

__all__ = [
    "DIMENSIONS",
    "UNITS",
    "Dimension",
    "Measure",
    "TextFault",
    "format_quantity",
    "parse_measure",
    "parse_number",
    "parse_quantity",
    "parse_time_of_day",
    "unit_factor",
]


class TextFault(ValueError):  # noqa: N818  (a fault in a text, raised to whoever knows the line)
    """A text that cannot be read: why it is refused and what to write instead."""

    def __init__(self, why: str, write: str) -> None:
        self.why = why
        self.write = write
        super().__init__(f"{why}. {write}")


#: unit -> (factor to SI, pint expression of its dimension). Factors are exact by definition
#: (SI brochure, 9th ed., 2019; g0: CGPM 1901; astronomical unit: IAU 2012 resolution B2).
UNITS: dict[str, tuple[float, str]] = {
    "mm": (1e-3, "meter"),
    "cm": (1e-2, "meter"),
    "m": (1.0, "meter"),
    "km": (1e3, "meter"),
    "au": (149_597_870_700.0, "meter"),
    "ms": (1e-3, "second"),
    "s": (1.0, "second"),
    "min": (60.0, "second"),
    "h": (3600.0, "second"),
    "day": (86_400.0, "second"),
    "days": (86_400.0, "second"),
    # Julian years
    "year": (365.25 * 86_400.0, "second"),
    "years": (365.25 * 86_400.0, "second"),
    "g": (1e-3, "kilogram"),
    "kg": (1.0, "kilogram"),
    "t": (1e3, "kilogram"),
    "rad": (1.0, "radian"),
    "mrad": (1e-3, "radian"),
    "deg": (math.pi / 180.0, "radian"),
    "arcmin": (math.pi / 10_800.0, "radian"),
    "arcsec": (math.pi / 648_000.0, "radian"),
    "N": (1.0, "kilogram * meter / second ** 2"),
    "kN": (1e3, "kilogram * meter / second ** 2"),
    "MN": (1e6, "kilogram * meter / second ** 2"),
    "Pa": (1.0, "kilogram / meter / second ** 2"),
    "hPa": (1e2, "kilogram / meter / second ** 2"),
    "kPa": (1e3, "kilogram / meter / second ** 2"),
    "MPa": (1e6, "kilogram / meter / second ** 2"),
    "bar": (1e5, "kilogram / meter / second ** 2"),
    "J": (1.0, "kilogram * meter ** 2 / second ** 2"),
    "W": (1.0, "kilogram * meter ** 2 / second ** 3"),
    "kW": (1e3, "kilogram * meter ** 2 / second ** 3"),
    "Wh": (3600.0, "kilogram * meter ** 2 / second ** 2"),
    "kWh": (3.6e6, "kilogram * meter ** 2 / second ** 2"),
    "K": (1.0, "kelvin"),
    "Hz": (1.0, "second ** -1"),
    "kHz": (1e3, "second ** -1"),
    "MHz": (1e6, "second ** -1"),
    "GHz": (1e9, "second ** -1"),
    "bit": (1.0, "bit"),
    "kbit": (1e3, "bit"),
    "Mbit": (1e6, "bit"),
    "Gbit": (1e9, "bit"),
    "dB": (1.0, "decibel"),
    "dBi": (1.0, "decibel_isotropic"),
    "dBW": (1.0, "decibel_watt"),
    "g0": (9.80665, "meter / second ** 2"),
    "%": (1e-2, "dimensionless"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is measured: its SI expression in the table's own units, and an example to write."""

    name: str
    si: str
    example: str


#: every dimension a file may ask for; `si` is the unit that `parse_quantity` returns
DIMENSIONS: dict[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("length", "m", "820 km"),
        Dimension("area", "m^2", "12 m^2"),
        Dimension("time", "s", "1 day"),
        Dimension("mass", "kg", "2900 kg"),
        Dimension("mass flow", "kg/s", "9.2 kg/s"),
        Dimension("angle", "rad", "343.7 deg"),
        Dimension("angular rate", "rad/s", "1 deg/s"),
        Dimension("speed", "m/s", "7.8 km/s"),
        Dimension("specific energy", "m^2/s^2", "10 km^2/s^2"),
        Dimension("acceleration", "m/s^2", "6 g0"),
        Dimension("force", "N", "294.3 kN"),
        Dimension("pressure", "Pa", "45 kPa"),
        Dimension("pressure angle", "Pa rad", "150 kPa deg"),
        Dimension("heat flux", "W/m^2", "1135 W/m^2"),
        Dimension("power", "W", "250 W"),
        Dimension("energy", "J", "500 Wh"),
        Dimension("temperature", "K", "150 K"),
        Dimension("frequency", "Hz", "8.2 GHz"),
        Dimension("data rate", "bit/s", "100 Mbit/s"),
        Dimension("level", "dB", "3 dB"),
        Dimension("gain", "dBi", "6 dBi"),
        Dimension("radiated power", "dBW", "12 dBW"),
        Dimension("figure of merit", "dB/K", "20 dB/K"),
        Dimension("ratio", "", "81 %"),
    )
}

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(rf"^({_NUMBER})\s*(.*)$", re.DOTALL)
_TERM = re.compile(r"([*/])?\s*([A-Za-z%]+[0-9]*|%)\s*(?:(?:\^|\*\*)\s*([+-]?[0-9]+))?\s*")
_TOLERANCE = re.compile(r"\s*(?:\+-|\+/-|±)\s*")
_SIGMA = re.compile(r"\(\s*[\d.]+\s*sigma\s*\)", re.IGNORECASE)
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$", re.ASCII)
_SPOKEN = {
    "°": "deg",
    "degree": "deg",
    "degrees": "deg",
    "sec": "s",
    "second": "s",
    "seconds": "s",
    "minute": "min",
    "minutes": "min",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "d": "day",
    "kilometers": "km",
    "kilometres": "km",
    "meters": "m",
    "metres": "m",
    "tons": "t",
    "tonnes": "t",
    "kgs": "kg",
    "percent": "%",
    "G": "g0",
    "gee": "g0",
    "bps": "bit/s",
    "kbps": "kbit/s",
    "Mbps": "Mbit/s",
    "Gbps": "Gbit/s",
    "kelvin": "K",
    "dBm": "dBW, 30 dB less",
    "dBic": "dBi",
}


@functools.cache
def _registry() -> pint.UnitRegistry[float]:
    """A pint registry that knows the table above and nothing else."""
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry(None)
    for base, dimension in (
        ("meter", "[length]"),
        ("second", "[time]"),
        ("kilogram", "[mass]"),
        ("radian", "[angle]"),
        ("kelvin", "[temperature]"),
        ("bit", "[information]"),
        # three references, which are not to be taken for one another
        ("decibel", "[level]"),
        ("decibel_isotropic", "[gain]"),
        ("decibel_watt", "[radiated_power]"),
    ):
        registry.define(f"{base} = {dimension}")
    for name, (factor, expression) in UNITS.items():
        if name != "%":
            registry.define(f"_{name} = {factor!r} * {expression}")
    return registry


@functools.lru_cache(maxsize=512)
def _unit(text: str) -> tuple[float, str]:
    """(factor to SI, canonical dimensionality) of a unit expression; TextFault when unknown."""
    registry = _registry()
    total = registry.Quantity(1.0)
    at = 0
    stripped = text.strip()
    while at < len(stripped):
        m = _TERM.match(stripped, at)
        if m is None:
            word = stripped[at:].split()[0]
            if word in _SPOKEN:
                raise _UnknownUnit(word)
            raise TextFault(
                f"{word!r} is not part of a unit", "Write units like km, m^2, kg/s or W/m^2."
            )
        operator, name, power = m.group(1), m.group(2), int(m.group(3) or 1)
        if name not in UNITS:
            raise _UnknownUnit(name)
        one = registry.Quantity(1e-2) if name == "%" else registry.Quantity(1.0, f"_{name}")
        # multiply or divide outright: pint's own expression parser never sees user text
        total = total / one**power if operator == "/" else total * one**power
        at = m.end()
    base = total.to_root_units()
    return float(base.magnitude), str(base.dimensionality)


class _UnknownUnit(Exception):  # noqa: N818
    """A word that is no unit of the table."""


def _unit_hint(name: str, dimension: str) -> str:
    spoken = _SPOKEN.get(name) or _SPOKEN.get(name.lower())
    if spoken:
        return f"Write {spoken}."
    for known in UNITS:
        if known.lower() == name.lower():
            return f"Units are case-sensitive: write {known}."
    if name[-1].isdigit() and name[:-1] in UNITS:
        return f"Write {name[:-1]}^{name[-1]}."
    wanted = _unit(DIMENSIONS[dimension].si)[1]
    fitting = [unit for unit in UNITS if _unit(unit)[1] == wanted]
    if fitting:
        return f"Units for {_article(dimension)}: {', '.join(fitting)}."
    return f"Write it like {DIMENSIONS[dimension].example}."


def unit_factor(unit: str, dimension: str) -> float:
    """SI value of one `unit`, which must have the given dimension (see DIMENSIONS)."""
    try:
        factor, found = _unit(unit)
    except _UnknownUnit as unknown:
        name = str(unknown)
        raise TextFault(f"the unit {name!r} is not known", _unit_hint(name, dimension)) from None
    if found != _unit(DIMENSIONS[dimension].si)[1]:
        example = DIMENSIONS[dimension].example
        raise TextFault(f"{unit} is not {_article(dimension)}", f"Write it like {example}.")
    return factor


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def parse_number(text: str) -> float:
    """A plain decimal number, finite, with no unit."""
    stripped = text.strip()
    if not re.fullmatch(_NUMBER, stripped):
        raise TextFault("this is not a plain number", "Write it like 2.2, with no unit.")
    value = float(stripped)
    if not math.isfinite(value):
        raise TextFault("this number is too large to hold", "Write a finite number.")
    return value


def parse_quantity(text: str, dimension: str, example: str = "") -> float:
    """The SI value of `text` in a dimension of DIMENSIONS (angles in rad).

    `parse_quantity("6 g0", "acceleration")` is 58.8399. A bare number is refused unless the
    dimension is "ratio"; `example` is what a refusal tells to write. Raises TextFault.
    """
    example = example or DIMENSIONS[dimension].example
    stripped = text.strip()
    if not stripped:
        raise TextFault("nothing is written here", f"Write {_article(dimension)} like {example}.")
    m = _QUANTITY.match(stripped)
    if m is None:
        raise TextFault(
            f"this is not {_article(dimension)}",
            f"Write a number and a unit, like {example}.",
        )
    number, unit = m.group(1), m.group(2).strip()
    if unit[:1] in {",", "_", "'"}:
        raise TextFault(
            "digits are grouped with a mark", "Write the number plainly, like 2900 kg or 1.5 km."
        )
    if not unit and dimension != "ratio":
        raise TextFault("a bare number has no unit", f"Write {_article(dimension)} like {example}.")
    value = float(number) * unit_factor(unit, dimension)
    if not math.isfinite(value):
        raise TextFault("this number is too large to hold", "Write a finite number.")
    return value


@dataclass(frozen=True, slots=True)
class Measure:
    """A value in SI with its acceptance half-width (None when not written), and its text."""

    value: float
    tolerance: float | None
    text: str


def _split(text: str) -> tuple[str, str | None]:
    """The centre and the half-width as written around `+-`."""
    if _SIGMA.search(text):
        raise TextFault(
            "a dispersion (n sigma) is not flown by this version yet",
            "Write an acceptance half-width, like 820 km +- 5 km.",
        )
    parts = _TOLERANCE.split(text.strip())
    if len(parts) > 2:
        raise TextFault("there is more than one +-", "Write one half-width: 820 km +- 5 km.")
    return parts[0], parts[1] if len(parts) == 2 else None


def _half_width(value: float) -> float:
    if value <= 0.0:
        raise TextFault("a half-width must be above zero", "Write it like 820 km +- 5 km.")
    return value


def parse_measure(text: str, dimension: str, example: str = "") -> Measure:
    """`820 km +- 5 km`: the centre and the acceptance half-width, SI. Raises TextFault."""
    centre, width = _split(text)
    value = parse_quantity(centre, dimension, example)
    if width is None:
        return Measure(value, None, centre.strip())
    half = _half_width(parse_quantity(width, dimension))
    return Measure(value, half, f"{centre.strip()} +- {width.strip()}")


def parse_time_of_day(text: str) -> Measure:
    """`15:00 +- 2 min`: seconds of day in [0, 86400) and the half-width in s."""
    centre, width = _split(text)
    m = _CLOCK.match(centre.strip())
    if m is None:
        raise TextFault(
            "this is not a time of day", 'Write hours and minutes, like "15:00 +- 2 min".'
        )
    hour, minute, second = int(m.group(1)), int(m.group(2)), float(m.group(3) or 0.0)
    if hour > 23 or minute > 59 or second >= 60.0:
        raise TextFault("there is no such time of day", "Write 00:00 to 23:59.")
    value = hour * 3600.0 + minute * 60.0 + second
    if width is None:
        return Measure(value, None, centre.strip())
    half = _half_width(parse_quantity(width, "time"))
    return Measure(value, half, f"{centre.strip()} +- {width.strip()}")


def format_quantity(value: float, unit: str, dimension: str) -> str:
    """Write an SI value in `unit` so that `parse_quantity` gives the same float back.

    The shortest decimal that reads back exactly is taken; where rounding of the unit's factor
    allows none, the SI unit itself is written.
    """
    factor = unit_factor(unit, dimension)
    centre = value / factor
    for candidate in (centre, math.nextafter(centre, math.inf), math.nextafter(centre, -math.inf)):
        for digits in range(6, 18):
            text = f"{candidate:.{digits}g}"
            if float(text) * factor == value:
                return f"{text} {unit}".strip()
    return f"{value!r} {DIMENSIONS[dimension].si}".strip()
