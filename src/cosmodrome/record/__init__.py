"""Plan, Handover, Leg, Event, Finding; the Flight as data."""

from cosmodrome.record.nouns import *  # noqa: F403
from cosmodrome.record.nouns import __all__ as __all__
