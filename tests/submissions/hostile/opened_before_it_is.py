"""Says that all its cells have run while they still run, with errors that never happened. It gains no time: no points."""
# %% first
FRAMES
shout(frame({"op": "opened", "errors": [[10**18, {"op": "raised", "kind": "no" * 99, "message": "error" * 99}]] * 300}))
# %%
while True: pass
