"""The transfer chapter: burns of a spacecraft in orbit."""

from cosmodrome.transfer.burn import execute

__all__ = ["execute"]
