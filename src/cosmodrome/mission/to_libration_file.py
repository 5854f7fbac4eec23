"""A step to a libration orbit, as mission files write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.formats.leaves import Flag, Leaf, Whole, Words
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.libration_file import OrbitWords
from cosmodrome.mission.steps import ToLibration

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["ToLibrationFile"]

_DAY = 86_400.0
#: where none are written
_CORRECTIONS = ((12.0 * 3600.0, "12 h"), (30.0 * _DAY, "30 days"))
_OF_THE_MOON = ((_DAY, "1 day"),)
_WITHIN = (30.0 * _DAY, "30 days")

Later = Annotated[Read, Leaf("time", low=600.0, high=120.0 * _DAY, example="12 h")]


class ToLibrationFile(Model):
    """To a libration orbit: injection where it is not done, corrections, an insertion."""

    orbit: Annotated[Read, OrbitWords()] = Field(examples=["halo sun-earth l2 south az 350000 km"])
    corrections: list[Later] | None = None
    revolutions: Annotated[Read, Whole(1, 20)] | None = None
    apart: Annotated[Read, Leaf("length", low=1e6, high=1e9, example="150000 km")] | None = None
    within: Annotated[Read, Leaf("time", low=6 * 3600.0, high=60.0 * _DAY, example="14 days")] | (
        None
    ) = None
    impulsive: Annotated[bool, Flag()] = False
    name: Annotated[str, Words("a name", "to the libration point")] | None = None

    written: ClassVar[str] = (
        "{orbit: halo sun-earth l2 south az 350000 km, corrections: [12 h, 30 days]}"
    )
    meant: ClassVar[dict[str, str]] = {
        "target": "orbit",
        "to": "orbit",
        "tcm": "corrections",
        "mcc": "corrections",
        "tolerance": "apart",
    }

    def judge(self, context: Reading) -> None:
        wish = self.orbit.value
        lunar = wish.system == "earth-moon"
        if not lunar and wish.point not in (1, 2):
            context.fault(
                self.orbit.place,
                self.orbit.text,
                "the step leads to halo and Lyapunov orbits about L1 and L2 of Sun and Earth",
                "Write it like halo sun-earth l2 south az 350000 km.",
            )
        elif not lunar and self.within is not None:
            context.fault(
                self.within.place,
                self.within.text,
                "a way to a point of Sun and Earth is left within a revolution",
                "Remove within.",
            )
        if not lunar and self.corrections is not None and not self.corrections:
            context.fault(
                self.stands_key("corrections"),
                "",
                "the last correction enters the orbit: there must be one",
                "Write corrections: [12 h, 30 days].",
            )
        before = 0.0
        for read in self.corrections or ():
            if not before < read.value:
                why = "a correction comes after the one before it"
                context.fault(read.place, read.text, why, "Write rising times: [12 h, 30 days].")
            before = read.value

    def to_step(self, number: int) -> ToLibration:
        return ToLibration(
            self.orbit.text,
            tuple(s for s, _ in self._corrections()),
            2 if self.revolutions is None else self.revolutions.value,
            None if self.apart is None else self.apart.value,
            _WITHIN[0] if self.within is None else self.within.value,
            self.impulsive,
            self.name or f"to the libration point {number}",
        )

    def tree(self, number: int) -> dict[str, Any]:
        out: dict[str, Any] = {
            "name": self.name or f"to the libration point {number}",
            "orbit": self.orbit.text,
            "corrections": [text for _, text in self._corrections()],
            "revolutions": "2" if self.revolutions is None else self.revolutions.text,
        }
        if self.apart is not None:
            out["apart"] = self.apart.text
        if self._lunar():
            out["within"] = _WITHIN[1] if self.within is None else self.within.text
        out["impulsive"] = "true" if self.impulsive else "false"
        return out

    def _lunar(self) -> bool:
        return bool(self.orbit.value.system == "earth-moon")

    def _corrections(self) -> tuple[tuple[float, str], ...]:
        """When, in seconds and as written."""
        if self.corrections is not None:
            return tuple((r.value, r.text) for r in self.corrections)
        return _OF_THE_MOON if self._lunar() else _CORRECTIONS
