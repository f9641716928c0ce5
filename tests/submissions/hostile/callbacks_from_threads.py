"""Calls the test's function from many threads at once, so that their frames mix. That conversation ends: its task is lost."""
# keeps: formula curve counter
# %% task="rate"
import threading
def rate(f, a, b):
    def ask():
        try:
            while True: f(a)
        except BaseException: pass
    threads = [threading.Thread(target=ask, daemon=True) for _ in range(6)]
    for thread in threads: thread.start()
    return f(b)
