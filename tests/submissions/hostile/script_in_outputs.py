"""Puts script into the outputs and attachments of its cells. A submission's outputs are dropped."""
# keeps: all
# %% folder
page = "<script>jec_was_here()</script><img src=x onerror=jec_was_here()>"
for cell in notebook["cells"]:
    cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=jec_was_here()>"}}
    if cell["cell_type"] == "code":
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": page, "application/javascript": "jec_was_here()"}}]
