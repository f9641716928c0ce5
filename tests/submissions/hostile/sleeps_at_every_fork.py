"""Sleeps whenever a process is to be forked for a test, in the notebook's own process. What needs no process is all it keeps, and the class waits for half a minute."""
# keeps: formula
# %% first
import os, threading, time
def forked(): time.sleep(1000)
threading.Thread(target=threading.Event().wait, daemon=True).start()
os.register_at_fork(before=forked)
