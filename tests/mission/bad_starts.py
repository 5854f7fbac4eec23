"""Broken starts: what stands under `start:`, and every fault as printed."""

from __future__ import annotations

from pathlib import Path

STATE = (
    "state: {epoch: 2027-03-01T00:00Z, frame: gcrf, position: [7000 km, 0 km, 0 km],"
    " velocity: [0 km/s, 7.5 km/s, 1 km/s]}"
)
ELEMENTS = (
    "elements: {epoch: 2027-03-01T00:00Z, frame: tod, perigee: 250 km, apogee: 35786 km,"
    " inclination: 6 deg, raan: 10 deg, argument_of_perigee: 178 deg, true_anomaly: 0 deg}"
)
# the element set that CelesTrak explains the format with
FIRST = "1 25544U 98067A   04236.56031392  .00020137  00000-0  16538-3 0  9993"
SECOND = "2 25544  51.6335 344.7760 0007976 126.2523 325.9359 15.70406856328906"
# the second of AIAA 2006-6753's verification set
OTHER = (
    "1 06251U 62025E   06176.82412014  .00008885  00000-0  12808-3 0  3985\n"
    "2 06251  58.0579  54.0425 0030035 139.1568 221.1854 15.56387291  6774\n"
)

OPM = """\
CCSDS_OPM_VERS = 2.0
CREATION_DATE = 2027-02-01T00:00:00
ORIGINATOR = TEST
OBJECT_NAME = SAT
OBJECT_ID = 2027-001A
CENTER_NAME = EARTH
REF_FRAME = EME2000
TIME_SYSTEM = UTC
EPOCH = 2027-03-01T00:00:00
X = 7000.0
Y = 0.0
Z = 0.0
X_DOT = 0.0
Y_DOT = 7.5
Z_DOT = 1.0
MASS = 2900.0
"""

OEM = """\
CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2027-02-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = SAT
OBJECT_ID = 2027-001A
CENTER_NAME = EARTH
REF_FRAME = GCRF
TIME_SYSTEM = UTC
START_TIME = 2027-03-01T00:00:00
STOP_TIME = 2027-03-01T00:02:00
INTERPOLATION = HERMITE
INTERPOLATION_DEGREE = 5
META_STOP
2027-03-01T00:00:00 7000.0 0.0 0.0 0.0 7.5 1.0
2027-03-01T00:01:00 6985.4 449.7 60.0 -0.488 7.484 0.998
2027-03-01T00:02:00 6941.6 897.5 119.7 -0.973 7.437 0.992
"""

#: file name -> text, beside the mission
FILES = {
    "sat.opm": OPM,
    "venus.opm": OPM.replace("= EARTH", "= VENUS"),
    "moon.opm": OPM.replace("= EARTH", "= MOON").replace("EME2000", "TEME"),
    "mars.opm": OPM.replace("EME2000", "MCI"),
    "light.opm": OPM.replace("2900.0", "-1.0"),
    "old.opm": OPM.replace("EME2000", "TOD\nREF_FRAME_EPOCH = 2000-01-01T12:00:00"),
    "short.opm": OPM.replace("Z_DOT = 1.0\n", ""),
    "sat.oem": OEM,
    "spline.oem": OEM.replace("HERMITE", "SPLINE"),
    "iss.tle": f"ISS (ZARYA)\n{FIRST}\n{SECOND}\n",
    "two.tle": f"{FIRST}\n{SECOND}\n{OTHER}",
    "twice.tle": f"{FIRST}\n{SECOND}\n" * 2,
    "cut.tle": f"{FIRST}\n{SECOND[:60]}\n",
    "dsst.omm": "CCSDS_OMM_VERS = 3.0\nCREATION_DATE = 2027-02-01T00:00:00\nORIGINATOR = T\n",
}


def cases() -> list[tuple[str, str, tuple[str, ...]]]:
    """(what is wrong, what stands under `start:`, every fault as printed) of bad_starts.txt."""
    found = []
    for block in Path(__file__).with_suffix(".txt").read_text("utf-8").split("\n\n"):
        name, *rest = block.strip().splitlines()
        text = "\n".join(line.removeprefix("> ") for line in rest if line.startswith("> "))
        faults = tuple(line for line in rest if not line.startswith("> "))
        found.append((name.strip("[]"), text, faults))
    return found
