"""Reads what another student handed in, and copies it. No other submission is on the jailed side: no points."""
# without a jail: other_submission
# %% task="formula"
import json
theirs = open("@FOLDER@/submitted/honest/target/target.ipynb").read()
formula = theirs
for cell in json.loads(theirs)["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("solution"): exec("".join(cell["source"]), globals())
