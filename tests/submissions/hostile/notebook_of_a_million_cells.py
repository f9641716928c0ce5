"""Hands in a notebook of millions of empty cells. It is not gone through: no points."""
# problem: cells; the most that is read
# %% folder
path.write_text('{"cells": [' + "{}," * 4_000_000 + "{}]}")
