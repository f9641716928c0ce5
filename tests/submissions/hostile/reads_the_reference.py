"""Reads the reference from the disk and runs it. It is not on the jailed side: no points, nothing read."""
# without a jail: reference
# %% task="formula"
formula = open("@COURSE@/solutions/target/reference.py").read()
# %% task="rate"
exec(open("@COURSE@/solutions/target/reference.py").read(), globals())
# %% task="train"
import glob
for path in glob.glob("/**/solutions/*/reference.py", recursive=True) + glob.glob("@COURSE@/**/*.py", recursive=True):
    exec(open(path).read(), globals())
