"""What docs/architecture.md says of the modules is so: each is in its table, and imports go one way."""

import ast
import collections
import itertools
import re
import sys

import pytest

ROOMS = [
    "records",
    "course",
    "symbolic",
    "jail",
    "testing",
    "diagnosis",
    "grading",
    "audit",
    "report",
    "nbgrader",
    "exports",
    "cluster",
    "top",
]
RECORDS, TOP = (
    ("errors", "environment", "files", "printable", "results"),
    ("demo", "class_commands", "cli", "options", "term"),
)
FOLDERS_IN_ONE_ROW = ("symbolic", "jail", "report")  # their modules may import each other, without a circle
BESIDE_STUDENTS = {"numpy", "msgspec", "matplotlib", "IPython", "sympy", "kit"}  # what `inside` may import


@pytest.fixture(scope="module")
def modules(request):
    """Every module of the engine by its name below `grader` ("sandbox", "report.table"), as a tree."""
    top = request.config.rootpath / "grader"
    paths = {path: path.relative_to(top).with_suffix("").parts for path in sorted(top.rglob("*.py"))}
    return {
        ".".join(part for part in parts if part != "__init__"): ast.parse(path.read_text(encoding="utf-8"))
        for path, parts in paths.items()
    }


@pytest.fixture(scope="module")
def rows(request):
    """The second column of the table of rooms, from above: names of modules, and of folders with a slash."""
    page = (request.config.rootpath / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("## Rooms")[2].partition("\n## ")[0]
    heads = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ") and "`" in line.split("|")[2]]
    found = [re.findall(r"`grader/([^`]+)`", head) for head in heads]
    return [[re.sub(r"(/__init__)?\.py$", "", name).replace("/", ".") for name in names] for names in found]


def imported(name, tree, modules, top="grader"):
    """The modules below `top` that one of them imports, at its top or later, or names for import_module or `-m`."""
    package = name if any(other.startswith(f"{name}.") for other in modules) else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").partition(".")[0] == top):
            source = (node.module or "").removeprefix(top).lstrip(".")
            source = f"{package}.{source}".strip(".") if node.level else source
            for alias in node.names:
                below = f"{source}.{alias.name}".strip(".")
                found.add(below if below in modules else source)
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix(f"{top}.") for alias in node.names if alias.name.startswith(f"{top}.")}
        else:
            found |= {said.removeprefix(f"{top}.") for said in by_name(node)} & modules.keys()
    return found - {"", name}


def by_name(node):
    """The module that `import_module("a.b")` or a command such as [python, "-m", "a.b"] names."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        return [part.value for part in node.args if isinstance(part, ast.Constant)]
    said = [str(getattr(part, "value", "")) for part in node.elts] if isinstance(node, ast.List) else []
    return [module for flag, module in itertools.pairwise(said) if flag == "-m"]


def room(name):
    """The room of a module: its folder, or what the table calls the files at the top and the bottom."""
    first = name.partition(".")[0]
    return "records" if first in RECORDS else "top" if first in (*TOP, "") else first


def row_of(name, rows):
    """Where a module stands in the table: in a separate row, or in that of its folder."""
    found = [
        number
        for number, row in enumerate(rows)
        if any(f"{name}.".startswith(entry) if entry.endswith(".") else name == entry for entry in row)
    ]
    assert len(found) == 1, f"{name} stands in {len(found)} rows of the table"
    return found[0]


@pytest.mark.slow
def test_every_module_stands_in_the_table_once_and_everything_in_the_table_exists(modules, rows):
    empty = {name for name, tree in modules.items() if len(tree.body) <= 1}
    for name in modules.keys() - empty - {""}:
        row_of(name, rows)
    for entry in (entry for row in rows for entry in row):
        assert entry in modules or any(name.startswith(entry) for name in modules if entry.endswith(".")), entry


def test_imports_go_up_the_table(modules, rows):
    wrong = [
        f"{name} imports {other}"
        for name, tree in modules.items()
        if name
        for other in imported(name, tree, modules)
        if row_of(other, rows) != row_of(name, rows) or name.partition(".")[0] not in FOLDERS_IN_ONE_ROW
        if row_of(other, rows) >= row_of(name, rows)
    ]
    assert wrong == []


def test_no_imports_run_in_a_circle(modules):
    import graphlib

    graph = {name: imported(name, tree, modules) for name, tree in modules.items()}
    order = list(graphlib.TopologicalSorter(graph).static_order())  # a CycleError names the circle
    assert order.index("errors") < order.index("cli")


def test_each_room_imports_only_from_rooms_above_it(modules, rows):
    """The rooms in the order of the table: no module imports from a room below its own."""
    order = list(dict.fromkeys(room(entry.rstrip(".")) for row in rows for entry in row))
    wrong = [
        f"{name} imports {other}"
        for name, tree in modules.items()
        if name
        for other in imported(name, tree, modules)
        if order.index(room(other)) > order.index(room(name))
    ]
    assert wrong == []
    assert [name for name in order if name in ROOMS] == ROOMS


def top_level(tree):
    """The packages that a module imports by their full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_nothing_of_the_engine_imports_the_tests(modules):
    assert [name for name, tree in modules.items() if "tests" in top_level(tree)] == []


def test_the_kit_stands_alone_and_its_imports_run_in_no_circle(request):
    """A released folder has the kit without the engine."""
    import graphlib

    top = request.config.rootpath / "exercises" / "kit"
    trees = {
        ".".join(part for part in path.relative_to(top).with_suffix("").parts if part != "__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in top.rglob("*.py")
    }
    assert len(trees) > 20
    assert [name for name, tree in trees.items() if {"grader", "just_enough_calculus"} & set(top_level(tree))] == []
    graph = {name: imported(name, tree, trees, "kit") for name, tree in trees.items()}
    list(graphlib.TopologicalSorter(graph).static_order())  # a CycleError names the circle


def test_similar_names_are_looked_for_in_one_place_on_each_side_of_the_jail(request):
    """The engine in its errors; what runs beside students, in the kit and in `inside`, in the kit."""
    where = [
        str(path.relative_to(request.config.rootpath))
        for top in ("grader", "exercises", "just_enough_calculus")
        for path in sorted((request.config.rootpath / top).rglob("*.py"))
        if "difflib" in top_level(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert where == ["grader/errors.py", "exercises/kit/spelling.py"]


def test_only_the_nbgrader_room_knows_nbgrader(modules):
    platform = {"nbgrader", "nbconvert", "nbformat", "traitlets", "sqlalchemy"}
    who = {name for name, tree in modules.items() if platform & set(top_level(tree))}
    assert who
    assert all(name.startswith("nbgrader") for name in who), who
    inside = {module for name, tree in modules.items() if name.startswith("jail.inside.") for module in top_level(tree)}
    assert "msgspec" in inside
    assert inside - sys.stdlib_module_names <= BESIDE_STUDENTS


COMMANDS = {"cli.py", "term.py", "class_commands.py"}  # a command may have the name of the function that it calls
SAME = {  # functions that do the same, or are called with the name of their module: `extensions.read`, `inputs.array`
    "main", "run", "read", "write", "array", "kind_of", "mistake"
}  # fmt: skip


def test_no_class_or_function_has_the_name_of_another(request):
    """A name means one thing in all rooms and in the kit; private helpers of one module may share theirs."""
    classes, functions = {}, {}
    for top in ("grader", "exercises/kit", "just_enough_calculus"):
        for path in (request.config.rootpath / top).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                name = getattr(node, "name", "_")
                if isinstance(node, ast.ClassDef) and not name.startswith("_"):
                    classes.setdefault(name, []).append(path.name)
                elif isinstance(node, ast.FunctionDef) and not name.startswith("_") and path.name not in COMMANDS:
                    functions.setdefault(name, []).append(path.name)
    assert len(classes) > 200
    assert len(functions) > 500
    assert {name: files for name, files in classes.items() if len(files) > 1} == {}
    assert {name: files for name, files in functions.items() if len(files) > 1 and name not in SAME} == {}


LAYOUT = {"submitted", "release", "autograded", "feedback", "reports", "quarantine", "gradebook.db", "grades.csv"}


def test_only_course_folder_spells_the_layout_of_a_course_folder(modules):
    """A path made of one of its folders' names, as in `folder / "reports"`."""
    spelled = [
        f"{name}:{node.lineno}"
        for name, tree in modules.items()
        if name != "course.folder"
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if isinstance(node.right, ast.Constant) and str(node.right.value).split("/")[0] in LAYOUT
    ]
    assert [place for place in spelled if not place.startswith("demo:")] == []


def test_the_names_of_notebooks_and_hidden_tests_are_spelled_once(modules):
    """As in `f"{unit}.ipynb"`; the kit, which stands alone, spells its own."""
    spelled = [
        name
        for name, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        if str(getattr(node.values[-1], "value", "")).endswith((".ipynb", "_hidden.py"))
    ]
    assert sorted(spelled) == ["course.folder", "course.manifest"]


@pytest.mark.slow
def test_no_loop_variable_is_called_one(request):
    """It says what it is; `one` beside `other` is a pair. Code in texts, as hidden tests have it, is code too."""
    vague = []
    tops = ("grader", "exercises", "just_enough_calculus", "benchmarks", "docs", "examples", "solutions", "tests")
    for top in tops:
        for path in sorted((request.config.rootpath / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            vague += [f"{path.name}: {found}" for found in re.findall(r"\bfor one in \w+[\]):].*", text)]
            for node in ast.walk(ast.parse(text)):
                target = node.target if isinstance(node, ast.For | ast.comprehension) else None
                names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)} if target else set()
                vague += [f"{path.name}:{target.lineno}"] if "one" in names and "other" not in names else []
    assert vague == []


OVERRIDES = {
    "copy_files",  # what a class of a library calls by name: nbgrader, http.server, ctypes, IPython, mistune
    "_path_to_record", "_sort_by_timestamp", "log_message", "_pack_", "run_cell_magic", "run_line_magic", "block_code"
}  # fmt: skip
HOOKS = ("__", "pytest_", "visit_", "do_")


@pytest.mark.slow
def test_no_name_of_the_engine_is_dead(request):
    """Each function, class, method and constant is named a second time, somewhere in the repository."""
    root = request.config.rootpath
    tops = ("grader", "exercises", "just_enough_calculus", "solutions", "benchmarks", "docs", "tests")
    paths = [path for top in tops for path in (root / top).rglob("*") if path.suffix in (".py", ".html", ".toml")]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in [*paths, root / "pyproject.toml"]}
    counts = collections.Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    dead = []
    for path in (path for path in paths if path.suffix == ".py"):
        if path.relative_to(root).as_posix().startswith(("grader/", "exercises/kit/", "just_enough_calculus/")):
            for node in ast.walk(ast.parse(texts[path])):
                names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
                names += [part.id for part in getattr(node, "targets", ()) if isinstance(part, ast.Name)]
                registered = bool(getattr(node, "decorator_list", ())) and not ast.unparse(node).startswith("@property")
                dead += [name for name in names if counts[name] < 2 and not name.startswith(HOOKS) and not registered]
    assert set(dead) == OVERRIDES & set(dead)
