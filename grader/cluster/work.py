"""The submissions that a cluster still has to grade, and how many a worker gets at once.

Submissions go out in groups of about the same duration, so that the scheduler has a bounded number of tasks a second
whatever the number of workers; towards the end the groups get smaller. Submissions that are lost with a worker,
were slow or failed through our fault are graded again when all others are done, one at a time on each host.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from grader.grading.batch import Batch
from grader.grading.messages import Graded

TASKS_A_SECOND = 100  # that the driver and the scheduler are given at most: chosen, not measured
LEAST_SECONDS = 0.5  # of a group, against the time between two
MOST = 50  # submissions in a group
MAX_LOST = 2  # workers that a submission may be lost with; then a person looks at it


class SubmissionIndex(NamedTuple):
    """A submission: its batch, and its number in it."""

    batch: int
    number: int


class Work:
    """The submissions of some batches that are not graded yet."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = batches
        self.before: dict[SubmissionIndex, Graded] = {}  # the first attempts at those that are to be graded alone
        self._left: list[deque[SubmissionIndex]] = [deque() for _ in batches]
        self._alone: deque[SubmissionIndex] = deque()
        self._in_hand: set[SubmissionIndex] = set()
        self._alone_in_hand: set[SubmissionIndex] = set()
        self._lost: dict[SubmissionIndex, int] = {}
        self._graded, self._seconds = [0] * len(batches), [0.0] * len(batches)
        self._longest = 0.0  # seconds that one submission took
        for at, batch in enumerate(batches):
            for number, (student, _) in enumerate(batch.submissions):
                (self._alone if student in batch.alone else self._left[at]).append(SubmissionIndex(at, number))

    @property
    def done(self) -> bool:
        """Whether every submission has its report."""
        return not (any(self._left) or self._alone or self._in_hand)

    @property
    def one_by_one(self) -> bool:
        """Whether only those are left that are graded alone."""
        return not any(self._left) and self._in_hand == self._alone_in_hand

    def is_plenty(self, slots: int) -> bool:
        """Whether there is work for all `slots` for longer than any submission has taken.

        If not, a group that waits behind a slow submission may be the last to be graded, while others have no work.
        """
        left = sum(
            len(numbers) * seconds / max(graded, 1)
            for numbers, seconds, graded in zip(self._left, self._seconds, self._graded, strict=True)
        )
        return left > slots * self._longest

    def take(self, last: int | None, slots: int) -> list[SubmissionIndex]:
        """A group of one unit, for a worker that was on the batch `last`; there are `slots` in all."""
        if last is None or not self._left[last]:
            last = max(range(len(self._left)), key=lambda at: len(self._left[at]))
        left = self._left[last]
        group = [left.popleft() for _ in range(min(len(left), self._size(last, slots)))]
        self._in_hand.update(group)
        return group

    def _size(self, at: int, slots: int) -> int:
        if not self._graded[at]:
            return 1
        seconds = max(LEAST_SECONDS, slots / TASKS_A_SECOND)
        in_that_time = int(seconds * self._graded[at] / max(self._seconds[at], 1e-3))
        share = len(self._left[at]) // (2 * slots)
        return max(1, min(MOST, in_that_time, share))

    def take_alone(self) -> SubmissionIndex | None:
        """One that is to be graded alone, if only such are left."""
        if not self._alone or not self.one_by_one:
            return None
        place = self._alone.popleft()
        self._in_hand.add(place)
        self._alone_in_hand.add(place)
        return place

    def graded(self, place: SubmissionIndex, graded: Graded) -> bool:
        """Take a result back. Returns whether it is final."""
        alone = place in self._alone_in_hand
        self._back(place)
        if graded.again and not alone:
            self.before[place] = graded
            self._alone.append(place)
            return False
        self._graded[place.batch] += 1
        seconds = graded.report.milliseconds / 1e3
        self._seconds[place.batch] += seconds
        self._longest = max(self._longest, seconds)
        return True

    def lost(self, place: SubmissionIndex) -> bool:
        """A worker is gone with a submission in hand. Returns whether it is given up."""
        self._back(place)
        self._lost[place] = self._lost.get(place, 0) + 1
        if self._lost[place] >= MAX_LOST:
            return True
        self._alone.append(place)
        return False

    def not_begun(self, place: SubmissionIndex) -> None:
        """Take back a submission that the worker did not begin."""
        alone = place in self._alone_in_hand
        self._back(place)
        (self._alone if alone else self._left[place.batch]).appendleft(place)

    def _back(self, place: SubmissionIndex) -> None:
        self._in_hand.discard(place)
        self._alone_in_hand.discard(place)
