"""For the tests that talk to a real scheduler."""

import gc
import sys
import warnings

import pytest


@pytest.fixture(autouse=True)
def handshakes():
    """Dask sometimes leaves the socket of a refused handshake open; it goes here, so that no other test is blamed."""
    yield
    if "distributed" in sys.modules:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
            gc.collect()
