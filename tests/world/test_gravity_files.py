"""Gravity files: one field in every format, and every fault with its line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cosmodrome.errors import DataError, InputError, UnknownNameError
from cosmodrome.world.bodies import MARS, MOON
from cosmodrome.world.gravity import SHIPPED, shipped
from cosmodrome.world.gravity_files import SUFFIXES, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cosmodrome.world.world import World

MU, RADIUS = 3.986004415e14, 6378136.3


def field(degree: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    C, S = (np.tril(rng.normal(size=(degree + 1, degree + 1))) * 1e-6 for _ in range(2))
    S[:, 0] = 0.0
    C[0], S[0], C[1], S[1] = 0.0, 0.0, 0.0, 0.0
    C[0, 0] = 1.0
    return C, S


def rows(C: np.ndarray, S: np.ndarray, form: str) -> list[str]:
    return [
        form.format(n=n, m=m, c=float(C[n, m]), s=float(S[n, m]))
        for n in range(2, C.shape[0])
        for m in range(n + 1)
    ]


def gfc(C: np.ndarray, S: np.ndarray, extra: str = "tide_system zero_tide") -> str:
    head = (
        f"a comment before\nproduct_type gravity_field\nmodelname TEST\n{extra}\n"
        f"earth_gravity_constant {MU:.9E}\nradius {RADIUS}\nmax_degree {C.shape[0] - 1}\n"
        "errors no\nkey L M C S\nend_of_head ====\n"
    )
    return head + "\n".join(rows(C, S, "gfc {n} {m} {c:.16E} {s:.16E}")).replace("E-", "D-")


def shadr(C: np.ndarray, S: np.ndarray, mu: float = MU, radius: float = RADIUS) -> str:
    n = C.shape[0] - 1
    head = f" {radius / 1e3:.16e}, {mu / 1e9:.16e}, 1.0e-3, {n:4d}, {n:4d},    1, 0.0e+00, 0.0e+00"
    return "\n".join(
        [head, *rows(C, S, "{n:5d},{m:5d},{c:23.16e},{s:23.16e}, 1.0e-12, 1.0e-12"), ""]
    )


def cof(C: np.ndarray, S: np.ndarray) -> str:
    n = C.shape[0] - 1
    head = f"COMMENT   1\nCCCC test field\nPOTFIELD{n:3d}{n:3d}  1 {MU:20.14e} {RADIUS:20.14e} 1.0"
    body = rows(C, S, "RECOEF  {n:3d}{m:3d}   {c:21.14E}{s:21.14E}")
    return "\n".join([head, *body, "END", "after the end"])


def grv(C: np.ndarray, S: np.ndarray, extra: str = "IncludesPermTides Yes") -> str:
    n = C.shape[0] - 1
    return "\n".join(
        [
            "stk.v.4.3", "# a comment", "Model TESTMODEL", f"Degree {n}", f"Order {n}",
            f"Gm {MU!r}", f"RefDistance {RADIUS}", "Normalized Yes", "CentralBody Earth", extra,
            "BEGIN Coefficients", *rows(C, S, " {n} {m} {c:.16e} {s:.16e}"), "END Coefficients",
        ]
    )  # fmt: skip


MAKERS: dict[str, Callable[..., str]] = {
    ".gfc": gfc, ".tab": shadr, ".sha": shadr, ".cof": cof, ".grv": grv,
}  # fmt: skip


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="ascii")
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_field_in_every_format(tmp_path: Path, suffix: str) -> None:
    C, S = field()
    got = read(write(tmp_path / f"a{suffix}", MAKERS[suffix](C, S)), "earth")
    # 15 digits in a .cof, 17 elsewhere
    np.testing.assert_allclose(got.C, C, rtol=1e-14 if suffix == ".cof" else 0.0, atol=0.0)
    np.testing.assert_allclose(got.S, S, rtol=1e-14 if suffix == ".cof" else 0.0, atol=0.0)
    assert got.mu_m3_s2 == pytest.approx(MU, rel=1e-15)
    assert got.radius_m == pytest.approx(RADIUS, rel=1e-15)
    assert (got.degree, got.body, got.axes) == (4, "earth", "itrf")
    assert got.tide_system == ("zero-tide" if suffix in (".gfc", ".grv") else "unknown")
    assert bool(got.notes) == (got.tide_system == "unknown")
    assert f"a{suffix}" in got.source
    assert "sha256" in got.source
    told = read(tmp_path / f"a{suffix}", "earth", 3, tide_system="tide-free")
    assert (told.degree, told.tide_system, told.notes) == (3, "tide-free", ())
    np.testing.assert_array_equal(told.C, got.C[:4, :4])


def test_the_same_content_is_read_once(tmp_path: Path) -> None:
    C, S = field()
    path = write(tmp_path / "a.gfc", gfc(C, S))
    first = read(path, "earth")
    assert read(str(path), "earth") is first
    write(path, gfc(2.0 * C, S))
    assert read(path, "earth").C[3, 1] == 2.0 * first.C[3, 1]


def test_unnormalised_coefficients_are_normalised(tmp_path: Path) -> None:
    C, S = field(6)
    scale = np.array(
        [
            [
                math.sqrt(
                    (2 - (m == 0)) * (2 * n + 1) * math.factorial(n - m) / math.factorial(n + m)
                )
                if m <= n
                else 1.0
                for m in range(7)
            ]
            for n in range(7)
        ]
    )
    text = gfc(C * scale, S * scale, "norm unnormalized")
    got = read(write(tmp_path / "u.gfc", text), "earth")
    np.testing.assert_allclose(got.C, C, rtol=1e-14, atol=0.0)
    np.testing.assert_allclose(got.S, S, rtol=1e-14, atol=0.0)


def test_a_field_that_varies_is_taken_at_its_epoch_and_says_so(tmp_path: Path) -> None:
    C, S = field()
    text = gfc(C, S).replace("gfc 2 0", "gfct 2 0") + "\ntrnd 2 0 1.0e-11 0.0\nacos 2 0 1e-11 0 1.0"
    text = text.replace("\ngfc 2 1 ", " 20050101\ngfc 2 1 ", 1)
    got = read(write(tmp_path / "t.gfc", text), "earth")
    assert got.C[2, 0] == C[2, 0]
    assert "varies with time: taken at its reference epoch of 20050101" in got.notes[0]
    drift = read(write(tmp_path / "t.grv", grv(C, S, "C21Dot -3.37e-12")), "earth")
    assert any("C21Dot: the drift is left out" in note for note in drift.notes)


def test_axes_of_lunar_and_martian_fields(tmp_path: Path) -> None:
    C, S = field()
    text = shadr(C, S, MOON.mu_m3_s2, 1.738e6)
    path = write(tmp_path / "mine.tab", text)
    with pytest.raises(DataError, match=r"mine\.tab: it does not tell .* axes='moon-pa-de430'"):
        read(path, "moon")
    assert read(path, "moon", axes="moon-pa-de421").axes == "moon-pa-de421"
    label = write(tmp_path / "mine.lbl", "The planetary ephemeris used is de430\n and defines")
    assert read(path, "moon").axes == "moon-pa-de430"
    label.write_text("The planetary ephemeris used is DE440", encoding="ascii")
    assert read(path, "moon").axes == "moon-pa"
    for name, axes in (("gggrx_0900c_sha", "moon-pa-de421"), ("GRGM1200B", "moon-pa-de430")):
        assert read(write(tmp_path / f"{name}.tab", text), "moon").axes == axes
    mars = shadr(C, S, MARS.mu_m3_s2, 3.396e6)
    assert read(write(tmp_path / "jgmro_120d_sha.tab", mars), "mars").axes == "iau-mars"
    assert read(write(tmp_path / "ggm2bc80.sha", mars), "mars").axes == "iau-mars-1991"


C4, S4 = field()
FAULTS = [
    ("a.gfc", gfc(C4, S4).replace("end_of_head", "end"), r"a\.gfc:22: .*no line end_of_head"),
    ("a.gfc", gfc(C4, S4).replace("gravity_field", "topography"), r"a\.gfc:2: .*a topography"),
    ("a.gfc", gfc(C4, S4, "norm strange"), r"a\.gfc:4: .*norm is not known"),
    ("a.gfc", gfc(C4, S4, "tide_system odd"), r"a\.gfc:4: .*tide system is not known"),
    ("a.gfc", gfc(C4, S4).replace("gfc 3 1", "gfc 3 x"), r"a\.gfc:15: .*order is not a whole"),
    ("a.gfc", gfc(C4, S4).replace("gfc 3 1", "gfc 3 4"), r"a\.gfc:15: .*order 4 of degree 3"),
    ("a.gfc", gfc(C4, S4).replace("gfc 3 1", "gfc 5 1"), r"a\.gfc:15: .*beyond the header's 4"),
    ("a.gfc", gfc(C4, S4).replace("gfc 3 1", "gfc 3 0"), r"a\.gfc:15: .*given twice"),
    ("a.gfc", gfc(C4, S4).replace("gfc 3 1", "coef 3 1"), r"a\.gfc:15: .*'coef' is not known"),
    ("a.gfc", gfc(C4, S4) + "\ngfc 4", r"a\.gfc:23: .*values are missing"),
    ("a.gfc", gfc(C4, S4).replace("max_degree 4", "max_degree -4"), "degree -4 and order -4"),
    ("a.gfc", gfc(C4, S4).replace("max_degree 4", "max_degree 999999"), "degree <= 3660"),
    ("a.gfc", gfc(C4, S4).replace("max_degree 4", ""), r"a\.gfc:11: .*before the header gives"),
    ("a.gfc", gfc(C4, S4).replace("radius 6378136.3", "radius 0"), "give the reference radius"),
    ("a.gfc", gfc(C4, S4).replace("radius 6378136.3", "radius nan"), "radius is not finite"),
    ("a.gfc", "\n".join(gfc(C4, S4).splitlines()[:-3]), "degree 4 order 4, .*cut short"),
    ("a.gfc", "", r"a\.gfc:0: .*no line end_of_head"),
    ("a.tab", shadr(C4, S4).replace(",    1,", ",    2,", 1), r"a\.tab:1: .*normalisation"),
    ("a.tab", shadr(C4, S4).replace("0.0e+00", "9.0e+01", 1), r"a\.tab:1: .*another pole"),
    ("a.tab", "1, 2, 3", r"a\.tab:1: .*3 values where 8 are needed"),
    ("a.tab", " \n", r"a\.tab:1: .*the file is empty"),
    ("a.tab", shadr(C4, S4) + "    4,", r"a\.tab:14: .*1 values where 4"),
    ("a.tab", shadr(C4, S4).replace("    3,    2,", "    3,    2,  abc,"), r":7: read 'abc'"),
    ("a.tab", shadr(C4, S4, MOON.mu_m3_s2), "GM .* is not that of 'earth'"),
    ("a.cof", cof(C4, S4).replace("POTFIELD", "COMMENT "), r"a\.cof:4: .*before the header gives"),
    ("a.cof", cof(C4, S4).replace(" 1.0\n", " 0.0\n"), r"a\.cof:3: .*not normalised"),
    ("a.cof", "POTFIELD  4  4  1\n", r"a\.cof:1: .*GM and radius are missing"),
    ("a.cof", cof(C4, S4) .replace("RECOEF    3  1", "RECOEF    3  1\nRECOEF  "), "no coefficient"),
    ("a.grv", grv(C4, S4).replace("END Coefficients", ""), "no END Coefficients"),
    ("a.grv", grv(C4, S4).replace("CentralBody Earth", "CentralBody Moon"), "field of 'moon'"),
    ("a.grv", grv(C4, S4).replace("END", "4 4\nEND"), "values are missing"),
    ("a.txt", "", r"ends in \.gfc, \.tab, \.sha, \.cof, \.grv, this one in '\.txt'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), FAULTS, ids=range(len(FAULTS)))
def test_every_fault_has_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(write(tmp_path / name, text), "earth")


def test_other_refusals(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gfc", gfc(C4, S4))
    with pytest.raises(InputError, match=r"degree 9 was asked; a\.gfc holds up to 4x4"):
        read(path, "earth", 9)
    with pytest.raises(InputError, match="write one of tide-free, zero-tide"):
        read(path, "earth", tide_system="no")
    with pytest.raises(UnknownNameError, match="Did you mean 'earth'"):
        read(path, "erth")
    with pytest.raises(DataError, match=r"no gravity file .*none\.gfc"):
        read(tmp_path / "none.gfc", "earth")
    (tmp_path / "b.gfc").write_bytes(b"abc\n\xff\xfe")
    with pytest.raises(DataError, match=r"b\.gfc:2: .*not ASCII"):
        read(tmp_path / "b.gfc", "earth")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SUFFIXES), st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, suffix: str, at: int, put: bytes
) -> None:
    raw = bytearray(MAKERS[suffix](C4, S4).encode("ascii"))
    at %= len(raw)
    raw[at : at + len(put)] = put
    path = tmp_path / f"d{suffix}"
    path.write_bytes(bytes(raw))
    try:
        got = read(path, "earth")
    except (DataError, InputError):
        return
    assert np.all(np.isfinite(got.C))
    assert np.all(np.isfinite(got.S))
    assert got.mu_m3_s2 == pytest.approx(MU, rel=0.1)


# the world's door ----------------------------------------------------------------------
def test_the_world_gives_fields_by_name_or_path(shipped_world: World, tmp_path: Path) -> None:
    assert shipped_world.gravity().name == "EGM2008"
    assert shipped_world.gravity("moon") is shipped_world.gravity("moon", "GRGM1200A")
    assert shipped_world.gravity("moon", degree=50).degree == 50
    path = write(tmp_path / "a.gfc", gfc(C4, S4))
    assert shipped_world.gravity("earth", path).degree == 4
    assert shipped_world.gravity("earth", str(path), degree=2).degree == 2
    with pytest.raises(UnknownNameError, match="Did you mean 'egm2008'"):
        shipped_world.gravity("earth", "egm208")
    with pytest.raises(UnknownNameError, match=r"ask for gravity\('moon', 'grgm1200a'\)"):
        shipped_world.gravity("earth", "grgm1200a")
    with pytest.raises(InputError, match="a shipped field brings its own"):
        shipped_world.gravity("moon", axes="moon-me")
    with pytest.raises(InputError, match="holds up to 150x150"):
        shipped_world.gravity("moon", degree=200)
    assert {shipped(body).body for body in SHIPPED.values()} == {"earth", "moon", "mars"}


def test_grgm1200a_is_the_published_field(shipped_world: World) -> None:
    moon = shipped_world.gravity("moon")
    assert (moon.degree, moon.body, moon.axes) == (150, "moon", "moon-pa-de430")
    # header of gggrx_1200a_sha.tab; its label prints 4902.80011526323, 1.5e-9 less
    assert moon.mu_m3_s2 == 4902.8001224453001e9
    assert moon.mu_m3_s2 == pytest.approx(MOON.mu_m3_s2, rel=2e-9)
    assert moon.radius_m == 1_738_000.0
    # GRAIL: J2 = 203.2e-6, C22 = 22.4e-6 (Lemoine et al. 2013; Konopliv et al. 2013, Table 4)
    assert moon.zonal_j(2) == pytest.approx(203.22e-6, rel=2e-4)
    assert math.sqrt(5.0 / 12.0) * moon.C[2, 2] == pytest.approx(22.38e-6, rel=1e-3)
    assert not np.any(moon.C[1])
    for n in (20, 60, 150):
        power = np.sqrt(np.sum(moon.C[n] ** 2 + moon.S[n] ** 2) / (2 * n + 1))
        # Kaula's rule for the Moon, 2.5e-4 / n^2 (Konopliv et al. 2001)
        assert 0.3 < power / (2.5e-4 / n**2) < 1.6
    # principal axes: products of inertia nearly vanish, to 12" of the axes
    assert np.hypot(moon.C[2, 1], moon.S[2, 1]) < 1e-4 * moon.C[2, 2]
    assert abs(moon.S[2, 2]) < 1e-4 * moon.C[2, 2]


def test_gmm2b_is_the_published_field(shipped_world: World) -> None:
    mars = shipped_world.gravity("mars")
    assert (mars.degree, mars.axes) == (50, "iau-mars-1991")
    assert mars.mu_m3_s2 == 4.2828371901284e13
    # of the planet alone: DE440's figure is that of the system
    assert mars.mu_m3_s2 == pytest.approx(MARS.mu_m3_s2, rel=2e-7)
    # IAU/MGS: J2 = 1.9555e-3 at 3397 km (Lemoine et al. 2001)
    assert mars.zonal_j(2) == pytest.approx(1.95545e-3, rel=1e-4)
