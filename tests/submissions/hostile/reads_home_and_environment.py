"""Looks for secrets in the grader's home and environment. Neither is on the jailed side: nothing read."""
# without a jail: environment home
# %% task="formula"
import os
found = [repr(dict(os.environ))]
for where, _, names in os.walk("@HOME@"):
    found += [open(os.path.join(where, name)).read() for name in names]
for pid in [os.getpid(), os.getppid(), *(name for name in os.listdir("/proc") if name.isdigit())]:
    try: found.append(open(f"/proc/{pid}/environ").read())
    except OSError: pass
formula = "".join(found)[:30_000]
