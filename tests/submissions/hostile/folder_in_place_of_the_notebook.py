"""Hands in a folder with the notebook's name. It is no notebook: no points."""
# problem: a folder
# %% folder
path.mkdir()
(path / "target.ipynb").write_text("{}")
