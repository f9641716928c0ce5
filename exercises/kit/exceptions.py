"""What an exception of the learner's code means, in words: something is None, lacking, or an array in the wrong place.

check() and the grader's feedback both ask here, so that they use the same words.
"""

from __future__ import annotations

import re

_LACKS = re.compile(r"'(?:numpy\.)?(\w+)' object has no attribute '(\w+)'")
_NUMBER = "A plain number has no `.{}`. Can what stands before the dot be a plain number here?"
_LIST = "A list has no `.{}`. Was a list handed in, or did an array become one on the way?"
_BUILT_IN = {
    **dict.fromkeys(("int", "float", "bool", "float64", "int64"), _NUMBER),
    **dict.fromkeys(("list", "tuple"), _LIST),
    "function": "A function has no `.{}`. Is it called, with brackets and what goes in?",
    "ndarray": "An array has no `.{}`. Is it spelled as in numpy, or does an array stand there by mistake?",
}
_ARRAYS = {  # what numpy says, after the kind of the exception: what it means
    r"ValueError: .*(matmul: .*mismatch|not aligned)": (
        "The arrays around `@` do not fit: the left one needs as many columns as the right one has rows."
    ),
    r"ValueError: operands could not be broadcast together with shapes (?P<left>\(.*?\)) (?P<right>\(.*?\))": (
        "Arrays of the shapes {left} and {right} meet here, and cannot be taken entry by entry."
    ),
    r"ValueError: The truth value of an array": (
        "An `if` needs one True or False, and gets a whole array of them. "
        "Take the numbers one at a time, or choose for all of them with np.where."
    ),
    r"ValueError: setting an array element with a sequence": (
        "A place in an array holds one number, and here it is given several, or an array."
    ),
    r"TypeError: only \S+ arrays can be converted to Python scalars": (
        "A function for one number is given a whole array. math.log takes one number, np.log an array."
    ),
    r"TypeError: iteration over a 0-d array": (
        "An array that holds a single number cannot be gone through. np.max and np.sum take that one as well."
    ),
    r"TypeError: unsupported operand type\(s\) for @: '(list|tuple)'": (
        "`@` needs arrays. np.array(X) makes one of a list of lists."
    ),
}


def what_is_not_there(kind: str, message: str) -> str:
    """Explain an exception caused by a None value, a missing package, something lacking, or arrays that do not fit.

    Returns "" for any other exception.
    """
    if kind in ("TypeError", "AttributeError") and "NoneType" in message:
        return "Your answer is None where something was expected. Is there still a `...`, or is a `return` missing?"
    absent = re.match(r"No module named '([\w.]+)'", message)
    if kind == "ModuleNotFoundError" and absent:
        return f"There is no package `{absent[1]}` here. Use what this notebook imports, or ask for it to be added."
    lacks = _LACKS.fullmatch(message)
    if about := what_a_line_does_wrong(kind, message):
        return about
    if kind == "AttributeError" and lacks:
        return f"A `{lacks[1]}` has no `{lacks[2]}` yet. Is the method written, and called exactly so?"
    unknown = re.match(
        r"(?:unsupported operand type\(s\) for|bad operand type for(?: unary)?) (\S+?)(?:\(\))?:"
        r"|'(\S+)' not supported between",
        message,
    )
    if kind == "TypeError" and unknown:
        return f"Your class does not know what to do for `{unknown[1] or unknown[2]}` here ({message})."
    return ""


def what_a_line_does_wrong(kind: str, message: str) -> str:
    """Explain an array where one number belongs, arrays that do not fit, or what a number, list or array lacks.

    This helps even where the learner sees the line. Returns "" for any other exception.
    """
    lacks = _LACKS.fullmatch(message)
    if kind == "AttributeError" and lacks and lacks[1] in _BUILT_IN:
        return _BUILT_IN[lacks[1]].format(lacks[2])
    for said, means in _ARRAYS.items():
        if found := re.match(said, f"{kind}: {message}"):
            return means.format(**found.groupdict())
    return ""
