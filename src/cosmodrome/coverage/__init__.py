"""Seen from orbit: what a constellation covers of the ground, when, and how often.

`cover` is the verb; `walker` makes constellations, `Grid` the points, `sensor`s the eyes.
"""

from __future__ import annotations

from cosmodrome.coverage.accesses import Coverage, Intervals, cover
from cosmodrome.coverage.grid import Grid
from cosmodrome.coverage.revisit import Band, Summary, bands, summary
from cosmodrome.coverage.swath import Cone, Elevation, Sensor, Swath, footprint
from cosmodrome.coverage.walker import Constellation, Street, streets, walker

__all__ = [
    "Band",
    "Cone",
    "Constellation",
    "Coverage",
    "Elevation",
    "Grid",
    "Intervals",
    "Sensor",
    "Street",
    "Summary",
    "Swath",
    "bands",
    "cover",
    "footprint",
    "streets",
    "summary",
    "walker",
]
