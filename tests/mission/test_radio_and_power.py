"""Radios, antennas and power systems as mission files write them."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from cosmodrome import mission
from cosmodrome.catalog.antennas import GaussianBeam, GroundAntenna, Isotropic, Parabolic
from cosmodrome.errors import MissionFileError
from cosmodrome.mission.onboard import Battery, Downlink, PowerSystem, Radio, SolarArray, Uplink

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION

RADIO = """\
  radio:
    antenna: {gain: 6 dBi, beamwidth: 70 deg}
    points: nadir
    downlink: {frequency: 8.2 GHz, data_rate: 20 Mbit/s, power: 8 W, required_ebn0: 4.4 dB,
               losses: 3 dB}
    uplink: {frequency: 2.05 GHz, data_rate: 4 kbit/s, noise_temperature: 600 K,
             required_ebn0: 9.6 dB}
"""
POWER = """\
  power:
    array: {area: 2 m^2, efficiency: 30 %, degradation: 10 %, pointing: one-axis}
    battery: {capacity: 500 Wh}
    load: {sunlit: 250 W, eclipse: 200 W}
    to_bus: 85 %
"""
STATIONS = """\
stations:
  - {id: big, lat: 62 deg, lon: 129.7 deg,
     antenna: {diameter: 5 m, noise_temperature: 150 K, power: 50 W, line_loss: 1 dB}}
  - {id: rated, lat: 62 deg, lon: 129.7 deg, antenna: {g_over_t: 20 dB/K, eirp: 50 dBW}}
  - {id: plain, lat: 62 deg, lon: 129.7 deg}
"""


def with_craft(text: str, more: str = "") -> str:
    return MISSION.replace("  drag_area: 12 m^2\n", "  drag_area: 12 m^2\n" + text) + more


def test_all_of_it_in_si_and_resolved() -> None:
    m = mission.loads(with_craft(RADIO + POWER, STATIONS))
    assert m.spacecraft.radio == Radio(
        GaussianBeam(6.0, math.radians(70.0)),
        "nadir",
        Downlink(8.2 * 1e9, 20e6, 4.4, 3.0, 8.0),
        Uplink(2.05 * 1e9, 4e3, 9.6, 0.0, 600.0),
    )
    assert m.spacecraft.power == PowerSystem(
        SolarArray(2.0, 0.3, 0.1, "one-axis", (0.0, 0.0, 1.0)),
        Battery(1.8e6, 95 * 0.01, 95 * 0.01), 250.0, 200.0, 0.85, 1.0,
    )  # fmt: skip
    big, rated, plain = (s.antenna for s in m.stations)
    assert big == GroundAntenna(Parabolic(5.0, 0.6, 0.0), 150.0, None, 50.0, 1.0, None)
    assert (big.hears, big.sends) == (True, True)
    assert rated == GroundAntenna(None, None, 20.0, None, 0.0, 50.0)
    assert plain is None
    again = mission.loads(m.resolved)
    assert again.spacecraft == m.spacecraft
    assert again.stations == m.stations
    for line in ("line_loss: 0 dB", "efficiency: 60 %", "charge_efficiency: 95 %", "axis: normal"):
        assert line in " ".join(m.resolved.split())


def test_the_published_schema_knows_the_keys() -> None:
    import jsonschema
    import yaml

    schema = jsonschema.Draft202012Validator(mission.json_schema())
    text = with_craft(RADIO + POWER, STATIONS)
    schema.validate(yaml.load(text, yaml.BaseLoader))
    for wrong in (
        text.replace("data_rate: 20 Mbit/s", "data_rate: fast"),
        text.replace("pointing: one-axis", "pointing: twice"),
        text.replace("noise_temperature: 150 K", "temperature: 150 K"),
    ):
        assert wrong != text
        with pytest.raises(jsonschema.ValidationError):
            schema.validate(yaml.load(wrong, yaml.BaseLoader))


def test_defaults() -> None:
    m = mission.loads(
        with_craft(
            "  radio: {downlink: {frequency: 400 MHz, data_rate: 9.6 kbit/s, eirp: 3 dBW,"
            " required_ebn0: 9.6 dB}}\n"
            "  power: {array: {area: 1 m^2, efficiency: 0.3, pointing: fixed, axis: [1, 0, 1]},"
            " battery: {capacity: 1 kWh, charged: 60 %}, load: {sunlit: 90 W}}\n"
        )
    )
    radio, power = m.spacecraft.radio, m.spacecraft.power
    assert radio is not None
    assert power is not None
    assert (radio.antenna, radio.points, radio.uplink) == (Isotropic(0.0), "station", None)
    assert radio.downlink == Downlink(400e6, 9600.0, 9.6, eirp_dbw=3.0)
    assert (power.dark_load_w, power.to_bus, power.charged) == (90.0, 1.0, 0.6)
    assert (power.array.pointing, power.array.axis) == ("fixed", (1.0, 0.0, 1.0))
    assert mission.loads(m.resolved).spacecraft == m.spacecraft


def test_neither_changes_what_else_is_resolved() -> None:
    plain = mission.loads(MISSION)
    assert plain.spacecraft.radio is None
    assert plain.spacecraft.power is None
    assert "radio" not in plain.resolved


DOWN = "downlink: {frequency: 8 GHz, data_rate: 1 Mbit/s, power: 8 W, required_ebn0: 4 dB"
ARRAY = "array: {area: 2 m^2, efficiency: 30 %}"


@pytest.mark.parametrize(
    ("craft", "told"),
    [
        ("  radio: {points: nadir}\n", "a radio without a way to send or to hear"),
        (f"  radio: {{{DOWN}, eirp: 9 dBW}}}}\n", "power and eirp say the same"),
        (f"  radio: {{{DOWN.replace('power: 8 W, ', '')}}}}}\n", "how strongly it sends"),
        (f"  radio: {{{DOWN}}}, antenna: {{beamwidth: 9 deg}}}}\n", "a beamwidth shapes a gain"),
        (f"  radio: {{{DOWN}}}, antenna: {{gain: 6 dBi, diameter: 1 m}}}}\n", "both say how"),
        (f"  radio: {{{DOWN}}}, antenna: {{gain: 6 dBi, efficiency: 50 %}}}}\n", "that of a dish"),
        (f"  radio: {{{DOWN}}}, antenna: {{}}}}\n", "how strong the antenna is"),
        (f"  radio: {{{DOWN}}}, antenna: {{gain: 6 dB}}}}\n", "dB is not a gain"),
        (f"  radio: {{{DOWN}}}, points: sun}}\n", "Write station or nadir."),
        (f"  radio: {{{DOWN.replace('1 Mbit/s', '1 Mbps')}}}}}\n", "Write Mbit/s."),
        ("  radio: {uplink: {frequency: 2 GHz, data_rate: 4 kbit/s, required_ebn0: 9 dB}}\n",
         "how well the spacecraft hears"),
        (f"  power: {{{ARRAY}, battery: {{capacity: 500 W}}, load: {{sunlit: 1 W}}}}\n",
         "W is not an energy"),
        (f"  power: {{{ARRAY.replace('}', ', pointing: fixed}')}, battery: {{capacity: 1 Wh}},"
         " load: {sunlit: 1 W}}\n", "where the fixed array faces"),
        (f"  power: {{{ARRAY.replace('}', ', axis: zenith}')}, battery: {{capacity: 1 Wh}}, load:"
         " {sunlit: 1 W}}\n", "has no axis of its own"),
        (f"  power: {{{ARRAY.replace('}', ', pointing: fixed, axis: zenit}')}, battery: {{capacity:"
         " 1 Wh}, load: {sunlit: 1 W}}\n", "Did you mean 'zenith'?"),
        (f"  power: {{{ARRAY}, battery: {{capacity: 1 Wh}}, load: 200 W}}\n",
         "a mapping of keys belongs here"),
    ],
)  # fmt: skip
def test_refusals(craft: str, told: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(with_craft(craft))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("antenna", "told"),
    [
        ("{diameter: 5 m}", "how well this antenna hears"),
        ("{noise_temperature: 150 K}", "noise_temperature needs a gain beside it"),
        ("{diameter: 5 m, noise_temperature: 150 K, g_over_t: 20 dB/K}", "say the same"),
        ("{diameter: 5 m, noise_temperature: 150 degC}", "temperature"),
        ("{diameter: 5 m, power: 50 W, noise_temp: 9 K}", "there is no such key here"),
    ],
)
def test_refusals_of_a_station(antenna: str, told: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(
            MISSION + f"stations: [{{id: a, lat: 62 deg, lon: 129 deg, antenna: {antenna}}}]\n"
        )
    assert told in str(caught.value)
