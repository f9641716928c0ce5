"""The reference MLP on the real digits, over several seeds: python benchmarks/digits.py (about a minute).

360 digits are held back. Target: at least 95 % accuracy on them, in under 30 s on one core.
"""

import os
import sys
import time
from pathlib import Path

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"  # one core; must be set before numpy is loaded

import numpy as np  # noqa: E402 - numpy reads these when it is loaded

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "exercises")]


def main(seeds=10):
    """Train with each seed, and print its accuracy and time in seconds."""
    from kit.data import digits

    from grader.testing.authoring import load_module

    names = load_module(ROOT / "solutions" / "u5_mlp_training" / "reference.py")
    (X, y), (X_held, y_held) = digits(ROOT / "exercises" / "u5_mlp_training" / "digits.csv.gz")
    rights, taken = [], []
    for seed in range(seeds):
        started = time.perf_counter()
        params, _ = names["fit_digits"](X, y, np.random.default_rng(seed), 6000)
        taken.append(time.perf_counter() - started)
        scores, _ = names["forward"](params, X_held)
        rights.append(float(np.mean(scores.argmax(axis=1) == y_held)))
        print(f"seed {seed}: {rights[-1]:.3f} right of {len(y_held)} held back, {taken[-1]:.1f} s", flush=True)
    print(f"lowest {min(rights):.3f} (target 0.95), mean {np.mean(rights):.3f}, slowest {max(taken):.1f} s (target 30)")


if __name__ == "__main__":
    main()
