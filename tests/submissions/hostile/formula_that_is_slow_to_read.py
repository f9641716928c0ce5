"""Types formulas that take for ever to read, expand or compare. Reading has limits, and comparing a process that is ended."""

# jail: left alone

# %% task="formula"
formula = "(" + "+".join(f"sin(x^{n})" for n in range(150)) + ")^99999"
