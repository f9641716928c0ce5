"""Removes the secret file, without which nbgrader's release of feedback stops for everyone. A new one is made."""
# keeps: all
# %% folder
(folder / "submission_secret.txt").unlink()
(folder / "timestamp.txt").unlink()
