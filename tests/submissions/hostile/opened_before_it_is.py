"""Says that all its cells have run while they still run, with errors that are no errors. It gains no time: no points."""
# %% first
FRAMES
shout(frame({"op": "opened", "errors": [None, 7, [], {"number": [], "kind": {}, "message": 5}, {"number": 10**18}] * 1000}))
# %%
while True: pass
