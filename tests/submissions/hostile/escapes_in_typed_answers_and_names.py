"""Puts sequences that steer a terminal into typed answers, metadata, a second notebook's name and greet's output. None arrives."""
# keeps: rate gradient train curve derivative counter
# %% task="formula"
formula = "3*x^2\x1b]0;owned\x07\x1b[2J\u202e"
# %% folder
import json
notebook["metadata"]["kernelspec"] = {"name": "\x1b[31mx", "display_name": "\x1b]0;x\x07\n"}
notebook["cells"][0].setdefault("outputs", [])
for number, cell in enumerate(notebook["cells"]):
    cell["metadata"]["grader"] = {"worked_as": "\x1b[31mhonest\n", "tags": ["\x1b[2J"]}
    if cell["cell_type"] == "code": cell["outputs"] = [{"output_type": "display_data", "data": {"text/plain": "\x1b[31m"}, "metadata": {"greet": "\x1b[31mhonest\n", "worked_as": "\x1b]0;x\x07"}}]
(folder / "w\x1b[31mork\n.ipynb").write_text(json.dumps(notebook))
