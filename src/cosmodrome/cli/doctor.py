"""`cosmodrome doctor`: what is installed, how old the data are, what would bite."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cosmodrome.cli.voice import Voice
    from cosmodrome.world.world import DataVintage

__all__ = ["doctor", "warnings_about"]

_PACKAGES = (
    "casadi",
    "numpy",
    "pint",
    "pyarrow",
    "pydantic",
    "pyerfa",
    "pymsis",
    "pyyaml",
    "rich",
    "scipy",
)
# data sets that time wears out: a mission after their last day meets extrapolation
_PERISHABLE = ("earth_orientation", "space_weather")


def warnings_about(vintage: Sequence[DataVintage], today: dt.date) -> list[str]:
    """What a user flying today should know about the age of the data."""
    warnings = []
    for v in vintage:
        if v.name in _PERISHABLE and v.last and dt.date.fromisoformat(v.last) < today:
            warnings.append(
                f"{v.name} ends on {v.last}: later missions meet extrapolation and carry a"
                " finding; install a newer cosmodrome or point to a newer file"
            )
    return warnings


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _look() -> dict[str, Any]:
    from cosmodrome import __version__
    from cosmodrome.solvers.core import simd_level
    from cosmodrome.world.world import World

    vintage = World.shipped().vintage()
    here = Path.cwd()
    warnings = warnings_about(vintage, dt.datetime.now(dt.UTC).date())
    writable = _writable(here)
    if not writable:
        warnings.append(f"{here} cannot be written: fly with --out DIR")
    return {
        "cosmodrome": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "simd": simd_level(),
        "simd_pinned": os.environ.get("COSMODROME_SIMD") or None,
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "data": [
            {
                "name": v.name,
                "file": v.file,
                "first": v.first,
                "last": v.last,
                "source": v.source,
                "licence": v.licence,
                "sha256": v.sha256,
                "note": v.note,
            }
            for v in vintage
        ],
        "working_directory_writable": writable,
        "warnings": warnings,
    }


def doctor(args: argparse.Namespace, voice: Voice) -> int:
    """Exit 0 with or without warnings; damaged or missing data exit 3 with what to do."""
    del args
    seen = _look()
    if voice.json:
        voice.answer(seen)
        return 0
    if not voice.quiet:
        _print(seen, voice)
    for warning in seen["warnings"]:
        voice.say(f"warning: {warning}")
    if not seen["warnings"]:
        voice.say("all is well")
    return 0


def _print(seen: dict[str, Any], voice: Voice) -> None:
    from rich.table import Table

    console = voice.console()
    pinned = f" (pinned to {seen['simd_pinned']})" if seen["simd_pinned"] else ""
    console.print(
        f"cosmodrome {seen['cosmodrome']}, Python {seen['python']}, {seen['machine']},"
        f" {seen['processors']} processors, SIMD {seen['simd']}{pinned}"
    )
    console.print(", ".join(f"{n} {v}" for n, v in seen["packages"].items()))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("data", "from", "to", "source", "sha256"):
        table.add_column(heading, overflow="fold")
    for d in seen["data"]:
        table.add_row(d["name"], d["first"], d["last"], d["source"], d["sha256"][:12])
    console.print(table)
    for d in seen["data"]:
        if d["note"]:
            console.print(f"[dim]{d['name']}: {d['note']}[/]")
