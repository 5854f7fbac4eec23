"""Constellations, sensors, grids and spans as people write them on a command line."""

from __future__ import annotations

import csv
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.coverage.grid import Grid
from cosmodrome.coverage.swath import Cone, Elevation, Sensor, Swath
from cosmodrome.coverage.walker import Constellation, walker
from cosmodrome.errors import InputError
from cosmodrome.formats.quantity import TextFault, parse_quantity

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["read_grid", "read_region", "read_sensor", "read_walker"]

_WALKER = re.compile(
    r"^(?:walker\s+)?(?:(?P<kind>delta|star)\s+)?(?P<inclination>[^:]+):\s*"
    r"(?P<t>\d+)\s*/\s*(?P<p>\d+)\s*/\s*(?P<f>\d+)\s*,\s*(?P<altitude>[^,]+)$"
)
_WRITE_WALKER = "write i: t/p/f, altitude, like '53 deg: 40/5/1, 550 km' or 'star 86.4 deg: ...'"
_WRITE_SENSOR = (
    "write 'elevation 10 deg', 'cone 30 deg' or 'swath -20 deg to 20 deg'; cone and swath take"
    " 'above 5 deg', a least elevation, and swath 'ahead 0.1 deg'"
)
_WRITE_GRID = (
    "write '5 deg' (rings of alike cells), '5 x 5 deg' (lattice), '10000 points' (equal areas),"
    " or a CSV file with latitude_deg, longitude_deg and perhaps height_m"
)


def _quantity(text: str, dimension: str, what: str, write: str) -> float:
    try:
        return parse_quantity(text.strip(), dimension)
    except TextFault as fault:
        raise InputError(f"{what}: {fault.why}. {fault.write} In all, {write}") from None


def read_walker(text: str, epoch: Epoch, raan_rad: float = 0.0) -> Constellation:
    """`"53 deg: 40/5/1, 550 km"`, delta, or `"star 86.4 deg: 66/6/2, 780 km"`. InputError."""
    found = _WALKER.match(text.strip())
    if found is None:
        raise InputError(f"the constellation {text!r} cannot be read; {_WRITE_WALKER}")
    what = f"the constellation {text!r}"
    return walker(
        _quantity(found["inclination"], "angle", what, _WRITE_WALKER),
        int(found["t"]),
        int(found["p"]),
        int(found["f"]),
        _quantity(found["altitude"], "length", what, _WRITE_WALKER),
        epoch,
        star=found["kind"] == "star",
        raan_rad=raan_rad,
    )


def read_sensor(text: str) -> Sensor:
    """`"elevation 10 deg"`, `"cone 30 deg above 5 deg"`, `"swath -20 deg to 20 deg"`.

    Raises InputError.
    """
    what = f"the sensor {text!r}"
    words = re.split(r"\b(above|ahead)\b", text.strip())
    extra = dict(zip(words[1::2], words[2::2], strict=True))
    kind, _, rest = words[0].strip().partition(" ")
    angles = {k: _quantity(v, "angle", what, _WRITE_SENSOR) for k, v in extra.items()}
    more: dict[str, float] = {}
    if "above" in angles and kind in ("cone", "swath"):
        more["mask_rad"] = angles.pop("above")
    if "ahead" in angles and kind == "swath":
        more["ahead_rad"] = angles.pop("ahead")
    if angles or kind not in ("elevation", "cone", "swath") or not rest.strip():
        raise InputError(f"{what} cannot be read; {_WRITE_SENSOR}")
    if kind == "swath":
        left, to, right = rest.partition(" to ")
        if not to:
            raise InputError(f"{what} cannot be read; {_WRITE_SENSOR}")
        edges = (_quantity(side, "angle", what, _WRITE_SENSOR) for side in (left, right))
        return Swath(*edges, **more)
    angle = _quantity(rest, "angle", what, _WRITE_SENSOR)
    return Elevation(angle) if kind == "elevation" else Cone(angle, **more)


def read_grid(text: str, south_rad: float | None = None, north_rad: float | None = None) -> Grid:
    """`"5 deg"`, `"5 x 5 deg"`, `"10000 points"`, or the path of a CSV file. InputError."""
    south = -0.5 * math.pi if south_rad is None else south_rad
    north = 0.5 * math.pi if north_rad is None else north_rad
    if text.strip().lower().endswith(".csv"):
        return _listed(Path(text.strip()))
    what = f"the grid {text!r}"
    if found := re.fullmatch(r"\s*([\d,_ ]+)\s*points?\s*", text):
        return Grid.spiral(int(re.sub(r"\D", "", found[1]) or 0))
    if found := re.fullmatch(r"\s*([\d.]+)\s*(deg)?\s*x\s*([\d.]+\s*\w+)\s*", text):
        second = _quantity(found[3], "angle", what, _WRITE_GRID)
        first = _quantity(f"{found[1]} deg", "angle", what, _WRITE_GRID)
        return Grid.lattice(first, second, south, north)
    return Grid.rings(_quantity(text, "angle", what, _WRITE_GRID), south, north)


def _listed(path: Path) -> Grid:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise InputError(
            f"{path} cannot be read as a list of points ({e}); {_WRITE_GRID}"
        ) from None
    columns: dict[str, list[float]] = {"latitude_deg": [], "longitude_deg": [], "height_m": []}
    for line, row in enumerate(rows, 2):
        for name, values in columns.items():
            read = row.get(name) or ("0" if name == "height_m" else "")
            try:
                values.append(float(read))
            except ValueError:
                raise InputError(
                    f"{path}:{line}: {name} reads {read!r}, no number; the columns are"
                    " latitude_deg, longitude_deg and, if wanted, height_m"
                ) from None
    return Grid.points(
        [math.radians(v) for v in columns["latitude_deg"]],
        [math.radians(v) for v in columns["longitude_deg"]],
        columns["height_m"],
    )


def read_region(path: Path) -> list[list[tuple[float, float]]]:
    """Rings of (longitude, latitude), degrees, of the polygons of a GeoJSON file. InputError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise InputError(
            f"{path} cannot be read as GeoJSON ({e}); give a file of polygons"
        ) from None
    rings: list[list[tuple[float, float]]] = []
    _gather(value, rings)
    if not rings:
        raise InputError(f"{path} holds no Polygon or MultiPolygon; coverage is of areas")
    return rings


def _gather(value: Any, rings: list[list[tuple[float, float]]]) -> None:
    if not isinstance(value, dict):
        return
    for part in (*_list(value.get("features")), *_list(value.get("geometries"))):
        _gather(part, rings)
    _gather(value.get("geometry"), rings)
    inside = _list(value.get("coordinates"))
    polygons = {"Polygon": [inside], "MultiPolygon": inside}.get(str(value.get("type")), [])
    for polygon in polygons:
        for ring in _list(polygon):
            try:
                rings.append([(float(p[0]), float(p[1])) for p in ring])
            except (TypeError, ValueError, IndexError, KeyError):
                raise InputError(
                    "a ring of the region is no list of [longitude, latitude] in degrees"
                ) from None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
