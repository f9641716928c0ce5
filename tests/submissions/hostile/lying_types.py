"""Lies about the type of its objects by __class__, __name__ and metaclasses. Only the data of plain types cross: no points."""

# jail: left alone

# %% task="rate"
class float(object):
    __class__ = property(lambda self: __builtins__["float"] if isinstance(__builtins__, dict) else __builtins__.float)
    def __float__(self): return 5.5
def rate(f, a, b): return float()
# %% task="gradient"
class ndarray:
    __class__ = property(lambda self: np.ndarray)
    dtype, shape = np.dtype("f8"), (3,)
    def __array__(self, *args): return np.zeros(3)
def gradient(xs): return ndarray()
# %% task="curve"
class Axes:
    def __getattr__(self, name): return lambda *args: []
def curve(xs): return Axes()
# %% task="derivative"
class function:
    def __call__(self, x): return self
def derivative(f): return function()
# %% task="counter"
class Counter(type):
    def __new__(cls): return type.__new__(cls, "Counter", (), {"add": lambda self, n=0: n, "total": 19.5})
