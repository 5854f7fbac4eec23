"""Ocean tides of the Earth's gravity: FES2004, or a file of coefficients the user brings.

Petit & Luzum (2010), IERS Conventions, Technical Note 36, section 6.3: the corrections of each
tidal wave (eq. 6.15). FES2004 (Lyard, Lefevre, Letellier & Francis 2006, Ocean Dynamics 56:394)
is shipped to degree and order 30; the IERS file fes2004_Cnm-Snm.dat holds it to 100. Its 18 waves
carry 112 smaller ones along, by linear admittance (eq. 6.16).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError
from cosmodrome.physics.tide_waves import MAIN, MINOR
from cosmodrome.world import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["OceanTides", "doodson_rad"]

_UNIT = re.compile(r"unit\s*=\s*10\^([+-]?\d+)", re.IGNORECASE)
# speeds of tau, s, h, p, N', ps (Doodson 1921), for the admittance only
_RATES_DEG_H = np.array([14.49205212, 0.54901653, 0.04106864, 0.00464183, 0.00220641, 0.00000196])
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
    minor   Doodson multipliers of the waves carried along, (f, 6)
    shares  what each of them adds to each of `waves`, (f, w): dC and dS of a minor wave are those
            of a wave times its share, with the minor wave's own argument
    """

    degree: int
    waves: Array
    C_plus: Array
    S_plus: Array
    C_minus: Array
    S_minus: Array
    name: str
    minor: Array
    shares: Array

    @classmethod
    def shipped(cls, degree: int = 20) -> OceanTides:
        """FES2004 to a degree and order of 2 to 30.

        Raises InputError outside these.
        """
        return _shipped(degree)

    @classmethod
    def read(cls, path: Path, degree: int = 20, *, admittance: bool = True) -> OceanTides:
        """From a file in the form of fes2004_Cnm-Snm.dat, to a degree and order.

        admittance  carry along the waves the file leaves out

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
        return _made(size, numbers, parts, path.name, admittance)

    def corrections(self, gmst_rad: Array, delaunay: Array) -> tuple[Array, Array]:
        """(dC, dS), (n, N + 1, N + 1), at n instants (eq. 6.15); arguments as `doodson_rad`."""
        beta = doodson_rad(gmst_rad, delaunay)
        theta, small = beta @ self.waves.T, beta @ self.minor.T
        c = np.cos(theta) + np.cos(small) @ self.shares
        s = np.sin(theta) + np.sin(small) @ self.shares
        dC = np.tensordot(c, self.C_plus + self.C_minus, 1)
        dC += np.tensordot(s, self.S_plus + self.S_minus, 1)
        dS = np.tensordot(c, self.S_plus - self.S_minus, 1)
        dS -= np.tensordot(s, self.C_plus - self.C_minus, 1)
        return dC, dS


def _shares(numbers: Sequence[str], minor: Mapping[str, float]) -> tuple[Array, Array]:
    """Multipliers (f, 6) of the minor waves and their shares (f, w) in the tabulated ones.

    Eq. 6.16: in a band (same tau) the response per amplitude Z / H is linear in frequency between
    the two tabulated waves around; outside them it goes on along the line through the last wave
    and the next one at least 0.4 deg/h away, K1 and P1 or S2 and K2 lying too close together.
    The choice of neighbours is ours: against brahe 1.8, which takes those of table 6.7, three low
    orbits differ by 0.2 to 0.5 mm after half an hour, of 13 to 135 mm that ocean tides do.
    """
    known = [i for i, number in enumerate(numbers) if number in MAIN]
    speed = _multipliers(numbers) @ _RATES_DEG_H
    names, rows = [], []
    for number, h in minor.items():
        if number in numbers:
            continue
        f = float((_multipliers([number]) @ _RATES_DEG_H)[0])
        band = sorted((i for i in known if numbers[i][0] == number[0]), key=lambda i: speed[i])
        below = [i for i in band if speed[i] <= f]
        above = [i for i in band if speed[i] > f]
        if below and above:
            one, two = below[-1], above[0]
        elif band:
            ends = band if above else band[::-1]
            one = ends[0]
            far = [i for i in ends if abs(speed[i] - speed[one]) > 0.4]
            two = far[0] if far else one
        else:
            continue
        part = 0.0 if one == two else (f - speed[one]) / (speed[two] - speed[one])
        row = np.zeros(len(numbers))
        row[one] += (1.0 - part) * h / MAIN[numbers[one]]
        row[two] += part * h / MAIN[numbers[two]]
        names.append(number)
        rows.append(row)
    shares = np.array(rows).reshape(len(rows), len(numbers))
    shares.flags.writeable = False
    return _multipliers(names), shares


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
    return _made(degree, layout["waves"], parts, "FES2004", True)


def _made(
    degree: int, numbers: Sequence[str], parts: Array, name: str, admittance: bool
) -> OceanTides:
    minor, shares = _shares(numbers, MINOR if admittance else {})
    return OceanTides(
        degree, _multipliers(numbers), parts[0], parts[1], parts[2], parts[3], name, minor, shares
    )


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


def _multipliers(numbers: Sequence[str]) -> Array:
    """(w, 6) multipliers of tau, s, h, p, N', ps: all but the first are written plus 5."""
    digits = np.array([[int(d) for d in number] for number in numbers], dtype=np.float64)
    out: Array = digits.reshape(len(numbers), 6) - np.array([0.0, 5.0, 5.0, 5.0, 5.0, 5.0])
    return out
