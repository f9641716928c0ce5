"""Calls the test's function from many threads at once, so that their frames mix. That conversation ends: its task is lost."""
# keeps: all
# %% task="derivative"
import threading
def derivative(f):
    def ask():
        try:
            while True: f(1.0)
        except BaseException: pass
    threads = [threading.Thread(target=ask, daemon=True) for _ in range(6)]
    for thread in threads: thread.start()
    return f(2.0)
