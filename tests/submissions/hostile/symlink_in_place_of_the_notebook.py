"""Hands in a link to the instructor's solved notebook. Links are not followed: no points."""
# problem: symbolic link
# held: symbolic link
# %% folder
path.symlink_to(root / "source" / "target" / "target.ipynb")
