"""Types the longest, deepest and widest formulas that are still read. Deciding has an end: no point, nothing pending."""
# keeps: rate
# jail: left alone

# %% task="formula"
formula = "+".join(f"sin({n}*x)^{n % 9 + 1}*cos(x/{n})" for n in range(1, 45))
