"""The launch of a mission: instants, headings and corridor, for both ways into the plane."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cosmodrome.errors import InfeasibleError
from cosmodrome.mission.nouns import WindowConditions
from cosmodrome.record.nouns import LaunchSolution
from cosmodrome.site.azimuths import LaunchAzimuth, launch_azimuths, within_corridors
from cosmodrome.site.daily import judged, way_of_ascent
from cosmodrome.site.instants import launch_instants, node_miss, pad_right_ascension
from cosmodrome.site.reachable import access
from cosmodrome.world.sun import local_time_of_node_h

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission.nouns import Launch, Mission
    from cosmodrome.record.nouns import PlaneChange
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["AscentShape", "LaunchOpportunity", "Plane", "launch", "windows"]

# from lift-off to release where no ascent has been solved yet: a direct ascent's ten minutes
_DIRECT_TRAVEL_S = 600.0


class Plane(Protocol):
    """What a launch must know of the target: its inclination and where its node is wanted."""

    @property
    def i_mean_rad(self) -> float:
        """Mean inclination, rad."""

    def raan_of(self, epoch: Epoch) -> float | None:
        """Node to aim at for a release at `epoch`, TOD, rad; None when free."""

    def raan_wanted(self, epoch: Epoch) -> float | None:
        """The node the target names, without corrections of the aim."""


class AscentShape(Protocol):
    """What a launch must know of a solved ascent."""

    @property
    def node_minus_pad_rad(self) -> float:
        """Node of the insertion orbit minus the pad's right ascension at lift-off, rad."""

    @property
    def travel_s(self) -> float:
        """From lift-off to release, s."""


@dataclass(frozen=True, slots=True)
class LaunchOpportunity:
    """One lift-off: when, which way, and the plane it leads to.

    branch                "ascending" (northward at the pad) or "descending"
    raan_rad, ltan_s      node reached at release (TOD) and its local mean solar time, s of day
    miss_rad              node reached minus the target's; 0 when the node is free
    within_corridor       None when the site states no corridor
    """

    epoch: Epoch
    branch: str
    azimuth_inertial_rad: float
    azimuth_relative_rad: float
    raan_rad: float
    ltan_s: float
    miss_rad: float
    within_corridor: bool | None


def _opportunities(
    site: Site,
    way: LaunchAzimuth,
    node_minus_pad_rad: float,
    travel_s: float,
    plane: Plane,
    launch: Launch,
    world: World,
) -> tuple[LaunchOpportunity, ...]:
    out = []
    for epoch in launch_instants(site, node_minus_pad_rad, travel_s, plane.raan_of, launch, world):
        raan = (pad_right_ascension(site, epoch, world) + node_minus_pad_rad) % math.tau
        hours = local_time_of_node_h(raan, epoch + travel_s, world.orientation)
        out.append(
            LaunchOpportunity(
                epoch=epoch,
                branch=way.branch,
                azimuth_inertial_rad=way.inertial_rad,
                azimuth_relative_rad=way.relative_rad,
                raan_rad=raan,
                ltan_s=3600.0 * hours,
                miss_rad=node_miss(
                    site, node_minus_pad_rad, travel_s, plane.raan_wanted, epoch, world
                ),
                within_corridor=within_corridors(way, site.corridors),
            )
        )
    return tuple(out)


def windows(
    mission: Mission,
    plane: Plane,
    world: World,
    travel_s: float = _DIRECT_TRAVEL_S,
) -> tuple[LaunchOpportunity, ...]:
    """Every opportunity of both branches in the mission's window, in order of time.

    By the geometry of the pad alone (no ascent is solved): the plane is taken to pass over the
    pad at lift-off, which an optimal ascent confirms to about a degree of node, some five
    minutes; `launch` gives the instants of a solved ascent.
    Raises InfeasibleError when the inclination cannot be reached or no branch has an instant.
    """
    site = mission.site
    found: list[LaunchOpportunity] = []
    refusals: list[InfeasibleError] = []
    for way in launch_azimuths(site.latitude_rad, plane.i_mean_rad, height_m=site.height_m):
        try:
            found += _opportunities(
                site, way, way.node_minus_pad_rad, travel_s, plane, mission.launch, world
            )
        except InfeasibleError as e:
            refusals.append(InfeasibleError(f"{way.branch} branch: {e}"))
    if not found:
        raise InfeasibleError("\n".join(str(e) for e in refusals))
    return tuple(sorted(found, key=lambda o: (o.epoch, o.branch)))


def launch(
    mission: Mission,
    plane: Plane,
    ascent: AscentShape,
    world: World,
    change: PlaneChange | None = None,
) -> LaunchSolution:
    """The lift-off of a solved ascent: the first instant of the window, or the given time.

    change   how the ascent turns its plane; told where no target plane passes over the pad

    The branch is the one whose geometric node lies next to the ascent's own; headings are those
    of the target plane. `alternatives` holds the later instants and those of the other branch
    (geometric, same travel). Where no plane of the target's inclination passes over the pad, the
    heading is the flown one and there is no other branch. With a given `launch.time` the note says
    the node that results.
    Conditions of the launch hold for the ascent's own branch; an ascent and a plane that are to be
    judged by them must tell where on the orbit the release lies (`site.daily`).
    Raises InfeasibleError where no plane passes over the pad and no `change` is given, or where
    no instant of the window meets the conditions.
    """
    site = mission.site
    turned = None
    if change is not None and access(site, plane.i_mean_rad).how == "plane-change":
        own, other, turned = _as_flown(change, ascent.node_minus_pad_rad), None, change
    else:
        ways = launch_azimuths(site.latitude_rad, plane.i_mean_rad, height_m=site.height_m)

        def off(way: LaunchAzimuth) -> float:
            return abs(math.remainder(way.node_minus_pad_rad - ascent.node_minus_pad_rad, math.tau))

        own, other = sorted(ways, key=off)
    mine = _opportunities(
        site, own, ascent.node_minus_pad_rad, ascent.travel_s, plane, mission.launch, world
    )
    if mission.launch.conditions != WindowConditions():
        mine = _serving(mine, mission, plane, ascent, world)
    rest = list(mine[1:])
    if mission.launch.time is None and other is not None:
        with suppress(InfeasibleError):  # the other branch may have no instant in the window
            rest += _opportunities(
                site, other, other.node_minus_pad_rad, ascent.travel_s, plane, mission.launch, world
            )
    first = mine[0]
    note = _note(first, mission.launch, plane.raan_wanted(first.epoch + ascent.travel_s))
    return LaunchSolution(
        epoch=first.epoch,
        azimuth_inertial_rad=first.azimuth_inertial_rad,
        azimuth_relative_rad=first.azimuth_relative_rad,
        branch=first.branch,
        alternatives=tuple(
            (o.epoch, o.azimuth_relative_rad, o.branch)
            for o in sorted(rest, key=lambda o: (o.epoch, o.branch))
        ),
        within_corridor=first.within_corridor,
        note=note if turned is None else f"{_turning(turned)}; {note}",
        plane_change=turned,
    )


def _serving(
    found: tuple[LaunchOpportunity, ...],
    mission: Mission,
    plane: Any,
    ascent: Any,
    world: World,
) -> tuple[LaunchOpportunity, ...]:
    """Those that the launch's conditions leave. Raises InfeasibleError where they leave none."""
    meeting = getattr(plane, "meeting", None)
    rows = []
    for o in found:
        azimuths = (o.azimuth_inertial_rad, o.azimuth_relative_rad)
        way = way_of_ascent(o.branch, azimuths, o.within_corridor, ascent)
        rows.append(
            judged(
                mission.site,
                way,
                plane,
                o.epoch,
                mission.launch.conditions,
                world,
                None if meeting is None else meeting.phase_rad,
            )
        )
    left = tuple(o for o, row in zip(found, rows, strict=True) if row.serves)
    if not left:
        first = rows[0]
        raise InfeasibleError(
            f"none of {len(rows)} instants of the window meets its conditions; the first,"
            f" {first.epoch.utc(0)}: {'; '.join(first.excluded)}. `cosmodrome windows` lists all:"
            " move or widen the window, or ask for less"
        )
    return left


def _as_flown(change: PlaneChange, node_minus_pad_rad: float) -> LaunchAzimuth:
    """The heading of an ascent that turns its plane later, as a way over the pad."""
    east, north = math.sin(change.heading_rad), math.cos(change.heading_rad)
    inertial = np.array([east, north, 0.0])
    return LaunchAzimuth(
        "ascending" if north >= 0.0 else "descending",
        change.heading_rad,
        change.relative_rad,
        inertial,
        np.array([math.sin(change.relative_rad), math.cos(change.relative_rad), 0.0]),
        node_minus_pad_rad,
    )


def _turning(change: PlaneChange) -> str:
    """A plane change in words."""
    burns = ", ".join(
        f"{math.degrees(angle):.2f} deg by {stage} at T+{start:.0f} s"
        for stage, start, angle in change.burns
    )
    return (
        "no plane of this inclination passes over the pad: it flies"
        f" {math.degrees(change.heading_rad):.2f} deg (inertial) into"
        f" {math.degrees(change.launched_rad):.2f} deg and turns the plane to"
        f" {math.degrees(change.reached_rad):.2f} deg" + (f", {burns}" if burns else " on the way")
    )


def _note(found: LaunchOpportunity, launch: Launch, wanted_rad: float | None) -> str:
    clock = round(found.ltan_s) % 86400
    node = (
        f"node at right ascension {math.degrees(found.raan_rad):.3f} deg, local time"
        f" {clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}"
    )
    if wanted_rad is None:
        return f"the node is free; {node}"
    if launch.time is None:
        return f"{node} as wanted"
    minutes = math.degrees(found.miss_rad) * 4.0
    return (
        f"lift-off at the given time: {node}; that is {minutes:+.2f} min of local time"
        f" ({math.degrees(found.miss_rad):+.3f} deg) from the wanted node"
    )
