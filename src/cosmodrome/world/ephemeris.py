"""Where the Sun, Moon and planets are: DE440, read from its own Chebyshev records.

Geometric places (no light time, no aberration) on ICRF axes, which GCRF shares. The records
are JPL's to the last bit, so any reader of DE440 gives the same places.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import DataSpanError, UnknownNameError, did_you_mean
from cosmodrome.world import store
from cosmodrome.world.slow_series import TDB_MINUS_TT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["Ephemeris"]

_DAY_NS = 86_400_000_000_000
_DAY = 86400.0


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """Records of one body: (n, 3, K) Chebyshev coefficients in km, lowest power first."""

    coefficients: NDArray[np.float64]
    start_days: float
    step_days: float


@functools.cache
def _shipped() -> tuple[dict[str, _Segment], float]:
    layout: dict[str, Any] = store.entry("de440")["layout"]
    flat = store.open_array("de440")
    segments = {}
    for name, item in layout["segments"].items():
        n, three, k = item["shape"]
        at = int(item["offset"])
        block = flat[at : at + n * three * k].reshape(n, three, k)
        segments[name] = _Segment(block, float(item["start_days"]), float(item["step_days"]))
    return segments, float(layout["emrat"])


@dataclass(frozen=True, slots=True, eq=False)
class Ephemeris:
    """DE440 over 1962-2060; the records are opened at the first question."""

    @classmethod
    def shipped(cls) -> Ephemeris:
        """The excerpt in the package."""
        return cls()

    @property
    def bodies(self) -> tuple[str, ...]:
        """Names answered: "ssb" (Solar System barycentre), "earth", "emb", "sun", ..."""
        return ("ssb", "earth", *_shipped()[0])

    def position_m(self, body: str, epoch: Epoch, centre: str = "earth") -> NDArray[np.float64]:
        """Geometric place (3,) in m of `body` relative to `centre`, GCRF axes.

        Mars to Neptune are system barycentres. Raises UnknownNameError for a name without
        records, DataSpanError outside 1962-2060.
        """
        return self.positions_m(body, epoch, np.zeros(1), centre).reshape(3)

    def velocity_m_s(self, body: str, epoch: Epoch, centre: str = "earth") -> NDArray[np.float64]:
        """Velocity (3,) in m/s of `body` relative to `centre` (per second of TDB), GCRF axes."""
        day, s = tdb_clock(epoch, np.zeros(1))
        return self._relative(body, centre, day, s, 1).reshape(3)

    def positions_m(
        self, body: str, epoch0: Epoch, t_s: NDArray[np.float64], centre: str = "earth"
    ) -> NDArray[np.float64]:
        """Geometric places (n, 3) in m at seconds of TT after `epoch0`."""
        day, s = tdb_clock(epoch0, np.atleast_1d(np.asarray(t_s, dtype=np.float64)))
        return self._relative(body, centre, day, s, 0)

    def velocities_m_s(
        self, body: str, epoch0: Epoch, t_s: NDArray[np.float64], centre: str = "earth"
    ) -> NDArray[np.float64]:
        """Velocities (n, 3) in m/s at seconds of TT after `epoch0`."""
        day, s = tdb_clock(epoch0, np.atleast_1d(np.asarray(t_s, dtype=np.float64)))
        return self._relative(body, centre, day, s, 1)

    def positions_at_tdb_m(
        self,
        body: str,
        day: NDArray[np.float64],
        seconds: NDArray[np.float64],
        centre: str = "earth",
    ) -> NDArray[np.float64]:
        """Places (n, 3) in m at TDB given in two parts: days since J2000 and seconds."""
        return self._relative(body, centre, day, seconds, 0)

    def _relative(
        self,
        body: str,
        centre: str,
        day: NDArray[np.float64],
        s: NDArray[np.float64],
        order: int,
    ) -> NDArray[np.float64]:
        plus, minus = _chain(body), _chain(centre)
        out = np.zeros((s.size, 3))
        # the Moon and the Earth share the barycentre, which cancels exactly
        for name in sorted({*plus, *minus}):
            weight = plus.get(name, 0.0) - minus.get(name, 0.0)
            if weight != 0.0:
                out += weight * _evaluate(name, day, s, order)
        return out * 1e3


def tdb_clock(
    epoch: Epoch, t_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(days since J2000, seconds) on TDB, two parts, at seconds of TT after `epoch`, (n,).

    TDB - TT by ERFA `dtdb` at the geocentre, interpolated to its last bit for many instants.
    """
    whole, rest = divmod(epoch.ns, _DAY_NS)
    # whole days apart, so that long spans lose nothing
    days = np.floor(t_s / _DAY)
    s = rest / 1e9 + (t_s - days * _DAY)
    day = whole + days
    if t_s.size == 0:
        return day, s
    blocks = 1.0 + float(np.ptp(t_s)) / (TDB_MINUS_TT.block_days * _DAY)
    few = t_s.size < TDB_MINUS_TT.nodes * blocks
    shift = TDB_MINUS_TT.function(day, s) if few else TDB_MINUS_TT.at(day, s)[0]
    return day, s + shift[:, 0]


def _chain(name: str) -> dict[str, float]:
    """A body's place relative to the Solar System barycentre as weights of records."""
    segments, emrat = _shipped()
    if name == "ssb":
        return {}
    if name == "earth":
        return {"emb": 1.0, "moon": -1.0 / emrat}
    if name == "moon":
        return {"emb": 1.0, "moon": 1.0}
    if name not in segments:
        known = ("ssb", "earth", *segments)
        raise UnknownNameError(f"the ephemeris has no {name!r}. {did_you_mean(name, known)}")
    return {name: 1.0}


def _evaluate(
    name: str, day: NDArray[np.float64], s: NDArray[np.float64], order: int
) -> NDArray[np.float64]:
    """Records of one body at TDB: km (order 0) or km/s (order 1), (n, 3)."""
    segment = _shipped()[0][name]
    c, step = segment.coefficients, segment.step_days
    # records begin on whole multiples of half a day, so this difference is exact
    since = day - segment.start_days
    k = np.floor((since + s / _DAY) / step).astype(np.int64)
    if s.size and (int(k.min()) < 0 or int(k.max()) >= c.shape[0]):
        item = store.entry("de440")
        raise DataSpanError(
            f"the ephemeris of {name!r} was asked outside its span"
            f" {item['first']} .. {item['last']}; ask for an instant inside"
        )
    half = 0.5 * step * _DAY
    x = ((since - k * step) * _DAY + s) / half - 1.0
    if s.size == 0:
        return np.empty((0, 3))
    first = int(k.min())
    block = np.asarray(c[first : int(k.max()) + 1])
    t = np.empty((c.shape[2], s.size))
    t[0], t[1] = 1.0, x
    for j in range(2, c.shape[2]):
        t[j] = 2.0 * x * t[j - 1] - t[j - 2]
    if order == 1:
        d = np.empty_like(t)
        d[0], d[1] = 0.0, 1.0
        for j in range(2, c.shape[2]):
            d[j] = 2.0 * t[j - 1] + 2.0 * x * d[j - 1] - d[j - 2]
        t = d / half
    out: NDArray[np.float64] = np.einsum("nck,kn->nc", block[k - first], t)
    return out
