"""Raises exceptions whose __str__, __class__ and __traceback__ loop, kill or lie. Its tasks alone are lost."""
# keeps: formula counter
# %% task="rate"
class Endless(Exception):
    def __str__(self):
        while True: pass
def rate(f, a, b): raise Endless
# %% task="gradient"
class Killer(ValueError):
    def __str__(self): __import__("os")._exit(0)
def gradient(xs): raise Killer
# %% task="train"
class Liar(Exception):
    __traceback__ = property(lambda self: 1 / 0)
    __class__ = property(lambda self: KeyError)
    def __str__(self): raise SystemExit
def train(xs, ys): raise Liar
# %% task="derivative"
class Text(str):
    def __getitem__(self, key): return self * 10**6
class Long(Exception):
    def __str__(self): return Text("x" * 100)
def derivative(f): raise Long
