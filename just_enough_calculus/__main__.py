"""`python -m just_enough_calculus` is the command `grader`, whatever other project has a command of that name."""

from just_enough_calculus import run

run()
