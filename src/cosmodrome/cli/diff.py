"""`cosmodrome diff A B`: two flights compared figure by figure, within printed tolerances.

The same build, data and SIMD level give equal bytes. Between SIMD levels and machines the last
bits of an optimum differ: the payload is flat at its optimum, so the path there moves far more
than the figure of merit. The tolerances say how much of that is still the same flight.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import EpochError, InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from cosmodrome.cli.voice import Voice

__all__ = ["TOLERANCES", "Difference", "compare", "diff"]

# unit -> largest difference that is still the same flight. Steering is flat at an optimum and
# swings most; what the flight achieves is sharp.
TOLERANCES: dict[str, float] = {
    "m": 10.0,
    "m/s": 0.01,
    "m/s^2": 0.05,
    "kg": 1.0,
    "kg of payload": 0.05,
    "deg": 0.05,
    "deg of plane": 1e-4,
    "s": 0.01,
    "Pa": 5.0,
    "W/m^2": 5.0,
    "relative": 1e-5,
}

# a key, or its ending, names its unit; the longest that fits counts
_ENDINGS: dict[str, str] = {
    "_m": "m",
    "_m_s": "m/s",
    "_m_s2": "m/s^2",
    "_kg": "kg",
    "_kg_s": "kg/s",
    "_deg": "deg",
    "_s": "s",
    "_n_s": "N s",
    "_pa": "Pa",
    "_w_m2": "W/m^2",
    "capability_kg": "kg of payload",
    "margin_kg": "kg of payload",
    "i_deg": "deg of plane",
    "raan_deg": "deg of plane",
}
# a finding's figure is often a residual between two roads: what counts is its way to the limit
_OF_LIMIT = 0.01
# where an orbit is nearly round its perigee is hardly anywhere: the tolerance grows as 1/e
_FINDING = ("measured", "margin")
_FROM_PERIGEE = ("argp_deg", "true_anomaly_deg")
_ECCENTRICITY = 1e-6
# what names a thing in a list, so that a missing one is not taken for all others changed
_NAMES = ("id", "check", "chapter", "object", "name", "stage", "force")
_NOT_COMPARED = ("timing",)
# how a flight was made, how much work it took, and prose: told, but the same flight all the same
_ONLY_NOTED = ("provenance", "budget", "where", "why", "note")
_DIGITS = re.compile(r"[-+]?\d[\d.,:]*(e[-+]?\d+)?")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|TAI|TT|TDB)$")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs by more than its tolerance; absent on one side is None there."""

    path: str
    a: Any
    b: Any
    difference: float | None
    tolerance: float | None
    unit: str

    @property
    def counts(self) -> bool:
        """Does it make the two another flight? Provenance and solver budgets do not."""
        return not any(word in _ONLY_NOTED for word in self.path.split("."))

    def __str__(self) -> str:
        if self.difference is None:
            return f"{self.path}: {self.a!r} | {self.b!r}"
        unit = " relatively" if self.unit == "relative" else f" {self.unit}"
        return (
            f"{self.path}: {self.a!r} | {self.b!r}  differ by {self.difference:.3g}{unit},"
            f" tolerance {self.tolerance:.3g}"
        )


def _unit(key: str, around: Mapping[str, Any] | None) -> str:
    """The unit of a figure: from the `unit` beside it (findings), or from its key."""
    if around is not None and key in (*_FINDING, "limit"):
        return str(around.get("unit") or "relative")
    fits = [e for e in _ENDINGS if key.endswith(e)]
    return _ENDINGS[max(fits, key=len)] if fits else "relative"


def _named(items: list[Any]) -> dict[str, Any]:
    """A list as a mapping by what names its things; by place when they have no names."""
    named: dict[str, Any] = {}
    for place, item in enumerate(items):
        words = [str(item[k]) for k in _NAMES if item.get(k)] if isinstance(item, dict) else []
        base = " ".join(words) or str(place)
        key, again = base, 2
        while key in named:
            key, again = f"{base} #{again}", again + 1
        named[key] = item
    return named


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(
    path: str, a: float, b: float, unit: str, tolerances: Mapping[str, float]
) -> Iterator[Difference]:
    apart = abs(a - b)
    if unit.startswith("deg"):  # 359.9 and 0.1 differ by 0.2
        apart = abs(math.remainder(a - b, 360.0))
    if unit not in tolerances:
        unit = "relative"
    limit = tolerances[unit]
    if unit == "relative":
        apart /= max(abs(a), abs(b), 1.0)
    if not apart <= limit:
        yield Difference(path, a, b, apart, limit, unit)


def _walk(
    path: str,
    key: str,
    a: Any,
    b: Any,
    around: Mapping[str, Any] | None,
    tolerances: Mapping[str, float],
) -> Iterator[Difference]:
    if isinstance(a, list) and isinstance(b, list):
        if all(_number(v) for v in (*a, *b)) and len(a) == len(b):
            unit = _unit(key, around)
            for i, (va, vb) in enumerate(zip(a, b, strict=True)):
                yield from _numbers(f"{path}[{i}]", va, vb, unit, tolerances)
            return
        a, b = _named(a), _named(b)
    if isinstance(a, dict) and isinstance(b, dict):
        for k in [*a, *(k for k in b if k not in a)]:
            if k in _NOT_COMPARED and not path:
                continue
            inner = f"{path}.{k}" if path else k
            yield from _walk(inner, k, a.get(k), b.get(k), a, tolerances)
    elif _number(a) and _number(b):
        limit = around.get("limit") if around is not None and key in _FINDING else None
        if limit is not None and abs(a - b) <= _OF_LIMIT * abs(limit):
            return
        e = around.get("e") if around is not None and key in _FROM_PERIGEE else None
        if e is not None:
            loose = math.degrees(_ECCENTRICITY / max(e, _ECCENTRICITY))
            tolerances = {**tolerances, "deg": max(tolerances["deg"], loose)}
        yield from _numbers(path, a, b, _unit(key, around), tolerances)
    elif a != b:
        apart = _instants(a, b)
        if apart is None and key in _ONLY_NOTED and _words(a) == _words(b):
            return
        if apart is None:
            yield Difference(path, a, b, None, None, "")
        elif apart > tolerances["s"]:
            yield Difference(path, a, b, apart, tolerances["s"], "s")


def _words(value: Any) -> Any:
    """Prose without its numbers."""
    return _DIGITS.sub("#", value) if isinstance(value, str) else value


def _instants(a: Any, b: Any) -> float | None:
    """Seconds between two written instants; None when they are not both instants."""
    if not (isinstance(a, str) and isinstance(b, str) and _INSTANT.match(a) and _INSTANT.match(b)):
        return None
    from cosmodrome.world.epoch import Epoch

    try:
        return abs(Epoch.parse(a) - Epoch.parse(b))
    except EpochError:
        return None


def compare(
    a: Mapping[str, Any], b: Mapping[str, Any], tolerances: Mapping[str, float] | None = None
) -> tuple[Difference, ...]:
    """Every figure of two flight.json objects that differs by more than its tolerance.

    tolerances  unit -> largest accepted difference; TOLERANCES by default. Angles in degrees
                are compared around the circle; figures without a known unit relatively.
    """
    return tuple(_walk("", "", dict(a), dict(b), None, tolerances or TOLERANCES))


def read_flight(where: str) -> dict[str, Any]:
    """The flight.json of a run directory, or the file itself. InputError when it is neither."""
    path = Path(where)
    if path.is_dir():
        path = path / "flight.json"
    try:
        flight = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such file; give a run directory that `cosmodrome fly` wrote,"
            " or its flight.json"
        ) from None
    except (OSError, ValueError) as e:
        raise InputError(f"{path} cannot be read as a flight: {e}") from None
    if not isinstance(flight, dict) or "legs" not in flight:
        verdict = flight.get("verdict") if isinstance(flight, dict) else None
        also = f"; its verdict is {verdict}: {flight['reason']}" if verdict else ""
        raise InputError(f"{path} is JSON, but not a flown flight: it has no 'legs'{also}")
    return flight


def _tolerances(asked: list[str]) -> dict[str, float]:
    tolerances = dict(TOLERANCES)
    for item in asked:
        unit, _, text = item.partition("=")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if unit not in tolerances or not value >= 0.0:
            raise InputError(
                f"--tolerance {item}: write UNIT=VALUE with a value >= 0 and a unit out of "
                + ", ".join(TOLERANCES)
            )
        tolerances[unit] = value
    return tolerances


def diff(args: argparse.Namespace, voice: Voice) -> int:
    """Exit 0 when they agree within the tolerances, 1 when they do not."""
    tolerances = _tolerances(args.tolerance)
    found = compare(read_flight(args.a), read_flight(args.b), tolerances)
    counted = [d for d in found if d.counts]
    if voice.json:
        voice.answer(
            {
                "equal": not counted,
                "tolerances": tolerances,
                "differences": [
                    {
                        "path": d.path,
                        "a": d.a,
                        "b": d.b,
                        "difference": d.difference,
                        "tolerance": d.tolerance,
                        "unit": d.unit,
                        "counts": d.counts,
                    }
                    for d in found
                ],
            }
        )
        return 1 if counted else 0
    if not voice.quiet:
        printed = ", ".join(f"{v:g} {u}" for u, v in tolerances.items())
        voice.say(f"tolerances: {printed}")
        for d in found:
            voice.say(f"{d}" if d.counts else f"noted only: {d}")
    voice.say(f"{len(counted)} figures differ" if counted else "the two flights agree")
    return 1 if counted else 0
