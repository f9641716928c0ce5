"""What a person can mend: one clear message that says where, what was found, what was expected, what to do."""


class GraderError(Exception):
    """Wrong use or bad input; the message is complete and is shown without a traceback."""


class Unavailable(GraderError):
    """Something that this machine or another program must provide is not there (a locked gradebook, a sandbox)."""
