"""Quantities against known values, their own inverse, and pint's own unit registry."""

from __future__ import annotations

import math

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.formats.quantity import (
    DIMENSIONS,
    UNITS,
    TextFault,
    format_quantity,
    parse_measure,
    parse_number,
    parse_quantity,
    parse_time_of_day,
    unit_factor,
)

# one value known by hand for each unit of the table: (text, dimension, SI)
KNOWN = (
    ("2950 mm", "length", 2.95),
    ("268 cm", "length", 2.68),
    ("250 m", "length", 250.0),
    ("820 km", "length", 820_000.0),
    ("1 au", "length", 149_597_870_700.0),
    ("250 ms", "time", 0.25),
    ("117.7 s", "time", 117.7),
    ("2 min", "time", 120.0),
    ("1.5 h", "time", 5400.0),
    ("1 day", "time", 86_400.0),
    ("2 days", "time", 172_800.0),
    ("1 year", "time", 31_557_600.0),
    ("5 years", "time", 157_788_000.0),
    ("500 g", "mass", 0.5),
    ("2900 kg", "mass", 2900.0),
    ("39.16 t", "mass", 39_160.0),
    ("2 rad", "angle", 2.0),
    ("5 mrad", "angle", 0.005),
    ("180 deg", "angle", math.pi),
    ("60 arcmin", "angle", math.pi / 180.0),
    ("3600 arcsec", "angle", math.pi / 180.0),
    ("50 N", "force", 50.0),
    ("294.3 kN", "force", 294_300.0),
    ("1.0211 MN", "force", 1_021_100.0),
    ("101325 Pa", "pressure", 101_325.0),
    ("1013.25 hPa", "pressure", 101_325.0),
    ("45 kPa", "pressure", 45_000.0),
    ("0.045 MPa", "pressure", 45_000.0),
    ("1.01325 bar", "pressure", 101_325.0),
    ("1135 W/m^2", "heat flux", 1135.0),
    ("1.135 kW/m^2", "heat flux", 1135.0),
    ("1135 J/s/m^2", "heat flux", 1135.0),
    ("6 g0", "acceleration", 58.8399),
    ("250 W", "power", 250.0),
    ("500 Wh", "energy", 1.8e6),
    ("0.5 kWh", "energy", 1.8e6),
    ("150 K", "temperature", 150.0),
    ("8.2 GHz", "frequency", 8.2e9),
    ("2034.7 MHz", "frequency", 2034.7e6),
    ("145 kHz", "frequency", 145e3),
    ("50 Hz", "frequency", 50.0),
    ("9600 bit/s", "data rate", 9600.0),
    ("9.6 kbit/s", "data rate", 9600.0),
    ("3.4 Mbit/s", "data rate", 3.4e6),
    ("1 Gbit/s", "data rate", 1e9),
    ("-3 dB", "level", -3.0),
    ("38.2 dBi", "gain", 38.2),
    ("14.8 dBW", "radiated power", 14.8),
    ("-14.2 dB/K", "figure of merit", -14.2),
    ("81 %", "ratio", 0.81),
    ("12 m^2", "area", 12.0),
    ("12 m**2", "area", 12.0),
    ("9.2 kg/s", "mass flow", 9.2),
    ("1 deg/s", "angular rate", math.pi / 180.0),
    ("7.8 km/s", "speed", 7800.0),
    ("150 kPa deg", "pressure angle", 150e3 * math.pi / 180.0),
    ("150 kPa*deg", "pressure angle", 150e3 * math.pi / 180.0),
    ("9.8 m s^-2", "acceleration", 9.8),
    ("0.81", "ratio", 0.81),
    ("-15 s", "time", -15.0),
    (".5 km", "length", 500.0),
    ("8.2e2km", "length", 820_000.0),
)


@pytest.mark.parametrize(("text", "dimension", "value"), KNOWN)
def test_known_values(text: str, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(value, rel=1e-15)


def test_every_unit_has_a_known_value() -> None:
    words = set(" ".join(text for text, _, _ in KNOWN).replace("/", " ").replace("^", " ").split())
    assert set(UNITS) <= words


# our names -> pint's, where they differ
PINT_NAMES = {
    "au": "astronomical_unit",
    "t": "metric_ton",
    "g0": "standard_gravity",
    "%": "percent",
}


def test_every_factor_is_that_of_pints_own_registry() -> None:
    registry = pint.UnitRegistry()
    for name, (factor, _) in UNITS.items():
        if name.startswith("dB"):
            continue  # a level is read as it stands; pint would make a power of it
        base = registry.Quantity(1.0, PINT_NAMES.get(name, name)).to_base_units()
        assert factor == pytest.approx(base.magnitude, rel=1e-12), name


@pytest.mark.parametrize(
    ("unit", "dimension"),
    [
        (unit, dimension)
        for unit in ("km", "m", "s", "min", "h", "day", "kg", "t", "deg", "rad", "kN", "kPa", "g0")
        for dimension in DIMENSIONS
        if dimension in {"length", "time", "mass", "angle", "force", "pressure", "acceleration"}
    ],
)
def test_a_unit_fits_its_own_dimension_alone(unit: str, dimension: str) -> None:
    own = {
        "km": "length",
        "m": "length",
        "s": "time",
        "min": "time",
        "h": "time",
        "day": "time",
        "kg": "mass",
        "t": "mass",
        "deg": "angle",
        "rad": "angle",
        "kN": "force",
        "kPa": "pressure",
        "g0": "acceleration",
    }[unit]
    if own == dimension:
        assert unit_factor(unit, dimension) > 0.0
    else:
        with pytest.raises(TextFault):
            unit_factor(unit, dimension)


WRITABLE = [
    ("km", "length"),
    ("m", "length"),
    ("deg", "angle"),
    ("day", "time"),
    ("min", "time"),
    ("t", "mass"),
    ("kN", "force"),
    ("kPa", "pressure"),
    ("g0", "acceleration"),
    ("%", "ratio"),
    ("deg/s", "angular rate"),
    ("kg/s", "mass flow"),
    ("W/m^2", "heat flux"),
    ("Wh", "energy"),
    ("GHz", "frequency"),
    ("Mbit/s", "data rate"),
]


@given(st.floats(-1e12, 1e12, allow_subnormal=False), st.sampled_from(WRITABLE))
def test_what_is_written_reads_back_to_the_same_float(value: float, unit: tuple[str, str]) -> None:
    name, dimension = unit
    assert parse_quantity(format_quantity(value, name, dimension), dimension) == value


@given(st.text(max_size=30), st.sampled_from(sorted(DIMENSIONS)))
def test_any_text_is_read_or_refused_with_advice(text: str, dimension: str) -> None:
    try:
        value = parse_quantity(text, dimension)
    except TextFault as fault:
        assert fault.why  # noqa: PT017
        assert fault.write.endswith(".")  # noqa: PT017
    else:
        assert math.isfinite(value)


@given(st.floats(0.0, 1e6), st.floats(0.001, 1e6))
def test_centre_and_half_width_are_scaled_alike(centre: float, width: float) -> None:
    measure = parse_measure(f"{centre!r} km +- {width!r} km", "length")
    assert measure.value == centre * 1000.0
    assert measure.tolerance == width * 1000.0


@pytest.mark.parametrize("mark", ["+-", " +- ", "+/-", "±"])
def test_a_half_width_has_its_own_unit(mark: str) -> None:
    measure = parse_measure(f"820 km{mark}5000 m", "length")
    assert (measure.value, measure.tolerance) == (820e3, 5e3)
    assert measure.text == "820 km +- 5000 m"


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_time_of_day_is_seconds_since_midnight(hour: int, minute: int, second: int) -> None:
    measure = parse_time_of_day(f"{hour}:{minute:02d}:{second:02d} +- 2 min")
    assert measure.value == 3600 * hour + 60 * minute + second
    assert measure.tolerance == 120.0


@pytest.mark.parametrize("text", ["24:00", "12:60", "12", "12:5", "noon", "-1:00", "12:00:60"])
def test_no_such_time_of_day(text: str) -> None:
    with pytest.raises(TextFault):
        parse_time_of_day(text)


@pytest.mark.parametrize("text", ["1_000", "0x10", "1,5", "nan", "inf", "", "one", "1 kg", "١"])
def test_no_such_plain_number(text: str) -> None:
    with pytest.raises(TextFault):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "dimension", "why", "write"),
    [
        ("820", "length", "a bare number has no unit", "Write a length like 820 km."),
        ("6 G", "acceleration", "the unit 'G' is not known", "Write g0."),
        ("90 kPa", "angle", "kPa is not an angle", "Write it like 343.7 deg."),
        ("5 km^2", "length", "km^2 is not a length", "Write it like 820 km."),
        ("5 km +", "length", "'+' is not part of a unit", None),
        ("5 / s", "time", "/ s is not a time", "Write it like 1 day."),
        ("6 dB", "gain", "dB is not a gain", "Write it like 6 dBi."),
        ("3 dBi", "level", "dBi is not a level", "Write it like 3 dB."),
        ("20 Mbps", "data rate", "the unit 'Mbps' is not known", "Write Mbit/s."),
        (
            "8 ghz",
            "frequency",
            "the unit 'ghz' is not known",
            "Units are case-sensitive: write GHz.",
        ),
    ],
)
def test_refusals_teach(text: str, dimension: str, why: str, write: str | None) -> None:
    with pytest.raises(TextFault) as caught:
        parse_quantity(text, dimension)
    assert caught.value.why == why
    assert write is None or caught.value.write == write
