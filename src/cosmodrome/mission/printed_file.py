"""A start as mission reports print it: place over the turning body, height, speed, angles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from cosmodrome.formats.leaves import Choice, Instant, Leaf
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.starts import Start, StartPrinted

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["PrintedFile", "printed_written"]

_QUARTER = 0.5 * math.pi

Upright = Annotated[Read, Leaf("angle", low=-_QUARTER, high=_QUARTER, example="-0.5 deg")]
Round = Annotated[Read, Leaf("angle", low=-2.0 * math.pi, high=2.0 * math.pi, example="173.6 deg")]


class PrintedFile(Model):
    """Latitude, longitude, height; inertial speed, its angle above the horizontal, its heading."""

    epoch: Annotated[Read, Instant()]
    body: Annotated[str, Choice(("earth", "moon"), what="body")]
    latitude: Upright
    longitude: Round
    altitude: Annotated[Read, Leaf("length", low=-1e6, high=1.5e9, example="114 km")]
    speed: Annotated[Read, Leaf("speed", low=0.0, above=True, example="1.66 km/s")]
    flight_path_angle: Upright
    heading: Round
    radius: Annotated[Read, Leaf("length", low=1e6, high=1e7, example="1738.09 km")] | None = None
    north: Annotated[str, Choice(("axis", "gcrf"), what="north")] = "axis"
    mass: Annotated[Read, Leaf("mass", low=0.0, above=True, example="2900 kg")] | None = None

    meant: ClassVar[dict[str, str]] = {
        "time": "epoch",
        "lat": "latitude",
        "lon": "longitude",
        "height": "altitude",
        "velocity": "speed",
        "fpa": "flight_path_angle",
        "azimuth": "heading",
        "frame": "body and north",
    }
    written: ClassVar[str] = (
        "{epoch: 1969-07-19T17:21:50Z, body: moon, latitude: 1.6 deg, longitude: -169.4 deg,"
        " altitude: 160.4 km, radius: 1738.09 km, speed: 2.51 km/s, flight_path_angle: -9.99 deg,"
        " heading: -62.8 deg}"
    )

    def judge(self, context: Reading) -> None:
        if abs(abs(self.latitude.value) - _QUARTER) < 1e-9:
            context.fault(
                self.latitude.place,
                self.latitude.text,
                "over a pole there is no heading",
                "Write a state: place and velocity.",
            )
        if abs(abs(self.flight_path_angle.value) - _QUARTER) < 1e-9:
            context.fault(
                self.flight_path_angle.place,
                self.flight_path_angle.text,
                "straight up or down is a fall, not an orbit",
                "Write the angle above the horizontal.",
            )

    def to_start(self) -> Start:
        printed = StartPrinted(
            body=self.body,  # type: ignore[arg-type]
            latitude_rad=self.latitude.value,
            longitude_rad=self.longitude.value,
            height_m=self.altitude.value,
            speed_m_s=self.speed.value,
            path_rad=self.flight_path_angle.value,
            heading_rad=self.heading.value,
            radius_m=None if self.radius is None else self.radius.value,
            north=self.north,  # type: ignore[arg-type]
        )
        return Start(
            epoch=self.epoch.value,
            printed=printed,
            mass_kg=None if self.mass is None else self.mass.value,
            source=f"place, speed and heading over the {self.body.capitalize()}"
            f" at {self.epoch.value}",
        )


def printed_written(start: Start) -> dict[str, Any]:
    """The tree that reads back to the same, its mass apart."""
    p = start.printed
    assert p is not None
    radius = {} if p.radius_m is None else {"radius": f"{p.radius_m!r} m"}
    return {
        "epoch": start.epoch.tt(),
        "body": p.body,
        "latitude": f"{p.latitude_rad!r} rad",
        "longitude": f"{p.longitude_rad!r} rad",
        "altitude": f"{p.height_m!r} m",
        **radius,
        "speed": f"{p.speed_m_s!r} m/s",
        "flight_path_angle": f"{p.path_rad!r} rad",
        "heading": f"{p.heading_rad!r} rad",
        "north": p.north,
    }
