"""What hidden tests draw their inputs from varies in all that a wrong answer may depend on, and is repeatable."""

import numpy as np
import pytest

from grader.testing import inputs

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_have_both_signs_zero_a_tie_and_a_whole_number_in_no_order(seed):
    found = inputs.numbers(seed)
    assert len(found) == 8
    assert min(found) < 0 < max(found)
    assert 0 in found
    assert len(set(found)) < len(found)
    assert any(type(value) is int for value in found)
    assert any(type(value) is float and value for value in found)
    assert found not in (sorted(found), sorted(found, reverse=True))
    assert all(-4 <= value <= 4 and type(value) in (int, float) for value in found)


@pytest.mark.parametrize("count", range(8))
def test_few_numbers_are_as_many_as_were_asked_for_and_at_least_two_are_ordinary(count):
    for seed in SEEDS:
        found = inputs.numbers(seed, count)
        assert len(found) == count
        assert len({value for value in found if value}) >= min(2, count)


def test_what_the_text_rules_out_is_left_out():
    for seed in SEEDS:
        positive = inputs.numbers(seed, low=0.5, high=3)
        assert min(positive) >= 0.5
        assert 0 not in inputs.numbers(seed, zero=False)
        distinct = inputs.numbers(seed, tie=False, whole=False)
        assert len(set(distinct)) == len(distinct)
        assert all(type(value) is float for value in distinct)
        assert all(value.all() for value in inputs.arrays(seed, zero=False))


def test_the_same_seed_gives_the_same_inputs_and_a_fresh_copy():
    assert inputs.numbers(7) == inputs.numbers(7) != inputs.numbers(8)
    assert inputs.magnitudes(7) == inputs.magnitudes(7) != inputs.magnitudes(8)
    assert inputs.widths(7) == inputs.widths(7)
    one, again = inputs.array(7, (2, 3)), inputs.array(7, (2, 3))
    one[:] = 0
    assert again.any()


@pytest.mark.parametrize("seed", SEEDS)
def test_magnitudes_reach_from_tiny_to_huge_in_both_signs(seed):
    sizes = np.abs(inputs.magnitudes(seed))
    assert sizes.min() < 1e-7
    assert sizes.max() > 1e7
    values = inputs.magnitudes(seed)
    assert {type(value) for value in values} == {float}
    assert min(values) < 0 < max(values)
    assert values not in (sorted(values), sorted(values, reverse=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_arrays_are_of_floats_of_ints_and_of_equal_entries(seed):
    floats, matrix, single, whole, level = inputs.arrays(seed)
    assert [array.shape for array in (floats, matrix, single, whole, level)] == [(7,), (3, 4), (), (7,), (7,)]
    assert {array.dtype for array in (floats, matrix, single, level)} == {np.dtype(float)}
    assert whole.dtype == np.int64
    assert whole.min() < 0 < whole.max()
    assert (whole == 0).any()
    assert len(set(level.tolist())) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_hold_one_object_twice_and_two_equal_ones(seed):
    found = inputs.pairs(seed, (2, 3))
    assert any(x is y for x, y in found)
    assert any(x is not y and np.array_equal(x, y) for x, y in found)
    assert any(np.array_equal(x, -y) and x.any() for x, y in found)
    assert any(not y.any() for _, y in found)
    assert any(not x.any() for x, _ in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_functions_are_of_every_sign_and_their_slopes_are_not_theirs(seed):
    x = np.linspace(-3, 3, 61)
    values = [f(x) for f, _ in inputs.functions(seed, 5)]
    assert (values[0] > 0).all()
    assert (values[1] < 0).all()
    assert values[2].min() < 0 < values[2].max()
    assert not values[3].any()
    assert np.ptp(values[4]) == 0 != values[4][0]
    slopes = [df(x) for _, df in inputs.functions(seed, 5)]
    assert not slopes[4].any()
    for (f, df), y in zip(inputs.functions(seed, 5), values, strict=True):
        assert not np.allclose((f(x + 1e-5) - f(x - 1e-5)) / 2e-5, df(x)) or not np.ptp(y)
        assert f(2.0) == pytest.approx(y[50])  # a number or an array
    for f, _ in inputs.functions(seed, 9, nonzero=True):
        assert np.abs(f(x)).min() > 0.5


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_widths_are_equal_different_and_one(depth):
    equal, different, growing, shrinking, ones = inputs.widths(depth, depth)
    assert len(set(equal)) == 1 < equal[0]
    assert len(set(different)) == depth + 1
    assert growing == sorted(different)
    assert shrinking == growing[::-1]
    assert 1 in ones
    assert {len(sizes) for sizes in inputs.widths(depth, depth)} == {depth + 1}
