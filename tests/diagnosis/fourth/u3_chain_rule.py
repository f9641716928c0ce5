# Wrong answers to the tasks of `u3_chain_rule`, a fourth set; see ../fresh/README.md.

# %% grad_forward | every input moves in every call
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(float(v), 1) for v in x])
        out.append(y.inf if isinstance(y, Dual) else 0.0)
    return np.array(out, dtype=float)


# %% grad_forward | the real parts of the outputs are collected
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(float(v), 1 if j == i else 0) for j, v in enumerate(x)])
        out.append(y.real if isinstance(y, Dual) else y)
    return np.array(out, dtype=float)


# %% grad_forward | the others are 0 in place of standing still
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(float(v), 1) if j == i else Dual(0, 0) for j, v in enumerate(x)])
        out.append(y.inf if isinstance(y, Dual) else 0.0)
    return np.array(out, dtype=float)


# %% grad_forward | whole numbers in give whole numbers out
def grad_forward(f, x):
    out = np.zeros_like(x)
    for i in range(len(x)):
        y = f([Dual(v, 1 if j == i else 0) for j, v in enumerate(x)])
        out[i] = y.inf if isinstance(y, Dual) else 0
    return out


# %% grad_forward | the inputs once moved stay moving
def grad_forward(f, x):
    out = []
    duals = [Dual(float(v), 0) for v in x]
    for i in range(len(x)):
        duals[i].inf = 1
        y = f(duals)
        out.append(y.inf if isinstance(y, Dual) else 0.0)
    return np.array(out, dtype=float)


# %% grad_forward | letters: y is not held still
slope_in_x = "4xy + 6y"

# %% grad_forward | letters: the other factor is lost
slope_in_x = "4x"

# %% grad_forward | letters: the two are exchanged
slope_in_x = "2x^2 + 6y"
slope_in_y = "4xy"

# %% grad_forward | letters: the term that y multiplies is dropped
slope_in_y = "6y"


# %% local_grads | minus has two plus ones
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    if op in "+-":
        return (1, 1)
    if op == "*":
        return (b, a)
    if op == "/":
        return (1 / b, -a / b**2)
    if op == "pow":
        return (b * a ** (b - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / a,)
    if op == "tanh":
        return (1 - output**2,)
    return (1.0 if a > 0 else 0.0,)


# %% local_grads | the division: b's slope without the square
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    if op == "+":
        return (1, 1)
    if op == "-":
        return (1, -1)
    if op == "*":
        return (b, a)
    if op == "/":
        return (1 / b, -a / b)
    if op == "pow":
        return (b * a ** (b - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / a,)
    if op == "tanh":
        return (1 - output**2,)
    return (1.0 if a > 0 else 0.0,)


# %% local_grads | the division: the minus is lost
def local_grads(op, inputs, output):
    if op == "+":
        return 1, 1
    if op == "-":
        return 1, -1
    if op == "*":
        return inputs[1], inputs[0]
    if op == "/":
        return 1 / inputs[1], inputs[0] / inputs[1] ** 2
    if op == "pow":
        return (inputs[1] * inputs[0] ** (inputs[1] - 1),)
    if op == "exp":
        return (math.exp(inputs[0]),)
    if op == "log":
        return (1 / inputs[0],)
    if op == "tanh":
        return (1 - math.tanh(inputs[0]) ** 2,)
    if op == "relu":
        return (float(inputs[0] > 0),)


# %% local_grads | times: each factor's slope is itself
def local_grads(op, inputs, output):
    if op == "+":
        return 1, 1
    if op == "-":
        return 1, -1
    if op == "*":
        return inputs[0], inputs[1]
    if op == "/":
        return 1 / inputs[1], -inputs[0] / inputs[1] ** 2
    if op == "pow":
        return (inputs[1] * inputs[0] ** (inputs[1] - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / inputs[0],)
    if op == "tanh":
        return (1 - output**2,)
    if op == "relu":
        return (float(inputs[0] > 0),)


# %% local_grads | the power: the exponent is not lowered
def local_grads(op, inputs, output):
    if op == "+":
        return 1, 1
    if op == "-":
        return 1, -1
    if op == "*":
        return inputs[1], inputs[0]
    if op == "/":
        return 1 / inputs[1], -inputs[0] / inputs[1] ** 2
    if op == "pow":
        return (inputs[1] * output,)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / inputs[0],)
    if op == "tanh":
        return (1 - output**2,)
    if op == "relu":
        return (float(inputs[0] > 0),)


# %% local_grads | log: one over the output
def local_grads(op, inputs, output):
    if op == "+":
        return 1, 1
    if op == "-":
        return 1, -1
    if op == "*":
        return inputs[1], inputs[0]
    if op == "/":
        return 1 / inputs[1], -inputs[0] / inputs[1] ** 2
    if op == "pow":
        return (inputs[1] * inputs[0] ** (inputs[1] - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / output,)
    if op == "tanh":
        return (1 - output**2,)
    if op == "relu":
        return (float(inputs[0] > 0),)


# %% local_grads | tanh: one minus the input's square
def local_grads(op, inputs, output):
    table = {
        "+": lambda a, b: (1, 1),
        "-": lambda a, b: (1, -1),
        "*": lambda a, b: (b, a),
        "/": lambda a, b: (1 / b, -a / b**2),
        "pow": lambda a, n: (n * a ** (n - 1),),
        "exp": lambda a: (output,),
        "log": lambda a: (1 / a,),
        "tanh": lambda a: (1 - a**2,),
        "relu": lambda a: (1 if a > 0 else 0,),
    }
    return table[op](*inputs)


# %% local_grads | relu: the slope is the output
def local_grads(op, inputs, output):
    table = {
        "+": lambda a, b: (1, 1),
        "-": lambda a, b: (1, -1),
        "*": lambda a, b: (b, a),
        "/": lambda a, b: (1 / b, -a / b**2),
        "pow": lambda a, n: (n * a ** (n - 1),),
        "exp": lambda a: (output,),
        "log": lambda a: (1 / a,),
        "tanh": lambda a: (1 - output**2,),
        "relu": lambda a: (output,),
    }
    return table[op](*inputs)


# %% local_grads | two slips: exp's slope is exp of the output, and log is 1/output
def local_grads(op, inputs, output):
    table = {
        "+": lambda a, b: (1, 1),
        "-": lambda a, b: (1, -1),
        "*": lambda a, b: (b, a),
        "/": lambda a, b: (1 / b, -a / b**2),
        "pow": lambda a, n: (n * a ** (n - 1),),
        "exp": lambda a: (math.exp(output),),
        "log": lambda a: (1 / output,),
        "tanh": lambda a: (1 - output**2,),
        "relu": lambda a: (1 if a > 0 else 0,),
    }
    return table[op](*inputs)


# %% by_hand | s hears from p only
answers = {"t": "u", "u": "t", "s": "u*y", "x": "u*y + 5t", "y": "3*u*y + u*s"}

# %% by_hand | x hears only from s, its direct arrow is left out
answers = {"t": "u", "u": "t", "s": "u*y + t", "x": "u*y + t", "y": "3(u*y + t) + u*s"}

# %% by_hand | y: the 3 of the arrow is left out
answers = {"t": "u", "u": "t", "s": "u*y + t", "x": "u*y + t + 5t", "y": "(u*y + t) + u*s"}

# %% by_hand | p and q exchanged
answers = {"t": "t", "u": "u", "s": "t*y + u", "x": "t*y + u + 5u", "y": "3(t*y + u) + t*s"}

# %% by_hand | messages multiplied where they should be added
answers = {"t": "u", "u": "t", "s": "u*y*t", "x": "u*y*t + 5t", "y": "3*u*y*t + u*s"}

# %% by_hand | local slopes only: nothing is passed on from the tip
answers = {"t": "u", "u": "t", "s": "y + 1", "x": "1 + 5", "y": "3 + s"}


# %% topological_order | inputs come after the node
def topological(node):
    order, seen = [], set()

    def visit(one):
        if id(one) in seen:
            return
        seen.add(id(one))
        order.append(one)
        for i in one.inputs:
            visit(i)

    visit(node)
    return order


# %% topological_order | by levels from the end, reversed
def topological(node):
    order, level = [], [node]
    seen = {id(node)}
    while level:
        order += level
        following = []
        for value in level:
            for i in value.inputs:
                if id(i) not in seen:
                    seen.add(id(i))
                    following.append(i)
        level = following
    return order[::-1]


# %% topological_order | nodes are told apart by their names
def topological(node):
    order, seen = [], set()

    def visit(one):
        if one.name in seen:
            return
        seen.add(one.name)
        for i in one.inputs:
            visit(i)
        order.append(one)

    visit(node)
    return order


# %% sturdy_topological | a node is marked only after its inputs: visited on every path
def sturdy_topological(node):
    order = []

    def visit(one):
        for i in one.inputs:
            visit(i)
        if not any(one is other for other in order):
            order.append(one)

    visit(node)
    return order


# %% topological_order | only the inputs of the node itself, not theirs
def topological(node):
    return list(node.inputs) + [node]


# %% topological_order | the node itself is missing
def topological(node):
    order, seen = [], set()

    def visit(one):
        if id(one) in seen:
            return
        seen.add(id(one))
        for i in one.inputs:
            visit(i)
        order.append(one)

    visit(node)
    return order[:-1]


# %% topological_order | the seen set is a default argument and remembers earlier calls
def topological(node, seen=set()):
    if id(node) in seen:
        return []
    seen.add(id(node))
    order = []
    for before in node.inputs:
        order += topological(before, seen)
    return order + [node]


# %% neuron_layer | the bias is added to each product
def neuron(x, w, b):
    total = 0
    for i in range(len(x)):
        total += x[i] * w[i] + b
    return total


# %% neuron_layer | the bias is forgotten
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi
    return total


# %% neuron_layer | the bias multiplies
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi
    return total * b


# %% linear_backward | dW divided by n
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY / len(X), dY.sum(axis=0)


# %% linear_backward | letters: the wrong column of dY
dL_dW01 = "x00*d00 + x10*d10"

# %% linear_backward | letters: the wrong column of W
dL_dX01 = "d00*w00 + d01*w01"

# %% linear_backward | letters: down the column instead of along the row of W
dL_dX01 = "d00*w01 + d01*w11"


# %% linear_backward | two slips: db averaged, and dX without transpose
def vjp_linear(X, W, b, dY):
    return dY @ W, X.T @ dY, dY.mean(axis=0)


# %% softmax_jacobian | the jacobian: only the diagonal
def softmax_jacobian(z):
    e = np.exp(z - np.max(z))
    p = e / e.sum()
    return np.diag(p * (1 - p))


# %% softmax_jacobian | the jacobian: plus off the diagonal
def softmax_jacobian(z):
    e = np.exp(z - np.max(z))
    p = e / e.sum()
    return np.diag(p) + np.outer(p, p)


# %% softmax_ce | ce: the sum over the rows
def ce(Z, y):
    n = len(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    return -logp[np.arange(n), y].sum(), d


# %% softmax_ce | ce: dZ is not divided by n
def ce(Z, y):
    n = len(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    return -logp[np.arange(n), y].mean(), d


# %% sturdy_softmax | ce: a small number in the log
def sturdy_ce(Z, y):
    n = len(y)
    P = sturdy_softmax(Z)
    d = P.copy()
    d[np.arange(n), y] -= 1
    return float(-np.mean(np.log(P[np.arange(n), y] + 1e-12))), d / n


# %% softmax_ce | ce: dZ is p without taking off 1
def ce(Z, y):
    n = len(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -logp[np.arange(n), y].mean(), np.exp(logp) / n


# %% softmax_ce | ce: the sign of dZ
def ce(Z, y):
    n = len(y)
    Z = Z - Z.max(axis=1, keepdims=True)
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    d = -np.exp(logp)
    d[np.arange(n), y] += 1
    return -logp[np.arange(n), y].mean(), d / n


# %% softmax_ce | letters: 1 - p, uphill
slope_right = "1 - p"

# %% softmax_ce | letters: the right class by -1/p
slope_right = "-1/p"

# %% softmax_ce | letters: the others do not matter
slope_other = "0"

# %% softmax_ce | letters: the loss falls with the others
slope_other = "-p"


# %% value_backward | the gradient is set, not added
def backward(self):
    order = topological(self)
    for node in order:
        node.grad = 0.0 if node.inputs else node.grad
    self.grad = 1.0
    for node in reversed(order):
        for before, s in zip(node.inputs, node.slopes):
            before.grad = node.grad * s


Value.backward = backward


# %% value_backward | forwards through the order
def backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in order:
        for before, s in zip(node.inputs, node.slopes):
            before.grad += node.grad * s


Value.backward = backward


# %% value_backward | only the local slope arrives, the node's own gradient is left out
def backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, s in zip(node.inputs, node.slopes):
            before.grad += s


Value.backward = backward


# %% sturdy_backward | recursion on every path
def sturdy_backward(self):
    self.grad = 1.0

    def send(node, message):
        for before, s in zip(node.inputs, node.slopes):
            before.grad += message * s
            send(before, message * s)

    send(self, 1.0)


# %% value_engine | 2 - v is v - 2
def __rsub__(self, other):
    return self - other


Value.__rsub__ = __rsub__


# %% value_engine | 2 / v is v / 2
def __rtruediv__(self, other):
    return self / other


Value.__rtruediv__ = __rtruediv__


# %% value_engine | minus is cut off from the graph
def __neg__(self):
    return Value(-self.data)


Value.__neg__ = __neg__


# %% value_engine | tanh remembers exp as its operation
def tanh(self):
    return computed("exp", math.tanh(self.data), self)


Value.tanh = tanh


# %% value_engine | relu lets a tenth of the negative through
def relu(self):
    return computed("relu", self.data if self.data > 0 else 0.1 * self.data, self)


Value.relu = relu


# %% sturdy_backward | all gradients are put to 0, leaves as well
def sturdy_backward(self):
    order = topological(self)
    for node in order:
        node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, s in zip(node.inputs, node.slopes):
            before.grad += node.grad * s


# %% sturdy_backward | the operations between keep their gradients at the second call
def sturdy_backward(self):
    self.grad = 1.0
    for node in reversed(topological(self)):
        for before, s in zip(node.inputs, node.slopes):
            before.grad += node.grad * s


# %% value_engine | two slips: 2 - v is v - 2, and gradients are set
def backward(self):
    order = topological(self)
    for node in order:
        node.grad = 0.0 if node.inputs else node.grad
    self.grad = 1.0
    for node in reversed(order):
        for before, s in zip(node.inputs, node.slopes):
            before.grad = node.grad * s


def __rsub__(self, other):
    return computed("-", self.data - other, self, as_value(other))


Value.backward, Value.__rsub__ = backward, __rsub__
