"""Ocean tides of the Earth's gravity: FES2004, or a file of coefficients the user brings.

Petit & Luzum (2010), IERS Conventions, Technical Note 36, section 6.3: the corrections of each
tidal wave (eq. 6.15). FES2004 (Lyard, Lefevre, Letellier & Francis 2006, Ocean Dynamics 56:394)
is shipped to degree and order 30; the IERS file fes2004_Cnm-Snm.dat holds it to 100. The 18 waves
in the file are summed; the small waves between them (table 6.7, by admittance) are not.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError
from cosmodrome.world import store

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["OceanTides", "doodson_rad"]

_UNIT = re.compile(r"unit\s*=\s*10\^([+-]?\d+)", re.IGNORECASE)
_WAVE = re.compile(r"^(\d{2,3})[.,](\d{3})$")


def doodson_rad(gmst_rad: Array, delaunay: Array) -> Array:
    """Doodson's arguments tau, s, h, p, N', ps in rad, (n, 6).

    gmst_rad  Greenwich mean sidereal time, (n,)
    delaunay  l, l', F, D, Omega in rad, (n, 5)

    tau = gmst + pi - s (Doodson 1921; IERS Conventions 2010, below eq. 6.8e).
    """
    el, elp, f, d, om = delaunay.T
    s = f + om
    return np.stack([gmst_rad + np.pi - s, s, s - d, s - el, -om, s - d - elp], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class OceanTides:
    """Coefficients of ocean tides.

    degree  highest degree and order held, N
    waves   Doodson multipliers of tau, s, h, p, N', ps, (w, 6)
    C_plus, S_plus, C_minus, S_minus
            prograde and retrograde amplitudes, fully normalised, (w, N + 1, N + 1)
    name    of the model or of the file they come from
    """

    degree: int
    waves: Array
    C_plus: Array
    S_plus: Array
    C_minus: Array
    S_minus: Array
    name: str

    @classmethod
    def shipped(cls, degree: int = 20) -> OceanTides:
        """FES2004 to a degree and order of 2 to 30.

        Raises InputError outside these.
        """
        return _shipped(degree)

    @classmethod
    def read(cls, path: Path, degree: int = 20) -> OceanTides:
        """From a file in the form of fes2004_Cnm-Snm.dat, to a degree and order.

        A line is: Doodson number, name, degree, order, C+, S+, C-, S-; the unit is read from
        "unit = 10^-11" above them. Degree 1 is left out: it is the motion of the geocentre.
        Raises DataError for a file that cannot be read so, InputError for a degree below 2.
        """
        if degree < 2:
            raise InputError(f"ocean tides to degree {degree} were asked; they begin at 2")
        if not path.is_file():
            raise DataError(
                f"no ocean tide file {str(path)!r}; give the IERS file fes2004_Cnm-Snm.dat"
            )
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            raise DataError(f"{path.name} is not text; give fes2004_Cnm-Snm.dat") from None
        unit, table = _parse(lines, path.name)
        numbers = sorted({row[0] for row in table})
        index = {number: i for i, number in enumerate(numbers)}
        size = min(degree, max(row[1] for row in table))
        parts = np.zeros((4, len(numbers), size + 1, size + 1))
        for number, n, m, values in table:
            if 2 <= n <= size and m <= n:
                parts[:, index[number], n, m] = unit * np.array(values)
        parts.flags.writeable = False
        waves = np.array([_multipliers(number) for number in numbers])
        return cls(size, waves, parts[0], parts[1], parts[2], parts[3], path.name)

    def corrections(self, gmst_rad: Array, delaunay: Array) -> tuple[Array, Array]:
        """(dC, dS), (n, N + 1, N + 1), at n instants (eq. 6.15); arguments as `doodson_rad`."""
        theta = doodson_rad(gmst_rad, delaunay) @ self.waves.T
        c, s = np.cos(theta), np.sin(theta)
        dC = np.tensordot(c, self.C_plus + self.C_minus, 1)
        dC += np.tensordot(s, self.S_plus + self.S_minus, 1)
        dS = np.tensordot(c, self.S_plus - self.S_minus, 1)
        dS -= np.tensordot(s, self.C_plus - self.C_minus, 1)
        return dC, dS


@functools.lru_cache(maxsize=4)
def _shipped(degree: int) -> OceanTides:
    item = store.entry("fes2004")
    layout = item["layout"]
    held = int(layout["degree"])
    if not 2 <= degree <= held:
        raise InputError(
            f"ocean tides to degree {degree} were asked; FES2004 is shipped from 2 to {held}."
            " For more give OceanTides.read(path, degree) the IERS file fes2004_Cnm-Snm.dat"
        )
    whole = np.asarray(store.open_array("fes2004"))
    parts = np.zeros((*whole.shape[:2], held + 1, held + 1))
    n, m = np.tril_indices(held + 1)
    parts[:, :, n, m] = whole * float(layout["unit"])
    parts = np.ascontiguousarray(parts[:, :, : degree + 1, : degree + 1])
    parts.flags.writeable = False
    waves = np.array([_multipliers(number) for number in layout["waves"]])
    return OceanTides(degree, waves, parts[0], parts[1], parts[2], parts[3], "FES2004")


_Row = tuple[str, int, int, tuple[float, float, float, float]]


def _parse(lines: list[str], name: str) -> tuple[float, list[_Row]]:
    unit, table = 0.0, list[_Row]()
    for line in lines:
        found = _UNIT.search(line)
        if found:
            unit = 10.0 ** int(found.group(1))
        words = line.split()
        wave = _WAVE.match(words[0]) if words else None
        if wave is None:
            if table and words:
                raise DataError(f"{name}: cannot read the line {line.strip()[:60]!r}")
            continue
        try:
            n, m = int(words[2]), int(words[3])
            c_plus, s_plus, c_minus, s_minus = (float(w) for w in words[4:8])
        except (IndexError, ValueError):
            raise DataError(f"{name}: cannot read the line {line.strip()[:60]!r}") from None
        number = (wave.group(1) + wave.group(2)).zfill(6)
        table.append((number, n, m, (c_plus, s_plus, c_minus, s_minus)))
    if not table or unit == 0.0:
        what = "no line of coefficients" if not table else "no 'unit = 10^-11' above its lines"
        raise DataError(f"{name} holds {what}; give the IERS file fes2004_Cnm-Snm.dat")
    return unit, table


def _multipliers(number: str) -> list[float]:
    digits = [int(d) for d in number]
    return [float(digits[0]), *(float(d - 5) for d in digits[1:])]
