"""Sends bytes that are not frames. They are our own error: its task alone is lost."""
# keeps: all
# %% first
FRAMES
# %% task="derivative"
def derivative(f): shout(struct.pack("<I", 5) + b"\xc1\xc1\xc1\xc1\xc1" + b"\x00" * 64)
# %% task="gradient"
def gradient(xs): shout(struct.pack("<I", 3) + b"\x93\x01\x02")
# %% task="formula"
formula = type("Odd", (), {"__class__": property(lambda self: shout(b"\xff" * 8))})()
