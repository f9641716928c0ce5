"""Spoils numpy, the builtins, the random state and the kit in memory for the next student. Each has its own memory."""
# %%
import builtins, math, random, sys
import numpy, kit, inside.session, inside.wire
numpy.mean = numpy.ndarray.tobytes if False else (lambda *args, **kwargs: 0.0)
math.pi = 3
builtins.float = int
random.seed(7)
sys.path.insert(0, "/nowhere")
inside.session.Session._carry_out = lambda *args: 0
inside.wire.encode = lambda *args, **kwargs: 0
for name in list(sys.modules): sys.modules[name] = None
