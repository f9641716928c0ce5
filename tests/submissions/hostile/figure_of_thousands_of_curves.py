"""Draws thousands of curves, each compared with those of every known mistake. No point for the figure, and it has an end."""
# keeps: rate gradient train formula derivative counter
# jail: left alone

# %% task="curve"
def curve(xs):
    _, axes = plt.subplots()
    for n in range(4000): axes.plot(xs[:3], n + xs[:3])
    return axes
