"""Small files in the layouts of IERS and CelesTrak, for the readers to read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER = (
    "DATE,BSRN,ND,KP1,KP2,KP3,KP4,KP5,KP6,KP7,KP8,KP_SUM,AP1,AP2,AP3,AP4,AP5,AP6,AP7,AP8,"
    "AP_AVG,CP,C9,ISN,F10.7_OBS,F10.7_ADJ,F10.7_DATA_TYPE,F10.7_OBS_CENTER81,"
    "F10.7_OBS_LAST81,F10.7_ADJ_CENTER81,F10.7_ADJ_LAST81"
)


def _day(date: str, ap: list[int], flux: float, kind: str = "OBS") -> str:
    return (
        f"{date},1,1,{','.join(['10'] * 8)},80,{','.join(map(str, ap))},{sum(ap) // 8},0.1,1,50,"
        f"{flux},{flux},{kind},{flux + 1},{flux},{flux},{flux}"
    )


def _weather_text(monthly: bool = True) -> str:
    start = dt.date(2026, 1, 1)
    lines = [HEADER]
    for k in range(90):
        date = (start + dt.timedelta(days=k)).isoformat()
        kind = "OBS" if k < 60 else "PRD"
        lines.append(_day(date, [8 * k + i for i in range(8)], 100.0 + k, kind))
    if monthly:
        lines.append("2026-05-01,1,1" + "," * 17 + ",12,,,50,200.0,1,PRM,150.0,1,1,1")
        lines.append("2026-06-01,1,1" + "," * 17 + ",,,,50,210.0,1,PRM,160.0,1,1,1")
    return "\n".join(lines) + "\n"


def _finals_line(mjd: int, *, flag: str = "I", nutation: bool = True, lod: bool = True) -> str:
    line = (
        f"27 1 1 {mjd:8.2f} {flag}  0.100000 0.000030  0.300000 0.000040"
        f"  {flag}{-0.02 - 1e-3 * (mjd - 61406):10.7f} 0.0000100 "
    )
    line += " 1.0000 0.0100  " if lod else " " * 16
    if nutation:
        line += f"{flag}     0.200    0.100    -0.100    0.110"
    return line.ljust(187)


@pytest.fixture(scope="session")
def weather_text() -> Callable[..., str]:
    """Maker of a CelesTrak CSV of 90 days from 2026-01-01, with or without monthly rows."""
    return _weather_text


@pytest.fixture(scope="session")
def finals_line() -> Callable[..., str]:
    """Maker of one finals2000A line: mjd, flag, with pole offsets, with length of day."""
    return _finals_line
