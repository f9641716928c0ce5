"""Hands in 21 MB, and JSON of a million brackets. Neither is read to the end: no points."""
# problem: target.ipynb
# %% folder
path.write_text("[" * (21 << 20))
