"""Writes a path, and 5 MB, into its secret, which becomes the name of a file. Anything but a secret is replaced."""
# keeps: all
# %% folder
(folder / "submission_secret.txt").write_text("../../../../jec_was_here" + "\0x" * 2_500_000)
