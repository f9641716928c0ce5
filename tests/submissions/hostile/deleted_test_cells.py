"""Deletes the test cells after honest work. Test cells come from the release: the honest points stay, and no more."""
# keeps: all
# %% folder
notebook["cells"] = [cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")]
