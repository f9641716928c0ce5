"""The reference's earlier work in place of a student's, for one test of a later task.

Theory of operation. The reference's code stays on this side. On the far side, its functions and classes are replaced
by our shells (`FAR`), which contain no formula: each function call, Dual operator or attribute access is sent back
here as a request, and a fresh copy of the reference answers it. Only plain data and object numbers cross. The far side
knows our objects by number; here, the student's objects are `Far` proxies that forward attributes and operators. If
the reference changes an array in place, the array is also changed on the far side before the student's code can look
at it.

Where the reference's work calls the task under test (a Dual's `/` calls the student's `divide`), the student's own
code runs.
"""

from __future__ import annotations

import builtins
import itertools
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np

from grader.jail.inside.cells import Namespace
from grader.testing.student import Handle, Student, StudentError

FAR = """
import numpy, operator

class Box:
    def __init__(self, it): self.it = it

def lower(x):
    if isinstance(x, numpy.ndarray) and x.dtype != object: return {"stand-in array": x, "it": Box(x)}
    if x is None or isinstance(x, (bool, int, float, complex, str, bytes, numpy.generic)): return x
    if type(x) in (list, tuple): return type(x)(map(lower, x))
    if type(x) is dict: return {key: lower(item) for key, item in x.items()}
    if type(x) in shells.values(): return {"stand-in": x.__dict__["_stand_in"]}
    kept.append(x)
    return {"stand-in object": id(x), "it": x}

def lift(x):
    if type(x) is dict and "stand-in" in x:
        number = x["stand-in"]
        if number not in made:
            made[number] = object.__new__(shells[x["class"]])
            made[number].__dict__["_stand_in"] = number
        return made[number]
    if type(x) is dict and "stand-in object" in x: return x["it"]
    if type(x) in (list, tuple): return type(x)(map(lift, x))
    if type(x) is dict: return {key: lift(item) for key, item in x.items()}
    return x

def shell(name, methods):
    def __init__(self, *args, **named):
        self.__dict__["_stand_in"] = number = ask("new", name, lower(args), lower(named))
        made[number] = self
    body = {
        "__init__": __init__,
        "__getattr__": lambda self, attribute: lift(ask("get", self.__dict__["_stand_in"], attribute)),
        "__setattr__": lambda self, attribute, value: ask("set", self.__dict__["_stand_in"], attribute, lower(value)),
    }
    def method(kind):
        def call(self, *args, **named):
            return lift(ask("method", self.__dict__["_stand_in"], kind, lower(args), lower(named)))
        return call
    return type(name, (), {**body, **{kind: method(kind) for kind in methods}})

def function(name):
    def call(*args, **named): return lift(ask("call", name, lower(args), lower(named)))
    call.__name__ = name
    return call

def do(what, it, *given):
    if what == "array":
        it.it[...] = given[0]
    elif what == "call":
        return lower(it(*lift(given[0]), **lift(given[1])))
    elif what == "named":
        return lower(names[it](*lift(given[0]), **lift(given[1])))
    elif what == "set":
        setattr(it, given[0], lift(given[1]))
    elif what == "items":
        return lower(list(it))
    else:
        return lower({"get": getattr, "len": len}.get(what, getattr(operator, what, None))(it, *lift(given)))

shells, made, kept = {}, {}, []
shells.update({name: shell(name, methods) for name, methods in classes.items()})
names.update({**shells, **{name: function(name) for name in functions}})
"""
_OPERATORS = ("add", "sub", "mul", "truediv", "pow", "matmul", "floordiv", "mod", "lt", "le", "gt", "ge", "getitem")
_UNARY = ("neg", "pos", "abs")


class StandIns:
    """Stand-ins for a student's names `replaced`, backed by `reference` (its namespace, fresh for each test).

    `own` are the names of the task under test. `not_yet` are the methods of classes that later tasks give them: with
    the division of the next task, a product needs no rule. `used` are the stand-ins that the test used.
    """

    def __init__(
        self,
        reference: Namespace,
        replaced: Collection[str],
        own: Collection[str],
        not_yet: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.used: set[str] = set()
        self._space = reference
        self._replaced = {name: reference[name] for name in replaced if name in reference}
        self._classes = {name: kind for name, kind in self._replaced.items() if isinstance(kind, type)}
        for name, methods in (not_yet or {}).items():
            for method in methods if name in self._classes else ():
                delattr(self._classes[name], method)
        self._own = own
        self._numbers: dict[int, Any] = {}
        self._known: dict[int, int] = {}  # id of one of our objects -> its number
        self._count = itertools.count(1)
        self._far: dict[int, Far] = {}
        self._arrays: list[tuple[Any, Any, Handle]] = []  # passed to us: current, as last synchronised, far handle
        self._student: Student | None = None
        self._do: Any = None

    def stand_in(self, student: Student) -> None:
        """Replace the student's own work with the shells, for as long as this student's process lasts."""
        self._student = student
        for name in self._own:
            if isinstance(self._space.get(name), types.FunctionType):
                self._give_back(name)
        methods = {name: sorted(_methods(kind)) for name, kind in self._classes.items()}
        functions = [name for name in self._replaced if name not in self._classes]
        space = "dict(names=globals(), ask=ask, classes=classes, functions=functions)"
        with student.aside():
            source = f"(lambda space: (exec(text, space), space['do'])[1])({space})"
            install = student.function(source, "text, ask, classes, functions")
            self._do = install.apply(FAR, student.answering(self._asked), methods, functions)

    def _give_back(self, name: str) -> None:
        """Make the reference's calls to `name` run the student's own function."""
        original = self._space[name]

        def own(*args: object, **named: object) -> object:
            return self._tell("named", name, args, named)

        self._space[name] = own
        for kind in self._classes.values():
            for attribute, value in list(vars(kind).items()):
                if value is original:
                    setattr(kind, attribute, own)

    def _asked(self, what: str, which: object, *given: object) -> object:
        """Answer one request from the far side."""
        depth = len(self._arrays)
        try:
            answer = self._answer(what, which, *map(self._in, given))
            self._settle()
            return answer
        except StudentError as error:  # raised by the student's code that our work called
            kind = getattr(builtins, error.kind, Exception)
            if issubclass(kind, MemoryError) or not issubclass(kind, Exception):  # as if our own memory had run out
                kind = Exception
            raise kind(error.message) from None
        finally:
            del self._arrays[depth:]

    def _answer(self, what: str, which: Any, *given: Any) -> Any:
        if what == "call":
            self.used.add(which)
            return self._out(self._replaced[which](*given[0], **given[1]))
        if what == "new":
            self.used.add(which)
            return self._number_of(self._classes[which](*given[0], **given[1]))
        it = self._numbers[which]
        if what == "get":
            return self._out(getattr(it, _public(given[0])))
        if what == "set":
            return setattr(it, _public(given[0]), given[1])
        return self._out(getattr(it, _method(it, given[0]))(*given[1], **given[2]))

    def _in(self, value: Any) -> Any:
        """A value from the far side, with object numbers replaced by our objects."""
        if type(value) is dict and "stand-in" in value:
            return self._numbers[value["stand-in"]]
        if type(value) is dict and "stand-in array" in value:
            array = value["stand-in array"]
            self._arrays.append((array, array.copy(), value["it"]))
            return array
        if type(value) is dict and "stand-in object" in value:
            return self._far.setdefault(value["stand-in object"], Far(self, value["it"]))
        if type(value) in (list, tuple):
            return type(value)(map(self._in, value))
        if type(value) is dict:
            return {key: self._in(item) for key, item in value.items()}
        return value

    def _out(self, value: Any) -> Any:
        """A value as it is sent to the far side."""
        if isinstance(value, Far):
            return {"stand-in object": 0, "it": value._handle}
        if type(value) in (list, tuple):
            return type(value)(map(self._out, value))
        if type(value) is dict:
            return {key: self._out(item) for key, item in value.items()}
        if value is NotImplemented or isinstance(value, Handle):
            return value
        name = type(value).__name__
        if self._classes.get(name) is type(value):
            return {"stand-in": self._number_of(value), "class": name}
        if callable(value):
            assert self._student is not None
            return self._student.answering(lambda *args, **named: self._out(value(*self._in(args), **self._in(named))))
        return value

    def _number_of(self, value: object) -> int:
        number = self._known.get(id(value))
        if number is None:
            number = self._known[id(value)] = next(self._count)
            self._numbers[number] = value
        return number

    def _settle(self) -> None:
        """Update arrays on the far side that our work has changed in place."""
        for at, (array, seen, there) in enumerate(self._arrays):
            if not np.array_equal(array, seen, equal_nan=True):
                self._arrays[at] = (array, array.copy(), there)
                self._ask("array", there, array)

    def _tell(self, what: str, it: object, *given: object) -> Any:
        """Request something that our work needs from the student's side. Raises StudentError."""
        self._settle()
        return self._in(self._ask(what, it, *map(self._out, given)))

    def _ask(self, what: str, it: object, *given: object) -> Any:
        assert self._student is not None
        with self._student.aside():
            return self._do.apply(what, it, *given)


class Far:
    """A proxy for a student's object, used by the reference's work. It forwards every operation to the far side."""

    def __init__(self, stand_ins: StandIns, handle: Handle) -> None:
        self.__dict__.update(_stand_ins=stand_ins, _handle=handle)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._stand_ins._tell("get", self._handle, name)
        except StudentError as error:
            raise AttributeError(error.message) from None

    def __setattr__(self, name: str, value: object) -> None:
        self._stand_ins._tell("set", self._handle, name, value)

    def __call__(self, *args: object, **named: object) -> Any:
        return self._stand_ins._tell("call", self._handle, args, named)

    def __iter__(self) -> Any:
        return iter(self._stand_ins._tell("items", self._handle))

    def __len__(self) -> int:
        return int(self._stand_ins._tell("len", self._handle))


def _forward(kind: str) -> Callable[..., Any]:
    return lambda self, *other: self._stand_ins._tell(kind, self._handle, *other)


def _backward(kind: str) -> Callable[..., Any]:
    return lambda self, other: self._stand_ins._tell("call", self.__getattr__(f"__r{kind}__")._handle, (other,), {})


for _kind in (*_OPERATORS, *_UNARY):
    setattr(Far, f"__{_kind}__", _forward(_kind))
for _kind in _OPERATORS[:8]:
    setattr(Far, f"__r{_kind}__", _backward(_kind))


def _methods(kind: type) -> set[str]:
    """The methods of a class and its bases, except those that create the object or look up attributes."""
    names = {name for base in kind.__mro__[:-1] for name, value in vars(base).items() if callable(value)}
    return names - {"__init__", "__new__", "__getattr__", "__setattr__", "__getattribute__", "__class__"}


def _public(name: object) -> str:
    """Check that an attribute may be read: dunder attributes would give access to the interpreter."""
    if type(name) is not str or name.startswith("__"):
        raise AttributeError(f"no attribute {name!r}")
    return name


def _method(it: object, name: object) -> str:
    if type(name) is not str or name not in _methods(type(it)):
        raise AttributeError(f"no method {name!r}")
    return name
