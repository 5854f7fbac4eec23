"""Plan, Handover, Leg, Event, Finding; the Flight as data."""

from cosmodrome.record.arrivals import ArrivalLooked as ArrivalLooked
from cosmodrome.record.events import event_record as event_record
from cosmodrome.record.events import flight_path_angle as flight_path_angle
from cosmodrome.record.faults import *  # noqa: F403
from cosmodrome.record.faults import __all__ as _faults
from cosmodrome.record.imaging import Overflight as Overflight
from cosmodrome.record.libration import LibrationRecord as LibrationRecord
from cosmodrome.record.nouns import *  # noqa: F403
from cosmodrome.record.nouns import __all__ as _nouns
from cosmodrome.record.safety import *  # noqa: F403
from cosmodrome.record.safety import __all__ as _safety
from cosmodrome.record.upkeep import UpkeepRecord as UpkeepRecord

__all__ = [
    *_nouns,
    *_faults,
    *_safety,
    "ArrivalLooked",
    "LibrationRecord",
    "Overflight",
    "UpkeepRecord",
    "event_record",
    "flight_path_angle",
]
