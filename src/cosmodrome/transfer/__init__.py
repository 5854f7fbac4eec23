"""The transfer chapter: burns of a spacecraft in orbit, and what to burn to reach an orbit."""

from cosmodrome.transfer.burn import execute
from cosmodrome.transfer.targeting import Found, solve, told

__all__ = ["Found", "execute", "solve", "told"]
