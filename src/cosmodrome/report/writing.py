"""Writing a flight's files: all made aside first, then moved into place one by one."""

from __future__ import annotations

import datetime as _dt
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.report.ephemeris import oem_name, orbit_oem
from cosmodrome.report.flight_record import flight_json
from cosmodrome.report.html import report_html
from cosmodrome.report.page import page_json
from cosmodrome.report.plain import dumps
from cosmodrome.report.safety_record import range_geojson
from cosmodrome.report.series import series_of
from cosmodrome.report.tables import write_trajectory
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["now", "write"]


def write(
    flight: Flight, out_dir: str | Path, world: World, watch: Watch = SILENT
) -> tuple[Path, ...]:
    """Write flight.json, page.json, the table, mission, ephemeris, range.geojson and report.html.

    Of several spacecraft each has an ephemeris: orbit.oem, and orbit-<id>.oem of the others.

    Everything is written into a folder beside the target and moved into place by rename only
    when all of it exists, so a failure on the way leaves the files of an earlier run as they
    were. Returns the paths written, in that order.
    """
    from cosmodrome.formats import geojson, oem

    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=out))
    watch.begin("report", "writing the report")
    try:
        record = flight_json(flight)
        _text(aside / "flight.json", dumps(record) + "\n")
        if flight.range_safety is not None:
            _text(aside / "range.geojson", geojson.dumps(range_geojson(record)))
        stop_if_cancelled(watch)
        series = series_of(flight, world)
        page = page_json(flight, series, world)
        _text(aside / "page.json", dumps(page, indent=None) + "\n")
        write_trajectory(aside / "trajectory.parquet", series, flight.zero)
        stop_if_cancelled(watch)
        if flight.mission.resolved:
            _text(aside / "mission.yaml", flight.mission.resolved.rstrip("\n") + "\n")
        created = now()
        for craft in (*flight.mission.crafts, *flight.mission.spacecraft.carries):
            message = orbit_oem(flight, created, craft.id)
            if message is not None:
                _text(aside / oem_name(flight, craft.id), oem.dumps(message))
        _text(aside / "report.html", report_html(page))
        stop_if_cancelled(watch)
        written = []
        more = sorted(p.name for p in (*aside.glob(_MORE), *out.glob(_MORE)))
        for name in dict.fromkeys((*_ORDER, *more)):
            if (aside / name).exists():
                (aside / name).replace(out / name)
                written.append(out / name)
            else:  # of an earlier run: no orbit.oem when nothing was flown in orbit, and so on
                (out / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    watch.end("report", "writing the report")
    return tuple(written)


_ORDER = (
    "flight.json",
    "page.json",
    "trajectory.parquet",
    "mission.yaml",
    "orbit.oem",
    "range.geojson",
    "report.html",
)
# the ephemerides of spacecraft after the primary, and of what it released
_MORE = "orbit-*.oem"


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def now() -> Epoch:
    """The instant of writing; SOURCE_DATE_EPOCH, seconds of Unix time, pins it."""
    pinned = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = (
        _dt.datetime.fromtimestamp(int(pinned), _dt.UTC)
        if pinned.isdigit()
        else _dt.datetime.now(_dt.UTC)
    )
    return Epoch.from_utc(now.strftime("%Y-%m-%dT%H:%M:%S") + "Z")
