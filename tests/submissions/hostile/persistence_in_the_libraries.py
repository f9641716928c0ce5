"""Writes into site-packages, the standard library, the lane's own code and the kit. All of it is read-only."""
# %%
import os, sys
import kit, numpy, inside.session
for module in (os, kit, numpy, inside.session):
    for path in (module.__file__, os.path.dirname(module.__file__) + "/jec_was_here.pth", module.__file__ + ".jec_was_here"):
        try: open(path, "a").write("\njec_was_here = 1\n")
        except OSError: pass
        try: os.replace(path, path + ".jec_was_here")
        except OSError: pass
