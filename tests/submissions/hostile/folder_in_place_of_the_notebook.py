"""Hands in a folder with the notebook's name. It is held back, and a person decides: no points by itself."""
# problem: a folder
# held: a folder
# %% folder
path.mkdir()
(path / "target.ipynb").write_text("{}")
