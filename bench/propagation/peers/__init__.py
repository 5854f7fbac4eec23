"""One adapter a peer. Each module offers the same four functions:

available() -> str            the version; raises Unavailable with the reason
settings(case) -> list        of JSON-able settings, cheapest first, the last one tight
prepare(case, setting, folder) -> Flight
notes(case) -> list[str]      what this peer does otherwise than the case asks; raises Unavailable
                              where it cannot fly it

A Flight is an object with

fly()                one flight from start to end: what is timed; returns nothing
states(t_s) -> (n, 6)  places and velocities at these seconds after the start, m and m/s, flown as
                     `fly` does; used for errors and never timed
ensemble(starts, every_s)   (k, 6) starts, each flown to the end with its states every so many
                     seconds; what is timed in an ensemble; absent where there is none
tables_s             CPU time of what is built once, if the peer says so apart; else absent

`folder` is what bench.propagation.given wrote. A new peer is a new module and a name in NAMES.
"""

from __future__ import annotations

NAMES = ("cosmodrome", "satkit", "brahe", "nyx", "orekit", "gmat", "heyoka")


class Unavailable(Exception):  # noqa: N818 - an answer, not a fault
    """Why a peer does not fly: not installed, or not able to fly the case."""
