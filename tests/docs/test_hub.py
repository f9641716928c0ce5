"""The hub of docs/hub.md: its files are what the page says, and, where a hub is installed, a class goes through it."""

import ast
import os
import re
import subprocess
import sys

import pytest
import yaml

HUB = os.environ.get("JUPYTERHUB_FOLDER", "")


@pytest.fixture
def page(root):
    return (root / "docs" / "hub.md").read_text(encoding="utf-8")


def try_hub(root, *words):
    command = [sys.executable, root / "examples" / "hub" / "try_hub.py", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_configurations_are_python_and_the_page_quotes_them(root, page):
    for name in ("jupyterhub_config.py", "nbgrader_config.py"):
        ast.parse((root / "examples" / "hub" / name).read_text(encoding="utf-8"))
        assert f"`{name}`" in page
    (quoted,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert quoted in (root / "examples" / "hub" / "nbgrader_config.py").read_text(encoding="utf-8")


def test_both_charts_name_the_same_service_and_the_nbgrader_configuration_is_python(root):
    folder = root / "examples" / "hub" / "kubernetes"
    hub, ngshare = (
        yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("hub", "ngshare")
    )
    service = hub["hub"]["extraConfig"]["ngshare"]
    url = re.search(r'"url": "(.*?)"', service)[1]
    config = hub["singleuser"]["extraFiles"]["nbgrader_config"]["stringData"]
    assert f'"{url}/services/ngshare"' in config
    for python in (service, config):
        ast.parse(python)
    for secret in (service, ngshare["ngshare"]["hub_api_token"]):
        assert "REPLACE" in secret


def test_without_a_hub_the_trial_says_what_to_run(root, tmp_path):
    run = try_hub(root, tmp_path)
    assert run.returncode == 1
    assert run.stderr == f"{tmp_path}: no JupyterHub there; run `sh setup/hub.sh {tmp_path}`\n"


@pytest.mark.slow
@pytest.mark.skipif(not HUB, reason="set JUPYTERHUB_FOLDER to the folder that `sh setup/hub.sh FOLDER` has made")
@pytest.mark.skipif(os.getuid() != 0, reason="accounts for a trial need root")
def test_a_class_of_three_goes_through_a_real_hub(root, page):
    run = try_hub(root, HUB)
    assert run.returncode == 0, run.stdout + run.stderr
    (printed,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert run.stdout == printed
