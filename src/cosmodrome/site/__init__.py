"""The pad: which headings reach an orbit, whether the corridor allows them, and when."""

from cosmodrome.site.azimuths import (
    LaunchAzimuth,
    azimuth_of,
    in_corridor,
    launch_azimuths,
    within_corridors,
)
from cosmodrome.site.instants import launch_instants, node_miss, pad_right_ascension
from cosmodrome.site.launch import LaunchOpportunity, launch, windows

__all__ = [
    "LaunchAzimuth",
    "LaunchOpportunity",
    "azimuth_of",
    "in_corridor",
    "launch",
    "launch_azimuths",
    "launch_instants",
    "node_miss",
    "pad_right_ascension",
    "windows",
    "within_corridors",
]
