"""Has children use up CPU time, each its own limit, and starts another for each that ends. All processes of a submission share ten limits: it is ended, and nobody waits for long."""
# keeps: formula
# %% first
import os, signal, time
def burn():
    children = 0
    while True:
        try:
            if os.fork() == 0:
                while True: pass
            children += 1
        except OSError:
            os.wait()
# %% task="rate"
def rate(f, a, b): burn()
# %% task="gradient"
def gradient(xs): burn()
# %% task="train"
def train(xs, ys): burn()
# %% task="curve"
def curve(xs): burn()
# %% task="derivative"
def derivative(f): burn()
# %% task="counter"
class Counter:
    def add(self, n): burn()
