"""Has every answer and test cell twice or more, with other contents. The first changed answer counts: the honest points stay."""
# keeps: rate
# %% folder
import copy
for cell in list(notebook["cells"]):
    if cell["metadata"].get("nbgrader", {}).get("grade_id"):
        for _ in range(3):
            double = copy.deepcopy(cell)
            double["source"] = "pass"
            notebook["cells"].append(double)
