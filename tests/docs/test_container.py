"""The container page, the Containerfile, the devcontainer and `grader doctor` ask for the same flags and packages."""

import json
import re

from grader.jail.causes import CONTAINER_FLAGS


def flags(text):
    return set(re.findall(r"--security-opt ([\w=]+)", text))


def test_the_flags_are_those_that_doctor_names(root):
    wanted = flags(CONTAINER_FLAGS)
    assert wanted == {"seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"}
    page = (root / "docs" / "container.md").read_text(encoding="utf-8")
    assert flags(page) == wanted | {"unmask=ALL"}  # what Podman calls the last
    given = json.loads((root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert flags(" ".join(given["runArgs"])) == wanted
    assert len(given["runArgs"]) == 2 * len(wanted), "a flag that the jail does not need"
    assert (root / ".devcontainer" / given["build"]["dockerfile"]).resolve() == root / "Containerfile"


def test_the_image_has_the_jails_packages_and_an_ordinary_user(root):
    text = (root / "Containerfile").read_text(encoding="utf-8")
    setup = (root / "setup" / "debian.sh").read_text(encoding="utf-8")
    for package in ("bubblewrap", "libseccomp2"):
        assert package in setup
        assert package in text
    user = re.findall(r"^USER (\w+)$", text, re.MULTILINE)
    assert user == ["grader"]
    assert f'"remoteUser": "{user[0]}"' in (root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    for name in re.findall(r"^COPY (.+) \./$", text, re.MULTILINE):
        assert all((root / file).is_file() for file in name.split())


def test_root_without_the_right_to_mount_is_told_to_become_a_user(tmp_path):
    from grader.jail.causes import _root_without_mounting

    (tmp_path / "self").mkdir()
    status = tmp_path / "self" / "status"
    for uid, capabilities, told in ((0, "00000000800425fb", True), (0, "000001fffeffffff", False), (1000, "0", False)):
        status.write_text(f"Name:\tx\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nCapEff:\t{capabilities}\nSeccomp:\t0\n")
        assert _root_without_mounting(tmp_path) is told
