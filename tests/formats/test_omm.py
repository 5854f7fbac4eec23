"""Orbit Mean-Elements Messages in their three forms: fields, round trip, teaching faults."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.errors import MissionFileError
from cosmodrome.formats import omm, tle
from cosmodrome.formats.mean_elements import in_rev_day
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pathlib import Path

# figures of the example of CCSDS 502.0-B-2, figure 4-1, and the two lines they came from
KVN = """\
CCSDS_OMM_VERS = 2.0
COMMENT what a message may say
CREATION_DATE = 2007-065T16:00:00
ORIGINATOR = NOAA/USA
OBJECT_NAME = GOES 9
OBJECT_ID = 1995-025A
CENTER_NAME = EARTH
REF_FRAME = TEME
TIME_SYSTEM = UTC
MEAN_ELEMENT_THEORY = SGP/SGP4
EPOCH = 2007-064T10:34:41.4264
MEAN_MOTION = 1.00273272 [rev/day]
ECCENTRICITY = 0.0005013
INCLINATION = 3.0539 [deg]
RA_OF_ASC_NODE = 81.7939
ARG_OF_PERICENTER = 249.2363
MEAN_ANOMALY = 150.1602
GM = 398600.8
MASS = 1000.5 [kg]
DRAG_AREA = 12.0
EPHEMERIS_TYPE = 0
CLASSIFICATION_TYPE = U
NORAD_CAT_ID = 23581
ELEMENT_SET_NO = 0925
REV_AT_EPOCH = 4316
BSTAR = 0.0001
MEAN_MOTION_DOT = -0.00000113
MEAN_MOTION_DDOT = 0.0
USER_DEFINED_EARTH_MODEL = WGS-72
"""
GOES = (
    "GOES 9\n"
    "1 23581U 95025A   07064.44075725 -.00000113  00000-0  10000-3 0  9250\n"
    "2 23581   3.0539  81.7939 0005013 249.2363 150.1602  1.00273272 43160\n"
)
# as CelesTrak and Space-Track write it: no header, numbers bare or as texts
JSON = """\
[{
  "OBJECT_NAME": "GOES 9", "OBJECT_ID": "1995-025A",
  "EPOCH": "2007-03-05T10:34:41.426400",
  "MEAN_MOTION": 1.00273272, "ECCENTRICITY": 0.0005013, "INCLINATION": "3.0539",
  "RA_OF_ASC_NODE": 81.7939, "ARG_OF_PERICENTER": 249.2363, "MEAN_ANOMALY": 150.1602,
  "EPHEMERIS_TYPE": 0, "CLASSIFICATION_TYPE": "U", "NORAD_CAT_ID": 23581,
  "ELEMENT_SET_NO": 925, "REV_AT_EPOCH": 4316, "BSTAR": 0.0001,
  "MEAN_MOTION_DOT": -1.13e-6, "MEAN_MOTION_DDOT": 0, "DECAY_DATE": null
}]
"""


def goes() -> omm.Omm:
    (message,) = omm.loads(KVN, "x.omm")
    return message


def test_every_field() -> None:
    message = goes()
    m = message.elements
    assert m.epoch == Epoch.from_utc("2007-03-05T10:34:41.4264Z")
    assert (m.name, m.designator, m.number) == ("GOES 9", "1995-025A", 23581)
    assert (m.element_set, m.revolution, m.ephemeris_type) == (925, 4316, 0)
    assert in_rev_day(m.n_rad_s) == 1.00273272
    assert (m.e, m.bstar) == (0.0005013, 0.0001)
    assert m.i_rad == math.radians(3.0539)
    assert (message.originator, message.version) == ("NOAA/USA", "2.0")
    assert message.mass_kg == 1000.5
    assert message.comments == ("what a message may say",)
    assert message.beside == (
        ("GM", "398600.8"),
        ("DRAG_AREA", "12.0"),
        ("USER_DEFINED_EARTH_MODEL", "WGS-72"),
    )


def test_the_three_forms_and_two_lines_are_one_element_set() -> None:
    elements = goes().elements
    lines = [f"{x[:68]}{tle._check_digit(x)}" for x in GOES.splitlines()[1:]]
    text = "\n".join(["GOES 9", *lines, ""])
    assert tle.loads(text) == (elements,)
    assert tle.dumps(elements) == text
    (of_json,) = omm.loads(JSON)
    assert of_json.elements == elements


@pytest.mark.parametrize("form", omm.FORMS)
def test_round_trip(tmp_path: Path, form: str) -> None:
    message = goes()
    omm.write(message, tmp_path / f"x.{form}")
    (again,) = omm.read(tmp_path / f"x.{form}")
    assert again.elements == message.elements
    assert again.mass_kg == message.mass_kg
    if form == "kvn":
        assert again == message
    if form == "xml":
        # the areas and comments are not written
        assert again == replace(message, beside=message.beside[2:], comments=())
    # and what was read is written the same again
    assert omm.dumps(again, form) == (tmp_path / f"x.{form}").read_text()


def test_a_name_that_is_not_known() -> None:
    bare = omm.Omm(replace(goes().elements, name="", designator=""))
    for form in omm.FORMS:
        text = omm.dumps(bare, form)
        assert "UNKNOWN" in text
        assert omm.loads(text)[0].elements == bare.elements


def test_several_in_one_file() -> None:
    assert len(omm.loads(KVN + KVN)) == 2
    xml = omm.dumps(goes(), "xml").split("\n", 1)[1]
    many = omm.loads(f'<?xml version="1.0"?>\n<ndm>\n{xml}{xml}</ndm>\n')
    assert [m.elements for m in many] == [goes().elements] * 2
    assert len(omm.loads(f"[{omm.dumps(goes(), 'json')},{omm.dumps(goes(), 'json')}]")) == 2


def kvn(old: str, new: str) -> str:
    assert old in KVN
    return KVN.replace(old, new)


def xml(old: str, new: str) -> str:
    text = omm.dumps(goes(), "xml")
    assert old in text
    return text.replace(old, new, 1)


FAULTS: dict[str, tuple[str, str]] = {
    "not an omm": (
        "CCSDS_OPM_VERS = 2.0",
        "x:1:1: CCSDS_OPM_VERS: read '2.0'; the message does not begin with CCSDS_OMM_VERS. Write"
        " 'CCSDS_OMM_VERS = 3.0' as its first line (XML begins with <, JSON with { or [)",
    ),
    "empty": (
        "",
        "x:1:1: the message does not begin with CCSDS_OMM_VERS. Write 'CCSDS_OMM_VERS = 3.0' as its"
        " first line (XML begins with <, JSON with { or [)",
    ),
    "version": (
        kvn("VERS = 2.0", "VERS = 4.0"),
        "x:1:1: CCSDS_OMM_VERS: read '4.0'; this version is not known. Versions 1.0, 2.0, 3.0 are"
        " read",
    ),
    "missing": (
        kvn("ECCENTRICITY = 0.0005013\n", ""),
        "x:28:1: ECCENTRICITY must stand above this line and does not. Add 'ECCENTRICITY = ...'",
    ),
    "twice": (
        kvn("GM =", "BSTAR ="),
        "x:26:1: BSTAR: read '0.0001'; BSTAR stands twice (first on line 18). Keep one of them",
    ),
    "keyword": (
        kvn("MEAN_ANOMALY", "MEAN_ANOMOLY"),
        "x:17:1: MEAN_ANOMOLY: read '150.1602'; MEAN_ANOMOLY is not a keyword of this part of the"
        " message. Did you mean 'MEAN_ANOMALY'?",
    ),
    "no keyword": (
        kvn("GM = 398600.8", "a line of prose"),
        "x:18:1: read 'a line of prose'; this is no 'KEYWORD = value' of this part of the message."
        " Drop the line, or correct its keyword",
    ),
    "theory": (
        kvn("SGP/SGP4", "DSST"),
        "x:10:1: MEAN_ELEMENT_THEORY: read 'DSST'; elements of another theory are not turned into a"
        " state here. Write a message of SGP4 elements, or the state itself as an OPM",
    ),
    "axis": (
        kvn("MEAN_MOTION = 1.00273272 [rev/day]", "SEMI_MAJOR_AXIS = 42241"),
        "x:12:1: SEMI_MAJOR_AXIS: read '42241'; this is not an element of SGP4. Write MEAN_MOTION ="
        " ... [rev/day]: SGP4 takes the mean motion",
    ),
    "drag of another theory": (
        kvn("BSTAR", "BTERM"),
        "x:26:1: BTERM: read '0.0001'; this is not an element of SGP4. Write BSTAR: the message is"
        " for SGP4-XP, another theory",
    ),
    "frame": (
        kvn("= TEME", "= EME2000"),
        "x:8:1: REF_FRAME: read 'EME2000'; SGP4 elements are in TEME, the true equator and mean"
        " equinox of date. Write TEME",
    ),
    "frame of an epoch": (
        kvn("= TEME", "= TEME\nREF_FRAME_EPOCH = 2000-01-01T12:00:00"),
        "x:9:1: REF_FRAME_EPOCH: read '2000-01-01T12:00:00'; TEME here is of date, not of an epoch."
        " Drop the line",
    ),
    "centre": (
        kvn("= EARTH", "= MOON"),
        "x:7:1: CENTER_NAME: read 'MOON'; SGP4 flies about the Earth alone. Write EARTH",
    ),
    "time system": (
        kvn("= UTC", "= TAI"),
        "x:9:1: TIME_SYSTEM: read 'TAI'; the epoch of SGP4 elements is in UTC. Write UTC",
    ),
    "unit": (
        kvn("3.0539 [deg]", "3.0539 [rad]"),
        "x:14:1: INCLINATION: read '3.0539 [rad]'; the standard fixes the unit of INCLINATION to"
        " 'deg', not 'rad'. Convert the value and write '[deg]' or no unit at all",
    ),
    "number": (
        kvn("81.7939", "8l.7939"),
        "x:15:1: RA_OF_ASC_NODE: read '8l.7939'; this is not a finite number. Write a decimal"
        " number such as -2432.166 or 3.33e-4",
    ),
    "eccentricity": (
        kvn("0.0005013", "1.0005013"),
        "x:13:1: ECCENTRICITY: read '1.0005013'; SGP4 needs a closed orbit. Write a number from 0"
        " to below 1",
    ),
    "inclination": (
        kvn("3.0539 [deg]", "183.0539"),
        "x:14:1: INCLINATION: read '183.0539'; the inclination lies outside 0 to 180 deg. Write"
        " degrees",
    ),
    "mean motion": (
        kvn("1.00273272 [rev/day]", "361.0"),
        "x:12:1: MEAN_MOTION: read '361.0'; no orbit about the Earth has this mean motion. Write"
        " revolutions a day, above 0 and below 20",
    ),
    "epoch": (
        kvn("2007-064T10:34:41.4264", "2007-064 10:34"),
        "x:11:1: EPOCH: read '2007-064 10:34'; '2007-064 10:34' is not an instant. Write an instant"
        " like 2027-03-01T05:41:46.5 or 2027-060T05:41:46.5",
    ),
    "whole": (
        kvn("= 23581", "= 23581A"),
        "x:23:1: NORAD_CAT_ID: read '23581A'; this is no whole number up to 999999999. Write"
        " digits",
    ),
    "digits of another script": (
        kvn("= 4316", "= 43\u00b2"),
        "x:25:1: REV_AT_EPOCH: read '43\u00b2'; this is no whole number up to 999999. Write digits",
    ),
    "mass": (
        kvn("1000.5 [kg]", "0"),
        "x:19:1: MASS: read '0'; a mass is above zero. Write kilograms, or drop the line",
    ),
    "open tag": (
        xml("</header>", ""),
        "x:46:1: this is not XML (mismatched tag). Close every tag, and copy the message whole",
    ),
    "doctype": (
        xml("<omm", '<!DOCTYPE omm [<!ENTITY a "b">]>\n<omm'),
        "x:2:1: read '<!DOCTYPE omm'; a document type is not read: messages need none. Remove the"
        " declaration",
    ),
    "xml version": (
        xml('version="2.0"', 'version="9"'),
        "x:2:1: omm: read '9'; this version is not known. Write <omm id=\"CCSDS_OMM_VERS\""
        ' version="3.0">',
    ),
    "xml without omm": (
        "<oem></oem>",
        "x:1:1: no <omm> stands in it. Write <omm> ... </omm>, alone or in <ndm>",
    ),
    "xml number": (
        xml("0.0005013", "small"),
        "x:21:1: ECCENTRICITY: read 'small'; this is not a finite number. Write a decimal number"
        " such as -2432.166 or 3.33e-4",
    ),
    "xml unit": (
        xml('<INCLINATION units="deg">', '<INCLINATION units="rad">'),
        "x:22:1: INCLINATION: read '3.0539 [rad]'; the standard fixes the unit of INCLINATION to"
        " 'deg', not 'rad'. Convert the value and write '[deg]' or no unit at all",
    ),
    "json cut": (
        JSON[:200],
        "x:5:1: this is not JSON (Expecting ',' delimiter). Copy the message whole: { ... }, or"
        " [ {...}, {...} ]",
    ),
    "json number": (
        JSON.replace("0.0005013", '"small"'),
        "x:4:1: ECCENTRICITY: read 'small'; this is not a finite number. Write a decimal number"
        " such as -2432.166 or 3.33e-4",
    ),
    "json list of numbers": (
        "[1, 2]",
        "x:1:1: read '1'; an object belongs here. Write {\"OBJECT_NAME\": ...}",
    ),
    "json empty": (
        "[]",
        'x:1:1: no message stands in it. Write {"OBJECT_NAME": ..., "EPOCH": ...}',
    ),
    "json nested": (
        '{"OBJECT_NAME": {"a": 1}}',
        "x:1:1: OBJECT_NAME: one value belongs here. Write a number or a text",
    ),
    "json deep": (
        "[" * 100_000,
        "x:1:1: it is nested too deep. Write { ... }, or [ {...}, {...} ]",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, said: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        omm.loads(text, "x")
    assert str(caught.value) == said
