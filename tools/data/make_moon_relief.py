"""Draw the Moon's relief for the report page from the shipped heights: one grey image.

Needs Pillow 13.0 with WebP, which nothing else of cosmodrome does. The light comes from fixed
directions in mean-Earth axes, so that the shade is even over the poles; the low ground is darker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cosmodrome.world.heights import terrain

OUT = Path(__file__).resolve().parents[2] / "src" / "cosmodrome" / "report" / "static" / "moon.webp"
ROWS, COLUMNS = 1024, 2048
QUALITY = 44
# how much steeper than it is the ground is drawn
STEEPER = 7.0
# weights and directions of the light; where one stands overhead the other still shades
LIGHTS = ((0.6, (0.0, -1.0, 0.0)), (0.4, (-0.5, 0.0, 0.866)))

Array = np.ndarray[Any, np.dtype[np.float64]]


def places() -> tuple[Array, Array]:
    """Latitudes from the north and longitudes from 180 W of the middles of pixels, rad."""
    lat = np.pi * (0.5 - (np.arange(ROWS) + 0.5) / ROWS)
    lon = 2.0 * np.pi * ((np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5)
    return lat, lon


def even(height_m: Array, lat: Array) -> Array:
    """Heights smoothed along rows, whose pixels are slivers near the poles, to the equator's."""
    wave = np.fft.rfft(height_m, axis=1)
    k = np.arange(wave.shape[1]) * np.pi / COLUMNS
    wave *= np.exp(-0.5 * (k[None, :] / np.cos(lat)[:, None]) ** 2)
    return np.fft.irfft(wave, COLUMNS, axis=1)


def slopes(height_m: Array, lat: Array, radius_m: float) -> tuple[Array, Array]:
    """Slopes towards east and north; over a pole the next row lies half way round."""
    step = np.pi / ROWS * radius_m
    beyond = [np.roll(height_m[k], COLUMNS // 2)[None] for k in (0, -1)]
    north = np.vstack([beyond[0], height_m[:-1]]) - np.vstack([height_m[1:], beyond[1]])
    east = np.roll(height_m, -1, axis=1) - np.roll(height_m, 1, axis=1)
    return east / (2.0 * step * np.cos(lat)[:, None]), north / (2.0 * step)


def shade(height_m: Array, lat: Array, lon: Array, radius_m: float) -> Array:
    """Brightness 0 to 1 of every pixel."""
    east, north = slopes(even(height_m, lat), lat, radius_m)
    sin, cos = np.sin(lat)[:, None], np.cos(lat)[:, None]
    light = np.zeros(height_m.shape)
    for weight, (x, y, z) in LIGHTS:
        to_east = -np.sin(lon) * x + np.cos(lon) * y
        to_north = -sin * (np.cos(lon) * x + np.sin(lon) * y) + cos * z
        light -= weight * np.arctan(STEEPER * (east * to_east + north * to_north))
    high = np.clip((height_m + 4000.0) / 10_000.0, 0.0, 1.0)
    return np.clip(0.42 + 0.36 * light + 0.34 * high, 0.0, 1.0)


def main() -> None:
    """Write moon.webp."""
    ground = terrain("moon")
    lat, lon = places()
    height_m = ground.height_m(lat[:, None], lon[None, :])
    grey = (255.0 * shade(height_m, lat, lon, ground.radius_m)).astype(np.uint8)
    Image.fromarray(grey).save(OUT, "webp", quality=QUALITY, method=6)
    print(OUT.name, OUT.stat().st_size)


if __name__ == "__main__":
    main()
