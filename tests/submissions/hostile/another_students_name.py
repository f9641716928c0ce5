"""Calls itself by another student's name, in the environment, in metadata and in files. The folder's owner is graded."""
# keeps: rate
# %% first
import os
os.environ["JUPYTERHUB_USER"] = os.environ["USER"] = os.environ["NBGRADER_STUDENT"] = "honest"
# %% folder
notebook["metadata"]["student"] = notebook["metadata"]["nbgrader"] = {"student_id": "honest", "owner": "honest"}
(folder / "honest").mkdir()
(folder / "honest" / "target.ipynb").write_text("{}")
