"""Training data: two moons and two rings, generated at random, and real handwritten digits, read from a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["digits", "moons", "rings", "turned"]

Array: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.int64]
Net: TypeAlias = list[tuple[Array, Array]]  # (W, b) of each layer, W of the shape (din, dout)

HELD_BACK = 360  # digits kept out of training: one in five


def moons(
    n: int, rng: np.random.Generator, *, turn: float = 0.0, mirror: bool = False, noise: float = 0.05
) -> tuple[Array, Array]:
    """Two interleaving half moons, n points in all: the points X (n, 2) and their labels y (n,).

    `y` holds 0 and 1 as floats. `turn` is in degrees. `noise` is the points' standard deviation around their moon.
    """
    y = np.arange(n, dtype=float) % 2.0
    along = rng.uniform(0, np.pi, size=n)
    # a half circle, and the same half circle upside down and shifted; the pair is centred on (0, 0)
    X = np.column_stack([np.cos(along) - 0.5, np.sin(along) - 0.25]) * np.where(y == 0, 1, -1)[:, None]
    if mirror:
        X[:, 0] *= -1
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    X = X @ np.array([[c, s], [-s, c]])
    return X + rng.normal(scale=noise, size=X.shape), y


def rings(
    n: int, rng: np.random.Generator, *, inner: float = 1.0, outer: float = 2.0, noise: float = 0.15
) -> tuple[Array, Array]:
    """Two rings around (0, 0), n points in all: the points X (n, 2) and their labels y (n,).

    `y` is 1.0 on the ring with the radius `inner`, and -1.0 on that with the radius `outer`. `noise` is the standard
    deviation of a point's radius.
    """
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    angle = rng.uniform(0, 2 * np.pi, size=n)
    radius = np.where(y > 0, inner, outer) + rng.normal(scale=noise, size=n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), y


def digits(path: str = "digits.csv.gz") -> tuple[tuple[Array, Labels], tuple[Array, Labels]]:
    """The handwritten digits: (X, y) for training and (X, y) held back. X (n, 64) is in 0 to 1, y (n,) holds integers.

    During grading nothing is read, so that nobody's network is trained there: the arrays are empty.
    Raises FileNotFoundError if the file is missing at any other time.
    """
    grading = bool(os.environ.get("KIT_GRADING"))
    beside_the_kit = Path(__file__).resolve().parent.parent / path
    found = None if grading else next((place for place in (Path(path), beside_the_kit) if place.is_file()), None)
    if found is None and not grading:
        raise FileNotFoundError(f"There is no {path} beside this notebook. It comes with it: fetch the unit once more.")
    table = np.loadtxt(found, delimiter=",") if found else np.empty((0, 65))
    table = np.random.default_rng(2026).permutation(table)
    X, y = table[:, :-1] / 16, table[:, -1].astype(int)
    return (X[HELD_BACK:], y[HELD_BACK:]), (X[:HELD_BACK], y[:HELD_BACK])


def turned(X: Array, degrees: float) -> Array:
    """Images X (n, 64) of 8 x 8 points with the paper turned clockwise by `degrees`; what turns in is white."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    down, across = np.meshgrid(np.arange(8) - 3.5, np.arange(8) - 3.5, indexing="ij")
    i, j = c * down - s * across + 3.5, s * down + c * across + 3.5  # where each point comes from
    i0, j0 = np.floor(i).astype(int), np.floor(j).astype(int)
    padded = np.pad(X.reshape(-1, 8, 8), ((0, 0), (3, 3), (3, 3)))
    blended = np.zeros((len(X), 8, 8))
    for di, wi in ((0, i0 + 1 - i), (1, i - i0)):
        for dj, wj in ((0, j0 + 1 - j), (1, j - j0)):
            blended += wi * wj * padded[:, i0 + di + 3, j0 + dj + 3]
    return blended.reshape(-1, 64)
