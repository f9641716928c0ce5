"""Grading over TLS, with Dask's own settings; and what is said when the certificates are missing or wrong.

Workers on 127.0.0.1 and 127.0.0.2 stand for two machines.
"""

import contextlib
import os
import shutil
import subprocess
import sys

import pytest

from grader.environment import python_path
from grader.errors import Unavailable
from grader.nbgrader import class_grading
from tests.cluster.dask_processes import Dask, outputs, until
from tests.small_course import ANSWERS, UNIT, hand_in, make_folder, write_course

distributed = pytest.importorskip("distributed", reason="no Dask here: pip install 'just-enough-calculus[cluster]'")
import dask.config  # noqa: E402 - after the check for Dask

from grader.cluster import conversation  # noqa: E402 - after the check for Dask

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here to make certificates with"),
]


def openssl(place, words):
    subprocess.run(["openssl", *words.split()], cwd=place, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Certificates `ours.crt` and `theirs.crt`, signed by two authorities, `ours-ca.crt` and `theirs-ca.crt`."""
    place = tmp_path_factory.mktemp("certificates")
    for name in ("ours", "theirs"):
        new = "req -newkey rsa:2048 -nodes"
        openssl(place, f"{new} -x509 -days 2 -subj /CN={name} -keyout {name}-ca.key -out {name}-ca.crt")
        openssl(place, f"{new} -subj /CN=node -keyout {name}.key -out {name}.csr")
        signed_by = f"-CA {name}-ca.crt -CAkey {name}-ca.key -CAcreateserial"
        openssl(place, f"x509 -req -days 2 -in {name}.csr {signed_by} -out {name}.crt")
    return place


def settings(certificates, authority="ours-ca.crt", certificate="ours.crt", key="ours.key"):
    """Dask's settings."""
    files = {"ca-file": authority}
    for role in ("scheduler", "worker", "client"):
        files |= {f"{role}.cert": certificate, f"{role}.key": key}
    return {f"distributed.comm.tls.{name}": str(certificates / file) for name, file in files.items() if file}


def as_environment(found):
    return {f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": value for name, value in found.items()}


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory, certificates):
    """A TLS scheduler, with a worker on each of two addresses."""
    how = {"environment": as_environment(settings(certificates))}
    cluster = Dask(tmp_path_factory.mktemp("dask"), "--protocol", "tls", **how)
    for name, host in (("anna", "127.0.0.1"), ("bert", "127.0.0.2")):
        cluster.worker(name, "--no-nanny", "--nthreads", "1", "--protocol", "tls", "--host", host, **how)
    until(lambda: all("Registered to" in (cluster.scratch / f"{name}.log").read_text() for name in ("anna", "bert")))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, request):
    """A small course, and a folder in which a class has handed in."""
    place = tmp_path_factory.mktemp("class")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "folder")
    for student, answers in ANSWERS.items():
        hand_in(folder, student, *answers)
    return course, folder


def grade(handed_in, address, env):
    course, folder = handed_in
    places = ["-C", str(folder), "--root", str(course.root), "--scheduler", address]
    command = [sys.executable, "-m", "just_enough_calculus", "grade", UNIT, "--yes", *places]
    env = {**os.environ, "PYTHONPATH": python_path(), **env}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)


def test_a_class_is_graded_over_tls_on_two_addresses(encrypted, certificates, handed_in, tmp_path):
    course, folder = handed_in
    shutil.copytree(folder, tmp_path / "here")
    class_grading.grade_unit(course, UNIT, tmp_path / "here", workers=1)
    done = grade(handed_in, encrypted.address, as_environment(settings(certificates)))
    assert done.returncode == 0, done.stderr
    assert encrypted.address.startswith("tls://")
    assert outputs(folder) == outputs(tmp_path / "here")
    until(lambda: not encrypted.private_folders())


WRONG = {  # the settings: what is said
    "none": (
        None,
        "TLS settings do not fit: no distributed.comm.tls.ca-file and no distributed.comm.tls.client.cert",
    ),
    "no authority": ({"authority": ""}, "no distributed.comm.tls.ca-file in Dask's configuration"),
    "a missing file": ({"certificate": "gone.crt"}, "tls.client.cert: .*gone.crt: No such file or directory"),
    "a key of another": ({"key": "theirs.key"}, "KEY_VALUES_MISMATCH: .*tls.client.key = .*theirs.key"),
    "no certificate": ({"authority": "ours.csr"}, r"NO_CERTIFICATE\w*: .*tls.ca-file = .*ours.csr"),
    "another authority": ({"authority": "theirs-ca.crt"}, "the encrypted connection was refused .*VERIFY_FAILED"),
    "a strange certificate": ({"certificate": "theirs.crt", "key": "theirs.key"}, "was refused .*must both be signed"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_certificates_that_are_missing_or_wrong_are_said(encrypted, certificates, wrong):
    how, says = WRONG[wrong]
    names = settings(certificates, **(how or {})) if how is not None else {}
    with (
        dask.config.set(names),
        pytest.raises(Unavailable, match=f"^tls://.*{says}.*Nothing was changed") as told,
    ):
        conversation.connect(encrypted.address)
    assert "\n" not in str(told.value)


def test_of_two_protocols_that_do_not_fit_together_the_address_is_named(encrypted, certificates, tmp_path):
    plain = encrypted.address.replace("tls://", "tcp://")
    with pytest.raises(Unavailable, match=r"^tcp://.*tls://HOST:PORT if it uses TLS"):
        conversation.connect(plain)
    with (
        dask.config.set({"distributed.comm.require-encryption": True}),
        pytest.raises(Unavailable, match=r"^tcp://.*the address must begin with tls://"),
    ):
        conversation.connect(plain)
    with (
        contextlib.closing(Dask(tmp_path)) as unencrypted,
        dask.config.set(settings(certificates)),
        pytest.raises(Unavailable, match=r"^tls://.*was refused .*The scheduler must listen on tls://"),
    ):
        conversation.connect(unencrypted.address.replace("tcp://", "tls://"))


def test_a_configuration_that_dask_cannot_read_is_said(handed_in, tmp_path):
    (tmp_path / "dask.yaml").write_text("distributed: [")
    done = grade(handed_in, "tls://127.0.0.1:1", {"DASK_CONFIG": str(tmp_path)})
    assert done.returncode == 2
    (said,) = (line for line in done.stderr.splitlines() if line.startswith("grader: "))
    assert f"--scheduler: Dask cannot be used: A dask config file at '{tmp_path}/dask.yaml' is malformed" in said
    assert "Traceback" not in done.stderr
