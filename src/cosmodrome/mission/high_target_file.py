"""Targets that lead away from a low circle: transfer orbits, Molniya, the equator, departures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from cosmodrome.formats.leaves import Choice, Leaf
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.geostationary import GEOSTATIONARY_RADIUS_M, HALF_DAY_AXIS_M
from cosmodrome.mission.nouns import Quantity, Target
from cosmodrome.mission.target_leaves import (
    GIVEN,
    RADIUS,
    Clock,
    Eccentricity,
    Height,
    Inclination,
    Turn,
    Width,
    angles,
    default,
    ellipse,
    perigee_first,
    quantity,
    width,
)

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = [
    "DepartureFile",
    "GeostationaryFile",
    "LibrationTargetFile",
    "LunarFile",
    "MolniyaFile",
    "TransferFile",
]

_NODE_ANGLE = math.radians(5.0)
#: a circle at 120 km, the lowest orbit
_LOWEST_C3 = -61e6

EitherNode = Annotated[
    Read,
    Leaf(
        "angle",
        low=-math.pi,
        high=2.0 * math.pi,
        tolerance=True,
        words=("at a node",),
        example="178 deg +- 5 deg",
    ),
]
Declination = Annotated[
    Read,
    Leaf("angle", low=-0.5 * math.pi, high=0.5 * math.pi, tolerance=True, example="-10 deg"),
]


class TransferFile(Model):
    """Geostationary transfer: the perigee over the equator, at either node."""

    kind: Annotated[str, Choice(("gto",), what="kind of target")]
    perigee: Height = default("250 km")
    apogee: Height = default("35786 km")
    inclination: Inclination | None = None
    argument_of_perigee: EitherNode = default("at a node")
    raan: Turn | None = None

    meant: ClassVar[dict[str, str]] = {**GIVEN, "altitude": "perigee and apogee"}
    tolerances: ClassVar[dict[str, str]] = {
        "perigee": "5 km",
        "apogee": "50 km",
        "inclination": "0.05 deg",
        "argument_of_perigee": "5 deg",
        "raan": "0.5 deg",
    }

    def judge(self, context: Reading) -> None:
        perigee_first(context, self.perigee, self.apogee)

    def to_target(self) -> Target:
        argp = self.argument_of_perigee
        a, e = ellipse(self.perigee, self.apogee)
        return Target(
            kind="gto",
            semi_major_axis_m=a,
            eccentricity=e,
            inclination_rad=quantity(self.inclination, math.radians(0.05)),
            raan_rad=quantity(self.raan, math.radians(0.5)),
            argument_of_perigee_rad=Quantity(argp.value or 0.0, width(argp, _NODE_ANGLE)),
            perigee_at_either_node=argp.value is None,
        )


class GeostationaryFile(Model):
    """The circle in the equator's plane that turns with the Earth."""

    kind: Annotated[str, Choice(("geostationary",), what="kind of target")]
    longitude: Turn | None = None
    eccentricity: Eccentricity = default("0 +- 0.001")
    inclination_tolerance: Width = default("0.1 deg")

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "altitude": "nothing: the height of a geostationary orbit is 35,786 km",
        "inclination": "nothing: a geostationary orbit lies in the equator's plane",
        "slot": "longitude",
    }
    tolerances: ClassVar[dict[str, str]] = {"eccentricity": "0.001", "longitude": "0.1 deg"}

    def to_target(self) -> Target:
        return Target(
            kind="geostationary",
            semi_major_axis_m=Quantity(GEOSTATIONARY_RADIUS_M, 10e3),
            eccentricity=quantity(self.eccentricity, 1e-3),
            inclination_rad=Quantity(0.0, self.inclination_tolerance.value),
            longitude_rad=quantity(self.longitude, math.radians(0.1)),
        )


class MolniyaFile(Model):
    """Half a sidereal day, the apogee over the north, at the inclination that keeps it there."""

    kind: Annotated[str, Choice(("molniya",), what="kind of target")]
    perigee: Height = default("600 km")
    inclination: Inclination = default("63.43 deg")
    argument_of_perigee: Turn = default("270 deg")
    raan: Turn | None = None
    ltan: Clock | None = None

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "apogee": "perigee alone: the period of half a sidereal day gives the apogee",
        "altitude": "perigee: the period of half a sidereal day gives the apogee",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "perigee": "5 km",
        "inclination": "0.05 deg",
        "argument_of_perigee": "1 deg",
        "raan": "0.5 deg",
        "ltan": "2 min",
    }

    def judge(self, context: Reading) -> None:
        circle = Read(HALF_DAY_AXIS_M - RADIUS, "20,184 km, where the orbit is a circle")
        perigee_first(context, self.perigee, circle)

    def to_target(self) -> Target:
        apogee = Read(2.0 * (HALF_DAY_AXIS_M - RADIUS) - self.perigee.value, "")
        a, e = ellipse(self.perigee, apogee)
        return Target(
            kind="molniya",
            semi_major_axis_m=a,
            eccentricity=e,
            **angles(self),
        )


class DepartureFile(Model):
    """A departure of a given energy: C3 = v^2 - 2 mu / r. Below zero it is bound, and high."""

    kind: Annotated[str, Choice(("c3",), what="kind of target")]
    c3: Annotated[
        Read,
        Leaf(
            "specific energy",
            low=_LOWEST_C3,
            high=400e6,
            tolerance=True,
            example="10 km^2/s^2 +- 0.05 km^2/s^2",
        ),
    ]
    inclination: Inclination | None = None
    declination: Declination | None = None
    right_ascension: Turn | None = None

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "energy": "c3",
        "dla": "declination",
        "rla": "right_ascension",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "c3": "0.05 km^2/s^2",
        "inclination": "0.05 deg",
        "declination": "0.5 deg",
        "right_ascension": "0.5 deg",
    }

    def judge(self, context: Reading) -> None:
        i, declination = self.inclination, self.declination
        if i is None or i.value is None or declination is None:
            return
        reach = min(i.value, math.pi - i.value)
        if abs(declination.value) > reach:
            context.fault(
                declination.place,
                declination.text,
                f"no orbit of {i.text} inclination leaves so far from the equator: its asymptotes"
                f" reach {math.degrees(reach):g} deg",
                "Raise the inclination, or leave it out: it is free then.",
            )

    def to_target(self) -> Target:
        return Target(
            kind="c3",
            semi_major_axis_m=None,
            eccentricity=None,
            inclination_rad=quantity(self.inclination, math.radians(0.05)),
            c3_m2_s2=quantity(self.c3, 0.05e6),
            declination_rad=quantity(self.declination, math.radians(0.5)),
            right_ascension_rad=quantity(self.right_ascension, math.radians(0.5)),
        )


class LunarFile(Model):
    """The way to the Moon, for a plan that goes on with a to-moon step.

    Energy and direction follow from the day of launch and that step; until they do, C3 stands for
    them as about what leads there. With perigee and apogee it is the ellipse that the step's loops
    begin from, whose node follows.
    """

    kind: Annotated[str, Choice(("lunar-orbit",), what="kind of target")]
    transfer_inclination: Inclination | None = None
    perigee: Height | None = None
    apogee: Height | None = None

    written: ClassVar[str] = "{kind: lunar-orbit, transfer_inclination: 51.7 deg}"
    meant: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("altitude", "perilune", "apolune"),
            "nothing: the orbit about the Moon stands in the plan, - to-moon: {orbit: ...}",
        ),
        "inclination": "transfer_inclination (to the Earth's equator; that about the Moon stands in"
        " the plan)",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "transfer_inclination": "0.05 deg",
        "perigee": "5 km",
        "apogee": "50 km",
    }

    def judge(self, context: Reading) -> None:
        if self.perigee is not None and self.apogee is not None:
            perigee_first(context, self.perigee, self.apogee)
            return
        one = self.perigee or self.apogee
        if one is not None:
            context.fault(
                one.place,
                one.text,
                "perigee and apogee go together: the ellipse that loops begin from",
                "Write both, or none.",
            )

    def to_target(self) -> Target:
        if self.perigee is not None and self.apogee is not None:
            a, e = ellipse(self.perigee, self.apogee)
            i = quantity(self.transfer_inclination, math.radians(0.05))
            return Target("lunar-orbit", a, e, inclination_rad=i)
        return Target(
            kind="lunar-orbit",
            semi_major_axis_m=None,
            eccentricity=None,
            inclination_rad=quantity(self.transfer_inclination, math.radians(0.05)),
            c3_m2_s2=Quantity(-2e6, 0.5e6),
        )


class LibrationTargetFile(Model):
    """The way to a libration point of Sun and Earth, for a plan that goes on with to-libration.

    Energy and direction follow from the day of launch and that step; until they do, C3 stands for
    them as about what leads there.
    """

    kind: Annotated[str, Choice(("libration",), what="kind of target")]
    transfer_inclination: Inclination | None = None

    written: ClassVar[str] = "{kind: libration}"
    meant: ClassVar[dict[str, str]] = {
        "orbit": "nothing: the orbit stands in the plan, - to-libration: {orbit: ...}",
        "inclination": "transfer_inclination (to the Earth's equator)",
    }
    tolerances: ClassVar[dict[str, str]] = {"transfer_inclination": "0.05 deg"}

    def to_target(self) -> Target:
        return Target(
            kind="libration",
            semi_major_axis_m=None,
            eccentricity=None,
            inclination_rad=quantity(self.transfer_inclination, math.radians(0.05)),
            c3_m2_s2=Quantity(-0.65e6, 0.1e6),
        )
