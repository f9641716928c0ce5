"""Ignores every signal that can be ignored, and loops. The kernel's limit ends it: its task alone is lost."""
# keeps: all
# %% task="derivative"
import signal
def derivative(f):
    for number in range(1, 65):
        try: signal.signal(number, lambda *args: None)
        except (OSError, ValueError): pass
    while True: pass
