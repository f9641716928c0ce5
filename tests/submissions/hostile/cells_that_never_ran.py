"""Claims for ever that another cell runs, and cells that do not exist. The wall limit ends it: no points."""
# %% first
FRAMES
for number in (10**9, -5, "x", None, True): shout(frame({"op": "cell", "number": number}))
while True: shout(frame({"op": "cell", "number": 3}) * 100)
