"""When Python looks for garbage, in all processes of ours; in those of students, as at home.

By default it looks whenever there are 700 objects more than before. Our processes mostly make objects that stay:
modules, a figure (thousands), the reports of a class. Looking at them again and again is half of the time in which
nbgrader is imported.
"""

import atexit
import gc

OBJECTS = (20_000, 20, 20)  # more than before, and how many young collections there are to an old one
USUAL = (700, 10, 10)  # Python's own numbers


def collect_rarely() -> None:
    """From now on, collect less often than by default."""
    gc.set_threshold(*OBJECTS)


def collect_as_usual() -> None:
    """From now on, collect as Python does at a student's home: arrays dropped in circles fill the memory soon."""
    gc.set_threshold(*USUAL)


def keep_what_is_there() -> None:
    """Collect once; what is left will never be looked at again."""
    gc.collect()
    gc.freeze()


def end_quickly() -> None:
    """Let Python not look for garbage when it ends: the kernel takes all memory back in any case."""
    atexit.register(gc.freeze)
