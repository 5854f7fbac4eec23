"""What the makers of Orekit references and bench/propagation ask of Orekit in the same words.

Import after orekit_world.open_world().
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orekit_world as ow

from cosmodrome.world import bodies

from jpype import JArray, JDouble, JImplements, JOverride  # isort: skip
from org.orekit.bodies import GeodeticPoint, OneAxisEllipsoid  # isort: skip
from org.orekit.frames import FramesFactory, TopocentricFrame  # isort: skip
from org.orekit.propagation.events import (  # isort: skip
    ApsideDetector,
    EclipseDetector,
    ElevationDetector,
    EventsLogger,
    NodeDetector,
)
from org.orekit.propagation.events.handlers import ContinueOnEvent  # isort: skip
from org.orekit.time import AbsoluteDate  # isort: skip
from org.orekit.utils import IERSConventions  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from org.orekit.propagation.events import EventDetectionSettings
    from org.orekit.propagation.numerical import NumericalPropagator

FLATTENING = 1.0 / 298.257223563
# kind where g rises, kind where it falls, what, detector
Asked = tuple[str, str, str, object]


@JImplements("org.orekit.models.earth.atmosphere.NRLMSISE00InputParameters")
class FixedWeather:
    """F10.7, its mean and every ap of the seven constant."""

    def __init__(self, f107: float, ap: float) -> None:
        self.f107, self.ap = f107, JArray(JDouble)([ap] * 7)

    @JOverride
    def getMinDate(self):
        return AbsoluteDate.PAST_INFINITY

    @JOverride
    def getMaxDate(self):
        return AbsoluteDate.FUTURE_INFINITY

    @JOverride
    def getDailyFlux(self, _date):
        return self.f107

    @JOverride
    def getAverageFlux(self, _date):
        return self.f107

    @JOverride
    def getAp(self, _date):
        return self.ap


def wgs84() -> OneAxisEllipsoid:
    """The WGS84 ellipsoid in ITRF."""
    return OneAxisEllipsoid(bodies.EARTH_EQUATORIAL_RADIUS_M, FLATTENING, ow.itrf())


def detectors(
    settings: EventDetectionSettings,
    stations: Mapping[str, tuple[float, float, float]],
    masks_deg: Iterable[float],
) -> list[Asked]:
    """Nodes in CIRF, apsides, the shadow of a sphere, rise and set over each mask.

    stations  latitude and longitude in deg, height over WGS84 in m; "what" is "station mask"
    """
    sphere = OneAxisEllipsoid(bodies.EARTH_EQUATORIAL_RADIUS_M, 0.0, ow.itrf())
    eclipse = EclipseDetector(ow.sun(), bodies.SUN.radius_m, sphere)
    cirf = FramesFactory.getCIRF(IERSConventions.IERS_2010, True)
    asked: list[Asked] = [
        ("ascending node", "descending node", "", NodeDetector(cirf)),
        ("periapsis", "apoapsis", "", ApsideDetector(settings, ContinueOnEvent())),
        ("umbra exit", "umbra entry", "", eclipse.withUmbra()),
        ("penumbra exit", "penumbra entry", "", eclipse.withPenumbra()),
    ]
    for name, (lat_deg, lon_deg, height_m) in stations.items():
        lat, lon = float(np.radians(lat_deg)), float(np.radians(lon_deg))
        frame = TopocentricFrame(wgs84(), GeodeticPoint(lat, lon, height_m), name)
        for mask in masks_deg:
            seen = ElevationDetector(frame).withConstantElevation(float(np.radians(mask)))
            asked.append(("rise", "set", f"{name} {mask:g}", seen))
    return asked


def events(
    p: NumericalPropagator,
    asked: Iterable[Asked],
    settings: EventDetectionSettings,
    start: AbsoluteDate,
    end: AbsoluteDate,
) -> list[list[object]]:
    """[kind, seconds after `start`, what] in order of time, found in one propagation."""
    logged = []
    for up, down, what, detector in asked:
        logger = EventsLogger()
        own = detector.withDetectionSettings(settings).withHandler(ContinueOnEvent())
        p.addEventDetector(logger.monitorDetector(own))
        logged.append((up, down, what, logger))
    p.propagate(end)
    out: list[list[object]] = [
        [up if e.isIncreasing() else down, float(e.getDate().durationFrom(start)), what]
        for up, down, what, logger in logged
        for e in logger.getLoggedEvents()
    ]
    return sorted(out, key=lambda row: row[1])
