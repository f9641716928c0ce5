"""Prints 300 MB. What is over the limit is dropped as it comes: the honest tasks keep their points."""
# keeps: all
# %%
import sys
for _ in range(300): print("x" * 1_000_000)
sys.stderr.write("y" * 50_000_000)
