"""The orbit language: `200x240 km 51.6 deg`, `sso repeat 233/16, ltdn 10:30`, `gto 1500 m/s`.

A text becomes what a mission file would say (`{kind: elliptic, perigee: 200 km, ...}`) and is
read by the same models, so that defaults, half-widths and refusals are the file's own.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.formats.quantity import TextFault, parse_quantity
from cosmodrome.formats.typed import Reading
from cosmodrome.formats.yaml_text import Mapping as YamlMapping
from cosmodrome.formats.yaml_text import Place, Text
from cosmodrome.mission.geostationary import (
    delta_v_to_geostationary,
    transfer_apogee,
    transfer_inclination,
)
from cosmodrome.mission.kept_target_file import MEDIUM
from cosmodrome.mission.target_file import KINDS, read_target
from cosmodrome.mission.target_leaves import RADIUS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cosmodrome.mission.nouns import Target

__all__ = ["EXAMPLES", "OrbitAsked", "read_orbit"]

#: what may be written; a refusal and the documentation print them
EXAMPLES = (
    "200 km 51.7 deg",
    "200x240 km 51.6 deg",
    "800 km sso",
    "800 km sso 15:00",
    "sso repeat 233/16, ltdn 10:30",
    "800 km frozen sso",
    "frozen repeat 127/10 66.04 deg",
    "repeat 15/1 51.6 deg",
    "gto",
    "gto 250x36226 km 28.5 deg",
    "gto 1500 m/s",
    "gto 1500 m/s 6 deg",
    "geo",
    "geo longitude 19.2 deg",
    "molniya",
    "tundra",
    "tundra e 0.075 43 deg longitude 135 deg",
    "gps",
    "galileo raan 120 deg",
    "a 26560 km e 0.74 63.4 deg argp 270 deg",
    "c3 10 km^2/s^2",
    "c3 10 km^2/s^2 51.6 deg",
    "c3 10 km^2/s^2 declination -10 deg",
    "escape",
    "moon",
)
_SOME_EXAMPLES = "; ".join(
    (
        "200 km 51.7 deg",
        "200x240 km 51.6 deg",
        "800 km sso",
        "gto 1500 m/s",
        "geo",
        "c3 10 km^2/s^2",
    )
)
_TRANSFER_PERIGEE_M = 250e3
#: of a transfer to the Moon: an ellipse of 200 x 390,000 km has C3 = -2.0 km^2/s^2
_MOON_C3 = "-2 km^2/s^2"

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"\s*(?:(?P<low>{_NUMBER})\s*(?P<low_unit>km|m)?\s*[x×]\s*(?P<high>{_NUMBER})\s*(?P<unit>km|m)\b"
    r"|(?P<cycle>\d+\s*/\s*\d+)(?![\w.])"
    rf"|(?P<clock>\d{{1,2}}:\d\d(?::\d\d)?)"
    rf"|(?P<number>{_NUMBER})\s*(?P<of>km\^2/s\^2|m\^2/s\^2|km/s|m/s|km|m|deg|rad|°)(?![\w/^])"
    r"|(?P<word>[A-Za-z][\w-]*)"
    rf"|(?P<ratio>{_NUMBER})(?=[\s,]|$)"
    r"|,"
    r"|(?P<odd>\S+))"
)
_DIMENSIONS = {
    "km": "height",
    "m": "height",
    "deg": "angle",
    "rad": "angle",
    "km/s": "speed",
    "m/s": "speed",
    "km^2/s^2": "energy",
    "m^2/s^2": "energy",
}
_SAME = {
    "sun-synchronous": "sso",
    "geostationary": "geo",
    "tli": "moon",
    "parabola": "escape",
    "i": "inclination",
    "inc": "inclination",
    "dec": "declination",
    "dla": "declination",
    "e": "eccentricity",
    "ecc": "eccentricity",
    "node": "raan",
    "ra": "right_ascension",
    "rla": "right_ascension",
    "lon": "longitude",
    "slot": "longitude",
    "sma": "a",
    "circular": "",
    "elliptic": "",
    "navstar": "gps",
}
#: a word that says what the quantity after it is -> the kind of quantity
_ROLES = {
    "inclination": "angle",
    "declination": "angle",
    "right_ascension": "angle",
    "raan": "angle",
    "argp": "angle",
    "longitude": "angle",
    "ltan": "clock",
    "ltdn": "clock",
    "eccentricity": "ratio",
    "a": "height",
    "repeat": "cycle",
}
#: what is said -> the key of a mission file, wherever the kind has it
_KEYS = {
    "local time": "ltan",
    "ltan": "ltan",
    "ltdn": "ltdn",
    "raan": "raan",
    "argp": "argument_of_perigee",
    "longitude": "longitude",
    "eccentricity": "eccentricity",
    "inclination": "inclination",
}


@dataclass(frozen=True, slots=True)
class OrbitAsked:
    """An orbit as asked for.

    text    what was asked
    file    the same as a mission file says it: {kind: ..., altitude: ...}
    target  what that means
    notes   what was settled on the way, for people
    """

    text: str
    file: Mapping[str, str]
    target: Target
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parts:
    """The words and quantities of a text; each reader takes what it knows."""

    text: str
    kinds: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def put(self, what: str, value: str) -> None:
        if what in self.given:
            raise _refusal(self.text, f"it names two of the kind: {self.given[what]} and {value}")
        self.given[what] = value

    def named(self, dimension: str, role: str, plain: str, value: str) -> str:
        """Put a value under the word before it, or under its plain name; what is left of a word."""
        if role and _ROLES[role] == dimension:
            self.put(role, value)
            return ""
        self.put(plain, value)
        return role

    def take(self, what: str) -> str | None:
        return self.given.pop(what, None)

    def need(self, what: str, example: str) -> str:
        found = self.take(what)
        if found is None:
            raise _refusal(self.text, f"no {what} is said", example)
        return found


def _refusal(text: str, why: str, example: str = "") -> InputError:
    return InputError(
        f"the orbit {text!r} cannot be read: {why}; write it like: {example or _SOME_EXAMPLES}"
    )


def _split(text: str) -> _Parts:
    parts = _Parts(text)
    role = ""
    for m in _TOKEN.finditer(text):
        if m["low"]:
            unit = m["unit"]
            parts.put("perigee", f"{m['low']} {m['low_unit'] or unit}")
            parts.put("apogee", f"{m['high']} {unit}")
        elif m["cycle"]:
            role = parts.named("cycle", role, "repeat", m["cycle"])
        elif m["clock"]:
            role = parts.named("clock", role, "local time", m["clock"])
        elif m["number"]:
            unit = m["of"].replace("°", "deg")
            what = _DIMENSIONS[unit]
            plain = "inclination" if what == "angle" else what
            role = parts.named(what, role, plain, f"{m['number']} {unit}")
        elif m["ratio"] and role == "eccentricity":
            role = parts.named("ratio", role, role, m["ratio"])
        elif m["ratio"]:
            raise _refusal(
                text, f"{m['ratio']!r} is neither a quantity with a known unit nor a word"
            )
        elif m["word"]:
            role = _word(parts, m["word"].lower()) or role
        elif m["odd"]:
            raise _refusal(text, f"{m['odd']!r} is neither a quantity with a known unit nor a word")
    return parts


def _word(parts: _Parts, word: str) -> str:
    """Note a kind of orbit; the name of a quantity is handed back, to go with it."""
    word = _SAME.get(word, word)
    if word in _ROLES:
        return word
    if word in _KINDS:
        parts.kinds.append(word)
    elif word:
        hint = did_you_mean(word, {*_KINDS, *_SAME, *_ROLES})
        raise _refusal(parts.text, f"{word!r} is no word of it. {hint.rstrip('.')}")
    return ""


def _without_kind(parts: _Parts) -> dict[str, str]:
    perigee, apogee = parts.take("perigee"), parts.take("apogee")
    if perigee is None or apogee is None:
        altitude = parts.need("height", "200 km 51.7 deg")
        inclination = parts.need("inclination", f"{altitude} 51.7 deg, or {altitude} sso")
        return {"kind": "circular", "altitude": altitude, "inclination": inclination}
    inclination = parts.need("inclination", "200x240 km 51.6 deg")
    if parse_quantity(perigee, "length") == parse_quantity(apogee, "length"):
        return {"kind": "circular", "altitude": perigee, "inclination": inclination}
    return {"kind": "elliptic", "perigee": perigee, "apogee": apogee, "inclination": inclination}


def _size(parts: _Parts, example: str) -> dict[str, str]:
    cycle = parts.take("repeat")
    if cycle is not None:
        return {"repeat": cycle}
    return {"altitude": parts.need("height", example)}


def _sso(parts: _Parts) -> dict[str, str]:
    return {"kind": "sun-synchronous", **_size(parts, "800 km sso")}


def _frozen(parts: _Parts) -> dict[str, str]:
    made = {"kind": "frozen", **_size(parts, "800 km frozen sso")}
    return {**made, "inclination": parts.need("inclination", "frozen 1336 km 66 deg")}


def _frozen_sso(parts: _Parts) -> dict[str, str]:
    made = {"kind": "frozen", **_size(parts, "800 km frozen sso")}
    return {**made, "inclination": "sun-synchronous"}


def _repeat(parts: _Parts) -> dict[str, str]:
    cycle = parts.need("repeat", "repeat 15/1 51.6 deg")
    inclination = parts.need("inclination", f"repeat {cycle} 51.6 deg, or sso repeat {cycle}")
    return {"kind": "repeat", "repeat": cycle, "inclination": inclination}


def _elements(parts: _Parts) -> dict[str, str]:
    example = "a 26560 km e 0.74 63.4 deg argp 270 deg"
    return {
        "kind": "state",
        "semi_major_axis": parts.need("a", example),
        "eccentricity": parts.need("eccentricity", example),
        "inclination": parts.need("inclination", example),
    }


def _gto(parts: _Parts) -> dict[str, str]:
    made = {"kind": "gto"}
    perigee, apogee = parts.take("perigee"), parts.take("apogee")
    speed, angle = parts.take("speed"), parts.take("inclination")
    if perigee is not None and apogee is not None:
        made |= {"perigee": perigee, "apogee": apogee}
        if speed is not None:
            raise _refusal(
                parts.text,
                f"its heights already say what it lacks, so {speed} is one figure too many",
                "gto 1500 m/s 6 deg",
            )
    elif speed is not None:
        _short_of_geostationary(parts, made, parse_quantity(speed, "speed"), angle)
    if angle is not None:
        made["inclination"] = angle
    return made


def _short_of_geostationary(
    parts: _Parts, made: dict[str, str], lacking_m_s: float, angle: str | None
) -> None:
    """Inclination, or apogee where the inclination is given, from the delta-v still lacking."""
    low = RADIUS + _TRANSFER_PERIGEE_M
    if angle is None:
        i = math.degrees(transfer_inclination(low, lacking_m_s))
        made["inclination"] = f"{i:.6f} deg"
        parts.notes.append(
            f"{lacking_m_s:g} m/s short of geostationary from 250 x 35,786 km: inclination"
            f" {i:.2f} deg, from one burn at apogee"
        )
        return
    height = transfer_apogee(low, lacking_m_s, parse_quantity(angle, "angle")) - RADIUS
    made["apogee"] = f"{height / 1e3:.3f} km"
    parts.notes.append(
        f"{lacking_m_s:g} m/s short of geostationary at {angle}: apogee {height / 1e3:,.0f} km"
        " above a perigee of 250 km"
    )


def _c3(parts: _Parts) -> dict[str, str]:
    return _departure(parts, parts.need("energy", "c3 10 km^2/s^2"))


def _escape(parts: _Parts) -> dict[str, str]:
    parts.notes.append("escape: C3 = 0, speed enough to leave the Earth and none left over")
    return _departure(parts, "0 km^2/s^2")


def _moon(parts: _Parts) -> dict[str, str]:
    parts.notes.append(
        f"the Moon: C3 = {_MOON_C3}, that of an ellipse up to its distance; between -1.9 and -2.1"
        " km^2/s^2 over its month"
    )
    return _departure(parts, _MOON_C3)


def _departure(parts: _Parts, c3: str) -> dict[str, str]:
    made = {"kind": "c3", "c3": c3}
    for angle in ("inclination", "declination", "right_ascension"):
        value = parts.take(angle)
        if value is not None:
            made[angle] = value
    return made


def _geo(parts: _Parts) -> dict[str, str]:
    return {"kind": "geostationary"}


def _molniya(parts: _Parts) -> dict[str, str]:
    return {"kind": "molniya"}


def _tundra(parts: _Parts) -> dict[str, str]:
    return {"kind": "tundra"}


def _medium(system: str, parts: _Parts) -> dict[str, str]:
    return {"kind": "medium", "system": system}


_KINDS: dict[str, Callable[[_Parts], dict[str, str]]] = {
    "sso": _sso,
    "gto": _gto,
    "geo": _geo,
    "molniya": _molniya,
    "tundra": _tundra,
    "frozen": _frozen,
    **{name: partial(_medium, name) for name in MEDIUM},
    "c3": _c3,
    "escape": _escape,
    "moon": _moon,
}


def read_orbit(text: str) -> OrbitAsked:
    """The target that an orbit's text means; see EXAMPLES and docs/payload.md.

    Half-widths are the defaults of the target's kind. Raises InputError for a text that says too
    little, too much or something impossible, InfeasibleError for a transfer orbit that no
    geometry makes so short of the geostationary one.
    """
    parts = _split(text)
    make = _maker(parts)
    if not parts.kinds and not parts.given:
        raise _refusal(text, "nothing is said")
    try:
        made = make(parts)
    except TextFault as fault:
        raise _refusal(text, fault.why) from None
    known = KINDS[made["kind"]].model_fields
    for what in [w for w in parts.given if _KEYS.get(w) in known]:
        made.setdefault(_KEYS[what], parts.given.pop(what))
    if parts.given:
        kind = parts.kinds[0] if parts.kinds else made["kind"]
        what, value = next(iter(parts.given.items()))
        raise _refusal(text, f"{value} ({what}) does not belong to {kind}")
    target = _read(text, made)
    return OrbitAsked(text, made, target, tuple(parts.notes + _remaining(target)))


def _maker(parts: _Parts) -> Callable[[_Parts], dict[str, str]]:
    """What reads the rest: by the kind that is said, or by the quantities that are there."""
    kinds = sorted(set(parts.kinds))
    if kinds == ["frozen", "sso"]:
        return _frozen_sso
    if len(parts.kinds) > 1:
        raise _refusal(parts.text, f"it is two orbits at once: {' and '.join(parts.kinds)}")
    if kinds:
        return _KINDS[kinds[0]]
    if "a" in parts.given:
        return _elements
    return _repeat if "repeat" in parts.given else _without_kind


def _read(text: str, made: dict[str, str]) -> Target:
    """The target of `{kind: ...}`, by the mission file's own models."""
    here = Place("", 1, 1, "orbit")
    node = YamlMapping(here)
    for key, value in made.items():
        at = Place("", 1, 1, key)
        node[key], node.keys_at[key] = Text(value, at), at
    context = Reading("", None)
    file = read_target(node, context)
    if file is None or context.faults:
        fault = context.faults[0]
        raise InputError(
            f"the orbit {text!r}: {fault.path} {fault.read}: {fault.why}. {fault.write}"
        )
    return file.to_target()


def _remaining(target: Target) -> list[str]:
    """What a transfer orbit of known inclination still lacks to the geostationary one."""
    axis, e, i = target.semi_major_axis_m, target.eccentricity, target.inclination_rad
    if target.kind != "gto" or axis is None or e is None or i is None:
        return []
    low, high = axis.value * (1.0 - e.value), axis.value * (1.0 + e.value)
    lacks = delta_v_to_geostationary(low, high, i.value)
    return [f"{lacks:.0f} m/s remain to the geostationary orbit"]
