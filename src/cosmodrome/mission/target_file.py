"""Targets as files describe them: one model for each kind of orbit, with its defaults.

Defaults are printed in the resolved mission. Altitudes are above 6,378.137 km; angles refer to
the true equator and equinox of date at insertion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from cosmodrome.errors import did_you_mean
from cosmodrome.formats.leaves import Choice
from cosmodrome.formats.typed import Model, build, shown
from cosmodrome.formats.yaml_text import Mapping
from cosmodrome.mission.high_target_file import (
    DepartureFile,
    GeostationaryFile,
    LibrationTargetFile,
    LunarFile,
    MolniyaFile,
    TransferFile,
)
from cosmodrome.mission.kept_target_file import (
    FrozenFile,
    GivenFile,
    MediumFile,
    RepeatFile,
    SunSynchronousFile,
    TundraFile,
    highest_sun_synchronous_m,
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
    angles,
    default,
    ellipse,
    not_too_low,
    perigee_first,
    width,
)

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = [
    "KINDS",
    "OF_A_MISSION",
    "CircularFile",
    "EllipticFile",
    "SunSynchronousFile",
    "highest_sun_synchronous_m",
    "read_target",
]


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
    | FrozenFile
    | RepeatFile
    | TransferFile
    | GeostationaryFile
    | MolniyaFile
    | TundraFile
    | MediumFile
    | DepartureFile
    | LibrationTargetFile
    | LunarFile
    | GivenFile
)
KINDS: dict[str, type[TargetFile]] = {
    "sun-synchronous": SunSynchronousFile,
    "circular": CircularFile,
    "elliptic": EllipticFile,
    "frozen": FrozenFile,
    "repeat": RepeatFile,
    "gto": TransferFile,
    "geostationary": GeostationaryFile,
    "molniya": MolniyaFile,
    "tundra": TundraFile,
    "medium": MediumFile,
    "c3": DepartureFile,
    "lunar-orbit": LunarFile,
    "libration": LibrationTargetFile,
    "state": GivenFile,
}

#: of a whole mission only: read before its other targets are (`landing_target_file`)
OF_A_MISSION: dict[str, str] = {
    "lunar-landing": "Write it as the target of a mission, or an orbit here.",
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
            f"Write kind: {', '.join((*KINDS, *OF_A_MISSION))}.",
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
    if name in OF_A_MISSION:
        context.fault(where, name, "a place to land is no orbit", OF_A_MISSION[name])
    else:
        hint = did_you_mean(name, {*KINDS, *OF_A_MISSION})
        context.fault(where, shown(kind), "there is no such kind of target", hint)
    return None


def written(file: TargetFile) -> dict[str, str]:
    """The target with every default and tolerance written out."""
    out: dict[str, str] = {"kind": file.kind}
    for name in type(file).model_fields:
        value = getattr(file, name)
        if name == "kind" or value is None:
            continue
        if isinstance(value, str):
            out[name] = value
            continue
        text = value.text
        judged = value.value is not None and name in type(file).tolerances
        if judged and value.tolerance is None:
            text = f"{text} +- {type(file).tolerances[name]}"
        out[name] = text
    return out
