"""Sends a picture that is none, to make naming the mistake stumble. It is not the data of Axes: no points, and no fault of ours."""

# jail: left alone

# %% first
import inside.session
lies = iter([{}, {"lines": [1], "scatters": []}, {"lines": [{"xy": "x", "label": 3}], "scatters": {}}, 5, []])
def lie(axes):
    for odd in lies: return odd
inside.session.axes_data = lie
# %% task="curve"
def curve(xs): return plt.subplots()[1]
