"""Inputs for hidden tests, varied by default in everything that a wrong answer may depend on.

Inputs that are all positive, distinct, sorted and floats let wrong answers pass: a lost sign, an index looked up by
value, a needless sort, a division by something that happens not to be zero, an integer array that truncates. So these
inputs contain both signs, zero, a tie and a whole number in no particular order, unless the test states that the
exercise rules one of them out (`zero=False`). The same seed gives the same inputs on every machine. Each call returns
new objects, so a submission that changes its inputs cannot affect another test.

    numbers(1)            plain numbers:      [0.0, 3, 1.25, -2.75, ...]
    magnitudes(1)         tiny and huge numbers: [3.1e-05, -2.7e+08, ...]
    array(1, (2, 3))      a float array; whole_array(1, (2, 3)) an int array; arrays(1) several kinds and shapes
    pairs(1, (3,))        two arrays: different, the same object twice, equal, opposite, one of them zero
    functions(1, 4)       functions, each with an unrelated "slope": rising, negative, zero, constant
    widths(1, 3)          layer sizes: all equal, all different, with a layer of one
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from grader.testing.inline import Inline, inline

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SHAPES: tuple[tuple[int, ...], ...] = ((7,), (3, 4), ())


def numbers(
    seed: int,
    count: int = 8,
    *,
    low: float = -4.0,
    high: float = 4.0,
    zero: bool = True,
    tie: bool = True,
    whole: bool = True,
) -> list[float]:
    """`count` plain numbers between `low` and `high`, unsorted.

    They include zero (if in range), a whole number (an `int`) and a tie, as far as `count` allows. At least two are
    none of these: one negative and one positive if the range has both signs.
    """
    rng = np.random.default_rng(seed)
    both = low < 0 < high
    ends = [(low, 0.0), (0.0, high)] if both else [(low, high)]
    drawn = [_between(rng, *ends[place % len(ends)]) for place in range(count)]
    specials: list[float] = []
    if zero and low <= 0 <= high:
        specials.append(0.0)
    if whole and np.floor(high) >= np.ceil(low):
        specials.append(int(rng.integers(int(np.ceil(low)), int(np.floor(high)), endpoint=True)) or 1)
    if tie and drawn:
        specials.append(drawn[0])
    specials = specials[: max(0, count - 2)]
    return _in_no_order(rng, drawn[: count - len(specials)] + specials)


def magnitudes(seed: int, count: int = 9, *, smallest: float = -8, largest: float = 8) -> list[float]:
    """Numbers of all magnitudes from 10^smallest to 10^largest, of both signs, unsorted."""
    rng = np.random.default_rng(seed)
    exponents = np.linspace(smallest, largest, count)
    signs = [1 if place % 2 else -1 for place in range(count)]
    sized = [float(sign * rng.uniform(1, 5) * 10.0**exponent) for sign, exponent in zip(signs, exponents, strict=True)]
    return _in_no_order(rng, sized)


def array(
    seed: int, shape: Sequence[int], *, low: float = -4.0, high: float = 4.0, zero: bool = True, tie: bool = True
) -> FloatArray:
    """A float array of this shape, filled with `numbers`."""
    size = int(np.prod(shape))
    return np.array(numbers(seed, size, low=low, high=high, zero=zero, tie=tie), dtype=float).reshape(shape)


def whole_array(seed: int, shape: Sequence[int], *, low: int = -4, high: int = 4) -> IntArray:
    """An int64 array of this shape, with both signs and a zero if there is room."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    drawn = rng.integers(low, high, size, endpoint=True)
    for place, value in enumerate([low, 0, high][: max(0, size - 1)]):
        drawn[place] = value if low <= value <= high else drawn[place]
    return rng.permutation(drawn).astype(np.int64).reshape(shape)


def arrays(
    seed: int, shapes: Sequence[Sequence[int]] = SHAPES, *, low: float = -4.0, high: float = 4.0, zero: bool = True
) -> list[FloatArray | IntArray]:
    """A float array for each shape; then an integer array and an array whose entries are all equal."""
    floats: list[FloatArray | IntArray] = [
        array(seed + place, shape, low=low, high=high, zero=zero) for place, shape in enumerate(shapes)
    ]
    level = _between(np.random.default_rng(seed), low, high)
    whole_low, whole_high = int(np.ceil(low)), int(np.floor(high))
    if not zero and whole_low == 0:
        whole_low = 1
    whole = whole_array(seed, shapes[0], low=whole_low, high=whole_high)
    return [*floats, whole if zero else np.where(whole == 0, whole_high, whole), np.full(shapes[0], level)]


def pairs(seed: int, shape: Sequence[int] = (5,)) -> list[tuple[FloatArray, FloatArray]]:
    """Pairs of arrays of this shape: unrelated, the same object twice, equal but distinct, opposite, one zero.

    An object passed twice arrives as two objects on the far side. If identity matters, pass it once and use its name
    twice: `student.eval("f(x, x)", x=x)`.
    """
    one, other = array(seed, shape), array(seed + 1, shape)
    return [(one, other), (other, other), (one, one.copy()), (other, -other), (one, np.zeros(shape)), (0 * one, other)]


def functions(seed: int, count: int = 6, *, nonzero: bool = False) -> list[tuple[Inline, Inline]]:
    """`count` functions, each paired with an unrelated function that stands in for its slope.

    They accept a number or an array. In turn: positive everywhere, negative everywhere, of both signs, the constant
    zero, a constant. `nonzero` leaves out functions that are zero anywhere. The "slopes" have both signs, and every
    fifth is zero.
    """
    rng = np.random.default_rng(seed)
    kinds = ["above", "below", "constant"] if nonzero else ["above", "below", "both", "zero", "constant"]
    return [(_function(rng, kinds[place % len(kinds)]), _slope(rng, place)) for place in range(count)]


def _function(rng: np.random.Generator, kind: str) -> Inline:
    level, bend, tilt = float(rng.uniform(0.6, 2.4)), float(rng.uniform(0.2, 0.9)), float(rng.uniform(0.5, 1.5))
    if kind == "zero":
        return inline("0.0 * x")
    if kind == "constant":
        return inline("0.0 * x - level", level=level)
    if kind == "both":
        return inline("tilt * x + 0.1 * bend * x * x", tilt=tilt, bend=bend)
    return inline("level + bend * x * x" if kind == "above" else "-(level + bend * x * x)", level=level, bend=bend)


def _slope(rng: np.random.Generator, place: int) -> Inline:
    start, tilt = float(rng.uniform(0.6, 2.4)), float(rng.uniform(0.3, 0.9))
    return inline("sign * (start - tilt * x)", sign=(1, -1, 1, -1, 0)[place % 5], start=start, tilt=tilt)


def widths(seed: int, depth: int = 3) -> list[list[int]]:
    """Lists of depth + 1 layer sizes, inputs first: all equal, all different, growing, shrinking, with ones."""
    rng = np.random.default_rng(seed)
    different = rng.permutation(np.arange(2, depth + 3)).tolist()
    equal = [int(rng.integers(2, 5))] * (depth + 1)
    ones = [size if place % 2 else 1 for place, size in enumerate(different)]
    return [equal, different, sorted(different), sorted(different, reverse=True), ones]


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """A number well inside the range, rounded to four digits so that staff messages stay readable."""
    width = high - low
    return round(float(rng.uniform(low + 0.05 * width, high - 0.05 * width)), 4)


def _in_no_order(rng: np.random.Generator, values: list[float]) -> list[float]:
    """The values, shuffled; neither rising nor falling if at least three are distinct."""
    shuffled = [values[place] for place in rng.permutation(len(values))]
    if len(set(values)) > 2 and shuffled in (sorted(values), sorted(values, reverse=True)):
        shuffled[0], shuffled[1] = shuffled[1], shuffled[0]
        if shuffled in (sorted(values), sorted(values, reverse=True)):  # the two were equal
            shuffled[0], shuffled[-1] = shuffled[-1], shuffled[0]
    return shuffled
