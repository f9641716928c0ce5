"""Wrong and right answers to `u3_chain_rule`, written as learners write them, without a look at the known mistakes."""

import cmath
import heapq
import math
import sys

import numpy as np

from tests.written import right, wrong

# ------------------------------------------------------------------------------------------------ 1 grad_forward


def duals(names, x, i):
    return [names["Dual"](value, 1 if k == i else 0) for k, value in enumerate(x)]


def slope_in(y):
    return getattr(y, "inf", 0)


@wrong("grad_forward")
def all_inputs_at_once(names):
    return {"grad_forward": lambda f, x: np.array([slope_in(f([names["Dual"](v, 1) for v in x]))] * len(x))}


@wrong("grad_forward")
def slopes_rounded_to_six_digits(names):
    def grad_forward(f, x):
        return np.array([float(f"{slope_in(f(duals(names, x, i))):.6g}") for i in range(len(x))])

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def slopes_rounded_to_nine_decimals(names):
    def grad_forward(f, x):
        return np.array([round(float(slope_in(f(duals(names, x, i)))), 9) for i in range(len(x))])

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def the_place_is_looked_up_by_value(names):
    def grad_forward(f, x):
        x = list(x)
        return np.array([slope_in(f(duals(names, x, x.index(v)))) for v in x], dtype=float)

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def equal_numbers_move_together(names):
    def grad_forward(f, x):
        return np.array([slope_in(f([names["Dual"](v, int(v == moving)) for v in x])) for moving in x], dtype=float)

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def an_array_like_x(names):
    def grad_forward(f, x):
        slopes = np.zeros_like(x)
        for i in range(len(x)):
            slopes[i] = slope_in(f(duals(names, x, i)))
        return slopes

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def zero_has_no_slope(names):
    def grad_forward(f, x):
        return np.array([slope_in(f(duals(names, x, i))) if x[i] else 0.0 for i in range(len(x))], dtype=float)

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def the_size_of_each_slope(names):
    def grad_forward(f, x):
        return np.array([abs(slope_in(f(duals(names, x, i)))) for i in range(len(x))], dtype=float)

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def clipped_at_ten(names):
    def grad_forward(f, x):
        return np.clip([float(slope_in(f(duals(names, x, i)))) for i in range(len(x))], -10, 10)

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def stops_at_the_first_flat_one(names):
    def grad_forward(f, x):
        slopes = np.zeros(len(x))
        for i in range(len(x)):
            slopes[i] = slope_in(f(duals(names, x, i)))
            if slopes[i] == 0:
                break
        return slopes

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def one_array_for_all_calls(names):
    buffers = {}

    def grad_forward(f, x):
        slopes = buffers.setdefault(len(x), np.zeros(len(x)))
        for i in range(len(x)):
            slopes[i] = slope_in(f(duals(names, x, i)))
        return slopes

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def duals_written_into_x(names):
    def grad_forward(f, x):
        slopes = np.zeros(len(x))
        for i in range(len(x)):
            kept = list(x)
            x = [names["Dual"](v, int(k == i)) for k, v in enumerate(kept)]
            slopes[i] = slope_in(f(x))
            x = [round(float(v), 3) for v in kept]
        return slopes

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def only_the_moving_one_is_a_dual(names):
    def grad_forward(f, x):
        calls = [[names["Dual"](v, 1) if k == i else v for k, v in enumerate(x)] for i in range(len(x))]
        return np.array([slope_in(f(v)) for v in calls], dtype=float)

    return {"grad_forward": grad_forward}


@wrong("grad_forward", at_most=0.05)
def small_nudges(names):
    names["slope_in_x"] = names["slope_in_y"] = ...

    def grad_forward(f, x):
        def at(point):
            y = f([names["Dual"](v) for v in point])
            return getattr(y, "real", y)

        moved = [[v + 1e-6 * (k == i) for k, v in enumerate(x)] for i in range(len(x))]
        return np.array([(at(p) - at(x)) / 1e-6 for p in moved])

    return {"grad_forward": grad_forward}


@wrong("grad_forward", at_most=0.05)
def complex_steps(names):
    names["slope_in_x"] = names["slope_in_y"] = ...

    def grad_forward(f, x):
        moved = [[v + 1e-30j * (k == i) for k, v in enumerate(x)] for i in range(len(x))]
        return np.array([complex(f(p)).imag / 1e-30 for p in moved])

    return {"grad_forward": grad_forward}


@wrong("grad_forward")
def a_slope_at_a_point(names):
    return {"slope_in_x": str(2 * names["mine"]["a"] * 2 * 5)}


@wrong("grad_forward")
def x_and_y_swapped(names):
    return {"slope_in_x": names["slope_in_y"], "slope_in_y": names["slope_in_x"]}


@wrong("grad_forward")
def the_other_part_is_kept(names):
    return {"slope_in_x": f"{2 * names['mine']['a']}*x*y + {names['mine']['b']}*y*y"}


@right("grad_forward")
def one_list_whose_duals_are_changed(names):
    def grad_forward(f, x):
        moving, slopes = [names["Dual"](float(v), 0.0) for v in x], []
        for dual in moving:
            dual.inf = 1.0
            slopes.append(slope_in(f(moving)))
            dual.inf = 0.0
        return np.array(slopes, dtype=float)

    return {"grad_forward": grad_forward}


@right("grad_forward")
def an_array_of_python_floats(names):
    def grad_forward(f, x):
        result = np.empty(np.shape(x), dtype=np.float64)
        for i, row in enumerate(np.eye(len(x)).tolist()):
            y = f([names["Dual"](*pair) for pair in zip(x, row, strict=True)])
            result[i] = y.inf if type(y) is names["Dual"] else 0.0
        return result

    return {"grad_forward": grad_forward}


@right("grad_forward")
def typed_with_spaces_and_powers(names):
    a, b = names["mine"]["a"], names["mine"]["b"]
    return {"slope_in_x": f" {a}*(2x)*y ", "slope_in_y": f"{a}*x^2 + {b} * 2 y"}


# ------------------------------------------------------------------------------------------------- 2 local_grads


def operation(names, op, slopes):
    """The reference's local_grads, but for one operation."""
    right_ones = names["local_grads"]
    return {
        "local_grads": lambda o, inputs, output: slopes(*inputs, output) if o == op else right_ones(o, inputs, output)
    }


@wrong("local_grads")
def quotient_with_the_sign_lost(names):
    return operation(names, "/", lambda a, b, out: (1 / b, a / b**2))


@wrong("local_grads")
def quotient_by_b_once(names):
    return operation(names, "/", lambda a, b, out: (1 / b, -a / b))


@wrong("local_grads")
def quotient_without_brackets(names):
    return operation(names, "/", lambda a, b, out: (1 / b, -a / b * b))


@wrong("local_grads")
def quotient_with_the_size_of_b(names):
    return operation(names, "/", lambda a, b, out: (1 / abs(b), -a / b**2))


@wrong("local_grads")
def minus_like_plus(names):
    return operation(names, "-", lambda a, b, out: (1.0, 1.0))


@wrong("local_grads")
def product_each_its_own(names):
    return operation(names, "*", lambda a, b, out: (a, b))


@wrong("local_grads")
def product_from_the_output(names):
    return operation(names, "*", lambda a, b, out: (out / a if a else 0.0, out / b if b else 0.0))


@wrong("local_grads")
def pow_from_the_output(names):
    return operation(names, "pow", lambda a, n, out: (n * out / a if a else 0.0,))


@wrong("local_grads")
def pow_without_n(names):
    return operation(names, "pow", lambda a, n, out: (a ** (n - 1),))


@wrong("local_grads")
def pow_of_the_size(names):
    return operation(names, "pow", lambda a, n, out: (n * abs(a) ** (n - 1),))


@wrong("local_grads")
def pow_moves_its_exponent(names):
    return operation(names, "pow", lambda a, n, out: (n * a ** (n - 1), out * cmath.log(a or 1).real))


@wrong("local_grads")
def pow_knows_whole_exponents(names):
    return operation(names, "pow", lambda a, n, out: (n * math.prod([a] * int(n - 1)),))


@wrong("local_grads")
def log_of_the_size(names):
    return operation(names, "log", lambda a, out: (1 / (a + 1e-7),))


@wrong("local_grads")
def log_by_the_output(names):
    return operation(names, "log", lambda a, out: (1 / out,))


@wrong("local_grads")
def exp_like_a_power(names):
    return operation(names, "exp", lambda a, out: (a * math.exp(a - 1),))


@wrong("local_grads")
def exp_clipped(names):
    return operation(names, "exp", lambda a, out: (math.exp(max(min(a, 20), -20)),))


@wrong("local_grads")
def tanh_of_the_input(names):
    return operation(names, "tanh", lambda a, out: (1 - a * a,))


@wrong("local_grads")
def tanh_plus(names):
    return operation(names, "tanh", lambda a, out: (1 + out * out,))


@wrong("local_grads")
def tanh_of_the_output_again(names):
    return operation(names, "tanh", lambda a, out: (1 - math.tanh(out) ** 2,))


@wrong("local_grads")
def relu_is_the_sign(names):
    return operation(names, "relu", lambda a, out: (float(np.sign(a)),))


@wrong("local_grads")
def relu_hands_its_output_on(names):
    return operation(names, "relu", lambda a, out: (out,))


@wrong("local_grads")
def relu_from_one_on(names):
    return operation(names, "relu", lambda a, out: (float(a > 0.1),))


@wrong("local_grads")
def four_digits(names):
    ours = names["local_grads"]
    return {"local_grads": lambda op, inputs, output: tuple(round(s, 4) for s in ours(op, inputs, output))}


@wrong("local_grads")
def ten_digits(names):
    ours = names["local_grads"]
    return {"local_grads": lambda op, inputs, output: tuple(round(s, 10) for s in ours(op, inputs, output))}


@wrong("local_grads")
def slopes_within_a_hundred(names):
    ours = names["local_grads"]
    return {
        "local_grads": lambda op, inputs, output: tuple(max(-100.0, min(100.0, s)) for s in ours(op, inputs, output))
    }


CALCULATE = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "pow": lambda a, n: a**n,
    "exp": cmath.exp,
    "log": cmath.log,
    "tanh": cmath.tanh,
    "relu": lambda a: a if a.real > 0 else 0 * a,
}


@wrong("local_grads", at_most=0.05)
def local_slopes_by_complex_steps(names):
    def local_grads(op, inputs, output):
        slopes = []
        for place in range(1 if op == "pow" else len(inputs)):
            moved = [complex(a, 1e-20) if k == place else a for k, a in enumerate(inputs)]
            slopes.append(CALCULATE[op](*moved).imag / 1e-20)
        return tuple(slopes)

    return {"local_grads": local_grads}


@wrong("local_grads", at_most=0.05)
def local_slopes_by_nudges(names):
    def local_grads(op, inputs, output):
        slopes, h = [], 1e-6
        for place in range(1 if op == "pow" else len(inputs)):
            ends = [[a + way * h * (k == place) for k, a in enumerate(inputs)] for way in (1, -1)]
            up, down = (complex(CALCULATE[op](*end)).real for end in ends)
            slopes.append((up - down) / (2 * h))
        return tuple(slopes)

    return {"local_grads": local_grads}


@wrong("local_grads", at_most=0.05)
def ones_everywhere(names):
    return {"local_grads": lambda op, inputs, output: (1.0,) * (1 if op == "pow" else len(inputs))}


@wrong("local_grads", at_most=0.05)
def the_output_everywhere(names):
    return {"local_grads": lambda op, inputs, output: (output,) * (1 if op == "pow" else len(inputs))}


@right("local_grads")
def slopes_as_numpy_numbers(names):
    ours = names["local_grads"]
    return {"local_grads": lambda op, inputs, output: tuple(np.float64(s) for s in ours(op, inputs, output))}


@right("local_grads")
def slopes_written_with_match(names):
    def local_grads(op, inputs, output):
        match op, *inputs:
            case ["+", _, _]:
                return (1, 1)
            case ["-", _, _]:
                return (1, -1)
            case ["*", a, b]:
                return (b, a)
            case ["/", a, b]:
                return (1 / b, -output / b)
            case ["pow", a, n]:
                return (n * a ** (n - 1),)
            case ["exp", _]:
                return (output,)
            case ["log", a]:
                return (1 / a,)
            case ["tanh", a]:
                return (1 - math.tanh(a) ** 2,)
            case ["relu", a]:
                return (1 if a > 0 else 0,)

    return {"local_grads": local_grads}


@right("local_grads")
def tanh_by_cosh(names):
    return operation(names, "tanh", lambda a, out: (1 / math.cosh(a) ** 2,))


# ------------------------------------------------------------------------------------------- 3 topological_order


def reached(node):
    """All nodes below, nearest first."""
    found = [node]
    for value in found:
        found += [before for before in dict.fromkeys(value.inputs) if before not in found]
    return found


@wrong("topological_order")
def nearest_last(names):
    return {"topological": lambda node: reached(node)[::-1]}


@wrong("topological_order")
def by_name(names):
    return {"topological": lambda node: sorted(reached(node), key=lambda one: one.name)}


@wrong("topological_order")
def by_address(names):
    return {"topological": lambda node: sorted(reached(node), key=id)}


@wrong("topological_order")
def one_of_each_name(names):
    def topological(node):
        order, seen = [], set()

        def visit(one):
            if one.name not in seen:
                seen.add(one.name)
                for before in one.inputs:
                    visit(before)
                order.append(one)

        visit(node)
        return order

    return {"topological": topological}


@wrong("topological_order")
def marks_on_the_nodes(names):
    def topological(node):
        if getattr(node, "seen", False):
            return []
        node.seen = True
        return [value for before in node.inputs for value in topological(before)] + [node]

    return {"topological": topological}


@wrong("topological_order")
def remembered_in_a_default(names):
    def topological(node, seen=set()):  # noqa: B006
        if id(node) in seen:
            return []
        seen.add(id(node))
        return [value for before in node.inputs for value in topological(before)] + [node]

    return {"topological": topological}


@wrong("topological_order")
def without_itself(names):
    ours = names["topological"]
    return {"topological": lambda node: ours(node)[:-1]}


@wrong("topological_order")
def without_the_leaves(names):
    ours = names["topological"]
    return {"topological": lambda node: [value for value in ours(node) if value.inputs or value is node]}


@wrong("topological_order")
def the_output_first(names):
    ours = names["topological"]
    return {"topological": lambda node: ours(node)[::-1]}


@wrong("topological_order")
def marked_when_put_on_the_stack(names):
    def topological(node):
        order, stack, seen = [], [node], {node}
        while stack:
            one = stack.pop()
            order.append(one)
            for before in one.inputs:
                if before not in seen:
                    seen.add(before)
                    stack.append(before)
        return order[::-1]

    return {"topological": topological}


@wrong("topological_order")
def two_inputs_at_most(names):
    def topological(node):
        order, seen = [], set()

        def visit(one):
            if one not in seen:
                seen.add(one)
                for before in one.inputs[:2]:
                    visit(before)
                order.append(one)

        sys.setrecursionlimit(20_000)
        visit(node)
        return order

    return {"topological": topological}


@wrong("topological_order")
def names_instead_of_nodes(names):
    ours = names["topological"]
    return {"topological": lambda node: [value.name for value in ours(node)]}


@wrong("sturdy_topological")
def every_way_is_walked(names):
    def topological(node):
        below = [value for before in node.inputs for value in topological(before)]
        return list(dict.fromkeys([*below, node]))

    return {"sturdy_topological": topological}


@wrong("topological_order")
def one_list_for_all_calls(names):
    ours, order = names["topological"], []

    def topological(node):
        order[:] = ours(node)
        return order

    return {"topological": topological}


@right("topological_order")
def with_a_higher_limit(names):
    def topological(node):
        sys.setrecursionlimit(100_000)
        order, seen = [], set()

        def visit(one):
            if one in seen:
                return
            seen.add(one)
            for before in one.inputs:
                visit(before)
            order.append(one)

        visit(node)
        return order

    return {"topological": topological}


@right("topological_order")
def users_are_counted(names):
    def topological(node):
        users, found = {node: 0}, [node]
        for value in found:
            for before in value.inputs:
                if before not in users:
                    users[before] = 0
                    found.append(before)
                users[before] += 1
        order, ready = [], [node]
        while ready:
            one = ready.pop(0)
            order.insert(0, one)
            for before in one.inputs:
                users[before] -= 1
                if users[before] == 0:
                    ready.append(before)
        return order

    return {"topological": topological}


@right("topological_order")
def by_depth(names):
    def topological(node):
        depth, waiting = {}, [node]
        while waiting:
            one = waiting[-1]
            missing = [before for before in one.inputs if before not in depth]
            if missing:
                waiting += missing
            else:
                depth[one] = 1 + max((depth[before] for before in one.inputs), default=0)
                waiting.pop()
        return sorted(depth, key=depth.get)

    return {"topological": topological}


# ------------------------------------------------------------------------------------------------ 4 value_engine


def methods(names, **changed):
    for name, method in changed.items():
        setattr(names["Value"], f"__{name}__" if hasattr(names["Value"], f"__{name}__") else name, method)
    return {}


def order_below(node):
    order, seen = [], set()

    def visit(one):
        if id(one) not in seen:
            seen.add(id(one))
            for before in one.inputs:
                visit(before)
            order.append(one)

    visit(node)
    return order


@wrong("value_engine")
def minus_the_wrong_way(names):
    return methods(names, rsub=lambda self, other: self - other)


@wrong("value_engine")
def over_the_wrong_way(names):
    return methods(names, rtruediv=lambda self, other: self / other)


@wrong("value_engine")
def minus_itself_from_plus(names):
    return methods(names, neg=lambda self: self * 1)


@wrong("value_engine")
def whole_quotients(names):
    def divide(self, other):
        other = names["as_value"](other)
        whole = isinstance(self.data, int) and isinstance(other.data, int)
        return names["computed"]("/", self.data // other.data if whole else self.data / other.data, self, other)

    return methods(names, truediv=divide)


@wrong("value_engine")
def powers_by_multiplying(names):
    def power(self, n):
        result = names["Value"](1.0)
        for _ in range(int(n)):
            result = result * self
        return result

    return methods(names, pow=power)


@wrong("value_engine")
def times_zero_is_a_plain_zero(names):
    ours = names["Value"].__mul__
    times = lambda self, other: names["Value"](0.0) if getattr(other, "data", other) == 0 else ours(self, other)
    names["Value"].__rmul__ = times
    return methods(names, mul=times)


@wrong("value_engine")
def log_of_a_little_more(names):
    return methods(names, log=lambda self: names["computed"]("log", math.log(self.data + 1e-7), self))


@wrong("value_engine")
def log_to_base_ten(names):
    return methods(names, log=lambda self: names["computed"]("log", math.log10(self.data), self))


@wrong("value_engine")
def relu_is_the_size(names):
    return methods(names, relu=lambda self: names["computed"]("relu", abs(self.data), self))


@wrong("value_engine")
def exp_clipped_at_ten(names):
    return methods(names, exp=lambda self: names["computed"]("exp", math.exp(min(self.data, 10)), self))


def backward(names, method):
    names["Value"].backward = method
    return {}


@wrong("value_backward")
def the_last_word_counts(names):
    def go_back(self):
        self.grad = 1.0
        for node in reversed(order_below(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad = node.grad * slope

    return backward(names, go_back)


@wrong("sturdy_backward")
def inner_nodes_keep_what_they_have(names):
    def go_back(self):
        self.grad = 1.0
        for node in reversed(order_below(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return {"sturdy_backward": go_back}


@wrong("sturdy_backward")
def everything_starts_from_zero(names):
    def go_back(self):
        for node in order_below(self):
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order_below(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return {"sturdy_backward": go_back}


@wrong("value_backward")
def small_gradients_are_dropped(names):
    def go_back(self):
        for node in order_below(self):
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(order_below(self)):
            if abs(node.grad) < 1e-8:
                continue
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return backward(names, go_back)


@wrong("value_backward")
def gradients_are_clipped(names):
    def go_back(self):
        for node in order_below(self):
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(order_below(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += max(-1e5, min(1e5, node.grad * slope))

    return backward(names, go_back)


@wrong("value_backward")
def gradients_are_rounded(names):
    def go_back(self):
        for node in order_below(self):
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(order_below(self)):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad = round(before.grad + node.grad * slope, 8)

    return backward(names, go_back)


@wrong("value_backward")
def equal_numbers_are_one_node(names):
    def go_back(self):
        order, seen = [], set()

        def visit(one):
            if (one.data, one.op) not in seen:
                seen.add((one.data, one.op))
                for before in one.inputs:
                    visit(before)
                order.append(one)

        visit(self)
        for node in order:
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return backward(names, go_back)


@wrong("sturdy_backward")
def one_tape_for_all_graphs(names):
    tape = []
    begin = names["Value"].__init__

    def __init__(self, data, inputs=(), op="", slopes=()):
        begin(self, data, inputs, op, slopes)
        tape.append(self)

    def go_back(self):
        for node in order_below(self):
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(tape):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    names["Value"].__init__ = __init__
    return {"sturdy_backward": go_back}


@wrong("value_backward")
def one_order_for_the_whole_class(names):
    order = []

    def go_back(self):
        order[:] = order or order_below(self)
        for node in order:
            node.grad = node.grad if not node.inputs else 0.0
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                before.grad += node.grad * slope

    return backward(names, go_back)


@wrong("value_engine")
def inputs_as_a_set(names):
    begin = names["Value"].__init__

    def __init__(self, data, inputs=(), op="", slopes=()):
        begin(self, data, tuple(dict.fromkeys(inputs)), op, slopes[: len(dict.fromkeys(inputs))])

    names["Value"].__init__ = __init__
    return {}


@wrong("value_backward", at_most=0.05)
def every_gradient_by_complex_steps(names):
    """Runs the graph again for each node."""
    functions = dict(CALCULATE)

    def again(order, moved):
        numbers = {}
        for node in order:
            if node.inputs:
                op, *rest = node.op.split()
                inputs = [numbers[id(before)] for before in node.inputs] + [float(n) for n in rest]
                numbers[id(node)] = complex(functions[op](*inputs))
            else:
                numbers[id(node)] = complex(node.data)
            if node is moved:
                numbers[id(node)] += 1e-20j
        return numbers[id(order[-1])].imag / 1e-20

    def go_back(self):
        order = order_below(self)
        for node in order:
            slope = again(order, node)
            node.grad = slope if node.inputs else node.grad + slope

    return backward(names, go_back)


@right("value_engine")
def minus_by_plus_and_times(names):
    V = names["Value"]
    V.__neg__ = lambda self: self * -1
    V.__sub__ = lambda self, other: self + -1 * names["as_value"](other)
    V.__rsub__ = lambda self, other: -self + other
    V.__truediv__ = lambda self, other: self * names["as_value"](other) ** -1
    V.__rtruediv__ = lambda self, other: other * self**-1
    return {}


@right("value_backward")
def newest_first(names):
    """Every Value has a number; the newest goes back first."""
    begin, made = names["Value"].__init__, [0]

    def __init__(self, data, inputs=(), op="", slopes=()):
        begin(self, data, inputs, op, slopes)
        made[0] += 1
        self.number = made[0]

    def go_back(self):
        waiting, seen = [(-self.number, self)], {self}
        fresh = set()
        self.grad = 1.0
        while waiting:
            _, node = heapq.heappop(waiting)
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                if before.inputs and before not in fresh:
                    fresh.add(before)
                    before.grad = 0.0
                before.grad += node.grad * slope
                if before not in seen:
                    seen.add(before)
                    heapq.heappush(waiting, (-before.number, before))

    names["Value"].__init__ = __init__
    return backward(names, go_back)


@right("value_engine")
def tanh_by_exp(names):
    def tanh(self):
        e = (2 * self).exp()
        return (e - 1) / (e + 1)

    return methods(names, tanh=tanh)


@right("value_engine")
def numpy_inside(names):
    V = names["Value"]
    V.exp = lambda self: names["computed"]("exp", np.exp(self.data), self)
    V.log = lambda self: names["computed"]("log", np.log(self.data), self)
    V.relu = lambda self: names["computed"]("relu", np.maximum(0.0, self.data), self)
    return {}


# ----------------------------------------------------------------------------------------------------- 5 by_hand


def hand(names, **changed):
    twice, once = names["sheet"]["twice"], names["sheet"]["once"]
    keys = {"twice": twice, "once": once}
    return {"answers": names["answers"] | {keys.get(name, name): text for name, text in changed.items()}}


@wrong("by_hand")
def t_and_u_themselves(names):
    return hand(names, t="t", u="u")


@wrong("by_hand")
def s_through_u_only(names):
    return hand(names, s="t")


@wrong("by_hand")
def s_multiplied(names):
    return hand(names, s=f"u*{names['sheet']['twice']}*t")


@wrong("by_hand")
def twice_through_s_only(names):
    sheet = names["sheet"]
    return hand(names, twice=f"{sheet['a']}*(u*{sheet['twice']} + t)")


@wrong("by_hand")
def twice_without_its_factor(names):
    return hand(names, twice=f"u*{names['sheet']['twice']} + t + u*s")


@wrong("by_hand")
def once_through_u_only(names):
    return hand(names, once=f"{names['sheet']['b']}*t")


@wrong("by_hand")
def once_without_its_factor(names):
    return hand(names, once=f"u*{names['sheet']['twice']} + t + t")


@wrong("by_hand")
def numbers_of_the_picture(names):
    sheet = names["sheet"]
    letters = {"x": sheet["x"], "y": sheet["y"]}
    s = sheet["a"] * letters[sheet["twice"]] + letters[sheet["once"]]
    return hand(names, t=str(s + sheet["b"] * letters[sheet["once"]]))


@wrong("by_hand")
def x_and_y_exchanged(names):
    answers = dict(names["answers"])
    answers["x"], answers["y"] = answers["y"], answers["x"]
    return {"answers": answers}


@wrong("by_hand", at_most=0.05)
def all_of_them_one(names):
    return {"answers": dict.fromkeys("tusxy", "1")}


@wrong("by_hand", at_most=0.05)
def all_of_them_zero(names):
    return {"answers": dict.fromkeys("tusxy", "0")}


@wrong("by_hand", at_most=0.05)
def each_its_own_name(names):
    return {"answers": {name: name for name in "tusxy"}}


@wrong("by_hand", at_most=0.05)
def letters_that_hold_what_is_asked(names):
    return {"answers": dict.fromkeys("tusxy", "t - t")}


@wrong("by_hand")
def a_wrong_one_and_the_rest_follows_with_zeros(names):
    sheet = names["sheet"]
    return {"answers": {"t": "0*u", "u": "0*t", "s": "0", sheet["twice"]: "0", sheet["once"]: "0"}}


@right("by_hand")
def multiplied_out(names):
    sheet = names["sheet"]
    v, w, a, b = sheet["twice"], sheet["once"], sheet["a"], sheet["b"]
    in_s = f"2*({a}*{v} + {w})*{v} + {b}*{w}*{v}"
    u, t = f"({a}*{v} + {w} + {b}*{w})", f"({a}*{v}^2 + {w}{v})"
    return {
        "answers": {
            "t": u,
            "u": t,
            "s": in_s,
            v: f"{a}({in_s}) + {u}*({a}*{v} + {w})",
            w: f"{in_s} + {b}*{t}",
        }
    }


@right("by_hand")
def with_more_names_than_asked(names):
    return {"answers": {"L": "1", **names["answers"]}}


# ------------------------------------------------------------------------------------------------ 6 neuron_layer


@wrong("neuron_layer")
def neuron_without_its_bias(names):
    return {"neuron": lambda x, w, b: sum(u * v for u, v in zip(x, w, strict=True))}


@wrong("neuron_layer")
def bias_in_every_term(names):
    return {"neuron": lambda x, w, b: sum(u * v + b for u, v in zip(x, w, strict=True))}


@wrong("neuron_layer")
def sum_times_sum(names):
    return {"neuron": lambda x, w, b: sum(x) * sum(w) / len(x) + b}


@wrong("neuron_layer")
def the_last_input_is_missed(names):
    def neuron(x, w, b):
        total = b
        for i in range(max(1, len(x) - 1)):
            total += x[i] * w[i]
        return total

    return {"neuron": neuron}


@wrong("neuron_layer")
def the_weight_of_that_value(names):
    def neuron(x, w, b):
        x, total = list(x), b
        for value in x:
            total += value * w[x.index(value)]
        return total

    return {"neuron": neuron}


@wrong("neuron_layer")
def stops_at_a_zero(names):
    def neuron(x, w, b):
        total = b
        for value, weight in zip(x, w, strict=True):
            if value == 0:
                break
            total += value * weight
        return total

    return {"neuron": neuron}


@wrong("neuron_layer")
def neuron_of_six_decimals(names):
    return {"neuron": lambda x, w, b: round(float(np.dot(x, w) + b), 6)}


@wrong("neuron_layer")
def layer_without_biases(names):
    return {"layer": lambda X, W, b: np.asarray(X) @ np.asarray(W)}


@wrong("neuron_layer")
def biases_along_the_rows(names):
    def layer(X, W, b):
        Y, b = np.asarray(X) @ np.asarray(W), np.asarray(b)
        return Y + b[:, None] if Y.shape[0] == Y.shape[1] else Y + b

    return {"layer": layer}


@wrong("neuron_layer")
def weights_turned_where_they_fit(names):
    def layer(X, W, b):
        X, W = np.asarray(X), np.asarray(W)
        return X @ (W.T if X.shape[1] == W.shape[1] else W) + np.asarray(b)

    return {"layer": layer}


@wrong("neuron_layer")
def room_like_X(names):
    def layer(X, W, b):
        X, W = np.asarray(X), np.asarray(W)
        Y = np.zeros((len(X), W.shape[1]), dtype=X.dtype)
        for i in range(len(X)):
            for j in range(W.shape[1]):
                Y[i, j] = X[i] @ W[:, j] + b[j]
        return Y

    return {"layer": layer}


@wrong("neuron_layer")
def biases_added_in_place(names):
    def layer(X, W, b):
        Y = np.asarray(X) @ np.asarray(W)
        Y += np.asarray(b)
        return Y

    return {"layer": layer}


@wrong("neuron_layer")
def biases_of_the_kind_of_W(names):
    return {"layer": lambda X, W, b: np.asarray(X) @ np.asarray(W) + np.asarray(b).astype(np.asarray(W).dtype)}


@wrong("neuron_layer")
def one_axis_for_one_example(names):
    return {"layer": lambda X, W, b: np.squeeze(np.asarray(X) @ np.asarray(W) + np.asarray(b))}


@wrong("neuron_layer")
def arrays_only(names):
    return {"layer": lambda X, W, b: X.dot(W) + b}


@wrong("neuron_layer")
def one_table_for_all_calls(names):
    tables = {}

    def layer(X, W, b):
        X, W = np.asarray(X, float), np.asarray(W, float)
        Y = tables.setdefault((len(X), W.shape[1]), np.zeros((len(X), W.shape[1])))
        Y[:] = X @ W + np.asarray(b)
        return Y

    return {"layer": layer}


@wrong("neuron_layer")
def clipped_sums(names):
    return {"layer": lambda X, W, b: np.clip(np.asarray(X) @ np.asarray(W) + np.asarray(b), -50, 50)}


@wrong("neuron_layer")
def total_starts_as_the_callers_bias(names):
    def neuron(x, w, b):
        total = b
        for u, v in zip(x, w, strict=True):
            total += u * v
        x[0] = total
        return total

    return {"neuron": neuron}


@wrong("neuron_layer", at_most=0.05)
def zeros_of_the_right_shape(names):
    return {"neuron": lambda x, w, b: 0.0, "layer": lambda X, W, b: np.zeros((len(X), len(b)))}


@wrong("neuron_layer", at_most=0.05)
def the_bias_alone(names):
    return {"neuron": lambda x, w, b: b, "layer": lambda X, W, b: np.zeros((len(X), 1)) + np.asarray(b)}


@right("neuron_layer")
def ones_beside_the_inputs(names):
    def layer(X, W, b):
        X = np.column_stack([np.asarray(X), np.ones(len(X))])
        return X @ np.vstack([np.asarray(W), np.asarray(b)])

    return {"layer": layer, "neuron": lambda x, w, b: float(sum(map(lambda u, v: u * v, x, w)) + b)}


@right("neuron_layer")
def layer_of_neurons(names):
    neuron = names["neuron"]
    return {
        "layer": lambda X, W, b: np.array(
            [[neuron(row, column, bias) for column, bias in zip(zip(*W, strict=True), b, strict=True)] for row in X]
        )
    }


@right("neuron_layer")
def einsum_and_while(names):
    def neuron(x, w, b):
        i = 0
        while i < len(x):
            b = b + w[i] * x[i]
            i += 1
        return b

    return {"neuron": neuron, "layer": lambda X, W, b: np.einsum("nd,do->no", X, W) + np.array(b)}


# --------------------------------------------------------------------------------------------- 7 linear_backward


def backwards(names, dX=None, dW=None, db=None):
    ours = names["vjp_linear"]

    def vjp_linear(X, W, b, dY):
        found = ours(X, W, b, dY)
        return tuple(
            got if change is None else change(X, W, b, dY) for got, change in zip(found, (dX, dW, db), strict=True)
        )

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward")
def dW_on_its_side_where_it_fits(names):
    return backwards(names, dW=lambda X, W, b, dY: dY.T @ X if X.shape[1] == dY.shape[1] else X.T @ dY)


@wrong("linear_backward")
def dX_through_W_where_it_fits(names):
    return backwards(names, dX=lambda X, W, b, dY: dY @ (W if W.shape[0] == W.shape[1] else W.T))


@wrong("linear_backward")
def dW_without_the_transpose_where_it_fits(names):
    return backwards(names, dW=lambda X, W, b, dY: (X if len(X) == X.shape[1] else X.T) @ dY)


@wrong("linear_backward")
def db_is_a_mean(names):
    return backwards(names, db=lambda X, W, b, dY: dY.mean(axis=0))


@wrong("linear_backward")
def db_over_the_other_axis(names):
    return backwards(names, db=lambda X, W, b, dY: dY.sum(axis=1)[: len(b)] if len(dY) >= len(b) else dY.sum(axis=0))


@wrong("linear_backward")
def db_is_one_sum(names):
    return backwards(names, db=lambda X, W, b, dY: np.full(len(b), dY.sum()))


@wrong("linear_backward")
def db_of_the_first_example(names):
    return backwards(names, db=lambda X, W, b, dY: dY[0])


@wrong("linear_backward")
def db_keeps_two_axes(names):
    return backwards(names, db=lambda X, W, b, dY: dY.sum(axis=0, keepdims=True))


@wrong("linear_backward")
def averaged_weights(names):
    return backwards(names, dW=lambda X, W, b, dY: X.T @ dY / len(X))


@wrong("linear_backward")
def dY_is_divided_in_place(names):
    ours = names["vjp_linear"]

    def vjp_linear(X, W, b, dY):
        result = ours(X, W, b, dY)
        dY /= len(X)
        return result

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward")
def another_order(names):
    ours = names["vjp_linear"]

    def vjp_linear(X, W, b, dY):
        dX, dW, db = ours(X, W, b, dY)
        return dW, dX, db

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward")
def clipped_pushes(names):
    return backwards(names, dW=lambda X, W, b, dY: np.clip(X.T @ dY, -10, 10))


@wrong("linear_backward")
def rounded_pushes(names):
    return backwards(names, dX=lambda X, W, b, dY: np.round(dY @ W.T, 8))


@wrong("linear_backward")
def weights_are_turned_for_good(names):
    def vjp_linear(X, W, b, dY):
        dX = dY @ W.T
        if W.shape[0] == W.shape[1]:
            W[:] = W.T.copy()
        return dX, X.T @ dY, dY.sum(axis=0)

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward")
def room_like_the_layer(names):
    def vjp_linear(X, W, b, dY):
        dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
        for i in range(len(X)):
            for j in range(len(b)):
                dX[i] += (dY[i, j] * W[:, j]).astype(X.dtype)
                dW[:, j] += (dY[i, j] * X[i]).astype(W.dtype)
                db[j] += dY[i, j].astype(b.dtype)
        return dX, dW, db

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward")
def one_set_of_arrays_for_all_calls(names):
    kept = {}
    ours = names["vjp_linear"]

    def vjp_linear(X, W, b, dY):
        result = ours(X, W, b, dY)
        arrays = kept.setdefault((X.shape, W.shape), tuple(np.zeros_like(part) for part in result))
        for array, value in zip(arrays, result, strict=True):
            array[...] = value
        return arrays

    return {"vjp_linear": vjp_linear}


def steps_through(X, W, b, dY, moved, steps):
    """The slopes of sum(dY * layer) by `steps`, for each number of the array at `moved`."""
    given = [X, W, b]
    result = np.zeros(np.shape(given[moved]))
    for place in np.ndindex(result.shape):
        result[place] = steps(
            lambda change, place=place: np.sum(
                dY
                * (
                    np.add(_moved(X, place, change, moved == 0) @ _moved(W, place, change, moved == 1), 0)
                    + _moved(b, place, change, moved == 2)
                )
            )
        )
    return result


def _moved(array, place, change, yes):
    array = np.array(array, dtype=complex)
    if yes:
        array[place] += change
    return array


@wrong("linear_backward", at_most=0.05)
def layer_by_complex_steps(names):
    names["dL_dW01"] = names["dL_dX01"] = ...

    def vjp_linear(X, W, b, dY):
        steps = lambda f: f(1e-20j).imag / 1e-20
        return tuple(steps_through(X, W, b, dY, moved, steps) for moved in range(3))

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward", at_most=0.05)
def layer_by_nudges(names):
    names["dL_dW01"] = names["dL_dX01"] = ...

    def vjp_linear(X, W, b, dY):
        steps = lambda f: (f(1.0).real - f(-1.0).real) / 2
        return tuple(steps_through(X, W, b, dY, moved, steps) for moved in range(3))

    return {"vjp_linear": vjp_linear}


@wrong("linear_backward", at_most=0.05)
def zeros_of_each_shape(names):
    names["dL_dW01"] = names["dL_dX01"] = "0"
    return {"vjp_linear": lambda X, W, b, dY: (0.0 * X, 0.0 * W, 0.0 * b)}


@wrong("linear_backward", at_most=0.05)
def what_was_given_comes_back(names):
    names["dL_dW01"], names["dL_dX01"] = "w01", "x01"
    return {"vjp_linear": lambda X, W, b, dY: (X, W, b)}


@wrong("linear_backward")
def one_example_only(names):
    return {"dL_dW01": "x00*d01"}


@wrong("linear_backward")
def the_neighbours_input(names):
    return {"dL_dW01": "x01*d01 + x11*d11"}


@wrong("linear_backward")
def one_neuron_only(names):
    return {"dL_dX01": "d00*w10"}


@wrong("linear_backward")
def the_rows_of_W_confused(names):
    return {"dL_dX01": "d00*w00 + d01*w01"}


@right("linear_backward")
def one_example_at_a_time(names):
    def vjp_linear(X, W, b, dY):
        dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape)
        for i, (x, dy) in enumerate(zip(X, dY, strict=True)):
            dX[i] = W @ dy
            dW += np.outer(x, dy)
            db += dy
        return dX, dW, db

    return {"vjp_linear": vjp_linear}


@right("linear_backward")
def everything_by_einsum(names):
    def vjp_linear(X, W, b, dY):
        return (
            np.einsum("no,do->nd", dY, W),
            np.einsum("nd,no->do", X, dY),
            np.einsum("no->o", dY),
        )

    return {"vjp_linear": vjp_linear}


@right("linear_backward")
def four_loops(names):
    def vjp_linear(X, W, b, dY):
        (n, din), dout = np.shape(X), len(b)
        dX, dW, db = [[0.0] * din for _ in range(n)], [[0.0] * dout for _ in range(din)], [0.0] * dout
        for i in range(n):
            for j in range(dout):
                db[j] += dY[i][j]
                for k in range(din):
                    dX[i][k] += W[k][j] * dY[i][j]
                    dW[k][j] += X[i][k] * dY[i][j]
        return [np.array(dX), np.array(dW), np.array(db)]

    return {"vjp_linear": vjp_linear}


# -------------------------------------------------------------------------------------------------- 8 softmax_ce


@wrong("softmax")
def softmax_by_columns(names):
    return {"softmax": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)}


@wrong("softmax")
def softmax_of_the_whole_table(names):
    return {"softmax": lambda Z: np.exp(Z) / np.exp(Z).sum()}


@wrong("sturdy_softmax")
def one_largest_for_all_rows(names):
    def softmax(Z):
        powers = np.exp(Z - Z.max())
        return powers / (powers.sum(axis=1, keepdims=True) + 1e-300)

    return {"sturdy_softmax": softmax}


@wrong("sturdy_softmax")
def logits_clipped_at_thirty(names):
    def softmax(Z):
        powers = np.exp(np.clip(Z, -30, 30))
        return powers / powers.sum(axis=1, keepdims=True)

    return {"sturdy_softmax": softmax}


@wrong("sturdy_softmax")
def logits_clipped_at_five_hundred(names):
    def softmax(Z):
        powers = np.exp(np.clip(Z, -500, 500))
        return powers / powers.sum(axis=1, keepdims=True)

    return {"sturdy_softmax": softmax}


@wrong("softmax")
def a_little_in_the_divisor(names):
    def softmax(Z):
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        return powers / (powers.sum(axis=1, keepdims=True) + 1e-8)

    return {"softmax": softmax}


@wrong("softmax")
def softmax_in_place(names):
    def softmax(Z):
        Z -= Z.max(axis=1, keepdims=True)
        powers = np.exp(Z)
        return powers / powers.sum(axis=1, keepdims=True)

    return {"softmax": softmax}


@wrong("softmax")
def probabilities_in_an_array_like_Z(names):
    ours = names["softmax"]

    def softmax(Z):
        result = np.zeros_like(Z)
        result[:] = ours(Z)
        return result

    return {"softmax": softmax}


@wrong("softmax")
def only_the_largest_survives(names):
    ours = names["softmax"]

    def softmax(Z):
        p = ours(Z)
        return np.where(p < 1e-9, 0.0, p)

    return {"softmax": softmax}


@wrong("softmax")
def the_first_largest_is_taken_out(names):
    """Ties: every logit that equals the largest is given the same share of one class."""

    def softmax(Z):
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        return powers / np.array([sum(set(row)) for row in powers.tolist()])[:, None]

    return {"softmax": softmax}


@wrong("softmax")
def one_table_of_probabilities(names):
    ours, tables = names["softmax"], {}

    def softmax(Z):
        table = tables.setdefault(Z.shape, np.zeros(Z.shape))
        table[:] = ours(Z)
        return table

    return {"softmax": softmax}


@wrong("softmax_jacobian")
def jacobian_of_the_diagonal(names):
    def softmax_jacobian(z):
        p = names["softmax"](z[None])[0]
        return np.diag(p * (1 - p))

    return {"softmax_jacobian": softmax_jacobian}


@wrong("softmax_jacobian")
def jacobian_of_sigmoids(names):
    def softmax_jacobian(z):
        p = names["softmax"](z[None])[0]
        return np.outer(p, 1 - p)

    return {"softmax_jacobian": softmax_jacobian}


@wrong("softmax_jacobian")
def jacobian_without_the_diagonal(names):
    def softmax_jacobian(z):
        p = names["softmax"](z[None])[0]
        return -np.outer(p, p)

    return {"softmax_jacobian": softmax_jacobian}


@wrong("softmax_jacobian")
def jacobian_of_eight_digits(names):
    ours = names["softmax_jacobian"]
    return {"softmax_jacobian": lambda z: np.round(ours(z), 8)}


@wrong("softmax_jacobian")
def jacobian_where_values_differ(names):
    def softmax_jacobian(z):
        p = names["softmax"](z[None])[0]
        return np.array([[a * (1 - a) if a == b else -a * b for b in p] for a in p])

    return {"softmax_jacobian": softmax_jacobian}


def ce_of(names, loss=None, dZ=None):
    ours = names["ce"]

    def ce(Z, y):
        found = ours(Z, y)
        return (found[0] if loss is None else loss(Z, y)), (found[1] if dZ is None else dZ(Z, y))

    return {"ce": ce}


def sturdy_loss(names, loss):
    ours = names["sturdy_ce"]
    return {"sturdy_ce": lambda Z, y: (loss(names["sturdy_softmax"](Z)[np.arange(len(y)), y]), ours(Z, y)[1])}


@wrong("softmax_ce")
def loss_is_a_sum(names):
    ours = names["ce"]
    return ce_of(names, loss=lambda Z, y: ours(Z, y)[0] * len(y))


@wrong("softmax_ce")
def a_little_inside_the_log(names):
    return ce_of(names, loss=lambda Z, y: -np.mean(np.log(names["softmax"](Z)[np.arange(len(y)), y] + 1e-7)))


@wrong("sturdy_softmax")
def very_little_inside_the_log(names):
    return sturdy_loss(names, lambda p: -np.mean(np.log(p + 1e-300)))


@wrong("sturdy_softmax")
def probabilities_clipped_for_the_log(names):
    return sturdy_loss(names, lambda p: -np.mean(np.log(np.clip(p, 1e-12, 1))))


@wrong("softmax_ce")
def dZ_not_divided(names):
    ours = names["ce"]
    return ce_of(names, dZ=lambda Z, y: ours(Z, y)[1] * len(y))


@wrong("softmax_ce")
def dZ_the_other_way(names):
    ours = names["ce"]
    return ce_of(names, dZ=lambda Z, y: -ours(Z, y)[1])


@wrong("softmax_ce")
def classes_counted_in_y(names):
    def dZ(Z, y):
        one_hot = np.zeros(Z.shape)
        one_hot[:, : max(y) + 1] = np.eye(max(y) + 1)[y]
        one_hot[:, max(y) + 1 :] = 1
        return (names["softmax"](Z) - one_hot) / len(y)

    return ce_of(names, dZ=dZ)


@wrong("softmax_ce")
def classes_as_they_come(names):
    def dZ(Z, y):
        kinds = sorted(set(np.asarray(y).tolist()))
        result = names["softmax"](Z)
        for i, right_class in enumerate(np.asarray(y).tolist()):
            result[i, kinds.index(right_class)] -= 1
        return result / len(y)

    return ce_of(names, dZ=dZ)


@wrong("softmax_ce")
def dZ_of_the_right_classes_only(names):
    def dZ(Z, y):
        result = np.zeros(Z.shape)
        result[np.arange(len(y)), y] = names["softmax"](Z)[np.arange(len(y)), y] - 1
        return result / len(y)

    return ce_of(names, dZ=dZ)


@wrong("softmax_ce")
def dZ_in_an_array_like_Z(names):
    ours = names["ce"]

    def dZ(Z, y):
        result = np.zeros_like(Z)
        result[:] = ours(Z, y)[1]
        return result

    return ce_of(names, dZ=dZ)


@wrong("softmax_ce")
def Z_is_shifted_in_place(names):
    ours = names["ce"]

    def ce(Z, y):
        Z -= Z.max(axis=1, keepdims=True)
        return ours(Z, y)

    return {"ce": ce}


@wrong("softmax_ce")
def the_mean_over_all_entries(names):
    ours = names["ce"]
    return ce_of(names, dZ=lambda Z, y: ours(Z, y)[1] / Z.shape[1])


def complex_softmax(z):
    powers = [cmath.exp(entry - max(number.real for number in z)) for entry in z]
    return [power / sum(powers) for power in powers]


@wrong("softmax_ce", at_most=0.45)
def slopes_by_complex_steps(names):
    """The loss is right (and earns its points), the derivatives are measured."""
    names.update(same_logit=..., other_logit=..., slope_right=..., slope_other=...)
    ours = names["ce"]

    def moved(z, j):
        return [complex(number, 1e-20 * (k == j)) for k, number in enumerate(z)]

    def softmax_jacobian(z):
        columns = [[p.imag / 1e-20 for p in complex_softmax(moved(z, j))] for j in range(len(z))]
        return np.array(columns).T

    def ce(Z, y):
        dZ = np.zeros(Z.shape)
        for i, j in np.ndindex(Z.shape):
            z = moved(Z[i], j)
            top = max(number.real for number in z)
            loss = cmath.log(sum(cmath.exp(number - top) for number in z)) + top - z[y[i]]
            dZ[i, j] = loss.imag / 1e-20 / len(y)
        return ours(Z, y)[0], dZ

    return {"softmax_jacobian": softmax_jacobian, "ce": ce, "softmax": lambda Z: 0 * Z}


@wrong("softmax_ce", at_most=0.05)
def all_ones(names):
    names.update(same_logit="1", other_logit="1", slope_right="1", slope_other="1")
    return {
        "softmax": lambda Z: np.ones(Z.shape),
        "softmax_jacobian": lambda z: np.ones((len(z), len(z))),
        "ce": lambda Z, y: (1.0, np.ones(Z.shape)),
    }


@wrong("softmax_ce", at_most=0.05)
def all_ones_and_what_follows(names):
    names.update(same_logit="0", other_logit="0", slope_right="0", slope_other="0")
    return {
        "softmax": lambda Z: np.ones(Z.shape),
        "softmax_jacobian": lambda z: np.eye(len(z)) - 1,
        "ce": lambda Z, y: (0.0, (1 - np.eye(Z.shape[1])[y]) / len(Z)),
    }


@wrong("softmax_ce", at_most=0.05)
def all_the_same_and_what_follows(names):
    names.update(same_logit="0", other_logit="0", slope_right="0", slope_other="0")
    return {
        "softmax": lambda Z: np.full(Z.shape, 1 / Z.shape[1]),
        "softmax_jacobian": lambda z: np.eye(len(z)) / len(z) - 1 / len(z) ** 2,
        "ce": lambda Z, y: (math.log(Z.shape[1]), (1 / Z.shape[1] - np.eye(Z.shape[1])[y]) / len(Z)),
    }


@wrong("softmax_ce", at_most=0.05)
def logits_come_back(names):
    names.update(same_logit="p", other_logit="q", slope_right="q", slope_other="q")
    return {
        "softmax": lambda Z: Z,
        "softmax_jacobian": lambda z: np.outer(z, z),
        "ce": lambda Z, y: (float(Z.sum()), Z),
    }


@wrong("softmax_jacobian", at_most=0.05)
def a_jacobian_by_complex_steps(names):
    return slopes_by_complex_steps.change(names)


@wrong("softmax", at_most=0.05)
def probabilities_of_one(names):
    return all_ones.change(names)


@wrong("softmax", at_most=0.05)
def probabilities_of_one_and_what_follows(names):
    return all_ones_and_what_follows.change(names)


@wrong("softmax", at_most=0.05)
def all_classes_alike(names):
    return all_the_same_and_what_follows.change(names)


@wrong("softmax", at_most=0.05)
def logits_for_probabilities(names):
    return logits_come_back.change(names)


@wrong("softmax_ce")
def slope_with_the_sign_of_the_error(names):
    return {"slope_right": "1 - p"}


@wrong("softmax")
def other_logits_alike(names):
    return {"other_logit": "p*q"}


@right("softmax_ce")
def row_by_row_with_plain_python(names):
    def row(z):
        top = max(z)
        powers = [math.exp(number - top) for number in z]
        return [power / sum(powers) for power in powers]

    def ce(Z, y):
        loss, dZ = 0.0, []
        for z, right_class in zip(Z.tolist(), y.tolist(), strict=True):
            top = max(z)
            loss += math.log(sum(math.exp(number - top) for number in z)) + top - z[right_class]
            dZ.append([(p - (j == right_class)) / len(y) for j, p in enumerate(row(z))])
        return loss / len(y), np.array(dZ)

    return {"softmax": lambda Z: np.array([row(z) for z in Z.tolist()]), "ce": ce}


@right("softmax_ce")
def by_logaddexp(names):
    def logs(Z):
        return Z - np.logaddexp.reduce(Z, axis=1)[:, None]

    def ce(Z, y):
        n, k = Z.shape
        one_hot = np.eye(k)[y]
        return -(one_hot * np.where(one_hot > 0, logs(Z), 0)).sum() / n, (np.exp(logs(Z)) - one_hot) / n

    return {"softmax": lambda Z: np.exp(logs(Z)), "ce": ce}


@right("softmax")
def rows_of_plain_python(names):
    return {"softmax": row_by_row_with_plain_python.change(names)["softmax"]}


@right("softmax")
def rows_by_logaddexp(names):
    return {"softmax": by_logaddexp.change(names)["softmax"]}


@right("softmax")
def typed_with_a_square(names):
    return {"same_logit": "p - p^2", "other_logit": "-q p"}


@right("softmax_jacobian")
def jacobian_by_loops(names):
    def softmax_jacobian(z):
        p, k = names["softmax"](np.array([z]))[0], len(z)
        J = np.empty((k, k))
        for i in range(k):
            for j in range(k):
                J[i][j] = p[i] * (1 - p[i]) if i == j else -p[i] * p[j]
        return J

    return {"softmax_jacobian": softmax_jacobian}


@right("softmax_ce")
def typed_another_way(names):
    return {"slope_right": "-(1 - p)", "slope_other": "1*p"}


# ------------------------------------------------------------------------------------------------ 11 made to last


@wrong("sturdy_topological")
def recursion_as_before(names):
    return {"sturdy_topological": names["topological"]}


@wrong("sturdy_backward")
def moves_as_before(names):
    return {"sturdy_backward": names["send_back"]}


@wrong("sturdy_softmax")
def formulas_as_before(names):
    return {"sturdy_softmax": names["softmax"], "sturdy_ce": names["ce"]}


@wrong("softmax_jacobian", at_most=0.05)
def a_table_of_ones(names):
    return {"softmax_jacobian": all_ones.change(names)["softmax_jacobian"]}


@right("sturdy_topological")
def users_counted_down(names):
    return {"sturdy_topological": users_are_counted.change(names)["topological"]}


@right("sturdy_backward")
def grads_in_a_dict_first(names):
    def sturdy_backward(output):
        heard, order = {output: 1.0}, names["sturdy_topological"](output)
        for node in order[::-1]:
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                heard[before] = heard.get(before, 0.0) + heard[node] * slope
        for node in order:
            node.grad = heard[node] if node.inputs else node.grad + heard[node]

    return {"sturdy_backward": sturdy_backward}


@right("sturdy_softmax")
def rows_of_large_logits_by_logaddexp(names):
    found = by_logaddexp.change(names)
    return {"sturdy_softmax": found["softmax"], "sturdy_ce": found["ce"]}
