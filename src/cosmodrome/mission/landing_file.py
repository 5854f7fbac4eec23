"""The step to the ground of the Moon, as mission files write it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Choice, Flag, Instant, Leaf, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.conditions_file import RangeFile  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.steps import Land
from cosmodrome.world.daylight import Light

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.nouns import Spacecraft

__all__ = [
    "TERRAIN",
    "EngineRangeFile",
    "LandingFile",
    "LandingSiteFile",
    "Length",
    "Reserve",
    "Wait",
]

#: a height that the map of the ground gives
TERRAIN = "terrain"
_DAY = 86_400.0
# what is taken where nothing is written, and as text
_DEFAULTS: dict[str, tuple[float, str]] = {
    "perilune": (18e3, "18 km"),
    "high_gate": (1500.0, "1500 m"),
    "low_gate": (30.0, "30 m"),
    "sink": (3.0, "3 m/s"),
    "glide_slope": (math.radians(20.0), "20 deg"),
    "turn_rate": (math.radians(5.0), "5 deg/s"),
    "touchdown": (1.0, "1 m/s"),
    "reserve": (0.0, "0 kg"),
    "within": (3.0 * _DAY, "3 days"),
    "cross_range": (20e3, "20 km"),
}


class LandingSiteFile(Model):
    """A place on the Moon: mean-Earth latitude and longitude, height above 1,737.4 km."""

    lat: Annotated[
        Read, Leaf("angle", low=-0.5 * math.pi, high=0.5 * math.pi, example="-69.545 deg")
    ]
    lon: Annotated[Read, Leaf("angle", low=-math.pi, high=2.0 * math.pi, example="43.544 deg")]
    frame: Annotated[str, Choice(("moon-me",), what="frame of a place on the Moon")] | None = None
    height: (
        Annotated[
            Read,
            Leaf("length", low=-9_120.0, high=10_800.0, words=(TERRAIN,), example="-200 m"),
        ]
        | None
    ) = None

    written: ClassVar[str] = "{lat: -69.545 deg, lon: 43.544 deg, height: terrain}"
    meant: ClassVar[dict[str, str]] = {
        "latitude": "lat",
        "longitude": "lon",
        "altitude": "height",
        "axes": "frame",
    }

    def tree(self) -> dict[str, str]:
        return {
            "lat": self.lat.text,
            "lon": self.lon.text,
            "frame": "moon-me",
            "height": TERRAIN if self.height is None else self.height.text,
        }


class EngineRangeFile(Model):
    """The engine's range, as parts of its full thrust."""

    least: Annotated[Read, Leaf("ratio", low=0.0, high=1.0, example="20 %")]
    most: Annotated[Read, Leaf("ratio", low=0.0, above=True, high=1.0, example="100 %")] | None = (
        None
    )

    braking: (
        Annotated[Read, Leaf("ratio", low=0.0, above=True, high=1.0, example="92.5 %")] | None
    ) = None

    written: ClassVar[str] = "{least: 20 %, most: 100 %}"
    meant: ClassVar[dict[str, str]] = {"min": "least", "max": "most", "fixed": "braking"}

    def judge(self, context: Reading) -> None:
        if self.most is not None and self.most.value < self.least.value:
            why = f"the most lies below the least of {self.least.text}"
            context.fault(self.most.place, self.most.text, why, "Exchange the two.")

    def pair(self) -> tuple[float, float]:
        return self.least.value, 1.0 if self.most is None else self.most.value

    def tree(self) -> dict[str, str]:
        most = "100 %" if self.most is None else self.most.text
        held = {} if self.braking is None else {"braking": self.braking.text}
        return {"least": self.least.text, "most": most} | held


Length = Annotated[Read, Leaf("length", low=0.0, above=True, high=200e3, example="18 km")]
Wait = Annotated[Read, Leaf("time", low=0.0, high=60.0 * _DAY, example="1 day")]
Reserve = Annotated[Read, Leaf("mass", low=0.0, example="20 kg")]
Speed = Annotated[Read, Leaf("speed", low=0.0, high=50.0, example="1 m/s")]


class LandingFile(Model):
    """From an orbit about the Moon to a site: descent orbit, braking, approach, vertical end."""

    site: LandingSiteFile = Field(examples=[LandingSiteFile.written])
    throttle: EngineRangeFile | None = None
    perilune: Length | None = None
    high_gate: Length | None = None
    low_gate: Length | None = None
    sink: Speed | None = None
    glide_slope: (
        Annotated[Read, Leaf("angle", low=0.0, high=math.radians(80.0), example="20 deg")] | None
    ) = None
    turn_rate: Annotated[Read, Leaf("angular rate", low=0.0, above=True, example="5 deg/s")] | (
        None
    ) = None
    touchdown: Speed | None = None
    reserve: Reserve | None = None
    within: Annotated[Read, Leaf("time", low=0.0, above=True, high=60.0 * _DAY)] | None = None
    cross_range: Length | None = None
    after: Wait | None = None
    window: Annotated[Read, Instant(pair=True)] | None = None
    sun: RangeFile | None = None
    half: Annotated[str, Choice(("morning", "evening"), what="half of the day")] | None = None
    horizon: Annotated[str, Choice(("level", "terrain"), what="horizon")] | None = None
    insertion: Annotated[bool, Flag()] = True
    name: Annotated[str, Words("a name", "landing")] | None = None

    written: ClassVar[str] = (
        "{site: {lat: -69.545 deg, lon: 43.544 deg}, throttle: {least: 20 %}, perilune: 18 km}"
    )
    meant: ClassVar[dict[str, str]] = {
        "target": "site",
        "engine": "throttle",
        "at_most": "within",
        "margin": "reserve",
        "cross": "cross_range",
        "sun_above": "sun: {from: 5 deg}",
        "sun_elevation": "sun",
        "lighting": "sun",
        "light": "sun",
        "day": "window",
        "loiter": "after and within",
    }

    def judge(self, context: Reading) -> None:
        if self.perilune is not None and not self.insertion:
            context.fault(
                self.perilune.place,
                self.perilune.text,
                "without a burn into a descent orbit the perilune is the orbit's own",
                "Remove perilune, or insertion: false.",
            )
        low, high = self._value("low_gate"), self._value("high_gate")
        for key, above, below in (
            ("low_gate", low, high), ("high_gate", high, self._value("perilune")),
        ):  # fmt: skip
            if not above < below:
                what = {"low_gate": "high gate", "high_gate": "perilune"}[key]
                read = getattr(self, key)
                context.fault(
                    self.stands if read is None else read.place,
                    "" if read is None else read.text,
                    f"the {key.replace('_', ' ')} at {above:g} m lies no lower than the {what} at"
                    f" {below:g} m",
                    "Write heights that fall: perilune: 18 km, high_gate: 1500 m, low_gate: 30 m.",
                )

        if self.horizon is not None and self.sun is None:
            context.fault(
                self.stands_key("horizon"),
                self.horizon,
                "a horizon is what elevations of the Sun are counted from, and none is asked",
                "Write sun: {from: 3 deg}, or remove horizon.",
            )
        after, within = self.after, self._value("within")
        if after is not None and not after.value < within:
            context.fault(
                after.place,
                after.text,
                f"the least wait is no shorter than the longest, within {within / _DAY:g} days",
                "Write a shorter after, or a longer within.",
            )

    def judge_tank(self, craft: Spacecraft, context: Reading) -> None:
        """Record a fault for a reserve that the tank does not hold."""
        if self.reserve is not None and self.reserve.value >= craft.propellant_kg > 0.0:
            context.fault(
                self.reserve.place,
                self.reserve.text,
                f"{craft.id} holds {craft.propellant_kg:g} kg of propellant in all",
                "Write a smaller reserve.",
            )

    def _value(self, key: str) -> float:
        read = getattr(self, key)
        return _DEFAULTS[key][0] if read is None else float(read.value)

    def _light(self) -> Light | None:
        if self.sun is None and self.half is None:
            return None
        sun = (-0.5 * math.pi, 0.5 * math.pi) if self.sun is None else self.sun.radians()
        return Light(sun, self.half, self.horizon == "terrain")  # type: ignore[arg-type]

    def to_step(self, number: int) -> Land:
        site = self.site
        return Land(
            site.lat.value,
            site.lon.value,
            None if site.height is None else site.height.value,
            (0.1, 1.0) if self.throttle is None else self.throttle.pair(),
            self._value("perilune"),
            self._value("high_gate"),
            self._value("low_gate"),
            self._value("sink"),
            self._value("glide_slope"),
            self._value("turn_rate"),
            self._value("touchdown"),
            self._value("reserve"),
            self._value("within"),
            self._value("cross_range"),
            self.name or f"landing {number}",
            self._light(),
            None if self.window is None else self.window.value,
            0.0 if self.after is None else self.after.value,
            None
            if self.throttle is None or self.throttle.braking is None
            else self.throttle.braking.value,
            self.insertion,
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {
            "name": self.name or f"landing {number}",
            "site": self.site.tree(),
            "throttle": {"least": "10 %", "most": "100 %"}
            if self.throttle is None
            else self.throttle.tree(),
        }
        for key, (_, text) in _DEFAULTS.items():
            if key == "perilune" and not self.insertion:
                continue
            read = getattr(self, key)
            out[key] = text if read is None else read.text
        for key in ("after", "window"):
            read = getattr(self, key)
            if read is not None:
                out[key] = read.text
        if self.sun is not None:
            out["sun"] = self.sun.tree()
            out["horizon"] = self.horizon or "level"
        if self.half is not None:
            out["half"] = self.half
        out["insertion"] = "true" if self.insertion else "false"
        return out
