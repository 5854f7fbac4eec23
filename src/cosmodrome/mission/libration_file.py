"""Libration orbits as mission files write them: in words, as a start, and how well known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from cosmodrome.errors import InputError
from cosmodrome.formats.leaves import Instant, Leaf
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.typed import Field, Model, Read, reading, shown, text_of
from cosmodrome.mission.libration_text import EXAMPLES, read_wish
from cosmodrome.mission.starts import Start, StartLibration

if TYPE_CHECKING:
    from pydantic import ValidationInfo

__all__ = ["KnownFile", "LibrationStartFile", "OrbitWords", "libration_written"]


@dataclass(frozen=True, slots=True)
class OrbitWords(Field):
    """A libration orbit in words: nrho 9:2, halo sun-earth l2 az 300000 km."""

    def to_write(self) -> str:
        return EXAMPLES[0]

    def read(self, node: Any, info: ValidationInfo) -> Read:
        context = reading(info)
        where = getattr(node, "place", None)
        try:
            text = text_of(node, self.to_write())
            return Read(read_wish(text), text, place=where)
        except InputError as fault:
            why = str(fault).partition(": ")[2].partition(". Write it like: ")[0]
            context.fault(where, shown(node), why, f"Write it like {', '.join(EXAMPLES[:5])}.")
        except TextFault as fault:
            context.fault(where, shown(node), fault.why, fault.write)
        raise TextFault("", "") from None

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "description": "a libration orbit in words",
            "examples": list(EXAMPLES),
        }


class LibrationStartFile(Model):
    """A start on a path near a libration orbit."""

    orbit: Annotated[Read, OrbitWords()]
    epoch: Annotated[Read, Instant()]
    phase: (
        Annotated[Read, Leaf("angle", low=-2.0 * math.pi, high=2.0 * math.pi, example="90 deg")]
        | None
    ) = None
    mass: Annotated[Read, Leaf("mass", low=0.0, above=True, example="2900 kg")] | None = None

    written: ClassVar[str] = "{orbit: nrho 9:2, epoch: 2027-03-01T00:00Z}"
    meant: ClassVar[dict[str, str]] = {"time": "epoch", "family": "orbit", "anomaly": "phase"}

    def to_start(self) -> Start:
        phase = 0.0 if self.phase is None else self.phase.value
        return Start(
            epoch=self.epoch.value,
            mass_kg=None if self.mass is None else self.mass.value,
            source=f"{self.orbit.text} at {self.epoch.value}",
            libration=StartLibration(self.orbit.text, phase),
        )


def libration_written(start: Start) -> dict[str, str]:
    """The tree of such a start."""
    told = start.libration
    assert told is not None
    return {"orbit": told.orbit, "epoch": start.epoch.tt(), "phase": f"{told.phase_rad!r} rad"}


class KnownFile(Model):
    """How well place and velocity are known at a burn: 3 sigma of each component."""

    position: Annotated[Read, Leaf("length", low=0.0, high=1e6, example="10 km")]
    velocity: Annotated[Read, Leaf("speed", low=0.0, high=100.0, example="10 cm/s")]

    written: ClassVar[str] = "{position: 10 km, velocity: 10 cm/s}"
    meant: ClassVar[dict[str, str]] = {"place": "position", "speed": "velocity"}

    def told(self) -> tuple[float, float]:
        """m and m/s."""
        return self.position.value, self.velocity.value

    def tree(self) -> dict[str, str]:
        return {"position": self.position.text, "velocity": self.velocity.text}
