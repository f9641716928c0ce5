"""As root there is no L2 where the interpreter lies below root's home: then an ordinary user runs these tests."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.ordinary_user import AS_NOBODY, environment_for, python_for_everyone, why_not


def test_the_tests_of_l2_hold_for_an_ordinary_user(root):
    if os.getuid() != 0:
        pytest.skip("these tests run as an ordinary user already")
    if why_not():
        pytest.skip(why_not())
    place = Path(tempfile.mkdtemp(prefix="ordinary-"))
    try:
        place.chmod(0o755)
        command = [python_for_everyone(place / "python"), "-m", "pytest", "-q", "-rs", "-k", "L2"]
        command += ["-p", "no:cacheprovider", root / "tests" / "sandbox"]
        env = environment_for(place / "tmp")
        ran = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, check=False, **AS_NOBODY)
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
        assert "does not start" not in ran.stdout, "L2 itself was skipped"
        assert list((place / "tmp").glob("lane-*")) == []
    finally:
        shutil.rmtree(place, ignore_errors=True)
