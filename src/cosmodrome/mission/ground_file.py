"""A start on the ground of the Moon, as mission files write it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from cosmodrome.formats.leaves import Instant, Leaf
from cosmodrome.formats.typed import Read  # noqa: TC001  (read by pydantic)
from cosmodrome.mission.landing_file import TERRAIN, LandingSiteFile
from cosmodrome.mission.starts import Start, StartGround

__all__ = ["GroundFile", "ground_written"]


class GroundFile(LandingSiteFile):
    """At rest on the ground of the Moon, from an instant on."""

    epoch: Annotated[Read, Instant()]
    mass: Annotated[Read, Leaf("mass", low=0.0, above=True, example="2900 kg")] | None = None

    written: ClassVar[str] = (
        "{epoch: 1969-07-21T17:00:00Z, lat: 0.674 deg, lon: 23.473 deg, height: terrain}"
    )
    meant: ClassVar[dict[str, str]] = {**LandingSiteFile.meant, "time": "epoch"}

    def to_start(self) -> Start:
        ground = StartGround(
            self.lat.value, self.lon.value, None if self.height is None else self.height.value
        )
        return Start(
            epoch=self.epoch.value,
            ground=ground,
            mass_kg=None if self.mass is None else self.mass.value,
            source=f"at rest on the Moon at {self.epoch.value}",
        )


def ground_written(start: Start) -> dict[str, Any]:
    """The tree that reads back to the same, its mass apart."""
    place = start.ground
    assert place is not None
    return {
        "epoch": start.epoch.tt(),
        "lat": f"{place.latitude_rad!r} rad",
        "lon": f"{place.longitude_rad!r} rad",
        "frame": "moon-me",
        "height": TERRAIN if place.height_m is None else f"{place.height_m!r} m",
    }
