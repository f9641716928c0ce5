"""Hands in cells that are numbers, with sources that are objects, ids that are lists, and lone surrogates. The honest points stay."""
# keeps: rate formula
# %% folder
odd = [5, None, "x", [], {}, {"cell_type": []}, {"cell_type": "code", "source": {"a": 1}, "metadata": 7, "id": [1]}]
odd += [{"cell_type": "code", "source": ["x = '\ud800'", 5, None], "metadata": {"nbgrader": []}}]
notebook["cells"] = [*odd, *notebook["cells"], *odd]
notebook["metadata"] = [1, 2]
notebook["nbformat"] = "four"
