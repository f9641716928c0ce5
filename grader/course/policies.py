"""What late work costs, and which work counts: the rules of `[policies]` in the manifest, as pure functions.

Lateness counts from the due date, or from the end of a student's extension. Within the grace period nothing happens.
After it every day that has begun costs a day of the budget of late days, and once that is used up a percentage of what
was earned. After the cut-off nothing counts. All units share one budget, which is spent in the order of the course.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

DAY = 86400.0
COURSE_WIDE = ("late_days", "drop_lowest")
_COUNTS = (*COURSE_WIDE, "attempts")
Wrong = Callable[[str, Any, str], None]  # the key, what was found, what was expected


class Policies(msgspec.Struct, frozen=True):
    """The rules for one unit. `late_days` and `drop_lowest` are those of the whole course."""

    grace_minutes: float = 0.0  # nothing happens within these
    percent_per_day: float = 0.0  # of what was earned, for every day that has begun
    cut_off_days: float | None = None  # nothing counts after these
    late_days: int = 0  # a student's budget for the whole course, spent in the order of the units
    drop_lowest: int = 0  # this many units do not count in the share of the course that exports show
    attempts: int = 0  # this many submissions are graded by `grader watch`; 0 for any number
    cooldown_minutes: float = 0.0  # from a grade to the next attempt that `grader watch` takes

    @property
    def late_work_costs(self) -> bool:
        """Whether late work can lose points."""
        return self.percent_per_day > 0 or self.cut_off_days is not None

    def days_late(self, seconds: float) -> int:
        """The days that count for `seconds` of lateness: 0 within the grace period, and every day that has begun."""
        return 0 if seconds <= 60 * self.grace_minutes else math.ceil(seconds / DAY)

    def cut_off(self, seconds: float) -> bool:
        """Whether work so late counts nothing."""
        return self.cut_off_days is not None and seconds > max(60 * self.grace_minutes, DAY * self.cut_off_days)

    def penalty(self, score: float, seconds: float, *, free_days: int = 0) -> float:
        """The points that `seconds` of lateness cost of `score`. `free_days` come from the budget of late days."""
        if self.cut_off(seconds):
            return score
        days = max(0, self.days_late(seconds) - free_days)
        return round(score * min(1.0, days * self.percent_per_day / 100), 4)

    def next_attempt(self, attempts: int, last: datetime | None, now: datetime) -> timedelta | None:
        """How long after `now` a student with so many graded attempts may have another; None if never."""
        if self.attempts and attempts >= self.attempts:
            return None
        pause = timedelta(minutes=self.cooldown_minutes)
        left = last + pause - now if last is not None else timedelta()
        return left if timedelta() < left <= pause else timedelta()  # more is left only if the clock was put back

    def in_words(self) -> str:
        """The rules in sentences for students; "" if late work costs nothing."""
        if not self.late_work_costs:
            return ""
        said = [f"Late work loses {self.percent_per_day:g} % of its points per day."] if self.percent_per_day else []
        said += [f"The first {self.grace_minutes:g} minutes are free."] if self.grace_minutes else []
        if self.late_days:
            days = "One late day" if self.late_days == 1 else f"{self.late_days} late days"
            said.append(f"{days} in the whole course cost{'s' * (self.late_days == 1)} nothing.")
        if self.cut_off_days is not None:
            said.append(
                f"After {self.cut_off_days:g} days nothing counts."
                if self.cut_off_days
                else "Late work counts nothing."
            )
        return " ".join(said)


def spend_late_days(late: Iterable[tuple[str, float, Policies]]) -> dict[str, int]:
    """The free days of each unit, from (unit, seconds late, its policies) in the order of the course.

    A unit that was cut off spends none.
    """
    spent: dict[str, int] = {}
    for unit, seconds, policies in late:
        left = policies.late_days - sum(spent.values())
        spent[unit] = 0 if policies.cut_off(seconds) else max(0, min(left, policies.days_late(seconds)))
    return spent


def dropped(shares: Mapping[str, float], count: int) -> frozenset[str]:
    """The `count` units with the lowest shares of their points; at least one unit always counts."""
    worst = sorted(shares, key=lambda unit: shares[unit])
    return frozenset(worst[: max(0, min(count, len(worst) - 1))])


def read(table: Mapping[str, Any], default: Policies, *, whole_course: bool, wrong: Wrong) -> Policies:
    """The policies in a table of the manifest; `default` has what it leaves out. `wrong` is called with each error."""
    values: dict[str, Any] = {}
    for key, found in table.items():
        if key in COURSE_WIDE and not whole_course:
            wrong(key, found, "this key in the [policies] of the course, since all units share it")
        elif isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < math.inf:
            wrong(key, found, "a number, 0 or more")
        elif key in _COUNTS and found != int(found):
            wrong(key, found, "a whole number")
        elif key == "percent_per_day" and found > 100:
            wrong(key, found, "at most 100")
        else:
            values[key] = int(found) if key in _COUNTS else float(found)
    return msgspec.structs.replace(default, **values)
