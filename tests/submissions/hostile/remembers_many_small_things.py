"""Calls the test's functions with lists whose bytes are few on the wire and many in memory, below every limit of a single frame. The budget counts what they become: no points for these tasks."""
# keeps: formula curve counter gradient train
# jail: left alone

# %% task="rate"
def rate(f, a, b):
    if a == b: raise ValueError("no step")
    many = [[]] * 30_000
    for n in range(4000):
        try: f(many)
        except Exception: pass
    return (f(b) - f(a)) / (b - a)
# %% task="derivative"
def derivative(f):
    big = [(1 << 16_000) + n for n in range(1500)]
    for n in range(400):
        try: f(big)
        except Exception: pass
    return lambda x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
