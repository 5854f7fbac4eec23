"""Cut the reference states that tests/dynamics/test_truth_*.py compares with.

    python make_truth.py REFERENCE_FOLDER GMAT_DATA_FOLDER LP165P_COF [OUT_FOLDER --all]

REFERENCE_FOLDER  with these folders in it:
  stk_hpop         reports of STK's High Precision Orbit Propagator (2007), from the acceptance
                   tests of NASA GMAT (NASA Open Source Agreement): one file a force combination
  ostk_xval        state histories by GMAT and Orekit from the cross-validation data of the Open
                   Space Toolkit (Loft Orbital, Apache-2.0), with the scenarios as YAML
  gmat_r2026a_llo  a low lunar orbit by GMAT R2026a
  artemis1_oem     NASA's as-flown trajectory of Orion, Artemis I, as a CCSDS OEM
GMAT_DATA_FOLDER  `gmatpy/data` of the package gmatpy: gravity/earth/EGM96.cof (Lemoine et al. 1998,
                  NASA/TP-1998-206861) and JGM2.cof (Nerem et al. 1994, JGR 99:24421), and DE405
                  (Standish 1998, JPL IOM 312.F-98-048) in JPL's binary form
LP165P_COF        Lunar Prospector's field (Konopliv et al. 2001, Icarus 150:1), as GMAT holds it
OUT_FOLDER        with --all: every state is written there; COSMODROME_TRUTH=OUT_FOLDER makes the
                  tests compare with all of them
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from pathlib import Path

import numpy as np
import yaml

Rows = list[list[float]]
# one state kept of so many seconds; all: every one
STK_EVERY_S = {"ISS": 21_600, "SunSync": 21_600, "GEO": 86_400, "Moon": 43_200, "EML2": 172_800}
STK_STEP_S = {"ISS": 60, "SunSync": 60, "GEO": 600, "Moon": 300, "EML2": 2_400}
OSTK_EVERY_S, LLO_EVERY_S = 14_400, 10_800
# first and last row of arcs of Artemis I of 15 h and more in which no step between two rows
# differs by more than 0.2 mm/s from ballistic flight; one state kept of so many
ARTEMIS_ARCS = (
    (163, 403), (665, 1008), (2419, 2787), (4479, 4705), (4819, 5191), (6269, 6558), (8606, 8887),
)  # fmt: skip
ARTEMIS_EVERY = 60
# spans of the same file kept as an OEM: three days with a small burn and five changes of solution,
# and the four large burns
ARTEMIS_SPANS = (
    ("2022-11-17T00:00", "2022-11-20T00:00"), ("2022-11-21T12:15", "2022-11-21T12:59"),
    ("2022-11-25T21:25", "2022-11-25T22:30"), ("2022-12-01T21:25", "2022-12-01T22:25"),
    ("2022-12-05T16:22", "2022-12-05T17:10"),
)  # fmt: skip
# instants whose records of DE405 (32 days) are kept: STK's two, GMAT's at the Moon
DE405_DAYS = (2453158.0, 2453164.9, 2455219.5, 2455234.0, 2461406.5, 2461407.6)


def stk(folder: Path, *, everything: bool) -> dict[str, Rows]:
    """Seconds after the first row, km, km/s, by case."""
    out = {}
    for report in sorted(folder.glob("STK_*.report")):
        name = report.stem.removeprefix("STK_")
        orbit = name.split("_")[0]
        if "_JR_" in name:
            continue  # Jacchia-Roberts air is not held here
        rows = []
        for line in report.read_text(encoding="ascii").splitlines():
            parts = line.split()
            if len(parts) == 7 and parts[0].replace(".", "").isdigit():
                rows.append([float(x) for x in parts])
        step = STK_STEP_S[orbit]
        kept, day0 = [], rows[0][0]
        for day, *y in rows:
            # dates are printed to a millisecond, states stand on the step
            t = (day - day0) * 86_400.0
            n = round(t / step)
            if abs(t - n * step) > 0.002:
                continue  # the last row of EML2 stops between two steps
            if everything or n * step % STK_EVERY_S[orbit] == 0:
                kept.append([float(n * step), *y])
        out[name] = kept
    return out


def _numbers(path: Path, columns: int) -> Rows:
    with path.open(encoding="ascii") as f:
        return [[float(x) for x in row[:columns]] for row in list(csv.reader(f))[1:]]


def _scenario(path: Path) -> dict[str, object]:
    """What a scenario asks for, SI."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))["data"]
    craft, sequence = data["spacecraft"], data["sequence"]
    out: dict[str, object] = {
        "utc": craft["orbit"]["data"]["date"]["value"],
        "mass_kg": craft["mass"],
        "drag_area_m2": craft["drag-cross-section"],
        "drag_coefficient": craft["drag-coefficient"],
        "degree": 0,
        "points": [],
        "air": None,
        "burns": [],
    }
    for force in sequence["forces"]:
        what = force["data"]
        if force["type"] == "ATMOSPHERIC_DRAG":
            out["air"] = what["model"]
        elif what["body"] == "EARTH":
            out["degree"] = what["degree"]
        else:
            out["points"].append(what["body"].lower())  # type: ignore[attr-defined]
    t = 0.0
    for segment in sequence["segments"]:
        what = segment["data"]
        length = what["stop-condition"]["data"]["duration"]
        if segment["type"] == "CONSTANT_DIRECTION_MANEUVER":
            engine = craft["thruster"]["data"]
            attitude = what["attitude"]["data"]
            out["burns"].append(  # type: ignore[attr-defined]
                {
                    "start_s": t,
                    "end_s": t + length,
                    "thrust_n": engine["thrust"],
                    "isp_s": engine["specific-impulse"],
                    "axes": attitude["lof"].lower(),
                    "direction": attitude["direction"],
                }
            )
        t += length
    return out


def ostk(folder: Path, *, everything: bool) -> dict[str, dict[str, object]]:
    """By scenario: what it asks, and the states of both programs (s, m, m/s; kg where printed)."""
    out: dict[str, dict[str, object]] = {}
    for scenario in sorted((folder / "scenarios").glob("*.yaml")):
        case: dict[str, object] = {"scenario": _scenario(scenario)}
        for program, scale, mass in (("gmat", 1e3, 10), ("orekit", 1.0, 10)):
            path = folder / f"{program}_astrodynamics" / f"{scenario.stem}.csv"
            if not path.exists():
                continue
            rows = []
            for row in _numbers(path, 11):
                t = row[0]
                near = round(t / OSTK_EVERY_S) * OSTK_EVERY_S
                last = 0.0 < t <= 7_200.0 and scenario.stem.endswith("short-duration")
                if everything or abs(t - near) < 1e-3 or (last and round(t) % 1_200 == 0):
                    # GMAT stops near the step: its printed time belongs to its state
                    state = [t, *(round(x * scale, 9) for x in row[1:7])]
                    rows.append(state + ([row[mass]] if len(row) > mass else []))
            case[program] = rows
        out[scenario.stem] = case
    return out


def llo(folder: Path, *, everything: bool) -> Rows:
    """Seconds after 2027-01-01T00:00:00 UTC, km, km/s about the Moon."""
    path = folder / "llo_100km_polar_grgm900c_100x100_1day.txt"
    rows = [[float(x) for x in line.split()] for line in path.read_text("ascii").splitlines()[1:]]
    return [r for r in rows if everything or round(r[0]) % LLO_EVERY_S == 0]


def artemis(folder: Path, *, everything: bool) -> list[Rows]:
    """By arc: seconds after 2022-11-16T00:00:00 UTC, km, km/s about the Earth."""
    path = folder / "Post_TLI_Orion_AsFlown_20221213_EPH_OEM.asc"
    zero, rows = dt.datetime(2022, 11, 16), []
    for line in path.read_text("ascii").splitlines():
        parts = line.split()
        if len(parts) == 7 and parts[0].startswith("20"):
            t = (dt.datetime.fromisoformat(parts[0]) - zero).total_seconds()
            rows.append([t, *(float(x) for x in parts[1:])])
    out = []
    for first, last in ARTEMIS_ARCS:
        kept = range(first, last + 1, 1 if everything else ARTEMIS_EVERY)
        out.append([rows[i] for i in (*kept[:-1], last)])
    return out


def artemis_spans(folder: Path) -> str:
    """Rows of ARTEMIS_SPANS as an OEM, a segment each, places to a micrometre."""
    path = folder / "Post_TLI_Orion_AsFlown_20221213_EPH_OEM.asc"
    lines = path.read_text("ascii").splitlines()
    rows = [p for p in (line.split() for line in lines) if len(p) == 7 and p[0][:2] == "20"]
    keep = lines[: lines.index("META_START")]
    out = [line for line in keep if line.strip()]
    meta = [x for x in lines if x.split(" ")[0] in ("OBJECT_NAME", "OBJECT_ID", "CENTER_NAME")]
    meta += ["REF_FRAME = EME2000", "TIME_SYSTEM = UTC"]
    for begin, end in ARTEMIS_SPANS:
        some = [p for p in rows if begin <= p[0] <= end]
        ends = [f"START_TIME = {some[0][0]}", f"STOP_TIME = {some[-1][0]}"]
        out += ["META_START", *meta, *ends, "META_STOP"]
        for p in some:
            place = (f"{float(x):.9f}" for x in p[1:4])
            out.append(" ".join([p[0], *place, *(f"{float(x):.12f}" for x in p[4:])]))
    return "\n".join(out) + "\n"


def de405(path: Path, target: Path) -> None:
    """Records (n, 1018) of DE405 as they stand in the file: two dates, then coefficients."""
    words = 1018
    records = np.fromfile(path, "<f8")
    records = records[2 * words : len(records) // words * words].reshape(-1, words)
    wanted = sorted({int((day - records[0, 0]) // 32.0) for day in DE405_DAYS})
    np.save(target, records[wanted])


def field(source: Path, degree: int, target: Path, title: str) -> None:
    """The same file cut at a degree, in the same format."""
    kept = [f"COMMENT   1\n{title}, cut at {degree}x{degree}"]
    for line in source.read_text(encoding="ascii").splitlines():
        if line.startswith("POTFIELD"):
            kept.append(f"POTFIELD{degree:3d}{degree:3d}{line[14:]}")
        elif line.startswith("RECOEF") and int(line[6:11]) <= degree:
            kept.append(line.rstrip())
    target.write_text("\n".join([*kept, "END", ""]), encoding="ascii")


def packed(source: Path, degree: int, target: Path) -> None:
    """Coefficients C, S in rows of n, m below one another, (2, (n + 1)(n + 2) / 2)."""
    both = np.zeros((2, degree + 1, degree + 1))
    both[0, 0, 0] = 1.0
    for line in source.read_text(encoding="ascii").splitlines():
        if line.startswith("RECOEF") and int(line[6:11]) <= degree:
            n, m = int(line[6:11]), int(line[11:14])
            both[:, n, m] = float(line[17:38]), float(line[38:59] or 0.0)
    np.save(target, both[:, *np.tril_indices(degree + 1)])


def _text(what: object, pad: str = "") -> str:
    """JSON with a list of numbers on one line: differences between versions stay small."""
    inner = pad + " "
    if isinstance(what, dict) and what:
        parts = [f"{inner}{json.dumps(k)}: {_text(v, inner)}" for k, v in what.items()]
        return "{\n" + ",\n".join(parts) + f"\n{pad}}}"
    if isinstance(what, list) and any(isinstance(x, list | dict) for x in what):
        return "[\n" + ",\n".join(inner + _text(x, inner) for x in what) + f"\n{pad}]"
    return json.dumps(what)


def _write(path: Path, what: object) -> None:
    path.write_text(_text(what) + "\n", encoding="ascii")


def main(arguments: list[str]) -> None:
    everything = "--all" in arguments
    paths = [Path(a) for a in arguments if not a.startswith("--")]
    reference, gmat, moon = paths[:3]
    out = paths[3] if len(paths) > 3 else Path(__file__).parent
    out.mkdir(exist_ok=True)
    _write(out / "stk_hpop.json", stk(reference / "stk_hpop", everything=everything))
    _write(out / "ostk.json", ostk(reference / "ostk_xval", everything=everything))
    _write(out / "llo.json", llo(reference / "gmat_r2026a_llo", everything=everything))
    _write(out / "artemis1.json", artemis(reference / "artemis1_oem", everything=everything))
    (out / "artemis1.oem").write_text(artemis_spans(reference / "artemis1_oem"), "ascii")
    de405(next((gmat / "planetary_ephem" / "de").glob("*.405")), out / "de405.npy")
    earth = gmat / "gravity" / "earth"
    packed(earth / "EGM96.cof", 100, out / "egm96_100x100.npy")
    field(earth / "JGM2.cof", 20, out / "jgm2_20x20.cof", "JGM-2")
    field(moon, 20, out / "lp165p_20x20.cof", "LP165P")


if __name__ == "__main__":
    main(sys.argv[1:])
