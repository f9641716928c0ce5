"""The Dask workers of a cluster: which of them may grade, which are refused, and which are gone."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec

from grader.cluster import orders, software
from grader.errors import GraderError
from grader.printable import LONGEST_LINE, one_line
from grader.results import Level


class Member(msgspec.Struct):
    """A Dask worker that may grade."""

    address: str
    token: str
    slots: int  # submissions that it grades at once
    in_hand: int = 0  # orders

    @property
    def host(self) -> str:
        """The machine."""
        return self.address.rpartition(":")[0].rpartition("/")[2]


class Staff:
    """The workers that may grade, at one level. `wanted` is that level; "" for the best that any worker has."""

    def __init__(self, wanted: str) -> None:
        if wanted not in ("", *Level):
            raise GraderError(f"GRADER_LEVEL={wanted}: expected one of {', '.join(Level)}, or nothing for the best")
        self.wanted = wanted
        self.members: dict[str, Member] = {}
        self.refused: dict[str, str] = {}  # by address, the reason
        self._level: Level | None = None

    @property
    def level(self) -> Level:
        """The level at which all grade. Raises GraderError if nobody may."""
        if self._level is None:
            raise GraderError("no worker may grade:\n  " + "\n  ".join(self.reasons()))
        return self._level

    def reasons(self) -> list[str]:
        """A line for each refused worker."""
        return [f"{address}: {one_line(why, LONGEST_LINE)}" for address, why in sorted(self.refused.items())]

    def admit(self, answers: dict[str, tuple[int, orders.Answer | str]]) -> list[str]:
        """Admit or refuse workers that have introduced themselves: by address, the slots and the answer.

        An answer that is a text says why there is none. Returns a line for each that is refused.
        """
        machines = {at: answer for at, (_, answer) in answers.items() if isinstance(answer, orders.Introduction)}
        sound = {at: machine for at, machine in machines.items() if not software.mismatches(machine.software)}
        if self._level is None and sound:
            self._level = self._best({machine.level for machine in sound.values()})
        before = set(self.refused)
        for address, (slots, answer) in answers.items():
            if why := self._why_not(answer):
                self.refused[address] = why
            elif isinstance(answer, orders.Introduction):
                self.refused.pop(address, None)
                self.members[address] = Member(address, answer.token, slots)
        return [line for line in self.reasons() if line.partition(": ")[0] not in before]

    def _best(self, levels: set[Level]) -> Level | None:
        best = max(levels)  # in the order of their names
        allowed = best is not Level.L0 or os.environ.get("GRADER_ALLOW_L0") == "1"
        return best if allowed and self.wanted in ("", best) else None

    def _why_not(self, answer: orders.Answer | str) -> str:
        if not isinstance(answer, orders.Introduction):
            return answer if isinstance(answer, str) else f"it replied {type(answer).__name__}"
        if differ := software.mismatches(answer.software):
            return f"other software: {', '.join(differ)}; install the same requirements.lock and engine there"
        if self._level is None or answer.level != self._level:
            needed = self.wanted or (self._level or "at least L1")
            why = f": {'; '.join(answer.reasons)}" if answer.reasons else ""
            return f"isolation level {answer.level}, but {needed} is needed{why}; see docs/scaling.md"
        return ""

    def gone(self, there: Sequence[str]) -> list[Member]:
        """Forget the workers that are not among the addresses `there`; returns those that graded."""
        for address in self.refused.keys() - set(there):
            del self.refused[address]
        return [self.members.pop(address) for address in sorted(self.members.keys() - set(there))]
