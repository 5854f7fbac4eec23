"""Radios as a mission file writes them: of a spacecraft, and of the stations it talks with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cosmodrome.catalog.antennas import (
    OMNI,
    Antenna,
    GaussianBeam,
    GroundAntenna,
    Isotropic,
    Parabolic,
)
from cosmodrome.formats.leaves import Choice, Leaf
from cosmodrome.formats.typed import Model, Read
from cosmodrome.mission.onboard import Downlink, Radio, Uplink

if TYPE_CHECKING:
    from cosmodrome.formats.typed import Reading

__all__ = ["AntennaFile", "GroundAntennaFile", "RadioFile"]

POINTS = ("station", "nadir")


def _default(text: str) -> Any:
    return Field(default=text, validate_default=True)


Gain = Annotated[Read, Leaf("gain", low=-60.0, high=100.0, example="6 dBi")]
Loss = Annotated[Read, Leaf("level", low=0.0, high=100.0, example="1 dB")]
Watts = Annotated[Read, Leaf("power", low=0.0, above=True, example="8 W")]
Radiated = Annotated[Read, Leaf("radiated power", low=-100.0, high=150.0, example="12 dBW")]
Kelvin = Annotated[Read, Leaf("temperature", low=0.0, above=True, high=1e5, example="150 K")]
Merit = Annotated[Read, Leaf("figure of merit", low=-100.0, high=100.0, example="20 dB/K")]
Hertz = Annotated[Read, Leaf("frequency", low=1e5, high=1e15, example="8.2 GHz")]
BitRate = Annotated[Read, Leaf("data rate", low=0.0, above=True, example="100 Mbit/s")]
Ebn0 = Annotated[Read, Leaf("level", low=-2.0, high=60.0, example="4.4 dB")]


class AntennaFile(Model):
    """A dish by its diameter, or any antenna by its gain, which `beamwidth` shapes."""

    gain: Gain | None = None
    beamwidth: (
        Annotated[Read, Leaf("angle", low=0.0, above=True, high=2.0 * math.pi, example="70 deg")]
        | None
    ) = None
    diameter: Annotated[Read, Leaf("length", low=0.0, above=True, high=500.0, example="5 m")] | (
        None
    ) = None
    efficiency: Annotated[Read, Leaf("ratio", low=0.0, above=True, high=1.0, example="60 %")] = (
        _default("60 %")
    )
    pointing_error: Annotated[
        Read, Leaf("angle", low=0.0, high=math.radians(20.0), example="0.1 deg")
    ] = _default("0 deg")

    meant: ClassVar[dict[str, str]] = {
        "dish": "diameter",
        "half_power": "beamwidth",
        "hpbw": "beamwidth",
        "beam_width": "beamwidth",
    }

    def judge(self, context: Reading) -> None:
        if self.gain is not None and self.diameter is not None:
            context.fault(
                self.diameter.place,
                self.diameter.text,
                "gain and diameter both say how strong the antenna is",
                "Keep one of the two.",
            )
        if self.beamwidth is not None and self.gain is None:
            context.fault(
                self.beamwidth.place,
                self.beamwidth.text,
                "a beamwidth shapes a gain; that of a dish follows from its diameter",
                "Write gain: 6 dBi beside it, or remove beamwidth.",
            )
        for key in ("efficiency", "pointing_error"):
            if key in self.model_fields_set and self.diameter is None:
                read = getattr(self, key)
                context.fault(
                    read.place,
                    read.text,
                    f"{key} is that of a dish, and no diameter is given",
                    f"Write diameter: 5 m, or remove {key}.",
                )

    @property
    def shaped(self) -> bool:
        """Is there a gain or a diameter?"""
        return self.gain is not None or self.diameter is not None

    def to_antenna(self) -> Antenna | None:
        """The noun; None where neither gain nor diameter is given."""
        if self.diameter is not None:
            return Parabolic(self.diameter.value, self.efficiency.value, self.pointing_error.value)
        if self.gain is None:
            return None
        if self.beamwidth is not None:
            return GaussianBeam(self.gain.value, self.beamwidth.value)
        return Isotropic(self.gain.value)

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        keys = ["diameter", "efficiency", "pointing_error"] if self.diameter is not None else []
        return _texts(self, [*keys, "gain", "beamwidth"])


def _texts(model: Model, keys: list[str]) -> dict[str, Any]:
    """Key and text of what is given."""
    reads = {k: getattr(model, k) for k in keys}
    return {k: r.text for k, r in reads.items() if r is not None}


def _one_of(model: Model, one: str, other: str, context: Reading) -> None:
    """A fault where both of two keys that say the same are given."""
    a, b = getattr(model, one), getattr(model, other)
    if a is not None and b is not None:
        context.fault(b.place, b.text, f"{one} and {other} say the same", "Keep one of the two.")


class GroundAntennaFile(AntennaFile):
    """A station's antenna, which follows the spacecraft: how it hears, how it sends."""

    noise_temperature: Kelvin | None = None
    g_over_t: Merit | None = None
    power: Watts | None = None
    line_loss: Loss = _default("0 dB")
    eirp: Radiated | None = None

    meant: ClassVar[dict[str, str]] = {
        **AntennaFile.meant,
        "system_temperature": "noise_temperature",
        "gt": "g_over_t",
        "transmit_power": "power",
    }

    def judge(self, context: Reading) -> None:
        super().judge(context)
        _one_of(self, "noise_temperature", "g_over_t", context)
        _one_of(self, "power", "eirp", context)
        figures = (self.noise_temperature, self.g_over_t, self.power, self.eirp)
        if all(x is None for x in figures):
            context.fault(
                self.stands,
                "",
                "nothing says how well this antenna hears, or how strongly it sends",
                "Add noise_temperature: 150 K or g_over_t: 20 dB/K to hear with it, power: 50 W or"
                " eirp: 50 dBW to send.",
            )
        for key in ("noise_temperature", "power"):
            read = getattr(self, key)
            if read is not None and not self.shaped:
                context.fault(
                    read.place,
                    read.text,
                    f"{key} needs a gain beside it",
                    "Add diameter: 5 m or gain: 35 dBi.",
                )

    def to_ground(self) -> GroundAntenna:
        """The noun in SI."""
        temperature, merit, power, eirp = (
            None if read is None else float(read.value)
            for read in (self.noise_temperature, self.g_over_t, self.power, self.eirp)
        )
        return GroundAntenna(
            self.to_antenna(), temperature, merit, power, self.line_loss.value, eirp
        )

    def tree(self) -> dict[str, Any]:
        sends = ["power", "line_loss"] if self.power is not None else ["eirp"]
        return super().tree() | _texts(self, ["noise_temperature", "g_over_t", *sends])


class _WayFile(Model):
    """One way of a link."""

    frequency: Hertz
    data_rate: BitRate
    required_ebn0: Ebn0
    losses: Loss = _default("0 dB")

    meant: ClassVar[dict[str, str]] = {
        "rate": "data_rate",
        "bit_rate": "data_rate",
        "ebn0": "required_ebn0",
        "loss": "losses",
        "gt": "g_over_t",
        "transmit_power": "power",
    }


class DownlinkFile(_WayFile):
    """From the spacecraft to the station."""

    power: Watts | None = None
    line_loss: Loss = _default("0 dB")
    eirp: Radiated | None = None

    def judge(self, context: Reading) -> None:
        _one_of(self, "power", "eirp", context)
        if self.power is None and self.eirp is None:
            context.fault(self.stands, "", "nothing says how strongly it sends", "Add power: 8 W.")

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        sends = ["power", "line_loss"] if self.power is not None else ["eirp"]
        return _texts(self, ["frequency", "data_rate", *sends, "required_ebn0", "losses"])

    def to_downlink(self) -> Downlink:
        """The noun in SI."""
        return Downlink(
            self.frequency.value,
            self.data_rate.value,
            self.required_ebn0.value,
            self.losses.value,
            None if self.power is None else self.power.value,
            self.line_loss.value,
            None if self.eirp is None else self.eirp.value,
        )


class UplinkFile(_WayFile):
    """From the station to the spacecraft."""

    noise_temperature: Kelvin | None = None
    g_over_t: Merit | None = None

    def judge(self, context: Reading) -> None:
        _one_of(self, "noise_temperature", "g_over_t", context)
        if self.noise_temperature is None and self.g_over_t is None:
            context.fault(
                self.stands,
                "",
                "nothing says how well the spacecraft hears",
                "Add noise_temperature: 600 K.",
            )

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        heard = ["noise_temperature", "g_over_t"]
        return _texts(self, ["frequency", "data_rate", *heard, "required_ebn0", "losses"])

    def to_uplink(self) -> Uplink:
        """The noun in SI."""
        return Uplink(
            self.frequency.value,
            self.data_rate.value,
            self.required_ebn0.value,
            self.losses.value,
            None if self.noise_temperature is None else self.noise_temperature.value,
            None if self.g_over_t is None else self.g_over_t.value,
        )


_DOWN = "{frequency: 8.2 GHz, data_rate: 100 Mbit/s, power: 8 W, required_ebn0: 4.4 dB}"
_UP = "{frequency: 2.05 GHz, data_rate: 4 kbit/s, noise_temperature: 600 K, required_ebn0: 9.6 dB}"


class RadioFile(Model):
    """A spacecraft's radio: one antenna, and one way or both."""

    antenna: AntennaFile | None = Field(default=None, examples=["{gain: 6 dBi, beamwidth: 70 deg}"])
    points: Annotated[str, Choice(POINTS, what="way to point")] = "station"
    downlink: DownlinkFile | None = Field(default=None, examples=[_DOWN])
    uplink: UplinkFile | None = Field(default=None, examples=[_UP])

    meant: ClassVar[dict[str, str]] = {
        "down": "downlink",
        "up": "uplink",
        "pointing": "points",
        "frequency": "downlink: {frequency: ...}",
    }

    def judge(self, context: Reading) -> None:
        if self.downlink is None and self.uplink is None:
            context.fault(
                self.stands,
                "",
                "a radio without a way to send or to hear",
                f"Add downlink: {_DOWN}.",
            )
        if self.antenna is not None and not self.antenna.shaped:
            context.fault(
                self.antenna.stands,
                "",
                "nothing says how strong the antenna is",
                "Write gain: 6 dBi, or diameter: 0.3 m.",
            )

    def tree(self) -> dict[str, Any]:
        """The mapping with every default written out."""
        antenna = {"gain": "0 dBi"} if self.antenna is None else self.antenna.tree()
        out: dict[str, Any] = {"antenna": antenna, "points": self.points}
        for key in ("downlink", "uplink"):
            way = getattr(self, key)
            if way is not None:
                out[key] = way.tree()
        return out

    def to_radio(self) -> Radio:
        """The noun in SI."""
        antenna = None if self.antenna is None else self.antenna.to_antenna()
        return Radio(
            antenna or OMNI,
            self.points,  # type: ignore[arg-type]
            None if self.downlink is None else self.downlink.to_downlink(),
            None if self.uplink is None else self.uplink.to_uplink(),
        )
