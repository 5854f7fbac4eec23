"""Ours: two-body motion by the compiled propagator, everything else as a user gets it."""

from __future__ import annotations

import importlib.metadata

import numpy as np

from bench.coverage.peers import EPOCH, Answer, Problem, clock
from cosmodrome.coverage import Elevation, Grid, cover
from cosmodrome.dynamics import preset, propagate
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World


def solve(problem: Problem) -> Answer:
    world, epoch = World.shipped(), Epoch.from_utc(EPOCH + "Z")
    grid = Grid.points(*np.radians(problem.points.T))
    sensor = Elevation(np.radians(problem.mask_deg))
    with clock() as told:
        paths = [
            propagate(
                State(epoch, GCRF, y[:3], y[3:], 500.0),
                preset("two-body"),
                problem.span_s,
                world=world,
            ).trajectory
            for y in problem.states
        ]
        found = cover(paths, grid, sensor, problem.span_s, world=world, keep=True)
    kept = found.intervals
    rows = np.column_stack([kept.point, kept.satellite, kept.start_s, kept.stop_s])
    version = importlib.metadata.version("cosmodrome")
    return Answer(rows, *told, "as shipped; paths flown and statistics included", version)
