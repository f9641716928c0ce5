"""The known mistakes of `u3_chain_rule` in other words: as other students would write them."""

import math
from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices, load_module, rewritten

REFERENCE = Path(__file__).with_name("reference.py")
GIVEN = load_module(REFERENCE)  # what the notebook has: the names that a pasted function finds there
Dual, softmax, sturdy_softmax = GIVEN["Dual"], GIVEN["softmax"], GIVEN["sturdy_softmax"]


# ---------------------------------------------------------------------------------------------- grad_forward


@rewritten("all_inputs_move")
def everyone_at_once():
    def grad_forward(f, x):
        slopes = []
        for _ in x:
            result = f([Dual(number, 1.0) for number in x])
            slopes.append(getattr(result, "inf", 0.0))
        return slopes

    return {"grad_forward": grad_forward}


@rewritten("earlier_inputs_go_on_moving")
def never_set_back():
    def grad_forward(f, x):
        inputs = [Dual(number, 0) for number in x]
        gradient = []
        for given in inputs:
            given.inf = 1
            result = f(inputs)
            gradient.append(float(result.inf) if hasattr(result, "inf") else 0.0)
        return np.array(gradient)

    return {"grad_forward": grad_forward}


@rewritten("others_held_at_zero")
def only_the_moving_one_is_filled_in():
    def grad_forward(f, x):
        gradient = np.empty(len(x))
        for k in range(len(x)):
            inputs = [Dual(0, 0)] * len(x)
            inputs[k] = Dual(x[k], 1)
            result = f(inputs)
            gradient[k] = result.inf if hasattr(result, "inf") else 0.0
        return gradient

    return {"grad_forward": grad_forward}


@rewritten("slopes_cut_to_whole_numbers")
def result_like_x():
    def grad_forward(f, x):
        gradient = np.array(x).copy()
        for k, row in enumerate(np.eye(len(x))):
            gradient[k] = getattr(f([Dual(a, b) for a, b in zip(x, row, strict=True)]), "inf", 0)
        return gradient

    return {"grad_forward": grad_forward}


@rewritten("constant_has_no_inf")
def always_read_inf():
    def grad_forward(f, x):
        gradient = []
        for k in range(len(x)):
            inputs = [Dual(number) for number in x]
            inputs[k] = Dual(x[k], 1)
            gradient.append(f(inputs).inf)
        return np.array(gradient, dtype=float)

    return {"grad_forward": grad_forward}


@rewritten("value_instead_of_slopes")
def the_wrong_part():
    def grad_forward(f, x):
        return np.array([f([Dual(a, i == k) for i, a in enumerate(x)]).real for k in range(len(x))])

    return {"grad_forward": grad_forward}


@rewritten("whole_duals")
def read_nothing_off():
    def grad_forward(f, x):
        gradient = []
        for k in range(len(x)):
            inputs = [Dual(number, 0) for number in x]
            inputs[k] = Dual(x[k], 1)
            gradient.append(f(inputs))
        return gradient

    return {"grad_forward": grad_forward}


@rewritten("called_twice_for_each_input")
def ask_again():
    def grad_forward(f, x):
        gradient = np.zeros(len(x))
        for k in range(len(x)):
            inputs = [Dual(number, 0) for number in x]
            inputs[k].inf = 1
            if hasattr(f(inputs), "inf"):
                gradient[k] = f(inputs).inf
        return gradient

    return {"grad_forward": grad_forward}


def own_surface():
    mine = variant("grad_forward", choices(str(REFERENCE))["SURFACES"])
    return mine["a"], mine["b"]


@rewritten("part_with_x_dropped")
def x_is_a_number_so_it_goes():
    return {"slope_in_y": f"y*{own_surface()[1]} + y*{own_surface()[1]}"}


@rewritten("part_without_x_kept")
def y_squared_stays():
    a, b = own_surface()
    return {"slope_in_x": f"{b}y^2 + {a}x*2*y"}


# ----------------------------------------------------------------------------------------------- local_grads


def but_for(op):
    """Everything right, but for one operation: the decorated function gives its slopes."""

    def replace(slopes):
        def local_grads(which, inputs, output):
            right = GIVEN["local_grads"]
            return slopes(*inputs) if which == op else right(which, inputs, output)

        return {"local_grads": local_grads}

    return replace


@rewritten("minus_like_plus")
def minus_counts_up():
    return but_for("-")(lambda a, b: [1, 1])


@rewritten("own_factor")
def its_own_side():
    return but_for("*")(lambda a, b: (a * 1.0, b * 1.0))


@rewritten("divisor_without_minus")
def two_plusses():
    return but_for("/")(lambda a, b: (b**-1, a * b**-2))


@rewritten("divisor_without_numerator")
def reciprocal_alone():
    return but_for("/")(lambda a, b: (1.0 / b, -(b**-2.0)))


@rewritten("divisor_not_squared")
def divided_once():
    return but_for("/")(lambda a, b: np.array([1.0, -a]) / b)


@rewritten("power_without_n")
def exponent_down_by_one():
    return but_for("pow")(lambda a, n: (a**n / a,))


@rewritten("exp_like_a_power")
def power_rule_for_all():
    return but_for("exp")(lambda a: (a * math.e ** (a - 1),))


@rewritten("log_by_its_output")
def one_over_log():
    return but_for("log")(lambda a: [1 / math.log(a)])


@rewritten("relu_gives_its_output")
def ramp():
    return but_for("relu")(lambda a: (max(0.0, a),))


@rewritten("tanh_from_its_input")
def which_number_do_I_hold():
    def local_grads(op, inputs, output):
        if op in ("+", "-"):
            return 1, (1 if op == "+" else -1)
        if op in ("*", "/"):
            a, b = inputs
            return (b, a) if op == "*" else (1 / b, -a / b**2)
        a = inputs[0]
        if op == "pow":
            return (inputs[1] * a ** (inputs[1] - 1),)
        if op == "relu":
            return (1 if a > 0 else 0,)
        if op == "exp":
            return (output,)
        return (1 / a if op == "log" else 1 - a * a,)

    return {"local_grads": local_grads}


@rewritten("relu_gate_on_a_negative_output")
def clipped_and_then_asked():
    def local_grads(op, inputs, output):
        a, b = inputs if len(inputs) == 2 else (inputs[0], None)
        if op == "+":
            return 1, 1
        if op == "-":
            return 1, -1
        if op == "*":
            return b, a
        if op == "/":
            return 1 / b, -output / b
        if op == "pow":
            return (b * a ** (b - 1),)
        if op == "exp":
            return (output,)
        if op == "log":
            return (1 / a,)
        if op == "tanh":
            return (1 - output * output,)
        return (1.0 * (output >= 0),)

    return {"local_grads": local_grads}


@rewritten("plus_and_times_exchanged")
def rows_of_a_table_exchanged():
    def local_grads(op, inputs, output):
        a, b = (*inputs, 1)[:2]
        if op == "+":
            return b, a
        if op == "-":
            return 1, -1
        if op == "*":
            return 1, 1
        if op == "/":
            return 1 / b, -a / (b * b)
        if op == "pow":
            return (b * a ** (b - 1),)
        if op == "relu":
            return (1 if a > 0 else 0,)
        return (output if op == "exp" else 1 / a if op == "log" else 1 - output**2,)

    return {"local_grads": local_grads}


@rewritten("sign_of_the_operand")
def sum_with_signs():
    return but_for("+")(lambda a, b: np.sign([a, b]))


@rewritten("single_slopes_without_a_tuple")
def round_brackets_are_no_tuple():
    def local_grads(op, inputs, output):
        if op == "+":
            return (1, 1)
        if op == "-":
            return (1, -1)
        if op == "*":
            return (inputs[1], inputs[0])
        if op == "/":
            return (1 / inputs[1], -inputs[0] / inputs[1] ** 2)
        if op == "pow":
            return inputs[1] * inputs[0] ** (inputs[1] - 1)
        if op == "exp":
            return math.exp(inputs[0])
        if op == "log":
            return 1 / inputs[0]
        if op == "tanh":
            return 1 - output**2
        return float(inputs[0] > 0)

    return {"local_grads": local_grads}


# ----------------------------------------------------------------------------------------- topological_order


@rewritten("calls_itself")
def one_call_for_each_node():
    def topological(node):
        result, known = [], []

        def add(one):
            if any(one is other for other in known):
                return
            known.append(one)
            for before in one.inputs:
                add(before)
            result.append(one)

        add(node)
        return result

    return {"sturdy_topological": topological}


@rewritten("column_by_column")
def by_distance_from_the_end():
    def topological(node):
        distance = {node: 0}
        waiting = [node]
        while waiting:
            one = waiting.pop(0)
            for before in one.inputs:
                if before not in distance:
                    distance[before] = distance[one] + 1
                    waiting.append(before)
        return list(reversed(distance))

    return {"topological": topological}


@rewritten("listed_once_for_every_way")
def no_memory():
    def topological(node):
        result, waiting = [], [[node, 0]]
        while waiting:
            one, turn = waiting[-1]
            if turn == len(one.inputs):
                result.append(one)
                waiting.pop()
            else:
                waiting[-1][1] += 1
                waiting.append([one.inputs[turn], 0])
        return result

    return {"topological": topological}


@rewritten("seen_by_name")
def a_dict_of_names():
    def topological(node):
        result = {}

        def add(one):
            if one.name not in result:
                result[one.name] = None
                for before in one.inputs:
                    add(before)
                del result[one.name]
                result[one.name] = one

        add(node)
        return list(result.values())

    return {"topological": topological}


@rewritten("outputs_first")
def from_the_end():
    def topological(node):
        users, todo = {id(node): 0}, [node]
        while todo:
            for before in todo.pop().inputs:
                if id(before) not in users:
                    todo.append(before)
                users[id(before)] = users.get(id(before), 0) + 1
        ready, result = [node], []
        while ready:
            one = ready.pop()
            result.append(one)
            for before in one.inputs:
                users[id(before)] -= 1
                if users[id(before)] == 0:
                    ready.append(before)
        return result

    return {"topological": topological}


@rewritten("without_the_node_itself")
def inputs_only():
    def topological(node):
        result, seen = [], set()

        def add(one):
            for before in one.inputs:
                if before not in seen:
                    seen.add(before)
                    add(before)
                    result.append(before)

        add(node)
        return result

    return {"topological": topological}


@rewritten("without_the_leaves")
def computed_nodes_only():
    def topological(node):
        result, seen = [], set()

        def add(one):
            if one in seen or not one.inputs:
                return
            seen.add(one)
            for before in one.inputs:
                add(before)
            result.append(one)

        add(node)
        return result or [node]

    return {"topological": topological}


@rewritten("node_before_its_inputs")
def put_in_at_once():
    def topological(node):
        result, waiting = [], [node]
        marked = set()
        while len(waiting) > 0:
            one = waiting[-1]
            del waiting[-1]
            if one in marked:
                continue
            marked.add(one)
            result += [one]
            waiting += list(one.inputs)
        return result

    return {"topological": topological}


@rewritten("every_way_walked")
def looks_only_when_listing():
    def topological(node):
        result, waiting = {}, [[node, 0]]
        while waiting:
            one, turn = waiting[-1]
            if turn < len(one.inputs):
                waiting[-1][1] = turn + 1
                waiting.append([one.inputs[turn], 0])
            else:
                result.setdefault(id(one), one)
                waiting.pop()
        return list(result.values())

    return {"sturdy_topological": topological}


@rewritten("marks_stay_on_the_nodes")
def a_flag_on_each_node():
    def topological(node):
        result, waiting = [], [node]
        while waiting:
            one = waiting[-1]
            first = next((before for before in one.inputs if not getattr(before, "listed", False)), None)
            if first is not None:
                waiting.append(first)
                continue
            waiting.pop()
            if not getattr(one, "listed", False):
                one.listed = True
                result.append(one)
        return result

    return {"topological": topological}


# ---------------------------------------------------------------------------------------------- value_engine


def engine_with(backward):
    """The reference's names with another `send_back`."""
    names = load_module(REFERENCE)
    names["send_back"] = backward
    names["Value"].backward.__globals__["send_back"] = backward
    return names


def cleared(output):
    """The nodes in order; what was computed starts from 0."""
    order = GIVEN["topological"](output)
    for value in order:
        value.grad = value.grad if not value.inputs else 0.0
    return order


@rewritten("gradient_overwritten")
def the_last_word():
    def backward(self):
        order = cleared(self)
        self.grad = 1.0
        while order:
            one = order.pop()
            for k in range(len(one.inputs)):
                one.inputs[k].grad = one.slopes[k] * one.grad

    return engine_with(backward)


@rewritten("local_slope_only")
def nothing_from_above():
    def backward(self):
        order = cleared(self)
        self.grad = 1.0
        for value in order[::-1]:
            for before, slope in zip(value.inputs, value.slopes, strict=True):
                before.grad = before.grad + slope

    return engine_with(backward)


@rewritten("sends_again_at_every_visit")
def recursion_without_order():
    def backward(self):
        cleared(self)
        self.grad = 1.0

        def send(one):
            for before, slope in zip(one.inputs, one.slopes, strict=True):
                before.grad += one.grad * slope
            for before in one.inputs:
                send(before)

        send(self)

    return engine_with(backward)


@rewritten("every_path_by_itself")
def recursion_with_the_product():
    def backward(self):
        cleared(self)
        self.grad = 0.0

        def send(one, rate):
            one.grad += rate
            for before, slope in zip(one.inputs, one.slopes, strict=True):
                send(before, rate * slope)

        send(self, 1.0)

    return {"sturdy_backward": backward}


@rewritten("only_one_level_deep")
def own_inputs_only():
    def backward(self):
        cleared(self)
        self.grad = 1.0
        for k, before in enumerate(self.inputs):
            before.grad += self.slopes[k]

    return engine_with(backward)


@rewritten("level_by_level")
def a_queue():
    def backward(self):
        cleared(self)
        self.grad = 1.0
        queue, seen = [self], {self}
        while queue:
            one = queue.pop(0)
            for before, slope in zip(one.inputs, one.slopes, strict=True):
                before.grad += slope * one.grad
                if before not in seen:
                    seen.add(before)
                    queue.append(before)

    return engine_with(backward)


@rewritten("output_not_set_to_one")
def nobody_begins():
    def backward(self):
        for value in reversed(cleared(self)):
            for before, slope in zip(value.inputs, value.slopes, strict=True):
                before.grad += slope * value.grad

    return engine_with(backward)


@rewritten("old_gradients_inside")
def nothing_reset():
    def backward(self):
        self.grad = 1.0
        order = GIVEN["topological"](self)
        for k in range(len(order) - 1, -1, -1):
            for before, slope in zip(order[k].inputs, order[k].slopes, strict=True):
                before.grad += slope * order[k].grad

    return {"sturdy_backward": backward}


@rewritten("leaves_start_from_zero")
def everything_reset():
    def backward(self):
        order = GIVEN["topological"](self)
        heard = dict.fromkeys(order, 0.0)
        heard[self] = 1.0
        for value in reversed(order):
            for before, slope in zip(value.inputs, value.slopes, strict=True):
                heard[before] += slope * heard[value]
            value.grad = heard[value]

    return {"sturdy_backward": backward}


@rewritten("slopes_added_along_the_path")
def plus_for_times():
    def backward(self):
        order = cleared(self)
        self.grad = 1.0
        for value in reversed(order):
            for before, slope in zip(value.inputs, value.slopes, strict=True):
                before.grad += slope
                before.grad += value.grad

    return engine_with(backward)


@rewritten("reversed_minus")
def the_same_as_minus():
    names = load_module(REFERENCE)
    names["Value"].__rsub__ = names["Value"].__sub__
    return names


@rewritten("reversed_division")
def the_same_as_division():
    names = load_module(REFERENCE)
    names["Value"].__rtruediv__ = names["Value"].__truediv__
    return names


@rewritten("minus_cuts_the_graph")
def a_new_number():
    names = load_module(REFERENCE)
    names["Value"].__neg__ = lambda self: names["as_value"](0 - self.data)
    return names


@rewritten("logarithm_to_base_ten")
def the_other_log():
    names = load_module(REFERENCE)
    names["Value"].log = lambda self: names["computed"]("log", float(np.log10(self.data)), self)
    return names


@rewritten("plain_numbers_not_taken")
def only_values():
    names = load_module(REFERENCE)
    Value, computed = names["Value"], names["computed"]

    def add(self, other):
        total = self.data + other.data
        return computed("+", total, self, other)

    def mul(self, other):
        product = other.data * self.data
        return computed("*", product, self, other)

    Value.__add__ = Value.__radd__ = add
    Value.__mul__ = Value.__rmul__ = mul
    return names


# --------------------------------------------------------------------------------------------------- by_hand


def own_sheet(**changed):
    """Right answers, written differently, to a student's own sheet; with some exchanged."""
    sheet = variant("by_hand", choices(str(REFERENCE))["SHEETS"])
    v, w, a, b = sheet["twice"], sheet["once"], sheet["a"], sheet["b"]
    own = {"v": v, "w": w, "a": a, "b": b, "S": f"({a}*{v} + {w})"}
    texts = {
        "t": "s + {b}*{w}",
        "u": "{v}*s",
        "s": "t + {v}*u",
        "v": "u*s + t*{a} + u*{v}*{a}",
        "w": "t*(1 + {b}) + {v}*u",
    }
    texts |= changed
    return {"answers": {own.get(name, name): text.format(**own) for name, text in texts.items()}}


@rewritten("own_value_for_t_and_u")
def forward_values_of_t_and_u():
    return own_sheet(t="s*{v}", u="{S} + {b}*{w}")


@rewritten("s_without_the_path_through_u")
def s_to_p_only():
    return own_sheet(s="{v}*(s + {b}*{w})")


@rewritten("s_without_the_path_through_t")
def s_to_q_only():
    return own_sheet(s="{S}*{v}")


@rewritten("s_from_local_slopes_alone")
def local_slopes_of_s():
    return own_sheet(s="1 + {v}")


@rewritten("paths_multiplied")
def a_product_of_paths():
    return own_sheet(s="(u*{v})*(t*1)")


@rewritten("input_without_the_product")
def input_to_s_only():
    return own_sheet(v="{a}t + {a}u*{v}")


@rewritten("input_without_the_sum")
def input_to_p_only():
    return own_sheet(v="{S}*u")


@rewritten("other_input_without_u")
def other_input_to_s_only():
    return own_sheet(w="t + u*{v}")


@rewritten("number_in_u_forgotten")
def one_instead_of_the_number():
    return own_sheet(w="2t + u*{v}")


# ---------------------------------------------------------------------------------------------- neuron_layer


@rewritten("neuron_without_bias")
def starts_at_zero():
    def neuron(x, w, b):
        total = 0.0
        for k in range(len(w)):
            total += w[k] * x[k]
        return total

    return {"neuron": neuron}


@rewritten("bias_in_every_round")
def bias_inside_the_loop():
    def neuron(x, w, b):
        total = 0.0
        for k in range(len(w)):
            total = total + w[k] * x[k] + b
        return total

    return {"neuron": neuron}


@rewritten("last_input_left_out")
def one_round_too_few():
    def neuron(x, w, b):
        total, k = b, 0
        while k + 1 < len(x):
            total += x[k] * w[k]
            k += 1
        return total

    return {"neuron": neuron}


@rewritten("weights_transposed")
def weights_turned():
    def layer(X, W, b):
        return np.dot(X, np.transpose(W)) + b

    return {"layer": layer}


@rewritten("weights_first")
def W_on_the_left():
    def layer(X, W, b):
        return np.matmul(np.array(W), np.array(X)) + np.array(b)

    return {"layer": layer}


@rewritten("axis_dropped")
def flat_when_it_can_be():
    def layer(X, W, b):
        Y = np.array(X) @ np.array(W) + np.array(b)
        return Y if 1 not in Y.shape else np.squeeze(Y)

    return {"layer": layer}


@rewritten("layer_without_bias")
def products_alone():
    def layer(X, W, b):
        return np.array(
            [[sum(x * w for x, w in zip(row, column, strict=True)) for column in np.transpose(W)] for row in X]
        )

    return {"layer": layer}


# ------------------------------------------------------------------------------------------- linear_backward


@rewritten("weights_averaged")
def mean_once_more():
    def vjp_linear(X, W, b, dY):
        n = X.shape[0]
        dX = np.dot(dY, W.T)
        dW = np.dot(X.T, dY) / n
        return dX, dW, np.sum(dY, 0)

    return {"vjp_linear": vjp_linear}


@rewritten("weights_and_biases_averaged")
def both_means():
    def vjp_linear(X, W, b, dY):
        share = dY / len(dY)
        return dY @ W.T, X.T @ share, share.sum(axis=0)

    return {"vjp_linear": vjp_linear}


@rewritten("biases_averaged")
def mean_for_sum():
    def vjp_linear(X, W, b, dY):
        db = np.array([sum(column) / len(column) for column in dY.T])
        return dY @ W.T, X.T @ dY, db

    return {"vjp_linear": vjp_linear}


@rewritten("biases_not_added_up")
def message_passed_on():
    def vjp_linear(X, W, b, dY):
        return np.einsum("nj,kj->nk", dY, W), np.einsum("nk,nj->kj", X, dY), dY.copy()

    return {"vjp_linear": vjp_linear}


@rewritten("biases_along_the_rows")
def rows_added_up():
    def vjp_linear(X, W, b, dY):
        return dY @ W.T, X.T @ dY, np.array([sum(row) for row in dY])

    return {"vjp_linear": vjp_linear}


@rewritten("inputs_without_transposing")
def without_T():
    def vjp_linear(X, W, b, dY):
        dW, db = np.dot(X.T, dY), dY.sum(axis=0)
        dX = np.dot(dY, W)
        return dX, dW, db

    return {"vjp_linear": vjp_linear}


@rewritten("weights_before_the_message")
def the_other_way_round():
    def vjp_linear(X, W, b, dY):
        return np.matmul(W, dY), np.matmul(X.T, dY), np.add.reduce(dY)

    return {"vjp_linear": vjp_linear}


@rewritten("weights_turned_over")
def outer_products_the_other_way():
    def vjp_linear(X, W, b, dY):
        dW = sum(np.outer(dy, x) for x, dy in zip(X, dY, strict=True))
        return dY @ W.T, dW, dY.sum(axis=0)

    return {"vjp_linear": vjp_linear}


@rewritten("message_ignored")
def as_if_ones_arrived():
    def vjp_linear(X, W, b, dY):
        n = len(X)
        dX = np.tile(W.sum(axis=1), (n, 1))
        dW = np.repeat(X.sum(axis=0)[:, None], W.shape[1], axis=1)
        return dX, dW, n * np.ones(W.shape[1])

    return {"vjp_linear": vjp_linear}


@rewritten("weights_returned_first")
def weights_then_inputs():
    def vjp_linear(X, W, b, dY):
        dX, dW, db = np.dot(dY, np.transpose(W)), np.dot(np.transpose(X), dY), np.ones(len(dY)) @ dY
        return dW, dX, db

    return {"vjp_linear": vjp_linear}


@rewritten("weight_hears_one_example")
def first_example_only():
    return {"dL_dW01": "d01 x00"}


@rewritten("input_hears_without_weights")
def message_of_the_row():
    return {"dL_dX01": "d01 + d00"}


# ------------------------------------------------------------------------------------------------ softmax_ce


@rewritten("softmax_overflows")
def just_as_the_formula_says():
    def softmax(Z):
        with np.errstate(all="ignore"):
            rows = [np.exp(z) / np.sum(np.exp(z)) for z in Z]
        return np.array(rows)

    return {"sturdy_softmax": softmax}


@rewritten("softmax_down_the_columns")
def columns_add_up():
    def softmax(Z):
        E = np.exp(Z - np.max(Z, axis=0))
        return E / np.sum(E, axis=0)

    return {"softmax": softmax}


@rewritten("softmax_of_the_whole_table")
def all_add_up():
    def softmax(Z):
        E = np.exp(Z - np.amax(Z))
        return np.divide(E, np.sum(E))

    return {"softmax": softmax}


@rewritten("logits_changed")
def subtract_in_the_given_table():
    def softmax(Z):
        for row in Z:
            row -= row.max()
        return np.exp(Z) / np.sum(np.exp(Z), axis=1)[:, None]

    return {"softmax": softmax}


@rewritten("jacobian_on_the_diagonal_only")
def own_slopes_on_a_diagonal():
    def softmax_jacobian(z):
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        J = np.zeros((len(z), len(z)))
        for k in range(len(z)):
            J[k, k] = p[k] - p[k] ** 2
        return J

    return {"softmax_jacobian": softmax_jacobian}


@rewritten("jacobian_as_a_row")
def own_slopes_in_a_row():
    def softmax_jacobian(z):
        p = np.exp(z) / sum(np.exp(z))
        return np.array([number * (1 - number) for number in p])

    return {"softmax_jacobian": softmax_jacobian}


@rewritten("jacobian_with_plus")
def sign_lost_beside_the_diagonal():
    def softmax_jacobian(z):
        p = np.exp(z - max(z))
        p = p / p.sum()
        return np.array([[p[i] * (1 - p[i]) if i == j else p[i] * p[j] for j in range(len(p))] for i in range(len(p))])

    return {"softmax_jacobian": softmax_jacobian}


@rewritten("sum_over_the_rows")
def added_up_and_left():
    def ce(Z, y):
        top = Z.max(axis=1)
        losses = np.log(np.exp(Z - top[:, None]).sum(axis=1)) + top - Z[range(len(y)), y]
        dZ = np.exp(Z - top[:, None])
        dZ = dZ / dZ.sum(axis=1, keepdims=True)
        for row, right in enumerate(y):
            dZ[row, right] -= 1
        return losses.sum(), dZ

    return {"ce": ce}


@rewritten("gradient_not_divided_by_n")
def mean_forgotten_on_the_way_back():
    def ce(Z, y):
        top = Z.max(axis=1)
        losses = np.log(np.exp(Z - top[:, None]).sum(axis=1)) + top - Z[range(len(y)), y]
        dZ = np.exp(Z - top[:, None])
        dZ = dZ / dZ.sum(axis=1, keepdims=True)
        for row, right in enumerate(y):
            dZ[row, right] -= 1
        return losses.mean(), dZ

    return {"ce": ce}


@rewritten("gradient_downhill")
def truth_minus_belief():
    def ce(Z, y):
        shifted = Z - Z.max(axis=1, keepdims=True)
        E = np.exp(shifted)
        truth = np.zeros(Z.shape)
        truth[np.arange(len(Z)), y] = 1
        loss = (np.log(E.sum(axis=1)) - (shifted * truth).sum(axis=1)).mean()
        return loss, (truth - E / E.sum(axis=1, keepdims=True)) / len(Z)

    return {"ce": ce}


@rewritten("gradient_without_the_right_class")
def belief_alone():
    def ce(Z, y):
        shifted = Z - Z.max(axis=1, keepdims=True)
        E = np.exp(shifted)
        loss = np.mean([np.log(sum(e)) - z[k] for e, z, k in zip(E, shifted, y, strict=True)])
        return loss, E / E.sum(axis=1, keepdims=True) / len(Z)

    return {"ce": ce}


@rewritten("tiny_number_in_the_logarithm")
def a_tiny_number_for_safety():
    def ce(Z, y):
        P = sturdy_softmax(Z)
        chosen = P[np.arange(len(y)), y]
        dZ = P.copy()
        dZ[np.arange(len(y)), y] -= 1
        return -np.log(chosen + 1e-12).sum() / len(y), dZ / len(y)

    return {"sturdy_ce": ce}


@rewritten("logarithm_of_zero")
def log_of_what_is_rounded():
    def ce(Z, y):
        P = sturdy_softmax(Z)
        with np.errstate(all="ignore"):
            loss = np.mean([-np.log(p[k]) for p, k in zip(P, y, strict=True)])
        return loss, (P - np.eye(Z.shape[1])[y]) / len(y)

    return {"sturdy_ce": ce}


@rewritten("loss_to_base_two")
def bits():
    def ce(Z, y):
        shifted = Z - Z.max(axis=1, keepdims=True)
        P = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        losses = [np.log2(np.exp(z).sum()) - z[k] / np.log(2) for z, k in zip(shifted, y, strict=True)]
        return np.mean(losses), (P - np.eye(Z.shape[1])[y]) / len(y)

    return {"ce": ce}


@rewritten("classes_counted_in_y")
def as_many_as_come_up():
    def ce(Z, y):
        shifted = Z - Z.max(axis=1, keepdims=True)
        E = np.exp(shifted)
        truth = np.zeros((len(y), max(y) + 1))
        truth[np.arange(len(y)), y] = 1
        loss = np.mean(np.log(E.sum(axis=1)) - shifted[np.arange(len(y)), y])
        return loss, (E / E.sum(axis=1, keepdims=True) - truth) / len(y)

    return {"ce": ce}


@rewritten("other_logit_with_plus")
def both_grow():
    return {"other_logit": "q*p"}


@rewritten("right_logit_with_the_wrong_sign")
def what_is_lacking():
    return {"slope_right": "-p + 1"}


@rewritten("slope_in_the_probability")
def slope_of_minus_log():
    return {"slope_right": "-p^(-1)"}


@rewritten("own_logit_without_the_divisor")
def like_exp_alone():
    return {"same_logit": "1p"}


@rewritten("likeliest_for_the_right_class")
def one_off_the_winner():
    def ce(Z, y):
        P = softmax(Z)
        n = P.shape[0]
        loss = -sum(math.log(P[i, y[i]]) for i in range(n)) / n
        for i in range(n):
            P[i, np.argmax(Z[i])] -= 1
        return loss, P / n

    return {"ce": ce}


@rewritten("wrong_classes_in_the_loss")
def yes_and_no_for_every_class():
    def ce(Z, y):
        n, k = Z.shape
        P, T = softmax(Z), np.zeros((n, k))
        T[np.arange(n), y] = 1.0
        yes, no = T * np.log(P), (1 - T) * np.log(1 - P)
        return -float((yes + no).sum(axis=1).mean()), (P - T) / n

    return {"ce": ce}


@rewritten("biases_of_the_first_row")
def only_one_example_speaks():
    def vjp_linear(X, W, b, dY):
        dX = np.dot(dY, np.transpose(W))
        dW = sum(np.outer(x, d) for x, d in zip(X, dY, strict=True))
        return dX, dW, np.array(dY)[0, :].copy()

    return {"vjp_linear": vjp_linear}


@rewritten("shares_of_the_logits")
def parts_of_a_whole():
    def softmax(Z):
        rows = []
        for z in np.asarray(Z, dtype=float):
            sizes = np.where(z < 0, -z, z)
            rows.append(sizes / np.sum(sizes))
        return np.array(rows)

    return {"softmax": softmax}


@rewritten("relu_cuts_the_graph")
def relu_starts_afresh():
    names = load_module(REFERENCE)
    names["Value"].relu = lambda self: names["as_value"](self.data if self.data > 0 else 0.0)
    return names


@rewritten("divisor_cut_off")
def divided_by_a_plain_number():
    names = load_module(REFERENCE)

    def divide(self, other):
        below = other.data if isinstance(other, names["Value"]) else other
        return names["computed"]("*", self.data / below, self, names["Value"](1 / below))

    names["Value"].__truediv__ = divide
    return names
