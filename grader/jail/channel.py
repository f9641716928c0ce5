"""The near end of a conversation with a jailed process: one request, its reply, and the callbacks in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from grader.jail.inside.messages import (
    FROM_TEST,
    Answer,
    Apply,
    Call,
    Callback,
    InTurn,
    Replies,
    Reply,
    Request,
    Returned,
)
from grader.jail.inside.wire import Frames, WireError
from grader.printable import printable


class OutOfTime(Exception):
    """The student's process used up its time. `by` is "cpu" or "wall"."""

    def __init__(self, by: str) -> None:
        super().__init__(f"over the {by} limit")
        self.by = by


class Died(Exception):
    """The student's process is gone: it exited, was killed, or broke the protocol."""


def plain_text(value: object, limit: int) -> str:
    """Text from the far side, for people to read: truncated, and without characters that control a terminal or mislead.

    Non-strings become the empty string: formatting a hostile value may cost more than reading it did.
    """
    if type(value) is not str:
        return ""
    return printable(value[:limit])


OnCallback = Callable[[Callback], Answer]


class Channel(Protocol):
    """Sends one request to the far side and returns its reply; callbacks are answered in between."""

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        """Raises OutOfTime, Died."""

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        """The replies to these calls, made one after another until one of them raises. Raises OutOfTime, Died."""


class FrameChannel:
    """The far side over a socket, until `deadline` (time.monotonic), which may be moved.

    After the deadline, `more_time` is called for a new one; None ends the conversation.
    """

    def __init__(
        self, frames: Frames, *, deadline: float = 0.0, more_time: Callable[[], float | None] = lambda: None
    ) -> None:
        self._frames, self.deadline, self._sequence = frames, deadline, 0
        self._more_time = more_time
        self._broken: BaseException | None = None

    @property
    def usable(self) -> bool:
        """Whether every request so far got a reply."""
        return self._broken is None

    @property
    def used(self) -> bool:
        """Whether any request has been sent."""
        return self._sequence > 0

    def close(self) -> None:
        """Close the connection."""
        self._frames.sock.close()

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        return self.exchange(request, on_callback)[0]

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        return self.exchange(InTurn(list(calls)), on_callback)

    def exchange(self, request: Request | InTurn, on_callback: OnCallback) -> Sequence[Reply]:
        """The reply to a request, or the replies to calls made in turn. Raises OutOfTime, Died."""
        if self._broken is not None:
            raise self._broken
        self._sequence += 1
        sequence = self._sequence  # answering a callback may send further requests
        try:
            self._frames.send(msgspec.structs.replace(request, seq=sequence), deadline=self.deadline)
            while True:
                reply = self._receive()
                if isinstance(reply, Callback):
                    answer = on_callback(reply)
                    if time.monotonic() >= self.deadline:
                        self._extend()
                    self._frames.send(answer, deadline=self.deadline)
                elif reply.seq == sequence:
                    return _replies(reply, len(request.calls) if isinstance(request, InTurn) else 1)
                else:
                    raise WireError("an answer to another question")
        except TimeoutError:
            self._broken = OutOfTime("wall")
        except WireError as error:
            self._broken = Died(f"the process answered in a way that cannot be read: {error}")
        except (EOFError, OSError):
            self._broken = Died("the process ended")
        except BaseException:  # our budget ran out: no later reply can be matched to a request
            self._broken = Died("the conversation was broken off")
            raise
        raise self._broken

    def _receive(self) -> Reply | Replies | Callback:
        while True:
            try:
                return self._frames.receive(FROM_TEST, self.deadline)
            except TimeoutError:
                self._extend()

    def _extend(self) -> None:
        """Move the deadline, which is over. Raises TimeoutError if there is no more time."""
        later = self._more_time()
        if later is None:
            raise TimeoutError
        self.deadline = later


def _replies(message: Reply | Replies, calls: int) -> Sequence[Reply]:
    """What the far side says to so many calls: an answer to each, up to an exception. Raises WireError."""
    replies = message.replies if isinstance(message, Replies) else [message]
    if not all(isinstance(reply, Returned) for reply in replies[:-1]):
        raise WireError("an answer after an exception")
    if len(replies) != calls and (not 0 < len(replies) < calls or isinstance(replies[-1], Returned)):
        raise WireError(f"{len(replies)} answers to {calls} calls")
    return replies


def seconds_from_now(seconds: float) -> float:
    """A deadline for a FrameChannel, this many seconds from now."""
    return time.monotonic() + seconds
