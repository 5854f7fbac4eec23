"""The shipped data files: where they lie, what they are, and whether they are whole.

`data/manifest.json` holds one entry a file (sha256, size, source, licence, span, maker) and
the layout its reader needs. Files are opened lazily and memory-mapped; a size that differs
from the manifest is refused at once, the checksum is verified by `vintage`.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import DataError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

__all__ = ["DataVintage", "entry", "open_array", "shipped_vintage", "user_vintage"]


@dataclass(frozen=True, slots=True)
class DataVintage:
    """Where one data set comes from and what it spans.

    name     what it is called here, e.g. "earth_orientation"
    file     file name (never a path)
    source   publisher, product and version
    licence  terms it is redistributed under
    first    first day it covers, ISO date, or "" where time has no part
    last     last day it covers, predictions included
    sha256   of the file as read
    note     what a reader of a report should know
    """

    name: str
    file: str
    source: str
    licence: str
    first: str
    last: str
    sha256: str
    note: str


def _folder() -> Traversable:
    return resources.files("cosmodrome.world").joinpath("data")


@functools.cache
def _manifest() -> dict[str, dict[str, Any]]:
    try:
        text = _folder().joinpath("manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(
            "the shipped data has no manifest.json: the installation is incomplete;"
            " install cosmodrome again"
        ) from None
    files: dict[str, dict[str, Any]] = json.loads(text)["files"]
    return files


def entry(name: str) -> dict[str, Any]:
    """The manifest entry of a shipped data set."""
    files = _manifest()
    if name not in files:
        raise UnknownNameError(f"no shipped data set {name!r}. {did_you_mean(name, files)}")
    return files[name]


def open_array(name: str) -> NDArray[Any]:
    """A shipped .npy file as a read-only array, memory-mapped where the file system allows.

    Raises DataError when the file is missing or its size is not the manifest's.
    """
    item = entry(name)
    where = _folder().joinpath(item["file"])
    try:
        if isinstance(where, Path):
            size = where.stat().st_size
            _check_size(item, size)
            return np.load(where, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
        raw = where.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"shipped data file {item['file']} is missing; install cosmodrome again"
        ) from None
    _check_size(item, len(raw))
    array: NDArray[Any] = np.load(io.BytesIO(raw), allow_pickle=False)
    array.flags.writeable = False
    return array


def _check_size(item: dict[str, Any], size: int) -> None:
    if size != item["bytes"]:
        raise DataError(
            f"shipped data file {item['file']} has {size} bytes, its manifest says"
            f" {item['bytes']}: the file is damaged; install cosmodrome again"
        )


def _checksum(path: Path) -> str:
    """SHA-256 of a file, read again when the file is another."""
    now = path.stat()
    return _checksum_of(path, now.st_mtime_ns, now.st_size, now.st_ino)


@functools.lru_cache(maxsize=64)
def _checksum_of(path: Path, *_: int) -> str:
    return _sha256(path.read_bytes())


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def shipped_vintage(name: str) -> DataVintage:
    """Vintage of a shipped data set, its checksum verified.

    Raises DataError when the checksum is not the manifest's.
    """
    item = entry(name)
    where = _folder().joinpath(item["file"])
    found = _checksum(where) if isinstance(where, Path) else _sha256(where.read_bytes())
    if found != item["sha256"]:
        raise DataError(
            f"shipped data file {item['file']} has sha256 {found}, its manifest says"
            f" {item['sha256']}: the file is damaged; install cosmodrome again"
        )
    return DataVintage(
        name,
        item["file"],
        item["source"],
        item["licence"],
        item["first"],
        item["last"],
        found,
        item["note"],
    )


def user_vintage(name: str, path: Path, first: str, last: str, note: str) -> DataVintage:
    """Vintage of a file the user pointed to."""
    found = _checksum(path)
    return DataVintage(
        name, path.name, "file given by the user", "as given", first, last, found, note
    )
