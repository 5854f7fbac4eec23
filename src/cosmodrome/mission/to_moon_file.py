"""The step to an orbit about the Moon, as mission files write it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.low_energy_file import judge_low_energy, judge_times
from cosmodrome.mission.steps import ToMoon

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = [
    "Apolune",
    "Flight",
    "FlightsFile",
    "Later",
    "LunarOrbitFile",
    "PlanesFile",
    "ToMoonFile",
    "Turn",
]

_DAY = 86_400.0
_WIDTH = (2e3, "2 km")
_FLIGHT, _WITHIN = (4.0 * _DAY, "4 days"), (30.0 * _DAY, "30 days")
_CORRECTIONS = (_DAY, "1 day")
# by the Sun's pull: the flight, and corrections after two days and at so much of the shortest
_SHORTEST, _LONGEST = (75.0 * _DAY, "75 days"), (120.0 * _DAY, "120 days")
_SOON, _SHARE = (2.0 * _DAY, "2 days"), 0.9
# half-widths of a perigee that is come back to, and of a passage
_HOME, _PASS = (10e3, "10 km"), (10e3, "10 km")

Height = Annotated[
    Read, Leaf("length", low=0.0, above=True, high=64_000e3, tolerance=True, example="100 km")
]
Apolune = Annotated[Read, Leaf("length", low=0.0, above=True, high=64_000e3, example="5000 km")]
Later = Annotated[Read, Leaf("time", low=0.0, above=True, high=180.0 * _DAY, example="1 day")]
Angle = Annotated[Read, Leaf("angle", low=0.0, high=math.pi, example="90 deg")]
Flight = Annotated[Read, Leaf("time", low=1.5 * _DAY, high=8.0 * _DAY, example="4 days")]
# what a way of its kind may take is judged in the step
Span = Annotated[Read, Leaf("time", low=1.5 * _DAY, high=180.0 * _DAY, example="4 days")]
Turn = Annotated[Read, Leaf("speed", low=0.0, high=500.0, example="30 m/s")]
Beta = Annotated[Read, Leaf("angle", low=0.0, high=0.5 * math.pi, example="60 deg")]


class Between(Model):
    """Two ends of a range, of which the landing after the step chooses."""

    from_: Any = Field(alias="from")
    to: Any

    meant: ClassVar[dict[str, str]] = {"min": "from", "max": "to", "least": "from", "most": "to"}

    def judge(self, context: Reading) -> None:
        if self.to.value < self.from_.value:
            why = f"the range ends below its start of {self.from_.text}"
            context.fault(self.to.place, self.to.text, why, "Exchange the two.")

    def pair(self) -> tuple[float, float]:
        return self.from_.value, self.to.value

    def tree(self) -> dict[str, str]:
        return {"from": self.from_.text, "to": self.to.text}


class PlanesFile(Between):
    """Inclinations to the Moon's equator."""

    from_: Angle = Field(alias="from", examples=["75 deg"])
    to: Angle

    written: ClassVar[str] = "{from: 75 deg, to: 105 deg}"


class FlightsFile(Between):
    """Times of flight."""

    from_: Span = Field(alias="from", examples=["4 days"])
    to: Span

    written: ClassVar[str] = "{from: 4 days, to: 6 days}"


class LunarOrbitFile(Model):
    """An orbit about the Moon: heights above 1,737.4 km, inclination to its equator."""

    altitude: Height | None = None
    perilune: Height | None = None
    apolune: Height | None = None
    inclination: Angle | None = None
    sense: Annotated[str, Choice(("prograde", "retrograde"), what="sense of motion")] | None = None
    planes: PlanesFile | None = None

    written: ClassVar[str] = "{perilune: 100 km, apolune: 100 km, inclination: 90 deg}"
    meant: ClassVar[dict[str, str]] = {
        "perigee": "perilune",
        "apogee": "apolune",
        "height": "altitude",
        "i": "inclination",
        "inclinations": "planes",
    }

    def judge(self, context: Reading) -> None:
        if self.altitude is not None:
            for key in ("perilune", "apolune"):
                read = getattr(self, key)
                if read is not None:
                    why = f"altitude is that of a circle, {key} of an ellipse"
                    context.fault(read.place, read.text, why, f"Remove altitude, or {key}.")
        elif self.perilune is None or self.apolune is None:
            context.fault(
                self.stands, "", "nothing says how large the orbit is", f"Write {self.written}."
            )
        elif self.apolune.value < self.perilune.value:
            context.fault(
                self.apolune.place,
                self.apolune.text,
                f"the apolune lies below the perilune of {self.perilune.text}",
                "Exchange the two.",
            )
        if self.inclination is not None and self.sense is not None:
            context.fault(
                self.stands_key("sense"),
                self.sense,
                "the inclination already says in which sense the orbit goes round",
                "Remove sense, or the inclination.",
            )
        if self.planes is not None and (self.inclination or self.sense):
            context.fault(
                self.planes.stands,
                "",
                "planes leaves the inclination to the landing, and another key says it",
                "Remove planes, or inclination and sense.",
            )

    def heights(self) -> tuple[Read, Read]:
        """Perilune and apolune."""
        low, high = self.altitude or self.perilune, self.altitude or self.apolune
        assert low is not None
        assert high is not None
        return low, high

    def tree(self) -> dict[str, Any]:
        low, high = self.heights()
        out: dict[str, Any] = {}
        for key, read in (("perilune", low), ("apolune", high)):
            out[key] = read.text + (f" +- {_WIDTH[1]}" if read.tolerance is None else "")
        if self.inclination is not None:
            return out | {"inclination": self.inclination.text}
        if self.planes is not None:
            return out | {"planes": self.planes.tree()}
        return out | {"sense": self.sense or "prograde"}


class LoopFile(Model):
    """An ellipse about the Earth on the way up."""

    apogee: Annotated[Read, Leaf("length", low=1_000e3, high=350_000e3, example="41762 km")]
    revolutions: Annotated[Read, Whole(1, 100)] | None = None

    written: ClassVar[str] = "{apogee: 41762 km, revolutions: 3}"
    meant: ClassVar[dict[str, str]] = {"apoapsis": "apogee", "count": "revolutions"}

    def told(self) -> tuple[float, int]:
        """Height of the apogee, m, and how often."""
        return self.apogee.value, 1 if self.revolutions is None else self.revolutions.value

    def tree(self) -> dict[str, str]:
        count = "1" if self.revolutions is None else self.revolutions.text
        return {"apogee": self.apogee.text, "revolutions": count}


Perigee = Annotated[
    Read, Leaf("length", low=0.0, high=5_000e3, tolerance=True, example="50 km +- 10 km")
]


class FreeReturnFile(Model):
    """What a way that nothing more is done on comes back to."""

    perigee: Perigee
    perilune: Apolune | None = None

    written: ClassVar[str] = "{perigee: 50 km, perilune: 3000 km}"
    meant: ClassVar[dict[str, str]] = {"height": "perigee", "altitude": "perigee"}

    def tree(self) -> dict[str, str]:
        return _home(self.perigee) | (
            {} if self.perilune is None else {"perilune": self.perilune.text}
        )


class AroundFile(Model):
    """Past the Moon at a height, and back to a perigee."""

    perilune: Height
    perigee: Perigee

    written: ClassVar[str] = "{perilune: 6500 km, perigee: 50 km}"
    meant: ClassVar[dict[str, str]] = {"height": "perilune", "altitude": "perilune"}

    def tree(self) -> dict[str, str]:
        wide = f" +- {_PASS[1]}" if self.perilune.tolerance is None else ""
        return {"perilune": self.perilune.text + wide} | _home(self.perigee)


def _home(perigee: Read) -> dict[str, str]:
    return {"perigee": perigee.text + (f" +- {_HOME[1]}" if perigee.tolerance is None else "")}


class ToMoonFile(Model):
    """To an orbit about the Moon: injection where it is not done, corrections, capture; or past
    the Moon and back."""

    orbit: LunarOrbitFile | None = None
    around: AroundFile | None = None
    free_return: FreeReturnFile | None = None
    flight: Flight | None = None
    flights: FlightsFile | None = None
    turn: Turn | None = None
    way: Annotated[str, Choice(("direct", "low-energy"), what="way")] | None = None
    within: Annotated[Read, Leaf("time", low=3600.0, high=366.0 * _DAY, example="30 days")] | (
        None
    ) = None
    passing: Annotated[str, Choice(("north", "south"), what="side of the Moon")] | None = None
    corrections: list[Later] | None = None
    loops: list[LoopFile] | None = None
    capture: list[Apolune] | None = None
    beta_from: Beta | None = None
    beta_to: Beta | None = None
    impulsive: Annotated[bool, Flag()] = False
    name: Annotated[str, Words("a name", "to the Moon")] | None = None

    written: ClassVar[str] = (
        "{orbit: {altitude: 100 km, inclination: 90 deg}, corrections: [1 day], capture: [5000 km]}"
    )
    meant: ClassVar[dict[str, str]] = {
        "target": "orbit",
        "to": "orbit",
        "time_of_flight": "flight",
        "duration": "flight",
        "flight_from": "flights: {from: 80 days, to: 120 days}",
        "flight_to": "flights: {from: 80 days, to: 120 days}",
        "at_most": "within",
        "tcm": "corrections",
        "burns": "capture",
        "insertion": "capture",
        "beta": "beta_from and beta_to",
        "flyby": "around",
        "return": "free_return",
    }

    def _judge_way(self, context: Reading) -> None:
        """One of orbit and around; a free return goes past the Moon against its turning."""
        if (self.orbit is None) == (self.around is None):
            why = "nothing says where to" if self.orbit is None else "orbit and around exclude each"
            why += "" if self.orbit is None else " other"
            context.fault(
                self.stands, "", why,
                f"Write orbit: {LunarOrbitFile.written}, or around: {AroundFile.written}.",
            )  # fmt: skip
            return
        homeward = self.around or self.free_return
        if homeward is None:
            return
        past = ("free_return", "capture", "beta_from", "beta_to")
        free = ("flight", "flights", "turn", "loops", "impulsive")
        for key in (*free, *(past if self.around is not None else ())):
            if getattr(self, key):
                context.fault(
                    self.stands_key(key), "",
                    f"on a way that comes back {key} is not for the file to say",
                    f"Remove {key}.",
                )  # fmt: skip
        orbit = self.orbit
        if orbit is None:
            return
        i = orbit.inclination
        if (i is not None and i.value <= 0.5 * math.pi) or (i is None and orbit.sense != (
            "retrograde"
        )):  # fmt: skip
            context.fault(
                self.stands_key("orbit"), "",
                "a way that comes back by itself passes the Moon against its turning",
                "Write sense: retrograde, or an inclination above 90 deg.",
            )  # fmt: skip

    def judge(self, context: Reading) -> None:
        self._judge_way(context)
        judge_low_energy(self, context)
        planes = None if self.orbit is None else self.orbit.planes
        slow = self.way == "low-energy"
        flight, before = self.low_energy()[0].value if slow else self._flight()[0], 0.0
        spans = self.flights if judge_times(self, context) and not slow else None
        if spans is not None and not spans.from_.value <= flight <= spans.to.value:
            assert self.flight is not None
            why = f"the flight lies outside flights, {spans.from_.text} to {spans.to.text}"
            context.fault(
                self.flight.place, self.flight.text, why, "Write one of them, or flights alone."
            )
        if spans is not None and planes is None:
            why = "times of flight are chosen for the sake of a landing, and nothing is left to it"
            write = f"Write orbit: {{altitude: 100 km, planes: {PlanesFile.written}}}, or flight."
            context.fault(spans.stands, "", why, write)
        if self.turn is not None and planes is None:
            why = "the plane is turned for the sake of a landing, and nothing is left to it"
            write = f"Write orbit: {{altitude: 100 km, planes: {PlanesFile.written}}}."
            context.fault(self.turn.place, self.turn.text, why, write)
        if self.loops and planes is not None:
            why = "after loops the plane is not chosen for a landing"
            context.fault(planes.stands, "", why, "Write an inclination.")
        for read in self.corrections or ():
            if not before < read.value < flight:
                why = (
                    "a correction comes after the one before it and before the arrival,"
                    f" {flight / _DAY:g} days after the injection"
                )
                context.fault(read.place, read.text, why, "Write rising times: [1 day, 3 days].")
            before = read.value
        orbit = self.orbit
        told = orbit is not None and (orbit.altitude or orbit.apolune)
        _, high = orbit.heights() if orbit is not None and told else (None, None)
        below = 0.0
        for loop in self.loops or ():
            if not below < loop.apogee.value:
                why = "loops are raised: each apogee above the one before"
                example = "[{apogee: 41762 km, revolutions: 3}, {apogee: 71351 km}]"
                context.fault(
                    loop.apogee.place, loop.apogee.text, why, f"Write rising apogees: {example}."
                )
            below = loop.apogee.value
        above = math.inf
        for read in self.capture or ():
            if not above > read.value or (high is not None and read.value <= high.value):
                context.fault(
                    read.place,
                    read.text,
                    "capture lists the apolunes on the way down, each below the one before and all"
                    " above the last orbit's",
                    "Write falling heights: [5000 km, 1000 km].",
                )
            above = read.value
        low, top = self.beta_from, self.beta_to
        if low is not None and top is not None and top.value < low.value:
            why = f"beta_to lies below beta_from of {low.text}"
            context.fault(top.place, top.text, why, "Exchange the two.")

    def low_energy(self) -> tuple[Read, Read]:
        """Shortest and longest flight by the Sun's pull."""
        if self.flights is None:
            return Read(*_SHORTEST), Read(*_LONGEST)
        return self.flights.from_, self.flights.to

    def _flight(self) -> tuple[float, str]:
        """The time of flight that is tried first, s, and as text."""
        if self.flight is not None:
            return self.flight.value, self.flight.text
        if self.flights is None or self.way == "low-energy":
            return _FLIGHT
        low, high = self.flights.pair()
        middle = 0.5 * (low + high)
        return middle, f"{middle / _DAY:g} days"

    def to_step(self, number: int) -> ToMoon:
        if self.around is not None:
            return self._past(self.around, number)
        assert self.orbit is not None
        low, high = self.orbit.heights()
        i = self.orbit.inclination
        home = self.free_return
        beta = None
        if self.beta_from is not None or self.beta_to is not None:
            beta = (
                0.0 if self.beta_from is None else self.beta_from.value,
                0.5 * math.pi if self.beta_to is None else self.beta_to.value,
            )
        spans = None if self.flights is None else self.flights.pair()
        slow = self.way == "low-energy"
        shortest, longest = self.low_energy()
        return ToMoon(
            low.value,
            high.value,
            _WIDTH[0] if low.tolerance is None else low.tolerance,
            None if i is None else i.value,
            self.orbit.sense == "retrograde",
            self._flight()[0],
            _WITHIN[0] if self.within is None else self.within.value,
            self.passing,  # type: ignore[arg-type]
            self._corrected(),
            tuple(r.value for r in self.capture or ()),
            beta,
            self.impulsive,
            self.name or f"to the Moon {number}",
            tuple(loop.told() for loop in self.loops or ()),
            None if self.orbit.planes is None else self.orbit.planes.pair(),
            None if slow else spans,
            0.0 if self.turn is None else self.turn.value,
            None if home is None else _wide(home.perigee, _HOME[0]),
            None if home is None or home.perilune is None else home.perilune.value,
            low_energy_s=(shortest.value, longest.value) if slow else None,
        )

    def _corrected(self) -> tuple[float, ...]:
        if self.corrections is None:
            if self.way == "low-energy":
                return (_SOON[0], _SHARE * self.low_energy()[0].value)
            return (_CORRECTIONS[0],)
        return tuple(r.value for r in self.corrections)

    def _past(self, way: AroundFile, number: int) -> ToMoon:
        passed, wide = _wide(way.perilune, _PASS[0])
        return ToMoon(
            passed,
            passed,
            wide,
            retrograde=True,
            within_s=_WITHIN[0] if self.within is None else self.within.value,
            passing=self.passing,  # type: ignore[arg-type]
            corrections_s=self._corrected(),
            name=self.name or f"to the Moon {number}",
            perigee_m=_wide(way.perigee, _HOME[0]),
            around=True,
        )

    def _flight_tree(self) -> dict[str, Any]:
        if self.way != "low-energy":
            return {"flight": self._flight()[1]}
        low, high = self.low_energy()
        return {"way": self.way, "flights": {"from": low.text, "to": high.text}}

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name or f"to the Moon {number}"}
        for key in ("orbit", "around", "free_return"):
            if getattr(self, key) is not None:
                out[key] = getattr(self, key).tree()
        if self.around is None and self.free_return is None:
            out |= self._flight_tree()
        out["within"] = _WITHIN[1] if self.within is None else self.within.text
        if self.flights is not None:
            out["flights"] = self.flights.tree()
        if self.turn is not None:
            out["turn"] = self.turn.text
        if self.passing is not None:
            out["passing"] = self.passing
        given = self.corrections
        assumed = [_CORRECTIONS[1]]
        if self.way == "low-energy":
            assumed = [_SOON[1], f"{_SHARE * self.low_energy()[0].value / _DAY:g} days"]
        out["corrections"] = assumed if given is None else [r.text for r in given]
        if self.loops:
            out["loops"] = [loop.tree() for loop in self.loops]
        if self.around is not None:
            return out
        out["capture"] = [r.text for r in self.capture or ()]
        for key in ("beta_from", "beta_to"):
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text
        if self.free_return is None:
            out["impulsive"] = "true" if self.impulsive else "false"
        return out


def _wide(read: Read, half: float) -> tuple[float, float]:
    """A value and its half-width."""
    return read.value, half if read.tolerance is None else read.tolerance
