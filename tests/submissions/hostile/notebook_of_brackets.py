"""Hands in a notebook nested as deep as JSON goes. It is not a notebook: no points, and no fault of ours."""
# problem: not JSON
# %% folder
path.write_text('{"cells": ' + "[" * 500_000 + "]" * 500_000 + "}")
