"""Flights of record, flown again: event times from the vehicle, steering from the record.

`fit` finds the few steering angles that bring a flight nearest to what was observed of it;
`plan_of` cuts the plan that `ascent.execute` flies. Neither touches masses, thrust or times.
"""

from __future__ import annotations

from cosmodrome.ascent.replay.cut import plan_of
from cosmodrome.ascent.replay.fit import Observation, Replay, fit, measured
from cosmodrome.ascent.replay.fly import CutOff
from cosmodrome.ascent.replay.pieces import Timetable, timetable
from cosmodrome.ascent.replay.steering import Layout

__all__ = [
    "CutOff",
    "Layout",
    "Observation",
    "Replay",
    "Timetable",
    "fit",
    "measured",
    "plan_of",
    "timetable",
]
