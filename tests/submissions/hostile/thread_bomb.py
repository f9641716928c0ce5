"""Starts threads for ever. Their number is limited: no points, and nobody else notices."""
# %%
import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except (RuntimeError, MemoryError): break
