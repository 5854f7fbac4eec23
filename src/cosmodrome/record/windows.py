"""Launch windows as data: one row for each day and way into the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["LaunchWindow", "WindowCalendar", "WindowEdge"]


@dataclass(frozen=True, slots=True)
class WindowEdge:
    """Where a window opens or closes: lift-off, minutes from the best one, and its cost, kg."""

    epoch: Epoch
    minutes: float
    lost_kg: float


@dataclass(frozen=True, slots=True)
class LaunchWindow:
    """One lift-off into the plane, and what the Sun and the orbit look like then.

    branch              "ascending" (northward at the pad) or "descending"
    within_corridor     None when the site states no corridor
    raan_rad, ltan_s    node reached at release (TOD), its local mean solar time in s of day
    sun_elevation_rad   of the Sun's centre over the pad at lift-off, geometric (no refraction)
    sunlit              visible part of the Sun's disk at release, 0 to 1
    beta_rad            of the Sun above the orbit plane, positive on the side of the orbit's
                        angular momentum
    first_shadow_s      from release to the first touch of penumbra within the orbits looked at;
                        None where there is none
    shadow_part         part of one revolution in any shadow
    phase_rad           how far the object to be met is ahead at release, [0, 2 pi); None without
    excluded            why it does not serve, in words; () where it does
    opens, closes       None where no costs were solved
    """

    epoch: Epoch
    branch: str
    azimuth_inertial_rad: float
    azimuth_relative_rad: float
    within_corridor: bool | None
    raan_rad: float
    ltan_s: float
    sun_elevation_rad: float
    sunlit: float
    beta_rad: float
    first_shadow_s: float | None
    shadow_part: float
    phase_rad: float | None = None
    excluded: tuple[str, ...] = ()
    opens: WindowEdge | None = None
    closes: WindowEdge | None = None

    @property
    def serves(self) -> bool:
        """No condition excludes it."""
        return not self.excluded


@dataclass(frozen=True, slots=True)
class WindowCalendar:
    """All windows of a span in order of time.

    basis   by branch: "solved ascent" or "pad geometry"
    """

    site_name: str
    opens: Epoch
    closes: Epoch
    windows: tuple[LaunchWindow, ...]
    basis: tuple[tuple[str, str], ...]

    @property
    def serving(self) -> tuple[LaunchWindow, ...]:
        """Those that no condition excludes."""
        return tuple(w for w in self.windows if w.serves)
