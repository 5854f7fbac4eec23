"""Keeping an orbit and leaving it for good, as mission files write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.formats.yaml_text import Mapping  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.libration_file import KnownFile, OrbitWords
from cosmodrome.mission.steps import Deorbit, StationKeep

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft

__all__ = ["DeorbitFile", "StationKeepFile", "says_itself"]

_DAY = 86_400.0
_LONGEST_S = 366.0 * _DAY
_HUNDRED_YEARS_S = 36_525.0 * _DAY
#: half-widths that are accepted where none is written
_ALTITUDE = (1e3, "1 km")
_LONGITUDE = (math.radians(0.1), "0.1 deg")
_PERIGEE = (1e3, "1 km")


def _width(read: Read, otherwise: float) -> tuple[float, float]:
    return read.value, otherwise if read.tolerance is None else read.tolerance


def _written(read: Read, otherwise: str) -> str:
    return read.text + (f" +- {otherwise}" if read.tolerance is None else "")


class StationKeepFile(Model):
    """Hold an orbit for a time."""

    for_: Annotated[Read, Leaf("time", low=0.0, above=True, high=_LONGEST_S, example="30 days")] = (
        Field(alias="for", examples=["30 days"])
    )
    altitude: (
        Annotated[
            Read,
            Leaf("length", low=120e3, high=2_000e3, tolerance=True, example="500 km +- 1 km"),
        ]
        | None
    ) = None
    longitude: (
        Annotated[
            Read,
            Leaf(
                "angle",
                low=-2.0 * math.pi,
                high=2.0 * math.pi,
                tolerance=True,
                example="110 deg +- 0.1 deg",
            ),
        ]
        | None
    ) = None
    inclination: (
        Annotated[
            Read,
            Leaf("angle", low=0.0, above=True, high=math.radians(10.0), example="0.05 deg"),
        ]
        | None
    ) = None
    orbit: Annotated[Read, OrbitWords()] | None = None
    every: Annotated[Read, Leaf("time", low=3600.0, high=_LONGEST_S, example="21 days")] | None = (
        None
    )
    known: KnownFile | None = None
    name: Annotated[str, Words("a name", "station keeping")] | None = None

    written: ClassVar[str] = "{for: 30 days, longitude: 110 deg +- 0.1 deg, inclination: 0.05 deg}"
    meant: ClassVar[dict[str, str]] = {
        "duration": "for",
        "time": "for",
        "slot": "longitude",
        "height": "altitude",
        "libration": "orbit",
        "errors": "known",
        "interval": "every",
    }
    reserved: ClassVar[dict[str, tuple[str, str]]] = {
        "repeat": (
            "a ground track is not held by this version yet",
            "Write altitude: the height of the repeat orbit with its half-width.",
        ),
    }

    def judge(self, context: Reading) -> None:
        high = self.longitude is not None or self.inclination is not None
        if self.altitude is not None and high:
            key = "longitude" if self.longitude is not None else "inclination"
            context.fault(
                self.stands_key(key),
                "",
                f"altitude is held in low orbit, {key} in the geostationary one",
                f"Remove altitude, or {key}.",
            )
        elif self.orbit is not None:
            self._judge_orbit(high or self.altitude is not None, context)
        elif self.every is not None or self.known is not None:
            key = "every" if self.every is not None else "known"
            context.fault(
                self.stands_key(key),
                "",
                f"{key} belongs to keeping a libration orbit",
                "Write orbit: nrho 9:2, or remove it.",
            )
        elif self.altitude is None and not high:
            context.fault(
                self.stands, "", "nothing says what is to be held", f"Write {self.written}."
            )

    def _judge_orbit(self, another: bool, context: Reading) -> None:
        if another:
            context.fault(
                self.stands_key("orbit"),
                "",
                "a libration orbit has no altitude, longitude or inclination to hold",
                "Keep orbit alone.",
            )

    def to_step(self, number: int) -> StationKeep:
        return StationKeep(
            self.for_.value,
            None if self.altitude is None else _width(self.altitude, _ALTITUDE[0]),
            None if self.longitude is None else _width(self.longitude, _LONGITUDE[0]),
            None if self.inclination is None else self.inclination.value,
            self.name or f"station keeping {number}",
            "" if self.orbit is None else self.orbit.text,
            None if self.every is None else self.every.value,
            (0.0, 0.0) if self.known is None else self.known.told(),
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {
            "name": self.name or f"station keeping {number}",
            "for": self.for_.text,
        }
        if self.altitude is not None:
            out["altitude"] = _written(self.altitude, _ALTITUDE[1])
        if self.longitude is not None:
            out["longitude"] = _written(self.longitude, _LONGITUDE[1])
        if self.inclination is not None:
            out["inclination"] = self.inclination.text
        if self.orbit is not None:
            out["orbit"] = self.orbit.text
        if self.every is not None:
            out["every"] = self.every.text
        if self.known is not None:
            out["known"] = self.known.tree()
        return out


class DeorbitFile(Model):
    """Leave the orbit for good."""

    within: (
        Annotated[Read, Leaf("time", low=_DAY, high=_HUNDRED_YEARS_S, example="5 years")] | None
    ) = None
    perigee: Annotated[Read, Leaf("length", low=0.0, tolerance=True, example="200 km")] | None = (
        None
    )
    graveyard: Annotated[bool, Flag()] = False
    burns: Annotated[Read, Whole(1, 12)] | None = None
    name: Annotated[str, Words("a name", "disposal")] | None = None

    written: ClassVar[str] = "{within: 5 years}"
    meant: ClassVar[dict[str, str]] = {"lifetime": "within", "in": "within", "number": "burns"}
    reserved: ClassVar[dict[str, tuple[str, str]]] = dict.fromkeys(
        ("place", "longitude", "latitude", "site", "target", "region"),
        (
            "the place where it comes down is not aimed at: civil rule",
            "Remove it; write within, perigee or graveyard.",
        ),
    )

    @classmethod
    def prepare(cls, data: Mapping, context: Reading) -> Mapping:
        rules = [k for k in ("within", "perigee", "graveyard") if k in data]
        if len(rules) > 1:
            at = data.keys_at[rules[1]]
            why = f"{rules[0]} and {rules[1]} are two rules of disposal"
            context.fault(at, "", why, "Keep one of them.")
        elif not rules and not set(data) - set(cls.keys()):
            context.fault(data.place, "", "no rule of disposal", f"Write it like {cls.written}.")
        return data

    def judge(self, context: Reading) -> None:
        if self.graveyard and self.burns is not None:
            context.fault(
                self.burns.place,
                self.burns.text,
                "the graveyard above the geostationary orbit is reached by two burns",
                "Remove burns.",
            )

    def to_step(self, number: int) -> Deorbit:
        return Deorbit(
            None if self.within is None else self.within.value,
            None if self.perigee is None else _width(self.perigee, _PERIGEE[0]),
            self.graveyard,
            None if self.burns is None else self.burns.value,
            self.name or f"disposal {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"disposal {number}"}
        if self.within is not None:
            out["within"] = self.within.text
        if self.perigee is not None:
            out["perigee"] = _written(self.perigee, _PERIGEE[1])
        if self.graveyard:
            out["graveyard"] = "true"
        if self.burns is not None:
            out["burns"] = self.burns.text
        return out


def says_itself(file: StationKeepFile | DeorbitFile, craft: Spacecraft, passengers: bool) -> bool:
    """Is the lack of an engine told in flight? A disposal without one may need no burn at all,
    and says by how many m/s it falls short where it does.
    """
    return isinstance(file, DeorbitFile) and craft.engine is None and not passengers
