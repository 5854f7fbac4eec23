"""Decode the land outlines of the npm package world-atlas (TopoJSON) to plain polylines.

Run `npm pack world-atlas`, unpack it, and give the folder `package` as the argument.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from shipping import ship

UNITS = 180.0 / 32767.0  # 16-bit degrees: 0.0055 deg, 600 m


def lines_of(path: Path) -> list[np.ndarray]:
    """Arcs as (k, 2) integer polylines, cut where they run along a seam of the map."""
    topo = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = np.array(topo["transform"]["scale"]), np.array(topo["transform"]["translate"])
    out = []
    for arc in topo["arcs"]:
        degrees = np.cumsum(np.array(arc, dtype=np.int64), axis=0) * scale + shift
        on_side = np.abs(degrees[:, 0]) > 179.99
        on_pole = degrees[:, 1] < -89.9
        leap = np.abs(np.diff(degrees[:, 0])) > 180.0
        seam = (on_side[1:] & on_side[:-1]) | on_pole[1:] | on_pole[:-1] | leap
        units = np.round(degrees / UNITS).astype(np.int64)
        for piece in np.split(np.arange(len(units)), np.flatnonzero(seam) + 1):
            line = units[piece]
            keep = np.concatenate([[True], np.any(np.diff(line, axis=0) != 0, axis=1)])
            if keep.sum() > 1:
                out.append(line[keep])
    return out


def main() -> None:
    """Write coastlines.npy: int16 rows (lon, lat, 1 where a line begins)."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "package")
    rows, scales, at = [], {}, 0
    for name in ("110m", "50m"):
        lines = lines_of(folder / f"land-{name}.json")
        block = np.zeros((sum(map(len, lines)), 3), dtype=np.int16)
        block[:, :2] = np.concatenate(lines)
        block[np.cumsum([0, *map(len, lines[:-1])]), 2] = 1
        scales[name] = {"offset": at, "points": len(block), "lines": len(lines)}
        rows.append(block)
        at += len(block)
    ship(
        "coastlines",
        np.concatenate(rows),
        maker="make_coastlines.py",
        source="Natural Earth land 1:110m and 1:50m, from the npm package world-atlas 2.0.2",
        made_from=folder / "land-50m.json",
        licence="public domain (Natural Earth); package ISC, (c) 2013-2019 Michael Bostock",
        first="",
        last="",
        note="for maps only; 16-bit degrees, 600 m",
        layout={"scales": scales, "degrees_per_unit": UNITS},
    )


if __name__ == "__main__":
    main()
