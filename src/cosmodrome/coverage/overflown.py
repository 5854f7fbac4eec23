"""Overflights of the places that a mission wants photographed, along what it flew."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cosmodrome.coverage.imaging import imaging_passes
from cosmodrome.coverage.site_sky import sky
from cosmodrome.record.imaging import Overflight
from cosmodrome.world.heights import terrain
from cosmodrome.world.skylines import skyline
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.mission.onboard import ImagedSite
    from cosmodrome.world.world import World

__all__ = ["overflights", "overflights_of"]


def overflights_of(
    paths: Sequence[Trajectory], sites: Sequence[ImagedSite], world: World
) -> tuple[Overflight, ...]:
    """Along the paths of one spacecraft that follow each other; of each body only near it."""
    found: list[Overflight] = []
    for frame, run in groupby(paths, key=lambda p: p.frame):
        here = [s for s in sites if s.body == frame.centre]
        if here and frame.axes == "gcrf":
            found += overflights(Trajectory.joined(tuple(run)), here, world)
    return tuple(sorted(found, key=lambda o: o.seen.start.epoch))


def overflights(
    path: Trajectory, sites: Sequence[ImagedSite], world: World
) -> tuple[Overflight, ...]:
    """Every pass of each place within its own limits, in order of time.

    Where a place stands on the terrain its height is the ground's, and the best instant tells how
    much of the Sun ground around it hides.
    """
    found: list[Overflight] = []
    for s in sites:
        edge = None
        if s.height_m is None:
            edge = skyline(terrain(s.body), s.latitude_rad, s.longitude_rad, above_m=0.0)
        height = s.height_m if edge is None else edge.ground_m
        assert height is not None
        for seen in imaging_passes(
            path,
            s.latitude_rad,
            s.longitude_rad,
            height,
            world,
            body=s.body,
            off_nadir_rad=s.off_nadir_rad,
            sun_rad=s.sun_rad,
        ):
            share = None
            if edge is not None:
                share = float(sky(edge, "sun", seen.best.epoch, [0.0], world).share[0])
            found.append(Overflight(s.id, s.body, seen, None if edge is None else height, share))
    return tuple(sorted(found, key=lambda o: o.seen.start.epoch))
