"""Space weather: F10.7, its 81-day mean and 3-hourly ap, as NRLMSIS-class models want them.

Observed to the table's last observed day, then NOAA's daily and monthly predictions, then,
beyond the table, the table's own last solar cycle repeated (11 years back, as often as
needed). Every sample says which of these it is.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, DataSpanError
from cosmodrome.world import store
from cosmodrome.world.days import date_of_mjd, mjd_of_date

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["COLUMNS", "SpaceWeatherSample", "SpaceWeatherTable", "read_celestrak"]

# kind: 0 observed (or interpolated over a missed day), 1 daily prediction, 2 monthly
COLUMNS = (
    "mjd_utc", "ap1", "ap2", "ap3", "ap4", "ap5", "ap6", "ap7", "ap8", "ap_daily",
    "f107_observed", "f107_centred81", "kind",
)  # fmt: skip
_KIND = {"OBS": 0.0, "INT": 0.0, "PRD": 1.0, "PRM": 2.0}
_CYCLE_DAYS = 4018  # 11 years


@dataclass(frozen=True, slots=True, eq=False)
class SpaceWeatherSample:
    """What a thermosphere model of the NRLMSIS family takes at one instant.

    f107   10.7 cm solar flux of the previous day, observed (at Earth's distance), sfu
    f107a  mean of 81 days centred on the day, observed, sfu
    ap     (7,): daily ap; 3-hour ap now, 3, 6 and 9 h before; mean of 12-33 h before; mean of
           36-57 h before
    kind   "observed", "predicted" (NOAA) or "extrapolated" (last cycle repeated)
    """

    f107: float
    f107a: float
    ap: NDArray[np.float64]
    kind: str


def read_celestrak(text: str) -> NDArray[np.float64]:
    """CelesTrak space-weather CSV (SW-All or SW-Last5Years) -> (n, 13) daily table of COLUMNS.

    Monthly predictions are spread over days by linear interpolation between their dates, ap
    being the month's mean Ap all day long.

    Raises DataError when the columns are not found or days are missing.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    names = lines[0].split(",") if lines else []
    wanted = [*(f"AP{i}" for i in range(1, 9)), "AP_AVG", "F10.7_OBS", "F10.7_OBS_CENTER81"]
    missing = [w for w in ("DATE", "F10.7_DATA_TYPE", *wanted) if w not in names]
    if missing:
        raise DataError(
            f"space weather: no column {missing[0]!r}; give CelesTrak's SW-All.csv as it is"
        )
    at = [names.index(w) for w in wanted]
    date, tag = names.index("DATE"), names.index("F10.7_DATA_TYPE")
    daily: list[list[float]] = []
    monthly: list[list[float]] = []
    for line in lines[1:]:
        f = line.split(",")
        try:
            kind = _KIND[f[tag]]
            mjd = float(mjd_of_date(f[date]))
            if kind == 2.0:
                flux, mean = float(f[at[9]]), float(f[at[10]])
                ap = float(f[at[8]] or "nan")
                monthly.append([mjd, *([ap] * 9), flux, mean, kind])
            else:
                daily.append([mjd, *(float(f[i]) for i in at), kind])
        except (ValueError, KeyError, IndexError):
            raise DataError(f"space weather: cannot read the line {line[:60]!r}") from None
    table = np.array(daily)
    if table.shape[0] < 60 or not np.all(np.diff(table[:, 0]) == 1.0):
        raise DataError("space weather: the daily rows do not follow one another day by day")
    if not monthly:
        return table
    return np.concatenate([table, _spread(table, np.array(monthly))])


def _spread(daily: NDArray[np.float64], monthly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Monthly rows (stamped on the first of the month) as days after the daily rows."""
    monthly = monthly[monthly[:, 0] > daily[-1, 0]]
    # where no Ap is predicted, the mean of the last 11 years stands
    mean_ap = float(np.mean(daily[-_CYCLE_DAYS:, 9]))
    monthly[:, 1:10] = np.where(np.isnan(monthly[:, 1:10]), mean_ap, monthly[:, 1:10])
    days = np.arange(daily[-1, 0] + 1.0, monthly[-1, 0] + 1.0)
    # from the mean of the last 27 predicted days over to the months
    anchor = np.concatenate([daily[-1:, :1], daily[-27:, 1:].mean(axis=0)[None]], axis=1)
    knots = np.concatenate([anchor, monthly])
    out = np.column_stack(
        [days] + [np.interp(days, knots[:, 0], knots[:, j]) for j in range(1, knots.shape[1])]
    )
    out[:, 1:10] = np.round(out[:, 1:10])
    out[:, 10:12] = np.round(out[:, 10:12], 1)
    out[:, 12] = 2.0
    return out


class SpaceWeatherTable:
    """A daily table, immutable once made; `table` is (n, 13) of COLUMNS."""

    def __init__(self, table: NDArray[np.float64]) -> None:
        if table.ndim != 2 or table.shape[1] != len(COLUMNS):
            raise DataError(f"a space-weather table has {len(COLUMNS)} columns, not {table.shape}")
        self.table = np.array(table, dtype=np.float64)
        self.table.flags.writeable = False

    @classmethod
    def shipped(cls) -> SpaceWeatherTable:
        """The table in the package."""
        layout = store.entry("space_weather")["layout"]
        # division keeps tenths as the nearest double
        table = store.open_array("space_weather") / np.round(1.0 / np.array(layout["scale"]))
        table[:, 0] += layout["first_mjd"]
        return cls(table)

    @classmethod
    def read(cls, path: Path) -> SpaceWeatherTable:
        """From a CelesTrak CSV given by the user."""
        if not path.is_file():
            raise DataError(f"no space-weather file {str(path)!r}; give CelesTrak's SW-All.csv")
        try:
            return cls(read_celestrak(path.read_text(encoding="ascii")))
        except UnicodeDecodeError:
            raise DataError(f"{path.name} is not text; give CelesTrak's SW-All.csv") from None

    @property
    def first(self) -> str:
        return date_of_mjd(int(self.table[0, 0]))

    @property
    def last(self) -> str:
        return date_of_mjd(int(self.table[-1, 0]))

    @functools.cached_property
    def last_observed(self) -> str:
        return date_of_mjd(int(self.table[self.table[:, -1] == 0.0][-1, 0]))

    def at(self, epoch: Epoch) -> SpaceWeatherSample:
        """Indices at an instant.

        Raises DataSpanError in the first three days of the table or before it.
        """
        day, fraction = epoch.jd_utc
        mjd = round(day - 2400000.5)
        slot = min(int(fraction * 8.0), 7)
        return self._sample(mjd, slot)

    def mean(self, epoch: Epoch, days: int = 27) -> SpaceWeatherSample:
        """Indices averaged over days about an instant: a turn of the Sun, by default.

        What a decay over years feels; ap is the mean of the daily ap, seven times. Where the
        table begins or ends inside the span the days it has are averaged.
        Raises DataSpanError before the table.
        """
        t = self.table
        first, last = int(t[0, 0]), int(t[-1, 0])
        mjd = round(epoch.jd_utc[0] - 2400000.5)
        if mjd < first:
            raise DataSpanError(
                f"space weather was asked for {date_of_mjd(mjd)}; the table begins on {self.first}"
            )
        i = mjd - _back(mjd, last) - first
        rows = t[max(i - days // 2, 0) : i + days // 2 + 1]
        if i < 0 or not len(rows):
            raise DataSpanError(
                f"space weather was asked for {date_of_mjd(mjd)}; the table {self.first} .."
                f" {self.last} is too short to repeat its last cycle: give SW-All.csv"
            )
        flux, mean, ap = (float(np.mean(rows[:, k])) for k in (10, 11, 9))
        return SpaceWeatherSample(flux, mean, np.full(7, ap), self.status(epoch))

    def status(self, epoch: Epoch) -> str:
        """How the indices at an instant are known: "observed", "predicted" or "extrapolated"."""
        mjd = round(epoch.jd_utc[0] - 2400000.5)
        if mjd > int(self.table[-1, 0]):
            return "extrapolated"
        i = max(mjd - int(self.table[0, 0]), 0)
        return "observed" if self.table[i, -1] == 0.0 else "predicted"

    def _sample(self, mjd: int, slot: int) -> SpaceWeatherSample:
        t = self.table
        first, last = int(t[0, 0]), int(t[-1, 0])
        if mjd - 3 < first:
            raise DataSpanError(
                f"space weather was asked for {date_of_mjd(mjd)}; the table begins on"
                f" {self.first} and three days before the instant are needed"
            )
        back = _back(mjd, last)
        i = mjd - back - first
        if i < 3:
            raise DataSpanError(
                f"space weather was asked for {date_of_mjd(mjd)}; the table {self.first} .."
                f" {self.last} is too short to repeat its last cycle: give SW-All.csv"
            )
        worst = float(t[i, -1])
        kind = "extrapolated" if back else ("observed" if worst == 0.0 else "predicted")
        threes = t[i - 3 : i + 1, 1:9].ravel()
        now = 24 + slot
        ap = np.array(
            [
                t[i, 9],
                threes[now],
                threes[now - 1],
                threes[now - 2],
                threes[now - 3],
                threes[now - 11 : now - 3].mean(),
                threes[now - 19 : now - 11].mean(),
            ]
        )
        return SpaceWeatherSample(float(t[i - 1, 10]), float(t[i, 11]), ap, kind)


def _back(mjd: int, last: int) -> int:
    """By how many days, in whole cycles, a day beyond the table's last lies after its like."""
    return -(-max(mjd - last, 0) // _CYCLE_DAYS) * _CYCLE_DAYS
