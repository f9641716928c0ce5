"""Text that adults read is plain English: no pattern that a native maintainer would stumble over.

Adults read the Markdown pages, the docstrings and comments of the engine, the kit, the tests and the staff files, and
the messages of the engine and the kit. The notebooks have tests of their reading level elsewhere.
"""

import ast
import io
import re
import tokenize

import pytest

CODE = ("grader", "exercises/kit", "just_enough_calculus", "benchmarks", "tests", "solutions")
WITH_MESSAGES = (
    "grader/",
    "exercises/kit/",
    "just_enough_calculus/",
)  # their texts of three words or more are messages
PATTERNS = {  # name: (pattern, a sentence that it finds, one that it must not find)
    "is no X": (
        r"(?<!\b[Tt]here )\b(?:is|are|was|were) no (?!longer|more\b|less\b|fewer|one\b|way\b|better|greater)\w+",
        "a cell that is no Python",
        "There is no Python here, and it is no longer needed",
    ),
    "who as a relative subject": (
        r"(?:^|[.:;] )Who(?:ever)?\b[^.?!]*[.!;]",
        "Who finishes them has trained a network.",
        "Students who finish have trained a network. Who is next?",
    ),
    "all what": (r"\b(?:he|they|all|any) what\b", "all what is left", "all that is left"),
    "befall": (r"\bbef[ae]ll?\w*\b", "what befell it", "what went wrong"),
    "answers with": (
        r"\banswers with (?:a|an|the|its|their|None|True|False)\b",
        "it answers with a list",
        "it returns a list",
    ),
    "a trailing else": (
        r"(?<!\bor )(?<!thing )(?<!one )(?<!body )(?<!where )(?<!ho )(?<!hat )(?<!\bif )\belse(?=[.,;)]|$)",
        "the system's randomness would seed it else.",
        "Nothing else, or else; someone else.",
    ),
    "as it must be": (r"\bas (?:it|they) must be\b", "the grade is as it must be", "the grade is right"),
    "of its own": (
        r"\bof (?:its|one's) own\b|\bof their own(?=[.,;:)]|$)",
        "a process of its own",
        "a separate process",
    ),
    "is asked for": (
        r"\b(?:is|are|was|were|be|been|not) asked for\b(?! (?:it|its|the|a|an|their|his|her|more|permission)\b)",
        "only the slope is asked for",
        "the student is asked for the slope",
    ),
    "stands beside": (r"\bstands? beside\b", "what stands beside eps", "the factor of eps"),
    "is believed of": (r"\bbelieved (?:of|only)\b", "a failure is believed of a process", "a failure counts"),
    "told from": (r"\btold from\b", "it cannot be told from the other", "it cannot be distinguished from the other"),
    "what as a subject": (
        r"(?:^|[.:;] )What (?:is|was|are|goes|went|comes|came|has|had|does|makes|stands|crosses|cannot|may|must|can)\b"
        r"[^.?:;]*? (?:is|are|was|were|has|have|had|goes|counts|stays|costs|gets|must|cannot|may|can)\b[^.?:;]*\.",
        "What is graded already is not graded again.",
        "Grades are kept. What is wrong with a database.",
    ),
    "in the place of": (r"\bin the place of\b", "our page in the place of theirs", "our page in place of theirs"),
    "of now": (r"\bof (?:now|then)\b", "the id of now", "the current id"),
    "also if": (
        r"\balso (?:if|when)\b",
        "an error, also if only its case differs",
        "an error, even if only its case differs",
    ),
    "raises that": (
        r"\bRaises [A-Z]\w+ that\b",
        "Raises GraderError that names it.",
        "Raises a GraderError that names it.",
    ),
    "asked to be": (r"\bto be asked for\b|\basks? to be \w+ed\b", "a thing to be asked for", "a thing to request"),
}


def found_in(text):
    """The patterns that a text matches: (name, the match with its surroundings)."""
    for name, (pattern, *_) in PATTERNS.items():
        for match in re.finditer(pattern, text):
            yield name, text[max(0, match.start() - 30) : match.end() + 40]


def one_line(text):
    return " ".join(text.split())


def pages(root):
    """(where, text) of each paragraph of the Markdown pages, without code."""
    for path in [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob(".github/**/*.md")]:
        text = re.sub(r"```.*?```|`[^`\n]*`", "x", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*|#\d])| \| ", text):
            yield path.relative_to(root), one_line(paragraph).strip("|-*# ")


def sources(root):
    """(path, name, text) of the Python files that adults read."""
    for folder in CODE:
        for path in (root / folder).rglob("*.py"):
            name = path.relative_to(root).as_posix()
            if not name.startswith("tests/submissions/") and "__pycache__" not in name:
                yield path, name, path.read_text(encoding="utf-8")


def docstrings(tree):
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            said = node.body[0].value
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said


def messages(tree, known):
    """(line, text) of the strings of three words or more, with `…` for what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            known |= {id(part) for part in node.values}
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node.lineno, node.value


def comments(text):
    """(line, text) of each comment; lines of comments that follow each other are one text."""
    block, last = [], (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start != (last[0] + 1, last[1]):
                yield block[0][0], " ".join(said for _, said in block)
                block = []
            block.append((token.start[0], token.string.lstrip("#: ")))
            last = token.start
    if block:
        yield block[0][0], " ".join(said for _, said in block)


def texts(root):
    """(where, text) of everything that adults read."""
    yield from pages(root)
    for _, name, text in sources(root):
        tree = ast.parse(text)
        said = list(docstrings(tree))
        if "test_plain_english" not in name:
            yield from ((f"{name}:{node.lineno}", one_line(node.value)) for node in said)
        yield from ((f"{name}:{line}", comment) for line, comment in comments(text))
        if name.startswith(WITH_MESSAGES):
            for line, message in messages(tree, {id(node) for node in said}):
                if message.count(" ") > 1 and "\n    " not in message:  # code that is sent elsewhere is not a message
                    yield f"{name}:{line}", one_line(message)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_finds_what_it_should_and_nothing_else(name):
    pattern, wrong, right = PATTERNS[name]
    assert re.search(pattern, wrong)
    assert not re.search(pattern, right)


@pytest.mark.slow
def test_what_adults_read_is_plain_english(root):
    every = list(texts(root))
    assert len(every) > 8000
    found = [f"{where}: {name}: …{shown}…" for where, text in every for name, shown in found_in(text)]
    assert found == []
