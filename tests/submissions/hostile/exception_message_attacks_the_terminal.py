"""Puts escape sequences, direction marks and a megabyte into messages that a teacher will read. They come as plain text."""

# jail: left alone

# %% task="rate"
def rate(f, a, b): raise ValueError("\x1b]52;c;amVj\x07\x1b[2J\x1b]0;jec\x07\u202efull marks\u2066\0\r" + "x" * 10**6)
# %% task="gradient"
def gradient(xs): raise type("\x1b[31mBad", (Exception,), {})("[link=file:///etc/passwd]x[/link] [/red] {0} %s")
# %% task="formula"
formula = "\x1b[2J\u202ex"
# %%
raise ValueError("\x1b[2J\x9b31m" + "\x07" * 300)
