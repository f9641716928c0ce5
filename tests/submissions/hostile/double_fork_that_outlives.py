"""Leaves daemons that forked twice, left their session and ignore signals. They end with the submission: nothing is left."""
# keeps: formula
# %%
import os, signal, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        for number in range(1, 32):
            if number not in (9, 19): signal.signal(number, signal.SIG_IGN)
        os.chdir("/")
        while True:
            try: open(os.path.expanduser("~/jec_was_here"), "a").write("x")
            except OSError: pass
            time.sleep(0.02)
