"""Makes the time and the secret pipes that block whoever reads them. They are not waited for: the honest points stay."""
# keeps: all
# %% folder
import os
for name in ("timestamp.txt", "submission_secret.txt"):
    (folder / name).unlink()
    os.mkfifo(folder / name)
os.mkfifo(folder / "data.csv")
