"""Two numbers are compared as numpy compares arrays of one number, only faster."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from grader.diagnosis.compare import alike
from grader.diagnosis.slips import ABSOLUTE, RELATIVE

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@given(NUMBERS, NUMBERS, st.floats(-3, 3))
@example(float("inf"), float("-inf"), 0.0)
@example(float("nan"), float("nan"), 0.0)
@example(1e308, float("inf"), 0.0)
def test_floats_are_alike_where_numpy_says_so(one, other, share):
    with np.errstate(all="ignore"):
        near = one + share * (ABSOLUTE + RELATIVE * abs(one))  # on either side of the bound
        for number in (other, near):
            expected = bool(np.allclose(one, number, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))
            assert alike(one, number) == expected


def test_numbers_far_below_rounding_are_compared_by_their_size():
    assert not alike(np.array([1e-50, 2e-50]), np.array([1e-50, 3e-50]))
    assert alike(np.array([1e-17, 0.0]), np.array([0.0, 1e-33]))
