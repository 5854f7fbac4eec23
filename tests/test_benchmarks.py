"""The benchmarks against peers: what every peer is given is our own nature; tables follow JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jplephem.pck import PCK

from bench.propagation import cases, error, given, table
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return given.written(tmp_path_factory.mktemp("given"))


def test_a_case_crosses_as_json() -> None:
    for case in cases.ALL:
        assert cases.Case.of(json.loads(json.dumps(case.plain()))) == case


def test_starts_are_what_their_names_say() -> None:
    r, v = (np.array(x) for x in cases.start("earth", 7e6, 0.1, 98.0, 30.0))
    h = np.cross(r, v)
    assert np.degrees(np.arccos(h[2] / np.linalg.norm(h))) == pytest.approx(98.0)
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / 3.986004415e14)
    assert np.linalg.norm(r) / (1.0 - 0.1) == pytest.approx(a)
    assert r @ v == pytest.approx(0.0, abs=1e-3)
    assert np.degrees(np.arctan2(r[1], r[0])) == pytest.approx(30.0)


@pytest.mark.parametrize(("name", "kilo"), [("egm2008.gfc", 1.0), ("egm2008.tab", 1e3)])
def test_coefficients_are_ours_to_the_last_bit(folder: Path, name: str, kilo: float) -> None:
    field = World.shipped().gravity("earth")
    C, S = np.zeros_like(field.C), np.zeros_like(field.S)
    constants: dict[str, float] = {}
    for line in (folder / name).read_text(encoding="ascii").splitlines():
        words = line.replace(",", " ").split()
        if words[0] == "gfc" or (kilo > 1.0 and constants):
            n, m, c, s = words[1:5] if words[0] == "gfc" else words[:4]
            C[int(n), int(m)], S[int(n), int(m)] = float(c), float(s)
        elif words[0] in ("earth_gravity_constant", "radius"):
            constants[words[0]] = float(words[1])
        elif kilo > 1.0:
            constants["radius"] = float(words[0]) * kilo
            constants["earth_gravity_constant"] = float(words[1]) * kilo**3
    C[0, 0] = 1.0
    assert np.array_equal(C, field.C)
    assert np.array_equal(S, field.S)
    assert constants["radius"] == pytest.approx(field.radius_m, rel=1e-15)
    assert constants["earth_gravity_constant"] == pytest.approx(field.mu_m3_s2, rel=1e-15)


def test_earth_orientation_is_read_back_as_ours(folder: Path) -> None:
    # the C04 digits survive the columns of finals2000A; after 2026-09-29 both are one table
    again = World.shipped({"earth_orientation": folder / "finals2000A.all"})
    epoch = Epoch.from_utc("2026-11-10T07:00:00Z")
    ours = World.shipped().orientation.itrf_from_gcrf(epoch).matrix
    turned = np.abs(again.orientation.itrf_from_gcrf(epoch).matrix - ours).max()
    assert turned < 1e-11  # measured 0.0


def test_the_rotation_kernel_turns_as_we_do(folder: Path) -> None:
    """jplephem reads it; the axes are the mean ecliptic of J2000, obliquity 84381.448 as."""
    kernel = PCK.open(folder / "earth_itrf.bpc")
    (segment,) = kernel.segments
    assert (segment.body, segment.frame, segment.data_type) == (3000, 17, 2)
    for text in ("2026-01-20T00:00:00Z", "2026-11-10T13:21:00Z"):
        epoch = Epoch.from_utc(text)
        phi, theta, psi = segment.compute(*epoch.jd_tdb, derivative=False)
        eps = np.radians(84381.448 / 3600.0)
        turned = _r3(psi) @ _r1(theta) @ _r3(phi) @ _r1(eps)
        ours = World.shipped().orientation.itrf_from_gcrf(epoch).matrix
        assert np.abs(turned - ours).max() < 2e-11  # measured 4e-12: revolutions as one double
    kernel.close()


def _r1(a: float) -> np.ndarray:
    return np.array([[1, 0, 0], [0, np.cos(a), np.sin(a)], [0, -np.sin(a), np.cos(a)]])


def _r3(a: float) -> np.ndarray:
    return np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])


def test_error_is_the_largest_on_the_path() -> None:
    tight = np.zeros((4, 6))
    states = np.zeros((4, 6))
    states[1, :3] = 3.0, 0.0, 4.0
    states[3, 1] = 2.0
    states[2, 3:] = 100.0  # velocities do not count
    assert error.apart(states, tight) == (5.0, 2.0)


def test_an_ensemble_begins_with_the_case_itself() -> None:
    case = cases.ALL[-1]
    starts = error.starts(case, 5)
    assert starts[0].tolist() == [*case.r_m, *case.v_m_s]
    d = starts[1:] - starts[0]
    assert 0.0 < np.abs(d[:, :3]).max() <= 1e3
    assert 0.0 < np.abs(d[:, 3:]).max() <= 1.0


def _flown(**more: Any) -> dict[str, Any]:
    point = {"setting": {"method": "m", "tolerance": 1e-9}, "cpu_s": 0.2, "path_m": 5e-4}
    loose = {"setting": {"method": "m", "tolerance": 1e-7}, "cpu_s": 0.1, "path_m": 0.5}
    peer = {"notes": [], "end": [0.0] * 6, "curve": [loose, point], "chosen": point}
    ours = {**peer, "median_s": 0.01, "chosen": {**point, "tables_s": 0.004}}
    theirs = {**peer, "median_s": 0.25, "end": [0.003, 0.0, 0.004, 0.0, 0.0, 0.0], **more}
    return {
        "case": {"title": "A case", "target_m": 1e-3, "samples": 0},
        "runs": 7,
        "peers": {"cosmodrome": ours, "other": theirs, "third": {"refused": "not installed"}},
    }


def test_a_table_says_the_ratio_and_who_misses_the_target() -> None:
    ours, theirs = table.rows(_flown())
    assert ours[3] == "1.00"
    assert theirs[:6] == ["other", "m 1e-09", "250 ms", "25.00", "500 um", "100 ms"]
    assert "ends 5 mm from ours" in theirs[-1]
    text = table.case_table("x", _flown(), markdown=True)
    assert "Not flown: third: not installed." in text
    far = {"setting": {"step_s": 30.0}, "cpu_s": 0.1, "path_m": 2.0}
    assert "misses 1 mm at any setting" in table.rows(_flown(chosen=far, curve=[far]))[1][-1]


def test_the_document_is_what_the_results_give() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.propagation.table", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_worker_answers_why_it_does_not_fly() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "bench.propagation.worker", "nobody", "nowhere", "-1"],
        input='{"do": "available"}\n',
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "nobody" in json.loads(answer)["no"]
