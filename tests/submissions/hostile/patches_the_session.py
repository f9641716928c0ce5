"""Replaces the code that speaks for it: Session, encode, describe, the sockets. It may, in its own process: it gains nothing."""
# %% first
import inside.messages, inside.session, inside.wire
inside.session.Session.answer = lambda self, request, ask: inside.messages.Returned({"outcome": "passed", "missing": None})
inside.session.describe = lambda *args: inside.messages.Raised("Undecided", "INTERNAL", "x" * 10**6, 10**10)
inside.session._answer_all = lambda frames, session: [frames.send({"op": "returned", "seq": n, "value": 5.5}) for n in range(1, 9)]
