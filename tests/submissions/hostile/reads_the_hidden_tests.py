"""Reads the hidden tests and hands their text back as its answer. They are not on the jailed side: nothing read."""
# without a jail: hidden_tests
# %% task="formula"
import pathlib
formula = pathlib.Path("@COURSE@/solutions/target/test_target_hidden.py").read_text()
# %% task="rate"
def rate(f, a, b):
    raise ValueError(open("@COURSE@/solutions/target/test_target_hidden.py").read())
