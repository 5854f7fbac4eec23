"""Mistakes of unit by their factor: which one would explain a figure that is off by so much."""

from __future__ import annotations

import math

__all__ = ["FACTORS", "NO_MISTAKE", "explained", "named", "usual_if"]

NO_MISTAKE = "no mistake of unit explains it"

#: what was written over what was meant, and how that comes about
FACTORS: tuple[tuple[float, str], ...] = (
    (1e3, "1000: a kilo- too many (m for km, N for kN, kg for t)"),
    (1e-3, "1/1000: a kilo- missing (km for m, kN for N, t for kg)"),
    (1e6, "1000000: two kilo- too many (mm for km)"),
    (1e-6, "1/1000000: two kilo- missing (km for mm)"),
    (1e-9, "1/1000^3: km^3/s^2 for m^3/s^2"),
    (1.0 / 0.3048, "3.281: feet read as metres"),
    (0.3048, "0.3048: metres read as feet"),
    (4.4482216152605, "4.448: newtons read as pounds-force"),
    (1.0 / 4.4482216152605, "1/4.448: pounds-force read as newtons"),
    (2.2046226218488, "2.205: pounds read as kilograms"),
    (0.45359237, "0.4536: kilograms read as pounds"),
    (9.80665, "9.807: newtons for kilograms-force, or m/s for seconds of impulse"),
    (1.0 / 9.80665, "1/9.807: kilograms-force for newtons, or seconds of impulse for m/s"),
    (57.295779513082, "57.30: degrees read as radians"),
    (1.0 / 57.295779513082, "1/57.30: radians read as degrees"),
    (3600.0, "3600: seconds read as hours"),
    (60.0, "60: seconds read as minutes"),
    (1.0 / 60.0, "1/60: minutes read as seconds"),
    (1.0 / 3600.0, "1/3600: hours read as seconds"),
    (1.609344, "1.609: kilometres read as miles"),
    (1.0 / 1.609344, "0.6214: miles read as kilometres"),
    (1.9438444924406, "1.944: knots read as m/s"),
    (3.6, "3.6: km/h read as m/s"),
)
#: mistakes that only figures in such units suffer: words of the mistake, and of the unit
_ONLY = (("seconds read|as seconds", ("s",)), ("radians", ("rad", "rad/s", "Pa rad")),
         ("knots|km/h|miles", ("m/s", "km/s", "km", "m")))  # fmt: skip


def _suffered(text: str, unit: str) -> bool:
    """Can a figure in that unit be off by this mistake? One whose unit is not told can by all."""
    return not unit or all(
        unit in units or not any(w in text for w in words.split("|")) for words, units in _ONLY
    )


def explained(ratio: float, within: float = 0.1) -> str:
    """The mistake whose factor is nearest to what was found over what was expected; "" where none
    is within a part of it.

    >>> explained(0.2248)
    '1/4.448: pounds-force read as newtons'
    """
    if not (math.isfinite(ratio) and ratio > 0.0):
        return ""
    off, text = min((abs(math.log(ratio / f)), text) for f, text in FACTORS)
    return text if off <= math.log1p(within) else ""


def named(ratio: float) -> str:
    """The same, or that none explains it."""
    return explained(ratio) or NO_MISTAKE


def usual_if(value: float, low: float, high: float, unit: str = "", most: int = 3) -> str:
    """The mistakes without which a value outside a band would lie in it, the one that leads nearest
    to its middle first; "" where none would. Signs are left alone: low > 0.

    unit  of the figure: leaves out what its like does not suffer
    """
    if not (math.isfinite(value) and value > 0.0):
        return ""
    middle = 0.5 * (math.log(low) + math.log(high))
    fitting = [
        (abs(math.log(value / f) - middle), text)
        for f, text in FACTORS
        if low <= value / f <= high and _suffered(text, unit)
    ]
    return "; or ".join(text for _, text in sorted(fitting)[:most])
