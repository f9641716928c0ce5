"""Puts script and markup into the messages, names and lines that feedback repeats. It is shown as text."""

# jail: left alone

# %% task="rate"
def rate(f, a, b): raise ValueError("<script>jec_was_here()</script><img src=x onerror=jec_was_here()>")  # <script>jec_was_here()</script>
# %% task="formula"
formula = "<script>jec_was_here()</script>"
# %%
raise RuntimeError("</div><script>jec_was_here()</script>")
