"""The kit as a learner has it, at home: it draws, here without a screen, and no test sees another's figures."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def _at_home(monkeypatch):
    monkeypatch.delenv("KIT_GRADING", raising=False)
    plt.switch_backend("Agg")
    plt.close("all")
    yield
    plt.close("all")
