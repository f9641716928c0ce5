"""Puts links to secrets beside the notebook, as its time and its secret, and round in circles. None is followed."""
# keeps: all
# held: symbolic link
# %% folder
for name in ("timestamp.txt", "submission_secret.txt"):
    (folder / name).unlink()
    (folder / name).symlink_to("@COURSE@/solutions/target/reference.py")
(folder / "loop").symlink_to(folder)
(folder / "feedback").symlink_to("/etc")
