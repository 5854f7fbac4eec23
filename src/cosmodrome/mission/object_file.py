"""An object in orbit beside the flight, told in one of the ways a mission may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.typed import Model
from cosmodrome.formats.yaml_text import Mapping

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading
    from cosmodrome.mission.starts import Start

__all__ = ["ObjectFile"]

_WAYS = ("state", "elements", "opm", "oem", "tle", "omm")


class ObjectFile(Model):
    """Where an object is; what else is said of it, a model of its own adds."""

    state: Any = Field(default=None, examples=["{epoch: ..., frame: gcrf, position: ..., ...}"])
    elements: Any = Field(
        default=None, examples=["{epoch: ..., frame: tod, altitude: 420 km, ...}"]
    )
    opm: Any = Field(default=None, examples=["station.opm"])
    oem: Any = Field(default=None, examples=["{file: station.oem}"])
    tle: Any = Field(default=None, examples=["{file: station.tle}"])
    omm: Any = Field(default=None, examples=["{file: station.xml}"])

    #: what is done with the object, for a message
    done: ClassVar[str]

    def judge(self, context: Reading) -> None:
        given = self._given()
        if len(given) != 1:
            context.fault(
                self.stands,
                ", ".join(given),
                f"one object is {self.done}" if given else "nothing says where the object is",
                f"Write one of {', '.join(_WAYS)}, like tle: {{file: station.tle}}.",
            )

    def _given(self) -> list[str]:
        return [key for key in _WAYS if getattr(self, key) is not None]

    def start(self, context: Reading) -> Start | None:
        """Where it is, in SI; None with the faults recorded."""
        from cosmodrome.mission.start_file import read_object

        made = Mapping(self.stands)
        for key in self._given():
            made[key], made.keys_at[key] = getattr(self, key), self.stands_key(key)
        return read_object(made, context, context.folder)
