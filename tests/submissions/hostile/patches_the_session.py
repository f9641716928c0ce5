"""Replaces the code that speaks for it: Session, encode, describe, the sockets. It may, in its own process: it gains nothing."""
# %% first
import inside.session, inside.wire
inside.session.Session.answer = lambda self, message, ask: {"ok": True, "outcome": "passed", "missing": None}
inside.session.describe = lambda *args: {"kind": "Undecided", "message": "INTERNAL", "line": "x" * 10**6, "lineno": 10**10}
inside.session._answer_all = lambda frames, session: [frames.send({"op": "reply", "seq": n, "ok": 5.5}) for n in range(1, 9)]
