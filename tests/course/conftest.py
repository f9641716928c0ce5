"""Figures that nobody sees."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def _quiet_figures(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    plt.switch_backend("Agg")
    monkeypatch.setitem(plt.rcParams, "figure.max_open_warning", 0)
    yield
    plt.close("all")
