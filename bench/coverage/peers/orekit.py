"""Orekit (Java): one Kepler flight a satellite, an elevation detector for each point on it.

The data are those of tests/truth/dynamics/orekit_world.py, i.e. ours in Orekit's formats.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import numpy as np

from bench.coverage.peers import EPOCH, Answer, Problem, clock

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/truth/dynamics"), str(ROOT / "src")]
import orekit_world as ow  # noqa: E402

ow.open_world()

from orekit_shared import wgs84  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.orekit.bodies import GeodeticPoint  # noqa: E402
from org.orekit.frames import FramesFactory, TopocentricFrame  # noqa: E402
from org.orekit.orbits import CartesianOrbit  # noqa: E402
from org.orekit.propagation.analytical import KeplerianPropagator  # noqa: E402
from org.orekit.propagation.events import ElevationDetector, EventsLogger  # noqa: E402
from org.orekit.propagation.events.handlers import ContinueOnEvent  # noqa: E402
from org.orekit.time import AbsoluteDate, TimeScalesFactory  # noqa: E402
from org.orekit.utils import PVCoordinates  # noqa: E402

MAX_CHECK_S, THRESHOLD_S = 120.0, 0.01


def _flown(problem: Problem, earth: object, t0: AbsoluteDate) -> list[tuple[float, ...]]:
    rows: list[tuple[float, ...]] = []
    for j, y in enumerate(problem.states):
        at = PVCoordinates(
            Vector3D(*(float(x) for x in y[:3])), Vector3D(*(float(x) for x in y[3:]))
        )
        orbit = CartesianOrbit(at, FramesFactory.getGCRF(), t0, problem.mu)
        flight = KeplerianPropagator(orbit)
        logger, frames = EventsLogger(), []
        first = flight.getInitialState()
        for i, (lat, lon) in enumerate(problem.points):
            place = GeodeticPoint(float(np.radians(lat)), float(np.radians(lon)), 0.0)
            frame = TopocentricFrame(earth, place, f"p{i}")
            seen = (
                ElevationDetector(MAX_CHECK_S, THRESHOLD_S, frame)
                .withConstantElevation(float(np.radians(problem.mask_deg)))
                .withHandler(ContinueOnEvent())
            )
            flight.addEventDetector(logger.monitorDetector(seen))
            frames.append(seen)
        since = {i: 0.0 for i, d in enumerate(frames) if d.g(first) >= 0.0}
        flight.propagate(t0.shiftedBy(problem.span_s))
        for event in logger.getLoggedEvents():
            i = int(str(event.getEventDetector().getTopocentricFrame().getName())[1:])
            t = event.getState().getDate().durationFrom(t0)
            if event.isIncreasing():
                since[i] = t
            else:
                rows.append((i, j, since.pop(i), t))
        rows += [(i, j, t, problem.span_s) for i, t in since.items()]
    return rows


def solve(problem: Problem) -> Answer:
    earth = wgs84()
    t0 = AbsoluteDate(EPOCH, TimeScalesFactory.getUTC())
    # Java compiles while it runs: a short search first
    few = Problem(
        problem.states[:2],
        problem.points[:20],
        problem.mu,
        20_000.0,
        problem.mask_deg,
        problem.folder,
    )
    _flown(few, earth, t0)
    with clock() as told:
        rows = _flown(problem, earth, t0)
    version = importlib.metadata.version("orekit_jpype")
    return Answer(
        np.array(rows),
        *told,
        f"check every {MAX_CHECK_S:g} s, threshold {THRESHOLD_S:g} s",
        version,
    )
