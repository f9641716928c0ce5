"""The lock names every package that ours need, each with hashes: pip installs it without looking for others."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# jsonschema's optional reader of IRIs compiles its grammar on import, for 3 of the 5 s that `nbgrader` takes to start.
LEFT_OUT = {"rfc3987-syntax"}


@pytest.fixture
def locked(root):
    """The name of each package in the lock, and what is written for it."""
    entries = re.split(r"\n(?! )", (root / "requirements.lock").read_text().strip())
    return {canonicalize_name(re.match(r"[\w.-]+", entry)[0]): entry for entry in entries}


def needed(root):
    """What our packages need, with all extras that are installed here, and what those need in turn."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    waiting += [Requirement(line) for lines in project["optional-dependencies"].values() for line in lines]
    found = {}
    while waiting:
        one = waiting.pop()
        name, wanted = canonicalize_name(one.name), {"", *one.extras}
        if (one.marker and not one.marker.evaluate()) or wanted <= found.get(name, set()):
            continue
        found[name] = found.get(name, set()) | wanted
        if name in LEFT_OUT:
            continue
        try:
            lines = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        for behind in map(Requirement, lines):
            if behind.marker is None or any(behind.marker.evaluate({"extra": extra}) for extra in wanted):
                behind.marker = None
                waiting.append(behind)
    return found


def test_every_package_that_is_needed_is_locked_but_those_left_out(root, locked):
    names = set(needed(root))
    assert names - locked.keys() == LEFT_OUT
    assert len(names) > 100


def test_each_has_a_version_and_hashes_and_no_host(locked):
    for entry in locked.values():
        assert re.search(r"^[\w.-]+==\d", entry), entry
        assert "--hash=sha256:" in entry, entry
        assert "://" not in entry, entry
