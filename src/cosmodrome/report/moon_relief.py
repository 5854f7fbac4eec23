"""The Moon as the page draws it: a grey picture of its relief, from the shipped heights."""

from __future__ import annotations

import base64
import functools
import struct
import zlib

import numpy as np

__all__ = ["relief_url"]

_ROWS, _COLUMNS = 256, 512
_RADIUS_M = 1_737_400.0
# light from the north-west, and how much steeper than they are slopes are drawn
_EXAGGERATED = 6.0
_DARK, _BRIGHT = 70.0, 175.0


@functools.cache
def relief_url() -> str:
    """A PNG as a data URL: plate carree, north up, longitude -180 to 180 deg; height and shade."""
    from cosmodrome.world.heights import terrain

    lat = np.pi * (0.5 - (np.arange(_ROWS) + 0.5) / _ROWS)
    lon = 2.0 * np.pi * ((np.arange(_COLUMNS) + 0.5) / _COLUMNS - 0.5)
    height = terrain("moon").height_m(lat[:, None], lon[None, :])
    spacing = np.pi * _RADIUS_M / _ROWS
    south = np.gradient(height, spacing, axis=0)
    wide = spacing * np.maximum(np.cos(lat), 0.05)[:, None]
    east = (np.roll(height, -1, axis=1) - np.roll(height, 1, axis=1)) / (2.0 * wide)
    shade = np.clip(_EXAGGERATED * (south + east) / np.sqrt(2.0), -1.0, 1.0)
    low, high = np.quantile(height, [0.02, 0.98])
    level = np.clip((height - low) / (high - low), 0.0, 1.0)
    grey = _DARK + (_BRIGHT - _DARK) * level + 60.0 * shade
    picture = np.clip(np.round(grey), 0.0, 255.0).astype(np.uint8)
    return "data:image/png;base64," + base64.b64encode(_png(picture)).decode("ascii")


def _png(picture: np.ndarray) -> bytes:
    """A grey picture (rows, columns) of bytes as PNG (ISO/IEC 15948)."""
    rows, columns = picture.shape
    # every row differs little from the one above: filter type 2
    filtered = np.diff(np.vstack([np.zeros((1, columns), np.uint8), picture]), axis=0)
    lines = np.column_stack([np.full(rows, 2, np.uint8), filtered])

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    data = zlib.compress(lines.tobytes(), 9)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
