"""Says that it was handed in in the year 1, at 9999, or by a zone that is a path. It is never a reason to stop a class."""
# keeps: all
# %% folder
(folder / "timestamp.txt").write_text("0001-01-01 00:00:00 ../../../../dev/zero\n9999-99-99")
