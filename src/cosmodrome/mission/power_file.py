"""Electric power as a mission file writes it: array, battery, loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.errors import did_you_mean
from cosmodrome.formats import typed
from cosmodrome.formats.leaves import Choice, Leaf
from cosmodrome.formats.quantity import TextFault
from cosmodrome.formats.typed import Model, Read, reading, shown, text_of
from cosmodrome.formats.yaml_text import Sequence
from cosmodrome.mission.onboard import Battery, PowerSystem, SolarArray
from cosmodrome.mission.plan_leaves import three_numbers

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from cosmodrome.formats.typed import Reading

__all__ = ["PowerFile"]

#: in orbit axes: radial outward, along track, orbit normal
_SIDES = {
    "zenith": (1.0, 0.0, 0.0),
    "nadir": (-1.0, 0.0, 0.0),
    "along-track": (0.0, 1.0, 0.0),
    "against-track": (0.0, -1.0, 0.0),
    "normal": (0.0, 0.0, 1.0),
    "anti-normal": (0.0, 0.0, -1.0),
}


def _default(text: str) -> Any:
    return Field(default=text, validate_default=True)


@dataclass(frozen=True, slots=True)
class Side(typed.Field):
    """A side of the spacecraft by its name, or three numbers in the axes of the orbit."""

    def to_write(self) -> str:
        return "zenith"

    def read(self, node: Any, info: ValidationInfo) -> Read:
        where = getattr(node, "place", None)
        try:
            if isinstance(node, Sequence):
                return Read(three_numbers(node), "", place=where)
            text = text_of(node, self.to_write())
            if text not in _SIDES:
                raise TextFault(
                    "there is no such side",
                    f"{did_you_mean(text, _SIDES)} Or write three numbers, radial outward, along"
                    " track and along the orbit normal: [0.8, 0, 0.6].",
                )
            return Read(_SIDES[text], text, place=where)
        except TextFault as fault:
            reading(info).fault(where, shown(node), fault.why, fault.write)
            raise TextFault("", "") from None

    def schema(self) -> dict[str, Any]:
        number = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        return {
            "anyOf": [
                {"enum": list(_SIDES)},
                {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
            ]
        }


Share = Annotated[Read, Leaf("ratio", low=0.0, above=True, high=1.0, example="95 %")]
Watts = Annotated[Read, Leaf("power", low=0.0, example="250 W")]


class ArrayFile(Model):
    """A flat solar array."""

    area: Annotated[Read, Leaf("area", low=0.0, above=True, example="2 m^2")]
    efficiency: Share = Field(examples=["30 %"])
    degradation: Annotated[Read, Leaf("ratio", low=0.0, high=0.99, example="10 %")] = _default(
        "0 %"
    )
    pointing: Annotated[str, Choice(("sun", "one-axis", "fixed"), what="way to point")] = "sun"
    axis: Annotated[Read, Side()] | None = None

    meant: ClassVar[dict[str, str]] = {"normal": "axis", "points": "pointing"}

    def judge(self, context: Reading) -> None:
        if self.axis is not None and self.pointing == "sun":
            context.fault(
                self.axis.place,
                self.axis.text,
                "an array that always faces the Sun has no axis of its own",
                "Remove axis, or write pointing: one-axis or pointing: fixed.",
            )
        if self.axis is None and self.pointing == "fixed":
            context.fault(
                self.stands_key("axis"),
                "",
                "nothing says where the fixed array faces",
                "Add axis: zenith.",
            )


class BatteryFile(Model):
    """A battery: what it holds, and what is kept on the way in and out."""

    capacity: Annotated[Read, Leaf("energy", low=0.0, above=True, example="500 Wh")]
    charge_efficiency: Share = _default("95 %")
    discharge_efficiency: Share = _default("95 %")
    charged: Annotated[Read, Leaf("ratio", low=0.0, high=1.0, example="100 %")] = _default("100 %")


class LoadFile(Model):
    """What is asked for in the light and in umbra."""

    sunlit: Watts
    eclipse: Watts | None = None

    meant: ClassVar[dict[str, str]] = {"day": "sunlit", "dark": "eclipse", "umbra": "eclipse"}


class PowerFile(Model):
    """Array, battery and loads of a spacecraft."""

    array: ArrayFile = Field(examples=["{area: 2 m^2, efficiency: 30 %}"])
    battery: BatteryFile = Field(examples=["{capacity: 500 Wh}"])
    load: LoadFile = Field(examples=["{sunlit: 250 W, eclipse: 200 W}"])
    to_bus: Share = _default("100 %")

    meant: ClassVar[dict[str, str]] = {
        "solar_array": "array",
        "loads": "load",
        "path_efficiency": "to_bus",
        "regulator": "to_bus",
    }

    def _axis(self) -> tuple[float, float, float]:
        given = self.array.axis
        x, y, z = _SIDES["normal"] if given is None else given.value
        return x, y, z

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        array: dict[str, Any] = {
            k: getattr(self.array, k).text for k in ("area", "efficiency", "degradation")
        }
        array["pointing"] = self.array.pointing
        if self.array.pointing != "sun":
            axis = self.array.axis
            named = "normal" if axis is None else axis.text
            array["axis"] = named or [f"{c!r}" for c in self._axis()]
        battery = {k: getattr(self.battery, k).text for k in BatteryFile.model_fields}
        load = {
            "sunlit": self.load.sunlit.text,
            "eclipse": (self.load.eclipse or self.load.sunlit).text,
        }
        return {"array": array, "battery": battery, "load": load, "to_bus": self.to_bus.text}

    def to_power(self) -> PowerSystem:
        """The noun in SI."""
        array, battery, load = self.array, self.battery, self.load
        return PowerSystem(
            SolarArray(
                array.area.value,
                array.efficiency.value,
                array.degradation.value,
                array.pointing,
                self._axis(),
            ),
            Battery(
                battery.capacity.value,
                battery.charge_efficiency.value,
                battery.discharge_efficiency.value,
            ),
            load.sunlit.value,
            (load.eclipse or load.sunlit).value,
            self.to_bus.value,
            battery.charged.value,
        )
