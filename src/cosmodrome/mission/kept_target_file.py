"""Targets that keep something: the Sun's pace, their perigee, their ground track, their longitude.

What follows from the promise (semi-major axis, inclination, e vector) is solved for with the mean
theory of `physics.mean_orbits` when the file is read.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from cosmodrome.errors import InfeasibleError
from cosmodrome.formats.leaves import Choice, Leaf
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.geostationary import GEOSTATIONARY_RADIUS_M
from cosmodrome.mission.nouns import Quantity, Target
from cosmodrome.mission.target_leaves import (
    GIVEN,
    RADIUS,
    Altitude,
    Clock,
    Cycle,
    Eccentricity,
    Inclination,
    Length,
    Turn,
    Width,
    default,
    not_too_low,
    one_node,
    one_of,
    quantity,
    width,
)
from cosmodrome.physics.mean_orbits import (
    frozen_eccentricity,
    repeat_axis,
    sun_synchronous_inclination,
    sun_synchronous_repeat,
)
from cosmodrome.world import gravity

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.formats.typed import Reading

__all__ = [
    "MEDIUM",
    "FrozenFile",
    "MediumFile",
    "RepeatFile",
    "GivenFile",
    "SunSynchronousFile",
    "TundraFile",
]

_NORTH = 0.5 * math.pi
_INCLINATION = math.radians(0.05)

Plane = Annotated[
    Read,
    Leaf(
        "angle",
        low=0.0,
        high=math.pi,
        tolerance=True,
        words=("sun-synchronous",),
        example="98.2 deg +- 0.05 deg",
    ),
]


def solved(context: Reading, at: Read, solve: Callable[[], object]) -> bool:
    """Does the orbit exist? A fault at `at` with the physics of it where it does not."""
    try:
        solve()
    except InfeasibleError as error:
        why, _, write = str(error).rpartition("; ")
        write = write[:1].upper() + write[1:] + "."
        context.fault(at.place, at.text, why, write)
        return False
    return True


def highest_sun_synchronous_m() -> float:
    """Highest mean altitude with a circular Sun-synchronous orbit (i = 180 deg), m.

    J2 secular node rate, -1.5 n J2 (R/a)^2 cos i = 2 pi / tropical year (Kaula 1966, eq. 3.74).
    """
    field = gravity.earth()
    rate = 2.0 * math.pi / (365.242189 * 86_400.0)
    by_j2 = 1.5 * math.sqrt(field.mu_m3_s2) * field.zonal_j(2) * field.radius_m**2 / rate
    a: float = by_j2 ** (2.0 / 7.0)
    return a - RADIUS


def _judge_sun_height(context: Reading, altitude: Read) -> None:
    top = highest_sun_synchronous_m()
    if altitude.value > top:
        context.fault(
            altitude.place,
            altitude.text,
            "no orbit this high is Sun-synchronous: at any inclination its node turns too"
            f" slowly above {top / 1e3:.0f} km",
            "Write a lower altitude, or kind: circular with an inclination.",
        )


def _ltan(ltan: Read | None, ltdn: Read | None) -> Quantity | None:
    """The local time of the ascending node; the descending one's is twelve hours from it."""
    if ltdn is None:
        return quantity(ltan, 120.0)
    return Quantity((ltdn.value + 43_200.0) % 86_400.0, width(ltdn, 120.0))


class SunSynchronousFile(Model):
    """Near-circular, the node turning with the mean Sun; the inclination follows."""

    kind: Annotated[str, Choice(("sun-synchronous",), what="kind of target")]
    altitude: Altitude | None = None
    repeat: Cycle | None = None
    ltan: Clock | None = None
    ltdn: Clock | None = None
    eccentricity: Eccentricity = default("0 +- 0.001")
    inclination_tolerance: Width = default("0.05 deg")

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "raan": "ltan: the local time turns with the node",
        "inclination": (
            "nothing: the inclination of a Sun-synchronous orbit follows from its altitude"
            " (kind: circular takes one)"
        ),
        "perigee": "altitude (kind: elliptic takes perigee and apogee)",
        "apogee": "altitude (kind: elliptic takes perigee and apogee)",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "altitude": "5 km",
        "ltan": "2 min",
        "ltdn": "2 min",
        "eccentricity": "0.001",
    }

    def judge(self, context: Reading) -> None:
        one_node(context, None, self.ltan, self.ltdn)
        if not one_of(
            context, self, {"altitude": self.altitude, "repeat": self.repeat}, "its size"
        ):
            return
        if self.altitude is not None:
            not_too_low(context, self.altitude, "altitude")
            _judge_sun_height(context, self.altitude)
        elif self.repeat is not None:
            cycle = self.repeat
            solved(context, cycle, lambda: self._axis(cycle))

    @staticmethod
    def _axis(cycle: Read) -> float:
        revolutions, days = cycle.value
        return sun_synchronous_repeat(revolutions, days, gravity.earth())[0]

    def to_target(self) -> Target:
        if self.altitude is not None:
            a = Quantity(RADIUS + self.altitude.value, width(self.altitude, 5e3))
        else:
            assert self.repeat is not None
            a = Quantity(self._axis(self.repeat), 5e3)
        return Target(
            kind="sun-synchronous",
            semi_major_axis_m=a,
            eccentricity=Quantity(self.eccentricity.value, width(self.eccentricity, 1e-3)),
            ltan_s=_ltan(self.ltan, self.ltdn),
            inclination_tolerance_rad=self.inclination_tolerance.value,
            repeat=None if self.repeat is None else self.repeat.value,
            sun_synchronous=True,
        )


class _KeptPlane(Model):
    """What frozen and repeating orbits share: size by altitude or by repeat, plane, node."""

    repeat: Cycle | None = None
    inclination: Plane
    raan: Turn | None = None
    ltan: Clock | None = None
    ltdn: Clock | None = None

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "perigee": "altitude: the e vector follows",
        "apogee": "altitude: the e vector follows",
        "argument_of_perigee": "nothing: the perigee rests where the zonal harmonics let it",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "altitude": "5 km",
        "inclination": "0.05 deg",
        "raan": "0.5 deg",
        "ltan": "2 min",
        "ltdn": "2 min",
    }

    def _solve(self, frozen: bool) -> tuple[float, float, float]:
        """Mean a, ey and i."""
        field = gravity.earth()
        altitude: Read | None = getattr(self, "altitude", None)
        if altitude is None:
            assert self.repeat is not None
            revolutions, days = self.repeat.value
            if self.inclination.value is None:
                return sun_synchronous_repeat(revolutions, days, field, frozen=frozen)
            i = self.inclination.value
            a, ey = repeat_axis(revolutions, days, i, field), 0.0
            for _ in range(4 if frozen else 0):
                ey = frozen_eccentricity(a, i, field)
                perigee = math.copysign(_NORTH, ey)
                a = repeat_axis(revolutions, days, i, field, abs(ey), perigee)
            return a, ey, i
        a, ey = RADIUS + altitude.value, 0.0
        i = self.inclination.value
        for _ in range(6):
            if self.inclination.value is None:
                i = sun_synchronous_inclination(a, abs(ey), field, math.copysign(_NORTH, ey))
            before, ey = ey, frozen_eccentricity(a, i, field)
            if abs(ey - before) < 1e-9:
                break
        return a, ey, i

    def _plane(self, i: float) -> Quantity | None:
        return (
            None
            if self.inclination.value is None
            else Quantity(i, width(self.inclination, _INCLINATION))
        )

    def _judge(self, context: Reading, sizes: dict[str, Read | None], frozen: bool) -> None:
        one_node(context, self.raan, self.ltan, self.ltdn)
        if not one_of(context, self, sizes, "its size"):
            return
        altitude = sizes.get("altitude")
        if altitude is not None:
            not_too_low(context, altitude, "altitude")
            if self.inclination.value is None:
                _judge_sun_height(context, altitude)
        if not context.faults:
            at = self.inclination if altitude is not None else self.repeat
            assert at is not None
            solved(context, at, lambda: self._solve(frozen))


class FrozenFile(_KeptPlane):
    """Near-circular, the mean e vector resting where odd and even zonal harmonics balance."""

    kind: Annotated[str, Choice(("frozen",), what="kind of target")]
    altitude: Altitude | None = None
    eccentricity_tolerance: Eccentricity = default("0.0003")

    def judge(self, context: Reading) -> None:
        self._judge(context, {"altitude": self.altitude, "repeat": self.repeat}, True)

    def to_target(self) -> Target:
        a, ey, i = self._solve(True)
        wide = self.eccentricity_tolerance.value
        return Target(
            kind="frozen",
            semi_major_axis_m=Quantity(
                a, 5e3 if self.altitude is None else width(self.altitude, 5e3)
            ),
            eccentricity=Quantity(abs(ey), wide),
            inclination_rad=self._plane(i),
            # as far round as that half-width of the e vector reaches
            argument_of_perigee_rad=Quantity(
                math.copysign(_NORTH, ey) % (2.0 * math.pi),
                math.asin(min(1.0, wide / abs(ey))) if wide < abs(ey) else math.pi,
            ),
            raan_rad=quantity(self.raan, math.radians(0.5)),
            ltan_s=_ltan(self.ltan, self.ltdn),
            inclination_tolerance_rad=_INCLINATION if self.inclination.value is None else None,
            repeat=None if self.repeat is None else self.repeat.value,
            sun_synchronous=self.inclination.value is None,
        )


class RepeatFile(_KeptPlane):
    """Near-circular, the ground track closing after whole revolutions in whole days."""

    kind: Annotated[str, Choice(("repeat",), what="kind of target")]
    repeat: Cycle
    eccentricity: Eccentricity = default("0 +- 0.001")

    meant: ClassVar[dict[str, str]] = {
        **_KeptPlane.meant,
        "altitude": "repeat alone: it gives the altitude (kind: circular takes one)",
    }
    tolerances: ClassVar[dict[str, str]] = {**_KeptPlane.tolerances, "eccentricity": "0.001"}

    def judge(self, context: Reading) -> None:
        self._judge(context, {"repeat": self.repeat}, False)

    def to_target(self) -> Target:
        a, _, i = self._solve(False)
        return Target(
            kind="repeat",
            semi_major_axis_m=Quantity(a, 5e3),
            eccentricity=Quantity(self.eccentricity.value, width(self.eccentricity, 1e-3)),
            inclination_rad=self._plane(i),
            raan_rad=quantity(self.raan, math.radians(0.5)),
            ltan_s=_ltan(self.ltan, self.ltdn),
            inclination_tolerance_rad=_INCLINATION if self.inclination.value is None else None,
            repeat=self.repeat.value,
            sun_synchronous=self.inclination.value is None,
        )


class TundraFile(Model):
    """A sidereal day, inclined and eccentric: the apogee stands over one meridian in the north."""

    kind: Annotated[str, Choice(("tundra",), what="kind of target")]
    eccentricity: Eccentricity = default("0.2684")
    inclination: Inclination = default("63.43 deg")
    argument_of_perigee: Turn = default("270 deg")
    longitude: Turn | None = None
    raan: Turn | None = None
    ltan: Clock | None = None

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "perigee": "eccentricity: the period of a sidereal day gives the rest",
        "apogee": "eccentricity: the period of a sidereal day gives the rest",
        "altitude": "nothing: the period of a sidereal day gives it",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "eccentricity": "0.002",
        "inclination": "0.05 deg",
        "argument_of_perigee": "1 deg",
        "longitude": "1 deg",
        "raan": "0.5 deg",
        "ltan": "2 min",
    }

    def judge(self, context: Reading) -> None:
        one_node(context, self.raan, self.ltan, None)
        low = GEOSTATIONARY_RADIUS_M * (1.0 - self.eccentricity.value) - RADIUS
        if low < 120e3:
            context.fault(
                self.eccentricity.place,
                self.eccentricity.text,
                f"with the period of a sidereal day its perigee lies at {low / 1e3:.0f} km",
                "Write an eccentricity below 0.84.",
            )

    def to_target(self) -> Target:
        return Target(
            kind="tundra",
            semi_major_axis_m=Quantity(GEOSTATIONARY_RADIUS_M, 50e3),
            eccentricity=quantity(self.eccentricity, 0.002),
            inclination_rad=quantity(self.inclination, _INCLINATION),
            argument_of_perigee_rad=quantity(self.argument_of_perigee, math.radians(1.0)),
            raan_rad=quantity(self.raan, math.radians(0.5)),
            ltan_s=quantity(self.ltan, 120.0),
            longitude_rad=quantity(self.longitude, math.radians(1.0)),
        )


#: system -> (semi-major axis m, inclination deg, revolutions, days); what of it was looked up, and
#: where, stands in docs/families.md
MEDIUM: dict[str, tuple[float, float, int, int]] = {
    "gps": (26_559_710.0, 55.0, 2, 1),
    "glonass": (25_508_000.0, 64.8, 17, 8),
    "galileo": (29_599_801.0, 56.0, 17, 10),
    "beidou": (27_906_100.0, 55.0, 13, 7),
}


class MediumFile(Model):
    """The circular orbits of the navigation systems, by their names."""

    kind: Annotated[str, Choice(("medium",), what="kind of target")]
    system: Annotated[str, Choice(tuple(MEDIUM), what="navigation system")]
    raan: Turn | None = None
    ltan: Clock | None = None
    eccentricity: Eccentricity = default("0 +- 0.002")
    altitude_tolerance: Length = default("20 km")
    inclination_tolerance: Width = default("0.1 deg")

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "altitude": "system alone: it gives the altitude (kind: circular takes one)",
        "inclination": "system alone: it gives the inclination (kind: circular takes one)",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "raan": "0.5 deg",
        "ltan": "2 min",
        "eccentricity": "0.002",
    }

    def judge(self, context: Reading) -> None:
        one_node(context, self.raan, self.ltan, None)

    def to_target(self) -> Target:
        a, i, revolutions, days = MEDIUM[self.system]
        return Target(
            kind="medium",
            semi_major_axis_m=Quantity(a, self.altitude_tolerance.value),
            eccentricity=quantity(self.eccentricity, 0.002),
            inclination_rad=Quantity(math.radians(i), self.inclination_tolerance.value),
            raan_rad=quantity(self.raan, math.radians(0.5)),
            ltan_s=quantity(self.ltan, 120.0),
            repeat=(revolutions, days),
        )


class GivenFile(Model):
    """Given mean Kepler elements, true equator and equinox of date."""

    kind: Annotated[str, Choice(("state",), what="kind of target")]
    semi_major_axis: Length
    eccentricity: Eccentricity
    inclination: Inclination
    argument_of_perigee: Turn | None = None
    raan: Turn | None = None

    meant: ClassVar[dict[str, str]] = {
        **{k: v for k, v in GIVEN.items() if k not in ("semi_major_axis", "height")},
        "altitude": "semi_major_axis (kind: circular takes an altitude)",
        "perigee": "semi_major_axis and eccentricity (kind: elliptic takes perigee and apogee)",
        "apogee": "semi_major_axis and eccentricity (kind: elliptic takes perigee and apogee)",
        "true_anomaly": "nothing: an ascent chooses where on its orbit it releases",
        "position": "the elements that belong to it",
        "velocity": "the elements that belong to it",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "semi_major_axis": "5 km",
        "eccentricity": "0.001",
        "inclination": "0.05 deg",
        "argument_of_perigee": "1 deg",
        "raan": "0.5 deg",
    }

    def judge(self, context: Reading) -> None:
        low = self.semi_major_axis.value * (1.0 - self.eccentricity.value) - RADIUS
        if low < 120e3:
            context.fault(
                self.semi_major_axis.place,
                self.semi_major_axis.text,
                f"with e = {self.eccentricity.text} its perigee lies at {low / 1e3:.0f} km, and no"
                " orbit lasts below 120 km",
                "Write a larger semi-major axis or a smaller eccentricity.",
            )

    def to_target(self) -> Target:
        return Target(
            kind="state",
            semi_major_axis_m=quantity(self.semi_major_axis, 5e3),
            eccentricity=quantity(self.eccentricity, 1e-3),
            inclination_rad=quantity(self.inclination, _INCLINATION),
            argument_of_perigee_rad=quantity(self.argument_of_perigee, math.radians(1.0)),
            raan_rad=quantity(self.raan, math.radians(0.5)),
        )
