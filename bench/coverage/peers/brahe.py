"""brahe (Rust): location_accesses, threads over pairs, our EOP table."""

from __future__ import annotations

import importlib.metadata
import os

import numpy as np

from bench.coverage.peers import EPOCH, Answer, Problem, clock

os.environ["BRAHE_NETWORK_MODE"] = "offline"
import brahe


def solve(problem: Problem) -> Answer:
    table = str(problem.folder / "finals2000A.all")
    brahe.set_global_eop_provider(brahe.FileEOPProvider.from_standard_file(table, True, "Error"))
    date, clock_text = EPOCH.split("T")
    parts = [int(p) for p in (*date.split("-"), *clock_text.split(":"))]
    t0 = brahe.Epoch.from_datetime(*parts[:5], float(parts[5]), 0.0, brahe.TimeSystem.UTC)
    flights = [
        brahe.KeplerianPropagator(
            t0,
            y,
            brahe.CelestialFrame.ECI,
            brahe.OrbitRepresentation.CARTESIAN,
            None,
            60.0,
        ).with_name(f"s{j}")
        for j, y in enumerate(problem.states)
    ]
    places = [
        brahe.PointLocation(lon, lat, 0.0).with_name(f"p{i}")
        for i, (lat, lon) in enumerate(problem.points)
    ]
    config = brahe.AccessSearchConfig(
        initial_time_step=60.0, adaptive_step=False, time_tolerance=0.01
    )
    with clock() as told:
        found = brahe.location_accesses(
            places,
            flights,
            t0,
            t0 + problem.span_s,
            brahe.ElevationConstraint(problem.mask_deg),
            config=config,
        )
    rows = [
        (
            int(w.location_name[1:]),
            int(w.satellite_name[1:]),
            w.window_open - t0,
            w.window_close - t0,
        )
        for w in found
    ]
    return Answer(
        np.array(rows), *told, "step 60 s, tolerance 10 ms", importlib.metadata.version("brahe")
    )
