"""The channel of a submission that runs in this process: the reference, or a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.jail.channel import OnCallback
from grader.jail.inside.cells import Namespace
from grader.jail.inside.messages import Apply, Call, File, Reply, Request
from grader.jail.inside.session import Session, until_one_raises


class LocalChannel:
    """The far side within this process: for the reference and for mistakes, never for a student's code."""

    def __init__(self, namespace: Namespace, sources: dict[str, list[str]] | None = None) -> None:
        self._session = Session(namespace, sources)

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        reply = self._session.answer(request, on_callback)
        if isinstance(request, File) and (path := Path(request.name)).is_file() and not path.is_symlink():
            path.unlink()  # the next one in this process must write it anew
        return reply

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        return until_one_raises(calls, lambda call: self.request(call, on_callback))
