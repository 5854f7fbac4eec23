"""flight.json: what the contract promises, with nothing in it that is not a number."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.record import Finding, Solve
from cosmodrome.report.plain import clock_text, day_text, dumps, number, plain, rounded, since_text
from tests.report import synthetic

NUMBER = {"type": "number"}
MAYBE = {"type": ["number", "null"]}
TEXT = {"type": "string"}
UTC = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$"}


def obj(**properties: object) -> dict[str, object]:
    return {"type": "object", "required": list(properties), "properties": properties}


VECTOR = {"type": "array", "items": NUMBER, "minItems": 3, "maxItems": 3}
STATE = obj(utc=UTC, frame=TEXT, r_m=VECTOR, v_m_s=VECTOR, mass_kg=NUMBER)
ELEMENTS = obj(
    a_m=NUMBER, e=NUMBER, i_deg=NUMBER, raan_deg=NUMBER, argp_deg=NUMBER, true_anomaly_deg=NUMBER
)
MEAN = {"allOf": [ELEMENTS, obj(theory=TEXT)]}
ORBIT = obj(
    utc=UTC,
    frame=TEXT,
    osculating=ELEMENTS,
    mean=MEAN,
    perigee_altitude_m=NUMBER,
    apogee_altitude_m=NUMBER,
    ltan=TEXT,
)
KIND = {"enum": ["spacecraft", "stage", "booster", "fairing"]}
# written from the public contract, version 1, key by key
CONTRACT = obj(
    schema=TEXT,
    name=TEXT,
    verdict={"enum": ["go", "no-go", "infeasible", "incomplete"]},
    site=TEXT,
    vehicle=TEXT,
    payload=obj(mass_kg=NUMBER, capability_kg=NUMBER, margin_kg=NUMBER),
    launch=obj(utc=UTC, azimuth_inertial_deg=NUMBER, azimuth_relative_deg=NUMBER),
    orbit=ORBIT,
    objects={
        "type": "array",
        "minItems": 1,
        "items": {
            "allOf": [
                obj(id=TEXT, kind=KIND, released=UTC),
                {"anyOf": [{"required": [k]} for k in ("orbit", "impact", "state")]},
            ]
        },
    },
    legs={
        "type": "array",
        "items": obj(
            chapter=TEXT,
            object=TEXT,
            parent=TEXT,
            start=STATE,
            end=STATE,
            delta_v_m_s=NUMBER,
            propellant_kg={"type": "object"},
            solve=obj(status=TEXT),
        ),
    },
    events={
        "type": "array",
        "items": obj(
            name=TEXT,
            object=TEXT,
            t_s=NUMBER,
            utc=UTC,
            altitude_m=NUMBER,
            speed_inertial_m_s=NUMBER,
            speed_relative_m_s=NUMBER,
            flight_path_angle_deg=NUMBER,
            mass_kg=NUMBER,
            latitude_deg=NUMBER,
            longitude_deg=NUMBER,
        ),
    },
    findings={
        "type": "array",
        "items": obj(
            check=TEXT,
            object=TEXT,
            verdict={"enum": ["holds", "fails", "warns", "not-judged"]},
            measured=MAYBE,
            limit=MAYBE,
            unit=TEXT,
            margin=MAYBE,
            where=TEXT,
            why=TEXT,
        ),
    },
    provenance={"type": "object"},
    timing={"type": "object"},
)


def test_the_record_meets_the_contract() -> None:
    jsonschema.Draft202012Validator.check_schema(CONTRACT)
    jsonschema.validate(report.flight_json(synthetic.flight()), CONTRACT)


def test_a_record_with_a_missing_key_would_be_noticed() -> None:
    record = report.flight_json(synthetic.flight())
    del record["orbit"]["ltan"]
    with pytest.raises(jsonschema.ValidationError, match="ltan"):
        jsonschema.validate(record, CONTRACT)


def test_values_are_the_flights_own() -> None:
    flight = synthetic.flight()
    record = report.flight_json(flight)
    assert record["verdict"] == "no-go"  # one finding fails
    assert record["launch"]["azimuth_relative_deg"] == pytest.approx(343.7, abs=1e-12)
    assert record["payload"]["margin_kg"] == 410.0
    # 54,003.4 s of day is 15 h 0 min 3.4 s
    assert record["orbit"]["ltan"] == "15:00:03.400"
    # one turn a year is 360 / 365.2422 = 0.98565 deg a day; the record says 1.99e-7 rad/s
    assert record["orbit"]["node_rate_deg_day"] == pytest.approx(1.99e-7 * 86400 * 180 / math.pi)
    ascent = record["legs"][0]
    assert ascent["start"]["r_m"] == [float(x) for x in flight.legs[0].start.r_m]
    assert ascent["propellant_kg"] == {"fregat": 640.0}
    t = [e["t_s"] for e in record["events"]]
    assert t == sorted(t)
    assert [o["id"] for o in record["objects"]] == [
        "strap-ons",
        "fairing",
        "core",
        "third",
        "spacecraft",
    ]
    assert record["objects"][0]["impact"]["range_m"] > 0.0
    assert record["objects"][-1]["orbit"] == record["orbit"]


def test_only_timing_may_differ_between_two_runs() -> None:
    flight = synthetic.flight()
    a = report.flight_json(flight)
    b = report.flight_json(replace(flight, timing={"ascent_s": 99.0, "orbit_s": 1.0}))
    assert a.pop("timing") != b.pop("timing")
    assert dumps(a) == dumps(b)


def test_the_text_reads_back_to_the_same_numbers() -> None:
    record = report.flight_json(synthetic.flight())
    assert json.loads(dumps(record)) == record


def test_what_is_left_in_orbit_has_its_own() -> None:
    # the spacecraft's orbit leg under another name: nothing but its state is known of it
    flight = synthetic.flight()
    leg = replace(flight.legs[-1], object="upper", kind="stage")
    record = report.flight_json(replace(flight, orbit=None, legs=(*flight.legs[:-1], leg)))
    assert record["orbit"] is None
    orbit = record["objects"][-1]["orbit"]
    # burn 2 of the toy ends at a = 6378.137 + 820 km exactly, and two-body motion keeps it
    assert orbit["osculating"]["a_m"] == pytest.approx(7198137.0, abs=2.0)
    assert orbit["apogee_altitude_m"] > 820e3 > orbit["perigee_altitude_m"]
    assert "state" in record["objects"][-1]
    # above escape speed there is no orbit: 1.5 times the circular speed
    end = replace(leg.end, v_m_s=1.5 * np.asarray(leg.end.v_m_s))
    gone = replace(flight, legs=(*flight.legs[:-1], replace(leg, end=end)))
    assert report.flight_json(gone)["objects"][-1]["orbit"] is None


def test_what_is_not_finite_becomes_null() -> None:
    flight = synthetic.flight()
    bad = Finding("x", "warns", math.nan, math.inf, "m", None, "", "", ("", ""))
    leg = replace(flight.legs[0], solve=Solve("m", "s", {"r": math.nan}))
    flight = replace(flight, findings=(bad,), legs=(leg, *flight.legs[1:]))
    record = report.flight_json(flight)
    assert record["findings"][0]["measured"] is None
    assert record["findings"][0]["limit"] is None
    assert record["legs"][0]["solve"]["residuals"] == {"r": None}
    dumps(record)  # refuses NaN


def test_plain_values() -> None:
    assert number(None) is None
    assert number(math.inf) is None
    assert str(number(-0.0)) == "0.0"
    assert plain({"a": np.array([1.0, math.nan]), "b": (np.int64(3), True), "c": {1: None}}) == {
        "a": [1.0, None],
        "b": [3, True],
        "c": {"1": None},
    }
    assert plain(synthetic.LIFT_OFF) == "2027-03-01T05:41:46.25Z"
    assert rounded([1.23456, -0.00001, math.nan], 3) == [1.235, 0.0, None]
    assert str(rounded([-0.00001], 3)[0]) == "0.0"
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps({"x": math.nan})


@pytest.mark.parametrize(
    ("seconds", "digits", "text"),
    [
        (0.0, 0, "00:00:00"),
        (54_003.4, 1, "15:00:03.4"),
        (86_399.9996, 3, "00:00:00.000"),  # rounds over midnight
        (86_399.9994, 3, "23:59:59.999"),
        (-1.0, 0, "23:59:59"),
    ],
)
def test_clock_text(seconds: float, digits: int, text: str) -> None:
    assert clock_text(seconds, digits) == text


@pytest.mark.parametrize(
    ("t", "text"),
    [
        (0.0, "T+0:00.0"),
        (59.96, "T+1:00.0"),
        (117.7, "T+1:57.7"),
        (3661.0, "T+1:01:01"),
        (-0.01, "T+0:00.0"),
        (-17.2, "T-0:17.2"),
    ],
)
def test_since_text(t: float, text: str) -> None:
    assert since_text(t) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(86400.0, "1 day"), (172800.0, "2 days"), (5400.0, "1.5 h"), (90.0, "1.5 min"), (5.0, "5 s")],
)
def test_day_text(seconds: float, text: str) -> None:
    assert day_text(seconds) == text
