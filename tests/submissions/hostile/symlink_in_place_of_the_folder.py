"""Hands in a link to an honest student's folder. Links are not followed: no points."""
# problem: symbolic link
# held: symbolic link
# %% folder
import shutil
shutil.rmtree(folder)
folder.symlink_to(submitted / "honest" / "target")
