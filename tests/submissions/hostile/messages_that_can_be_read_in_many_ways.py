"""Forges messages like those of numpy, whose numbers a careless pattern could match in 50 ways each: hours for one. No points, and nobody waits."""

# jail: left alone

# %% first

def forge(message):
    import inside.session
    told = inside.session.Raised("ValueError", message)
    inside.session.describe = lambda error, sources: told
    raise ValueError
many = "…" * 50
# %% task="rate"
def rate(f, a, b): forge(f"shapes {many} and {many} not aligned: {many} (dim {many}) != {many} (dim {many}X")
# %% task="gradient"
def gradient(xs): forge(f"index {many} is out of bounds for axis {many} with size {many}X")
# %% task="train"
def train(xs, ys): forge("(" * 10_000_000)
# %% task="curve"
def curve(xs): forge("1." * 5_000_000)
# %% task="derivative"
def derivative(f): forge("N object " + "a.b" * 3_000_000)
