"""Computes for ever inside C code, where no Python signal handler runs. The kernel ends it: its task alone is lost."""
# keeps: all
# %% task="formula"
formula = sum(range(10**14))
# %% task="derivative"
def derivative(f): return 7 ** (7 ** 9)
