"""Until when a student can hand in again, and what that costs: for the first screen of a feedback page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from grader.course.policies import Policies


class HandingIn(msgspec.Struct, frozen=True):
    """What decides whether a student can hand in: the due date with their extension (aware), rules, attempts."""

    due: datetime | None = None
    policies: Policies = Policies()
    attempts_left: int | None = None  # None if there is no limit


def deadline(handing_in: HandingIn, now: datetime) -> str:
    """Until when the student can hand in, and what that costs; "" if there is no due date and no limit."""
    due, rules, left = handing_in.due, handing_in.policies, handing_in.attempts_left
    if left == 0:
        return "You have used all your attempts."
    attempts = "" if left is None else f" Attempts left: {left}."
    if due is None:
        return attempts.strip()
    if now <= due:
        return f"You can hand in again until {_shown(due)}.{attempts}"
    was = f"The deadline was {_shown(due)}."
    if not is_open(handing_in, now):
        return was
    ends = f" until {_shown(_end(due, rules))}" if rules.cut_off_days else ""
    return f"{was} You can still hand in{ends}. {rules.in_words()}{attempts}"


def is_open(handing_in: HandingIn, now: datetime) -> bool:
    """Whether work handed in now is graded and can count."""
    due, rules = handing_in.due, handing_in.policies
    if handing_in.attempts_left == 0:
        return False
    return due is None or now <= due or (rules.late_work_costs and now <= _end(due, rules))


def _end(due: datetime, rules: Policies) -> datetime:
    """The moment after which late work counts nothing."""
    if rules.cut_off_days is None:
        return datetime.max.replace(tzinfo=UTC)
    return due + max(timedelta(minutes=rules.grace_minutes), timedelta(days=rules.cut_off_days))


def _shown(moment: datetime) -> str:
    when = moment.astimezone(UTC)
    return f"{when.day} {when:%B %Y, %H:%M} UTC"
