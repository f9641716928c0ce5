"""What the driver says to Dask's workers, and hears from them.

Everything runs in the event loop of Dask's client, so a thousand workers are asked at the same time: with a few
threads that each wait for one worker, a busy scheduler would set the pace of the whole cluster.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from typing import Any

import distributed
import just_enough_calculus
import msgspec

from grader.cluster import encryption, orders
from grader.errors import Unavailable

CONNECT_SECONDS = 10.0
REPLY_SECONDS = 120.0  # for a worker to say what it is, or to keep a unit
COLLECT_SECONDS = 30.0  # for a worker to hand over a finished result
SENT_AT_ONCE = 100  # units under way at a time
_HOW_TO_ENCRYPT = 'docs/scaling.md, "Encrypted connections", shows the settings. Nothing was changed.'


class Conversation:
    """The conversation with the workers of one cluster."""

    def __init__(self, client: distributed.Client) -> None:
        self._client = client
        self._turns = asyncio.Semaphore(SENT_AT_ONCE)

    def start(self, talk: Coroutine[Any, Any, None]) -> None:
        """Have something said, without waiting for it."""
        try:
            asyncio.run_coroutine_threadsafe(talk, self._client.loop.asyncio_loop)
        except RuntimeError:  # the loop is closed: nobody is listening any more
            talk.close()

    def wait_for(self, talk: Coroutine[Any, Any, None]) -> None:
        """Have something said, and wait until it is. Raises TimeoutError, RuntimeError."""
        asyncio.run_coroutine_threadsafe(talk, self._client.loop.asyncio_loop).result(REPLY_SECONDS)

    async def threads(self) -> dict[str, int] | None:
        """The workers that the scheduler lists, with the number of their threads; None if it does not reply."""
        try:
            return dict(await self._client.scheduler.ncores())
        except Exception:
            return None

    async def ask(self, order: orders.Order, addresses: list[str]) -> dict[str, orders.Answer | str]:
        """The answers of workers to an order that is not a submission's; a text says why there is none."""
        client, encoded = self._client, msgspec.msgpack.encode(order)
        try:
            async with self._turns if isinstance(order, orders.Install) else contextlib.nullcontext():
                run = client._run(just_enough_calculus.ask_worker, encoded, workers=addresses, on_error="return")
                replies = await asyncio.wait_for(run, REPLY_SECONDS)  # by itself it would wait for ever
        except TimeoutError:
            return dict.fromkeys(addresses, f"it did not reply within {REPLY_SECONDS:g} s")
        except Exception as error:
            return dict.fromkeys(addresses, f"{type(error).__name__}: {error}")
        return {at: _decoded(replies[at]) if at in replies else "it did not reply" for at in addresses}

    async def tell(self, told: Sequence[tuple[str, orders.Order]]) -> None:
        """Give each worker its order."""
        await asyncio.gather(*(self.ask(order, [address]) for address, order in told))

    async def result(self, future: distributed.Future) -> orders.Answer | str:
        """The answer that a task has ended with; a text says why there is none."""
        try:
            return _decoded(await asyncio.wait_for(future._result(), COLLECT_SECONDS))
        except (Exception, asyncio.CancelledError) as error:  # lost or cancelled, or the worker died after the task
            return f"{type(error).__name__}: {error}"


def _decoded(reply: object) -> orders.Answer | str:
    """An answer; a text says what is wrong with it."""
    if not isinstance(reply, bytes):
        return f"it cannot run our code ({type(reply).__name__}: {reply}); install this version of the course there"
    try:
        return orders.FROM_SUPERVISOR.decode(reply)
    except msgspec.MsgspecError as error:
        return f"its reply cannot be read ({error}); install this version of the course there"


def connect(address: str) -> distributed.Client:
    """A client of the scheduler at an address. Raises Unavailable."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say ourselves what it means for the class
    try:
        security = encryption.settings_for(address)
    except ValueError as error:
        raise Unavailable(f"{address}: Dask's TLS settings do not fit: {error}. {_HOW_TO_ENCRYPT}") from None
    try:
        distributed.comm.resolve_address(address)  # a client of a malformed one hangs when it is deleted
        found = asyncio.run(_who_is_there(address, security))
        if found != "Scheduler":
            raise ValueError(f"a Dask {found.lower()} replied")
        return distributed.Client(
            address, timeout=CONNECT_SECONDS, set_as_default=False, name="grader", security=security
        )
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        if refused := encryption.refusal(address, error):
            raise Unavailable(
                f"{address}: the encrypted connection was refused ({refused}). The scheduler must listen on tls://, "
                f"and its certificate and distributed.comm.tls.client.cert must both be signed by the authority of "
                f"distributed.comm.tls.ca-file. {_HOW_TO_ENCRYPT}"
            ) from None
        why = " ".join(str(error).split())[:200] or f"nothing of Dask's replied within {CONNECT_SECONDS:g} s"
        raise Unavailable(
            f"{address}: no Dask scheduler there ({why}). Start one (`dask scheduler`), give its address as "
            "tcp://HOST:PORT (tls://HOST:PORT if it uses TLS), or leave --scheduler out to grade on this machine. "
            "Nothing was changed."
        ) from None


async def _who_is_there(address: str, security: distributed.Security) -> str:
    """What of Dask's replies at an address. A client would wait for ever where something else listens."""
    async with distributed.rpc(address, connection_args=security.get_connection_args("client")) as there:
        reply = await asyncio.wait_for(there.identity(), CONNECT_SECONDS)
    return str(reply.get("type", "something"))
