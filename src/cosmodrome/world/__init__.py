"""Where and when: epochs, frames, states, trajectories, bodies, orientation, ephemerides.

The names below are imported when first used, so that importing the room costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.bodies import Body, body, height_above
    from cosmodrome.world.body_orientation import (
        axes_of,
        fixed_frame,
        fixed_from_gcrf,
        fixed_from_gcrf_many,
    )
    from cosmodrome.world.centre import expressed, recentred
    from cosmodrome.world.centres import Centre, centre_named
    from cosmodrome.world.daylight import Light, SunOver, sun_over
    from cosmodrome.world.ephemeris import Ephemeris
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import GCRF, ITRF, MOON_ME, MOON_PA, TOD, Frame, Rotation, gcrf
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.heights import Terrain, terrain
    from cosmodrome.world.moon_orientation import MoonOrientation
    from cosmodrome.world.orientation import EarthOrientation, OrientationStatus, RotationTable
    from cosmodrome.world.skylines import Skyline, skyline
    from cosmodrome.world.space_weather import SpaceWeatherSample, SpaceWeatherTable
    from cosmodrome.world.state import State
    from cosmodrome.world.store import DataVintage
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = [
    "GCRF",
    "ITRF",
    "MOON_ME",
    "MOON_PA",
    "TOD",
    "Body",
    "Centre",
    "DataVintage",
    "EarthOrientation",
    "Ephemeris",
    "Epoch",
    "Frame",
    "GravityField",
    "Light",
    "MoonOrientation",
    "OrientationStatus",
    "Rotation",
    "RotationTable",
    "Skyline",
    "SpaceWeatherSample",
    "SpaceWeatherTable",
    "State",
    "SunOver",
    "Terrain",
    "Trajectory",
    "World",
    "axes_of",
    "body",
    "centre_named",
    "expressed",
    "fixed_frame",
    "fixed_from_gcrf",
    "fixed_from_gcrf_many",
    "gcrf",
    "height_above",
    "recentred",
    "skyline",
    "sun_over",
    "terrain",
]

_HOME = {
    "GCRF": "frame",
    "ITRF": "frame",
    "MOON_ME": "frame",
    "MOON_PA": "frame",
    "TOD": "frame",
    "Body": "bodies",
    "Centre": "centres",
    "DataVintage": "store",
    "EarthOrientation": "orientation",
    "Ephemeris": "ephemeris",
    "Epoch": "epoch",
    "Frame": "frame",
    "GravityField": "gravity",
    "Light": "daylight",
    "MoonOrientation": "moon_orientation",
    "OrientationStatus": "orientation",
    "Rotation": "frame",
    "RotationTable": "orientation",
    "Skyline": "skylines",
    "SpaceWeatherSample": "space_weather",
    "SpaceWeatherTable": "space_weather",
    "State": "state",
    "SunOver": "daylight",
    "Terrain": "heights",
    "Trajectory": "trajectory",
    "World": "world",
    "axes_of": "body_orientation",
    "body": "bodies",
    "centre_named": "centres",
    "expressed": "centre",
    "fixed_frame": "body_orientation",
    "fixed_from_gcrf": "body_orientation",
    "fixed_from_gcrf_many": "body_orientation",
    "gcrf": "frame",
    "height_above": "bodies",
    "recentred": "centre",
    "skyline": "skylines",
    "sun_over": "daylight",
    "terrain": "heights",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"cosmodrome.world has no {name!r}")
    return getattr(importlib.import_module(f"cosmodrome.world.{_HOME[name]}"), name)
