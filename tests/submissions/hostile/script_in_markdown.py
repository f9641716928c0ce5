"""Adds Markdown with script, and replaces the given Markdown. What a student writes is shown as text."""
# keeps: all
# %% folder
page = "<script>jec_was_here()</script>\n\n[x](javascript:jec_was_here())\n\n```\n<svg onload=jec_was_here()>\n"
notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": page, "id": "mine"})
for cell in notebook["cells"]:
    if cell["cell_type"] == "markdown": cell["source"] = page
