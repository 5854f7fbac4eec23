"""The pad: which headings reach an orbit, whether the corridor allows them, and when."""

from cosmodrome.site.azimuths import (
    LaunchAzimuth,
    azimuth_of,
    in_corridor,
    launch_azimuths,
    within_corridors,
)
from cosmodrome.site.daily import Way, calendar, way_of_ascent, ways_by_geometry
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
    "Way",
    "access",
    "azimuth_of",
    "calendar",
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
    "way_of_ascent",
    "ways_by_geometry",
    "windows",
    "within_corridors",
]
