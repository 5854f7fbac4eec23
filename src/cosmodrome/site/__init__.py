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
from cosmodrome.site.reachable import (
    Access,
    InclinationRange,
    access,
    cheapest_inclination,
    heading_within,
    headings_of,
    inclination_of_heading,
    reachable_inclinations,
)

__all__ = [
    "Access",
    "InclinationRange",
    "LaunchAzimuth",
    "LaunchOpportunity",
    "access",
    "azimuth_of",
    "cheapest_inclination",
    "heading_within",
    "headings_of",
    "in_corridor",
    "inclination_of_heading",
    "launch",
    "launch_azimuths",
    "launch_instants",
    "node_miss",
    "pad_right_ascension",
    "reachable_inclinations",
    "windows",
    "within_corridors",
]
