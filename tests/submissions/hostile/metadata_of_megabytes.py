"""Metadata, attachments and outputs of megabytes, ids that are objects, sources that are not text. No points, no fault."""
# %% folder
notebook["metadata"]["deep"] = "x" * 6_000_000
for number, cell in enumerate(notebook["cells"]):
    if number % 3 == 0: cell["id"] = {"a": [number]}
    if number % 3 == 1: cell["metadata"]["nbgrader"] = [1, 2]
    cell["attachments"] = {"a.png": {"image/png": "A" * 100_000}}
notebook["cells"].append({"cell_type": "code", "id": 7, "metadata": {}, "source": {"a": "formula = '3*x^2'"}, "outputs": 3})
notebook["cells"].append({"cell_type": ["code"], "metadata": 5, "source": ["formula", 3, None]})
notebook["cells"].append("formula = '3*x^2'")
