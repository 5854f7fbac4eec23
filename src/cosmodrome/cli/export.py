"""`cosmodrome export FLIGHT`: standard files from a run directory."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.diff import read_flight
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cosmodrome.cli.voice import Voice

__all__ = ["export", "opm_text"]

# frame of a state in flight.json -> CENTER_NAME, REF_FRAME
_FRAMES = {
    "earth/gcrf": ("EARTH", "GCRF"),
    "earth/icrf": ("EARTH", "ICRF"),
    "moon/gcrf": ("MOON", "GCRF"),
}


def _crafts(flight: dict[str, Any]) -> list[str]:
    """Ids of the spacecraft of a flight.json, the primary first; then what it let go in orbit."""
    primary = str(flight.get("spacecraft"))
    others = [str(r["id"]) for r in flight.get("releases", [])]
    objects = flight.get("objects", [])
    freed = [str(o["id"]) for o in objects if (o["kind"], o["parent"]) == ("spacecraft", primary)]
    return list(dict.fromkeys((primary, *others, *freed)))


def _name(flight: dict[str, Any], craft: str, kind: str) -> str:
    return f"orbit.{kind}" if craft == _crafts(flight)[0] else f"orbit-{craft}.{kind}"


def opm_text(flight: dict[str, Any], created: str, craft: str | None = None) -> str:
    """A spacecraft's state at release as a CCSDS OPM, from flight.json; the primary's by default.

    created  CREATION_DATE, UTC without zone. Raises InputError when it was never released.
    """
    from cosmodrome.formats import opm
    from cosmodrome.world.epoch import Epoch

    wanted = craft or str(flight.get("spacecraft"))
    legs = [leg for leg in flight["legs"] if leg["object"] == wanted]
    if not legs:
        raise InputError("this flight released no spacecraft: there is no state to export")
    state = legs[0]["start"]
    if state["frame"] not in _FRAMES:
        raise InputError(
            f"the state at release is in {state['frame']}, which an OPM has no name for"
        )
    centre, frame = _FRAMES[state["frame"]]
    launch = flight["launch"]
    zero = f"Start: {flight['start']['utc']}" if launch is None else f"Lift-off: {launch['utc']}"
    x, y, z = state["r_m"]
    u, v, w = state["v_m_s"]
    return opm.dumps(
        opm.Opm(
            originator="COSMODROME",
            creation=created,
            object_name=wanted,
            object_id=wanted,
            center=centre,
            ref_frame=frame,
            time_system="UTC",
            epoch=Epoch.parse(state["utc"]),
            r_m=(x, y, z),
            v_m_s=(u, v, w),
            mass_kg=state["mass_kg"],
            comments=(f"Mission: {flight['name']}", zero),
        )
    )


def _file(run: Path, name: str) -> Path:
    path = run / name
    if not path.is_file():
        raise InputError(f"{path}: no such file; export needs the whole directory of a run")
    return path


def _in_orbit(run: Path) -> dict[str, Any]:
    """The flight.json of a run that goes on after release. Raises InputError for any other."""
    flight = read_flight(str(run))
    if not {leg["object"] for leg in flight["legs"]} & set(_crafts(flight)):
        raise InputError(
            f"{run} ends at release: its mission has no `plan`, so no orbit was flown that could be"
            " exported; add `plan: [{coast: {for: 1 day}}]` to the mission and fly it again"
        )
    return flight


def _oem(run: Path) -> dict[str, str]:
    from cosmodrome.formats import oem

    flight = _in_orbit(run)
    names = [_name(flight, craft, "oem") for craft in _crafts(flight)]
    return {name: oem.dumps(oem.read(_file(run, name))) for name in names}


def _opm(run: Path) -> dict[str, str]:
    from cosmodrome.formats import oem

    flight = _in_orbit(run)
    # the same creation as the ephemeris beside it: exporting twice gives the same bytes
    created = oem.read(_file(run, "orbit.oem")).creation
    return {_name(flight, c, "opm"): opm_text(flight, created, c) for c in _crafts(flight)}


def _csv(run: Path) -> dict[str, str]:
    from cosmodrome.formats import parquet

    columns = parquet.read(_file(run, "trajectory.parquet"))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # repr of a float is the shortest text that reads back equal; what is unknown stays empty
    cells = [
        c if isinstance(c, list) else ["" if math.isnan(v) else v for v in c.tolist()]
        for c in columns.values()
    ]
    writer.writerows(zip(*cells, strict=True))
    return {"trajectory.csv": text.getvalue()}


def _geojson(run: Path) -> dict[str, str]:
    from cosmodrome.formats import geojson
    from cosmodrome.report.safety_record import range_geojson

    record = read_flight(str(run))
    if not record.get("range_safety"):
        raise InputError(
            f"{run / 'flight.json'} holds no range safety: it was flown by an earlier version;"
            " fly the mission again"
        )
    return {"range.geojson": geojson.dumps(range_geojson(record))}


_MAKERS: dict[str, Callable[[Path], dict[str, str]]] = {
    "oem": _oem,
    "opm": _opm,
    "csv": _csv,
    "geojson": _geojson,
}


def export(args: argparse.Namespace, voice: Voice) -> int:
    """Write the asked formats beside the run, or into --out."""
    wanted = [kind for kind in _MAKERS if getattr(args, kind)]
    if not wanted:
        raise InputError("say what to export: --oem, --opm, --csv, --geojson, or several of them")
    run = Path(args.flight)
    run = run.parent if run.name == "flight.json" else run
    read_flight(str(run))
    out = Path(args.out) if args.out else run
    texts = {name: text for kind in wanted for name, text in _MAKERS[kind](run).items()}
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            place(out / name, text)
            written.append(str(out / name))
    except OSError as e:
        raise InputError(f"cannot write to {out}: {e.strerror}; give another --out DIR") from None
    if voice.json:
        voice.answer({"written": written})
    else:
        voice.say("\n".join(written))
    return 0
