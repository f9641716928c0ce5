"""Takes all memory in a cell. It gets no more than its limit: the cell's task alone is lost."""
# keeps: all
# %% task="rate"
rows = []
while True: rows.append(bytearray(50_000_000))
