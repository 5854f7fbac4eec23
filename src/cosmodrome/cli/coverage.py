"""`cosmodrome coverage --walker ...`: what a constellation covers of the ground, and how often."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.fly import run_directory
from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.coverage import Constellation, Coverage, Grid

__all__ = ["coverage"]


def _number(text: str, option: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InputError(f"{option} {text}: write a number from {low:g} to {high:g}")
    return value


def _grid(args: argparse.Namespace) -> Grid:
    from cosmodrome.coverage.asked import read_grid, read_region

    south = north = None
    if args.latitudes:
        ends = args.latitudes.split(":")
        if len(ends) != 2:
            raise InputError(
                f"--latitudes {args.latitudes}: write south:north in degrees, like -60:60"
            )
        south, north = (math.radians(_number(e, "--latitudes", -90.0, 90.0)) for e in ends)
    grid = read_grid(args.grid, south, north)
    return grid.inside(read_region(Path(args.region))) if args.region else grid


def _constellation(args: argparse.Namespace) -> Constellation:
    from cosmodrome.coverage.asked import read_walker
    from cosmodrome.world.epoch import Epoch

    raan = math.radians(_number(args.raan, "--raan", -360.0, 360.0))
    return read_walker(args.walker, Epoch.parse(args.start), raan)


def coverage(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome coverage --help` and docs/coverage.md."""
    from cosmodrome.coverage import cover
    from cosmodrome.coverage.asked import read_sensor
    from cosmodrome.dynamics import preset

    satellites, sensor, grid = _constellation(args), read_sensor(args.sensor), _grid(args)
    days = _number(args.days, "--days", 0.001, 400.0)
    step = math.radians(_number(args.bands, "--bands", 0.1, 180.0))
    forces = preset(args.forces)
    out = run_directory("coverage", args.out, dt.datetime.now(dt.UTC))
    voice.run = out
    watch = RunWatch(out / "events.ndjson", voice)
    with watch, stoppable(watch, voice):
        found = cover(
            satellites,
            grid,
            sensor,
            days * 86_400.0,
            dynamics=forces,
            keep=args.intervals,
            watch=watch,
        )
        told = _written(out, found, step)
        watch.done("covered")
    if voice.json:
        voice.answer({**told, "out": str(out)})
    elif voice.quiet:
        voice.say(str(out))
    else:
        from cosmodrome.report.coverage_table import coverage_table

        coverage_table(found, step, voice.console())
        voice.say(f"\nWritten to {out}; open {out / 'coverage.svg'} in a browser.")
    return 0


def _written(out: Path, found: Coverage, step_rad: float) -> dict[str, Any]:
    """coverage.json, the tables and the pictures in `out`; the JSON value."""
    from cosmodrome.formats import parquet
    from cosmodrome.report import coverage_record as record
    from cosmodrome.report.coverage_picture import coverage_svg
    from cosmodrome.report.plain import dumps

    told = record.coverage_json(found, step_rad)
    place(out / "coverage.json", dumps(told) + "\n")
    place(out / "coverage.svg", coverage_svg(found))
    place(out / "in-view.svg", coverage_svg(found, "in view"))
    parquet.write(out / "coverage.parquet", record.point_columns(found), record.ABOUT)
    if found.intervals is not None:
        parquet.write(out / "accesses.parquet", record.access_columns(found))
    return told
