"""A periodic orbit in words: "nrho 9:2", "halo sun-earth l1 north az 120000 km", "dro 70000 km"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.formats.quantity import TextFault, parse_quantity

__all__ = [
    "EXAMPLES",
    "FAMILIES",
    "SYNODIC_MONTH_S",
    "SYSTEMS",
    "LibrationWish",
    "is_libration",
    "read_wish",
]

FAMILIES = ("dro", "halo", "lyapunov", "nrho")
#: the restricted problems by name, and the body that an orbit of each is told from
SYSTEMS = {"earth-moon": "moon", "sun-earth": "earth"}
#: mean synodic month, s (Chapront-Touze & Chapront 1991: 29.530588853 days)
SYNODIC_MONTH_S = 29.530588853 * 86_400.0

EXAMPLES = (
    "nrho 9:2",
    "nrho 4:1 north",
    "nrho perilune 3250 km",
    "halo l2 south az 15000 km",
    "halo l1 period 11.9 days",
    "halo sun-earth l2 north az 300000 km",
    "lyapunov l1 20000 km",
    "dro 70000 km",
    "dro period 14 days",
)
_WORDS = {"az": "az", "perilune": "closest", "closest": "closest", "size": "size", "ax": "size"}
_RATIO = re.compile(r"^(\d{1,2}):(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class LibrationWish:
    """What a text asks for.

    kind    one of FAMILIES
    system  one of SYSTEMS
    point   1 or 2; 0 for a dro
    north   the side of the farthest excursion; of halo and nrho
    by      "period" (value in s), "jacobi", "az", "size" or "closest" (m)
    text    as it was asked
    """

    kind: str
    system: str
    point: int
    north: bool
    by: str
    value: float
    text: str

    @property
    def body(self) -> str:
        """The body that the orbit is told from."""
        return SYSTEMS[self.system]


@dataclass(slots=True)
class _Parts:
    system: str = "earth-moon"
    point: int = 0
    north: bool | None = None
    wishes: list[tuple[str, float]] = field(default_factory=list)


def is_libration(text: str) -> bool:
    """Does a text begin with the name of such a family?"""
    words = text.split()
    return bool(words) and words[0].lower() in FAMILIES


def read_wish(text: str) -> LibrationWish:
    """What a text asks for; see EXAMPLES. Raises InputError with what to write instead."""
    words = text.replace(",", " ").lower().split()
    if not words or words[0] not in FAMILIES:
        first = words[0] if words else ""
        raise _refusal(text, f"{first!r} is no family. {did_you_mean(first, FAMILIES)}")
    kind, parts, rest = words[0], _Parts(), words[1:]
    while rest:
        rest = _taken(text, kind, rest, parts)
    if len(parts.wishes) != 1:
        said = "nothing says which member" if not parts.wishes else "two figures are too many"
        raise _refusal(text, f"{said} of the family is meant; give one")
    by, value = parts.wishes[0]
    if not value > 0.0:
        raise _refusal(text, f"{by} must be above zero")
    if kind == "dro" and (parts.point or parts.north is not None):
        raise _refusal(text, "a dro goes round the smaller body: no l1, l2, north or south")
    if kind == "lyapunov" and parts.north is not None:
        raise _refusal(text, "a lyapunov orbit lies in the plane: no north or south")
    point = 0 if kind == "dro" else parts.point or 2
    return LibrationWish(kind, parts.system, point, bool(parts.north), by, value, text)


def _taken(text: str, kind: str, rest: list[str], parts: _Parts) -> list[str]:
    """Read the first words of the rest; what is left."""
    word = rest[0]
    if word in SYSTEMS:
        parts.system = word
    elif word in ("l1", "l2"):
        parts.point = int(word[1])
    elif word in ("north", "south"):
        parts.north = word == "north"
    elif ratio := _RATIO.match(word):
        parts.wishes.append(("period", _resonance(text, parts.system, ratio)))
    elif word == "jacobi":
        parts.wishes.append(("jacobi", _number(text, rest[1:2])))
        return rest[2:]
    elif word in ("period", *_WORDS):
        by, unit = ("period", "time") if word == "period" else (_WORDS[word], "length")
        parts.wishes.append((by, _quantity(text, rest[1:3], unit)))
        return rest[3:]
    elif re.match(r"^[\d.]", word):
        # a bare length is what the family is told by
        by = "size" if kind in ("dro", "lyapunov") else "az"
        parts.wishes.append((by, _quantity(text, rest[:2], "length")))
        return rest[2:]
    else:
        known = ("l1", "l2", "north", "south", "period", "jacobi", *_WORDS, *SYSTEMS)
        raise _refusal(text, f"{word!r} means nothing here. {did_you_mean(word, known)}")
    return rest[1:]


def _resonance(text: str, system: str, ratio: re.Match[str]) -> float:
    turns, months = int(ratio.group(1)), int(ratio.group(2))
    if system != "earth-moon":
        raise _refusal(text, "revolutions to synodic months mean something of the Moon alone")
    if not (turns and months):
        raise _refusal(text, f"{ratio.group(0)} has a zero; write 9:2")
    return SYNODIC_MONTH_S * months / turns


def _number(text: str, words: list[str]) -> float:
    try:
        return float(words[0])
    except (IndexError, ValueError):
        raise _refusal(text, "jacobi is followed by a number, like 3.05") from None


def _quantity(text: str, words: list[str], kind: str) -> float:
    try:
        return float(parse_quantity(" ".join(words), kind))
    except TextFault as fault:
        raise _refusal(text, fault.why) from None


def _refusal(text: str, why: str) -> InputError:
    return InputError(f"orbit {text!r}: {why}. Write it like: {'; '.join(EXAMPLES)}")
