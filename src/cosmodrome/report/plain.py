"""Plain values for files: what JSON can carry, with nothing in it that is not a number."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["clock_text", "day_text", "dumps", "number", "plain", "rounded", "since_text"]


def number(value: float | None) -> float | None:
    """A finite float without a negative zero; None for what is unknown or not finite."""
    if value is None:
        return None
    x = float(value)
    return x + 0.0 if math.isfinite(x) else None


def plain(value: Any) -> Any:
    """Mappings, sequences, arrays and scalars as JSON values; unknown types as their text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return number(float(value))
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return str(value)


def rounded(values: Iterable[float], digits: int) -> list[float | None]:
    """Numbers rounded for the page; not finite becomes None, negative zero becomes zero."""
    return [round(float(v), digits) + 0.0 if math.isfinite(v) else None for v in values]


def dumps(value: Any, indent: int | None = 2) -> str:
    """JSON text: shortest digits that read back equal, NaN refused, keys in the order given."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        value, indent=indent, separators=separators, ensure_ascii=False, allow_nan=False
    )


def clock_text(seconds_of_day: float, digits: int = 0) -> str:
    """Seconds of a day as HH:MM:SS, rounded to `digits` of a second, within one day."""
    step = 10**digits
    n = round(seconds_of_day * step) % (86_400 * step)
    whole, part = divmod(n, step)
    tail = f".{part:0{digits}d}" if digits else ""
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{tail}"


def since_text(t_s: float) -> str:
    """Time since lift-off as T+M:SS.s or T+H:MM:SS."""
    sign = "-" if t_s < -0.05 else "+"
    tenths = round(abs(t_s) * 10)
    whole, tenth = divmod(tenths, 10)
    if whole < 3600:
        return f"T{sign}{whole // 60}:{whole % 60:02d}.{tenth}"
    return f"T{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def day_text(seconds: float) -> str:
    """A duration for people: 60 s, 12 min, 3.5 h, 1 day."""
    for unit, name in ((86_400.0, "day"), (3600.0, "h"), (60.0, "min")):
        if seconds >= unit:
            n = f"{seconds / unit:.4g}"
            return f"{n} {name}{'s' if name == 'day' and n != '1' else ''}"
    return f"{seconds:.4g} s"
