"""What every maker shares: where sources are found and how a file enters the manifest."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "src" / "cosmodrome" / "world" / "data"


def package_file(package: str, *parts: str) -> Path:
    """A data file inside an installed package, found without running the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed; see tools/data/README.md")
    path = Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)
    if not path.is_file():
        raise SystemExit(f"{package} holds no {'/'.join(parts)}")
    return path


def read_shadr(path: Path, degree: int) -> tuple[list[float], np.ndarray[Any, Any]]:
    """A PDS spherical-harmonic ASCII file: its header, and C and S (2, degree + 1, degree + 1)."""
    both = np.zeros((2, degree + 1, degree + 1))
    both[0, 0, 0] = 1.0  # the file leaves the central term to GM
    with path.open(encoding="ascii") as lines:
        header = [float(word) for word in next(lines).split(",")]
        for line in lines:
            n, m, c, s = line.split(",")[:4]
            if int(n) <= degree:
                both[:, int(n), int(m)] = float(c), float(s)
    return header, both


def sha256(path: Path) -> str:
    """Checksum of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ship(
    name: str,
    array: np.ndarray[Any, Any],
    *,
    maker: str,
    source: str,
    made_from: Path,
    licence: str,
    first: str,
    last: str,
    note: str,
    layout: dict[str, Any],
) -> None:
    """Write `name`.npy and its manifest entry."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.npy"
    np.save(path, np.ascontiguousarray(array), allow_pickle=False)
    where = FOLDER / "manifest.json"
    manifest = (
        json.loads(where.read_text(encoding="utf-8"))
        if where.exists()
        else {"schema": "cosmodrome-data/1", "files": {}}
    )
    manifest["files"][name] = {
        "file": path.name,
        "bytes": path.stat().st_size,
        "sha256": sha256(path),
        "source": source,
        "made_from": {"file": made_from.name, "sha256": sha256(made_from)},
        "licence": licence,
        "first": first,
        "last": last,
        "note": note,
        "maker": f"tools/data/{maker}",
        "layout": layout,
    }
    manifest["files"] = dict(sorted(manifest["files"].items()))
    where.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes, {array.shape} {array.dtype}")
