"""Two-line elements: fields, round trip, and every teaching fault."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import sgp4

from cosmodrome.errors import InputError, MissionFileError
from cosmodrome.formats import tle
from cosmodrome.formats.mean_elements import MeanElements, in_rev_day
from cosmodrome.world.epoch import Epoch

NAME = "ISS (ZARYA)"
FIRST = "1 25544U 98067A   04236.56031392  .00020137  00000-0  16538-3 0  9993"
SECOND = "2 25544  51.6335 344.7760 0007976 126.2523 325.9359 15.70406856328906"
SET = f"{NAME}\n{FIRST}\n{SECOND}\n"
# AIAA 2006-6753's verification set, as the library ships it
VERIFICATION = Path(sgp4.__file__).parent / "SGP4-VER.TLE"


def signed(text: str) -> str:
    """A line with its check digit put right."""
    return text[:68] + str(tle._check_digit(text))


def test_every_field() -> None:
    (m,) = tle.loads(SET)
    # day 236 of 2004, a leap year, is 23 August; .56031392 of 86,400 s is 48,411.122688 s
    assert m.epoch == Epoch.from_utc("2004-08-23T13:26:51.122688Z")
    assert (m.name, m.designator, m.number) == (NAME, "1998-067A", 25544)
    assert (m.classification, m.element_set, m.revolution, m.ephemeris_type) == ("U", 999, 32890, 0)
    assert in_rev_day(m.n_rad_s) == 15.70406856
    assert m.e == 0.0007976
    assert m.bstar == 0.16538e-3
    assert in_rev_day(m.n_dot_rad_s2, 2) == 0.00020137
    assert m.n_ddot_rad_s3 == 0.0
    for value, degrees in (
        (m.i_rad, 51.6335),
        (m.raan_rad, 344.7760),
        (m.argp_rad, 126.2523),
        (m.mean_anomaly_rad, 325.9359),
    ):
        assert value == math.radians(degrees)


def test_the_library_reads_the_same() -> None:
    from sgp4.api import Satrec

    theirs = Satrec.twoline2rv(FIRST, SECOND)
    (m,) = tle.loads(SET)
    assert m.n_rad_s * 60.0 == pytest.approx(theirs.no_kozai, rel=1e-15)
    assert (m.e, m.bstar, m.i_rad) == (theirs.ecco, theirs.bstar, theirs.inclo)
    assert m.n_dot_rad_s2 * 3600.0 == pytest.approx(theirs.ndot, rel=1e-14)


def test_the_verification_set_comes_out_as_it_was() -> None:
    lines = [x[:69] for x in VERIFICATION.read_text().splitlines() if x[:2] in ("1 ", "2 ")]
    assert len(lines) == 66
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        first, second = signed(first), signed(second)
        out = tle.dumps(tle.loads(f"{first}\n{second}\n")[0]).splitlines()
        # zeros may be written +0 or -0, and the ephemeris type left blank
        alike = first.replace("00000+0", "00000-0")
        if alike[62] == " ":
            alike = f"{alike[:62]}0{alike[63:]}"
        assert out == [signed(alike), second]


def test_files_of_many_with_and_without_names(tmp_path: Path) -> None:
    text = f"# a remark\n\n0 {NAME}\r\n{FIRST}  \n{SECOND}\n{FIRST}\n{SECOND}\n"
    one, two = tle.loads(text)
    assert one.name == NAME
    assert two == replace(one, name="")
    tle.write((one, two), tmp_path / "x.tle")
    assert tle.read(tmp_path / "x.tle") == (one, two)
    tle.write(one, tmp_path / "y.tle")
    assert (tmp_path / "y.tle").read_text() == SET


@pytest.mark.parametrize(
    ("text", "number"), [("A0000", 100_000), ("J2931", 182_931), ("Z9999", 339_999), ("   42", 42)]
)
def test_numbers_beyond_five_digits(text: str, number: int) -> None:
    first, second = (signed(f"{x[:2]}{text}{x[7:]}") for x in (FIRST, SECOND))
    (m,) = tle.loads(f"{first}\n{second}\n")
    assert m.number == number
    assert tle.loads(tle.dumps(m)) == (m,)


@pytest.mark.parametrize(("year", "full"), [("57", 1957), ("99", 1999), ("00", 2000), ("56", 2056)])
def test_the_century(year: str, full: int) -> None:
    first = signed(FIRST.replace("04236.56031392", f"{year}001.00000000"))
    if full < 1960:
        with pytest.raises(MissionFileError, match="UTC did not exist on 1957-01-01"):
            tle.loads(f"{first}\n{SECOND}\n")
    else:
        (m,) = tle.loads(f"{first}\n{SECOND}\n")
        assert m.epoch == Epoch.from_utc(f"{full}-01-01T00:00:00Z")
        assert tle.dumps(m).splitlines()[0] == first


def test_rounding_keeps_within_the_format() -> None:
    (m,) = tle.loads(SET)
    late = replace(
        m,
        epoch=Epoch.from_utc("2008-12-31T23:59:59.9999Z"),
        raan_rad=math.radians(359.99999),
        bstar=0.999999e-3,
        n_ddot_rad_s3=1e-40,
        designator="no launch",
    )
    first, second = tle.dumps(late).splitlines()[1:]
    assert first[18:32] == "08366.99999999"
    assert first[44:61] == " 00000-0  10000-2"
    assert first[9:17] == "no launc"
    assert second[17:25] == "  0.0000"
    assert len(first) == len(second) == 69
    tle.loads(f"{first}\n{second}\n")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"number": 400_000}, "the catalogue number 400000 (0 to 339999)"),
        ({"e": 1.2}, "an eccentricity of 1.2"),
        ({"n_rad_s": 0.1}, "a mean motion of 1375.09870831 rev/day"),
        ({"bstar": 1e12}, "the number 1e+12"),
        ({"n_dot_rad_s2": 1e-5}, "a first derivative of +11880.85283983 rev/day^2"),
        ({"epoch": Epoch.from_utc("2060-01-01T00:00:00Z")}, "an epoch in 2060 (1957 to 2056)"),
    ],
)
def test_what_two_lines_cannot_hold(change: dict[str, object], what: str) -> None:
    (m,) = tle.loads(SET)
    with pytest.raises(InputError) as caught:
        tle.dumps(replace(m, **change))  # type: ignore[arg-type]
    assert str(caught.value) == f"two-line elements cannot hold {what}; write an OMM instead"


def first(old: str, new: str) -> str:
    assert old in FIRST
    return f"{signed(FIRST.replace(old, new))}\n{SECOND}\n"


def second(old: str, new: str) -> str:
    assert old in SECOND
    return f"{FIRST}\n{signed(SECOND.replace(old, new))}\n"


TWO = "Write two lines of 69 characters, the first beginning with '1 ', the second with '2 '."
FAULTS: dict[str, tuple[str, str]] = {
    "empty": ("", f"x.tle:1:1: there is no element set in it. {TWO}"),
    "name alone": (NAME, f"x.tle:1:1: read 'ISS (ZARYA)'; two lines must follow a name. {TWO}"),
    "two names": (
        f"A\nB\n{FIRST}\n{SECOND}",
        f"x.tle:1:1: read 'A'; two lines must follow a name. {TWO}",
    ),
    "second alone": (
        SECOND,
        f"x.tle:1:1: read '2 25544  51.6335 344'; a second line stands without its first. {TWO}",
    ),
    "first twice": (
        f"{FIRST}\n{FIRST}",
        f"x.tle:1:1: read '1 25544U 98067A   04'; the line after it is not its second line. {TWO}",
    ),
    "too long": (
        f"{FIRST}7\n{SECOND}",
        "x.tle:1:70: read '1 25544U 98067A   04'; a line has 69 characters, this one 70. Copy the"
        " line whole, with its inner spaces and its check digit.",
    ),
    "shifted": (
        first("U 98067A ", "U98067A  "),
        "x.tle:1:9: read '9'; column 9 is blank in line 1: something has shifted. Copy the line"
        " whole, with its inner spaces.",
    ),
    "not ascii": (
        first("98067A", "98067\u0410"),
        "x.tle:1:15: read '\u0410'; only plain ASCII stands in a set. Remove it.",
    ),
    "check digit": (
        SET.replace("51.6335", "51.6334"),
        "x.tle:3:69: read '6'; the check digit of this line is 5: a character of it was changed or"
        " lost. Copy the line again from its source.",
    ),
    "number": (
        first("25544", "I5544"),
        "x.tle:1:3: read 'I5544'; this is no catalogue number. Write five digits, or a letter (not"
        " I or O) and four digits.",
    ),
    "two objects": (
        second("25544", "25545"),
        "x.tle:2:3: read '25545'; the first line is of object 25544, this one of 25545. Put two"
        " lines of one object together.",
    ),
    "day 0": (
        first("04236.5", "04000.5"),
        "x.tle:1:21: read '000.56031392'; 2004 has no such day. Write a day of the year from 1.",
    ),
    "day 367": (
        first("04236.5", "04367.5"),
        "x.tle:1:21: read '367.56031392'; 2004 has no such day. Write a day of the year from 1.",
    ),
    "point lost from the day": (
        first("04236.5", "0423625"),
        "x.tle:1:21: read '236256031392'; 2004 has no such day. Write a day of the year from 1.",
    ),
    "epoch": (
        first("04236.5", "04A36.5"),
        "x.tle:1:19: read '04A36.56031392'; the epoch is two digits of the year and the day of the"
        " year. Write 27060.25 for 06:00 UTC on 1 March 2027.",
    ),
    "drag": (
        first("16538-3", "1653.-3"),
        "x.tle:1:54: read '1653.-3'; B* is digits with a power of ten and no point. Write 34123-4"
        " for 0.34123e-4.",
    ),
    "derivative": (
        first(".00020137", ".0002x137"[:9]),
        "x.tle:1:34: read '.0002x137'; the first derivative of the mean motion is a decimal"
        " number. Write digits with a point, like 51.6416.",
    ),
    "set number": (
        first("  999", "  9x9"),
        "x.tle:1:65: read '9x9'; the number of the element set is a whole number. Write digits"
        " alone.",
    ),
    "inclination": (
        second(" 51.6335", "251.6335"),
        "x.tle:2:9: read '251.6335'; the inclination lies outside 0 to 180 deg. Write degrees,"
        " such as 51.6416.",
    ),
    "angle": (
        second("344.7760", "344.77 0"),
        "x.tle:2:18: read '344.77 0'; the right ascension of the node is a decimal number. Write"
        " digits with a point, like 51.6416.",
    ),
    "eccentricity": (
        second("0007976", ".007976"),
        "x.tle:2:27: read '.007976'; the eccentricity is seven digits with no point. Write"
        " 0006703 for 0.0006703.",
    ),
    "mean motion": (
        second("15.70406856", "25.70406856"),
        "x.tle:2:53: read '25.70406856'; no orbit about the Earth has this mean motion. Write"
        " revolutions a day, above 0 and below 20, such as 15.72125391.",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, said: str) -> None:
    with pytest.raises(MissionFileError) as caught:
        tle.loads(text, "x.tle")
    assert str(caught.value) == said


def test_a_set_says_what_it_is() -> None:
    (m,) = tle.loads(SET)
    assert str(m) == "ISS (ZARYA) (25544) of 2004-08-23T13:26:51.122688Z"
    assert str(replace(m, name="")) == "object 25544 of 2004-08-23T13:26:51.122688Z"
    assert m.launched
    assert not MeanElements(m.epoch, 1e-3, 0.0, 0.0, 0.0, 0.0, 0.0).launched
