"""Forks for ever in a cell. The number of processes is limited, and all end with the submission."""
# %%
import os
while True:
    try: os.fork()
    except OSError: pass
