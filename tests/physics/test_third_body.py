import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.physics import third_body

MU_SUN, MU_MOON = 1.327e20, 4.9028e12
unit = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda u: np.linalg.norm(u) > 0.1)


@given(unit, unit, st.floats(6.6e6, 1e9), st.floats(1.6e11, 1e13))
def test_direct_minus_indirect_in_extended_precision(u, w, r, s):
    r = np.array(u) / np.linalg.norm(u) * r
    s = np.array(w) / np.linalg.norm(w) * s
    a, b = r.astype(np.longdouble), s.astype(np.longdouble)
    d = b - a
    want = np.longdouble(MU_SUN) * (d / (d @ d) ** 1.5 - b / (b @ b) ** 1.5)
    got = third_body.acceleration(r, s, MU_SUN)
    # the straightforward difference loses four digits of the 64-bit mantissa here
    assert np.linalg.norm(got - want) < 1e-12 * np.linalg.norm(want)


def test_tide_of_a_distant_body():
    # to first order: 2 mu r / s^3 along the line, - mu r / s^3 across
    s = np.array([1e12, 0.0, 0.0])
    along = third_body.acceleration(np.array([7e6, 0.0, 0.0]), s, MU_SUN)
    across = third_body.acceleration(np.array([0.0, 7e6, 0.0]), s, MU_SUN)
    tide = MU_SUN * 7e6 / 1e36
    np.testing.assert_allclose(along, [2 * tide, 0, 0], rtol=3e-5)
    np.testing.assert_allclose(across[1], -tide, rtol=1e-5)


def test_central_body_feels_no_tide():
    assert np.all(third_body.acceleration(np.zeros(3), np.array([3.8e8, 0, 0]), MU_MOON) == 0.0)
