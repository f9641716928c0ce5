"""Renames the ids of tests and answers. The cells of the release are what counts: no points."""
# %% folder
for cell in notebook["cells"]:
    ours = cell["metadata"].get("nbgrader", {})
    if ours.get("grade_id"):
        ours["grade_id"] = "zz_" + ours["grade_id"]
        cell["id"] = "zz" + cell.get("id", "x")
