"""Targets as files describe them: one model for each kind of orbit, with its defaults.

Defaults are printed in the resolved mission. Altitudes are above 6,378.137 km; angles refer to
the true equator and equinox of date at insertion.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Choice
from cosmodrome.formats.typed import Model, build, shown
from cosmodrome.formats.yaml_text import Mapping
from cosmodrome.mission.high_target_file import (
    DepartureFile,
    GeostationaryFile,
    MolniyaFile,
    TransferFile,
)
from cosmodrome.mission.nouns import Quantity, Target
from cosmodrome.mission.target_leaves import (
    GIVEN,
    RADIUS,
    Altitude,
    Clock,
    Eccentricity,
    Height,
    Inclination,
    Turn,
    Width,
    angles,
    default,
    ellipse,
    not_too_low,
    perigee_first,
    quantity,
    width,
)
from cosmodrome.world.bodies import EARTH

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = [
    "KINDS",
    "LATER_KINDS",
    "CircularFile",
    "EllipticFile",
    "SunSynchronousFile",
    "read_target",
]

#: -sqrt(5) C20 of EGM2008 (Pavlis et al. 2012), tide-free: only for the reach of Sun-synchronism
_J2 = 1.0826262e-3
_TROPICAL_YEAR = 365.242189 * 86_400.0
_LATER = "not flown by this version yet"


def highest_sun_synchronous_m() -> float:
    """Highest mean altitude with a circular Sun-synchronous orbit (i = 180 deg), m.

    J2 secular node rate, -1.5 n J2 (R/a)^2 cos i = 2 pi / tropical year (Kaula 1966, eq. 3.74).
    """
    rate = 2.0 * math.pi / _TROPICAL_YEAR
    a: float = (1.5 * math.sqrt(EARTH.mu_m3_s2) * _J2 * RADIUS**2 / rate) ** (2.0 / 7.0)
    return a - RADIUS


class SunSynchronousFile(Model):
    """Near-circular, the node turning with the mean Sun; the inclination follows."""

    kind: Annotated[str, Choice(("sun-synchronous",), what="kind of target")]
    altitude: Altitude
    ltan: Clock | None = None
    eccentricity: Eccentricity = default("0 +- 0.001")
    inclination_tolerance: Width = default("0.05 deg")

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "raan": "ltan: the local time turns with the node",
        "inclination": (
            "nothing: the inclination of a Sun-synchronous orbit follows from its altitude"
            " (kind: circular takes one)"
        ),
        "ltdn": "ltan, twelve hours from the descending node's",
        "perigee": "altitude (kind: elliptic takes perigee and apogee)",
        "apogee": "altitude (kind: elliptic takes perigee and apogee)",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "altitude": "5 km",
        "ltan": "2 min",
        "eccentricity": "0.001",
    }

    def judge(self, context: Reading) -> None:
        not_too_low(context, self.altitude, "altitude")
        top = highest_sun_synchronous_m()
        if self.altitude.value > top:
            context.fault(
                self.altitude.place,
                self.altitude.text,
                "no orbit this high is Sun-synchronous: at any inclination its node turns too"
                f" slowly above {top / 1e3:.0f} km",
                "Write a lower altitude, or kind: circular with an inclination.",
            )

    def to_target(self) -> Target:
        altitude = self.altitude
        return Target(
            kind="sun-synchronous",
            semi_major_axis_m=Quantity(RADIUS + altitude.value, width(altitude, 5e3)),
            eccentricity=Quantity(self.eccentricity.value, width(self.eccentricity, 1e-3)),
            ltan_s=quantity(self.ltan, 120.0),
            inclination_tolerance_rad=self.inclination_tolerance.value,
        )


class CircularFile(Model):
    """Near-circular at an inclination; the node free, or given by raan or ltan."""

    kind: Annotated[str, Choice(("circular",), what="kind of target")]
    altitude: Altitude
    inclination: Inclination
    raan: Turn | None = None
    ltan: Clock | None = None
    eccentricity: Eccentricity = default("0 +- 0.001")

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "perigee": "altitude (kind: elliptic takes perigee and apogee)",
        "apogee": "altitude (kind: elliptic takes perigee and apogee)",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "altitude": "5 km",
        "inclination": "0.05 deg",
        "raan": "0.5 deg",
        "ltan": "2 min",
        "eccentricity": "0.001",
    }

    def judge(self, context: Reading) -> None:
        not_too_low(context, self.altitude, "altitude")
        if self.raan is not None and self.ltan is not None:
            context.fault(
                self.raan.place,
                self.raan.text,
                "raan and ltan both fix the node",
                "Keep one of the two.",
            )

    def to_target(self) -> Target:
        return Target(
            kind="circular",
            semi_major_axis_m=Quantity(RADIUS + self.altitude.value, width(self.altitude, 5e3)),
            eccentricity=Quantity(self.eccentricity.value, width(self.eccentricity, 1e-3)),
            **angles(self),
        )


class EllipticFile(Model):
    """Between a perigee and an apogee, at an inclination; the rest free or given."""

    kind: Annotated[str, Choice(("elliptic",), what="kind of target")]
    perigee: Height
    apogee: Height
    inclination: Inclination
    argument_of_perigee: Turn | None = None
    raan: Turn | None = None
    ltan: Clock | None = None

    meant: ClassVar[dict[str, str]] = {
        **GIVEN,
        "altitude": "perigee and apogee (kind: circular takes an altitude)",
        "eccentricity": "perigee and apogee: they give the eccentricity",
    }
    tolerances: ClassVar[dict[str, str]] = {
        "perigee": "5 km",
        "apogee": "50 km",
        "inclination": "0.05 deg",
        "argument_of_perigee": "1 deg",
        "raan": "0.5 deg",
        "ltan": "2 min",
    }

    def judge(self, context: Reading) -> None:
        perigee_first(context, self.perigee, self.apogee)
        if self.raan is not None and self.ltan is not None:
            context.fault(
                self.raan.place,
                self.raan.text,
                "raan and ltan both fix the node",
                "Keep one of the two.",
            )

    def to_target(self) -> Target:
        a, e = ellipse(self.perigee, self.apogee)
        return Target(
            kind="elliptic",
            semi_major_axis_m=a,
            eccentricity=e,
            **angles(self),
        )


TargetFile = (
    SunSynchronousFile
    | CircularFile
    | EllipticFile
    | TransferFile
    | GeostationaryFile
    | MolniyaFile
    | DepartureFile
)
KINDS: dict[str, type[TargetFile]] = {
    "sun-synchronous": SunSynchronousFile,
    "circular": CircularFile,
    "elliptic": EllipticFile,
    "gto": TransferFile,
    "geostationary": GeostationaryFile,
    "molniya": MolniyaFile,
    "c3": DepartureFile,
}

#: known kinds that this version does not fly, and what to write meanwhile
LATER_KINDS: dict[str, str] = {
    "frozen": "Write kind: circular, or kind: sun-synchronous, at the same altitude.",
    "lunar-orbit": "Write kind: c3 with c3: -2 km^2/s^2, about what leads to the Moon.",
    "lunar-landing": "Write kind: c3 with c3: -2 km^2/s^2, about what leads to the Moon.",
    "state": "Write kind: circular or kind: elliptic with the same elements.",
}


def read_target(node: object, context: Reading, later: bool = False) -> TargetFile | None:
    """The target of a mapping, by its kind; None with the faults recorded.

    later  is it the orbit of a spacecraft that is released after another?
    """
    if not isinstance(node, Mapping):
        context.fault(
            getattr(node, "place", None),
            shown(node),
            "a target is a mapping",
            "Write {kind: sun-synchronous, altitude: 820 km, ltan: 15:00}.",
        )
        return None
    kind = node.get("kind")
    if kind is None:
        context.fault(
            node.place,
            "",
            "the target has no kind",
            f"Write kind: {', '.join(KINDS)}.",
        )
        return None
    name = str(kind)
    if name in KINDS:
        file = build(KINDS[name], node, context)
        plane = getattr(file, "inclination", None)
        if not later and plane is not None and plane.text == "same":
            context.fault(
                plane.place,
                plane.text,
                "there is no orbit before this one whose inclination it could take",
                "Write an inclination like 51.6 deg.",
            )
            return None
        return file
    where = getattr(kind, "place", node.place)
    if name in LATER_KINDS:
        context.fault(where, name, _LATER, LATER_KINDS[name])
    else:
        hint = did_you_mean(name, {*KINDS, *LATER_KINDS})
        context.fault(where, shown(kind), "there is no such kind of target", hint)
    return None


def written(file: TargetFile) -> dict[str, str]:
    """The target with every default and tolerance written out."""
    out: dict[str, str] = {"kind": file.kind}
    for name in type(file).model_fields:
        value = getattr(file, name)
        if name == "kind" or value is None:
            continue
        text = value.text
        judged = value.value is not None and name in type(file).tolerances
        if judged and value.tolerance is None:
            text = f"{text} +- {type(file).tolerances[name]}"
        out[name] = text
    return out
