"""Sends a picture of the right form whose points are texts, ragged or of the wrong kind. No points, and no fault of ours."""

# jail: left alone

# %% first
import inside.session
kept = inside.session.axes_data
def lie(axes):
    data = kept(axes)
    data["lines"] = [{"label": "f", "xy": [[1, "x"], [2]]}]
    return data
inside.session.axes_data = lie
# %% task="curve"
def curve(xs): return plt.subplots()[1]
