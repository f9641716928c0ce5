# Wrong answers to the tasks of `u3_chain_rule`, a sixth set; see ../fresh/README.md.

# %% grad_forward | all inputs move at once
def grad_forward(f, x):
    y = f([Dual(float(v), 1) for v in x])
    s = y.inf if isinstance(y, Dual) else 0
    return np.array([float(s)] * len(x))
# %% grad_forward | the array of slopes has the whole numbers of x
def grad_forward(f, x):
    x = np.array(x)
    g = np.zeros_like(x)
    for i in range(len(x)):
        y = f([Dual(v, 1 if j == i else 0) for j, v in enumerate(x.tolist())])
        g[i] = y.inf if isinstance(y, Dual) else 0
    return g
# %% grad_forward | inputs that stand still are left at 0
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(v, 1) if j == i else Dual(0, 0) for j, v in enumerate(x)])
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)
# %% grad_forward | the term without x stays
slope_in_x = "4xy + 3y^2"
# %% grad_forward | both letters move
slope_in_y = "4x + 6y"
# %% local_grads | power keeps its exponent
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a), "/": lambda: (1 / b, -a / b**2),
            "pow": lambda: (b * a**b,), "exp": lambda: (output,), "log": lambda: (1 / a,),
            "tanh": lambda: (1 - output**2,), "relu": lambda: (1.0 if a > 0 else 0.0,)}[op]()
# %% local_grads | tanh's formula on the input
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a), "/": lambda: (1 / b, -a / b**2),
            "pow": lambda: (b * a**(b - 1),), "exp": lambda: (output,), "log": lambda: (1 / a,),
            "tanh": lambda: (1 - a**2,), "relu": lambda: (1.0 if a > 0 else 0.0,)}[op]()
# %% local_grads | log's slope is one over the output
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    if op == "log":
        return (1 / output,)
    return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a), "/": lambda: (1 / b, -a / b**2),
            "pow": lambda: (b * a**(b - 1),), "exp": lambda: (output,),
            "tanh": lambda: (1 - output**2,), "relu": lambda: (1.0 if a > 0 else 0.0,)}[op]()
# %% local_grads | quotient: b not squared
def local_grads(op, inputs, output):
    if op == "/":
        a, b = inputs
        return (1 / b, -a / b)
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a),
            "pow": lambda: (b * a**(b - 1),), "exp": lambda: (output,), "log": lambda: (1 / a,),
            "tanh": lambda: (1 - output**2,), "relu": lambda: (1.0 if a > 0 else 0.0,)}[op]()
# %% local_grads | relu hands over its output
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a), "/": lambda: (1 / b, -a / b**2),
            "pow": lambda: (b * a**(b - 1),), "exp": lambda: (output,), "log": lambda: (1 / a,),
            "tanh": lambda: (1 - output**2,), "relu": lambda: (output,)}[op]()
# %% by_hand | s hears only one of its two users
answers = {"t": "u", "u": "t", "s": "u*y", "y": "u*s + 3*u*y", "x": "u*y + 5t"}
# %% by_hand | local slopes only, not times the gradient at the tip
answers = {"t": "u", "u": "t", "s": "y + 1", "y": "s + 3", "x": "1 + 5"}
# %% by_hand | a box's gradient is the box itself
answers = {"t": "t", "u": "u", "s": "t*y + u", "y": "t*s + 3(t*y + u)", "x": "t*y + u + 5u"}
# %% by_hand | multiplies what arrives on two paths
answers = {"t": "u", "u": "t", "s": "u*y*t", "y": "u*s*3*(u*y*t)", "x": "u*y*t*5t"}
# %% by_hand | y: the factor 3 on the arrow to s forgotten
answers = {"t": "u", "u": "t", "s": "u*y + t", "y": "u*s + u*y + t", "x": "u*y + t + 5t"}
# %% topological_order | breadth first, then turned around
def topological(node):
    order, queue, seen = [], [node], {id(node)}
    while queue:
        one = queue.pop(0)
        order.append(one)
        for i in one.inputs:
            if id(i) not in seen:
                seen.add(id(i))
                queue.append(i)
    return order[::-1]
# %% topological_order | leaves out the node itself
def topological(node):
    order, seen = [], set()
    def visit(one):
        for i in one.inputs:
            if id(i) not in seen:
                seen.add(id(i))
                visit(i)
                order.append(i)
    visit(node)
    return order
# %% value_backward | sets the gradient instead of adding
def _backward(self):
    for node in topological(self):
        node.grad = 0.0
    self.grad = 1.0
    for node in reversed(topological(self)):
        for i, s in zip(node.inputs, node.slopes):
            i.grad = node.grad * s
Value.backward = _backward
# %% value_backward | goes forward through the order
def _backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in order:
        for i, s in zip(node.inputs, node.slopes):
            i.grad += node.grad * s
Value.backward = _backward
# %% value_backward | passes the local slope on without its own gradient
def _backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for value in reversed(order):
        for i, s in zip(value.inputs, value.slopes):
            i.grad += s
Value.backward = _backward
# %% sturdy_backward | clears the leaves as well
def sturdy_backward(self):
    order = topological(self)
    for node in order:
        node.grad = 0.0
    self.grad = 1.0
    for value in reversed(order):
        for i, s in zip(value.inputs, value.slopes):
            i.grad += value.grad * s
# %% value_engine | number minus v is v minus number
def _rsub(self, other):
    return self - other
Value.__rsub__ = _rsub
# %% value_engine | minus leaves the graph
def _neg(self):
    return Value(-self.data)
Value.__neg__ = _neg
# %% value_engine | log to base 10
def _log(self):
    return computed("log", math.log10(self.data), self)
Value.log = _log
# %% value_engine | number divided by v without the graph of v
def _rdiv(self, other):
    return computed("/", other / self.data, self, as_value(other))
Value.__rtruediv__ = _rdiv
# %% neuron_layer | bias added for every input
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi + b
    return total
# %% neuron_layer | bias belongs to the examples
def layer(X, W, b):
    Y = np.array(X) @ np.array(W)
    return Y + np.resize(np.array(b), len(Y))[:, None]
# %% linear_backward | W not transposed on the way to X
def vjp_linear(X, W, b, dY):
    return dY @ np.reshape(W, (dY.shape[1], -1)), X.T @ dY, dY.sum(0)
# %% linear_backward | bias sums along the rows
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, np.resize(dY.sum(axis=1), np.shape(b))
# %% linear_backward | average over n in dW
def vjp_linear(X, W, b, dY):
    n = len(X)
    return dY @ W.T, X.T @ dY / n, dY.sum(axis=0)
# %% softmax | whole table adds up to 1
def softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum()
# %% softmax_ce | the gradient forgets the mean
def ce(Z, y):
    P = softmax(Z)
    n = len(y)
    M = Z - Z.max(axis=1, keepdims=True)
    loss = float(np.mean(np.log(np.exp(M).sum(axis=1)) - M[np.arange(n), y]))
    P[np.arange(n), y] -= 1
    return loss, P
# %% sturdy_softmax | tiny number inside the log
def sturdy_ce(Z, y):
    P = sturdy_softmax(Z)
    n = len(y)
    loss = float(-np.mean(np.log(P[np.arange(n), y] + 1e-12)))
    P[np.arange(n), y] -= 1
    return loss, P / n
# %% softmax_jacobian | only the diagonal of the Jacobian
def softmax_jacobian(z):
    p = softmax(np.array(z)[None])[0]
    return np.diag(p * (1 - p))
# %% softmax_jacobian | Jacobian without the minus off the diagonal
def softmax_jacobian(z):
    p = softmax(np.array(z)[None])[0]
    J = np.outer(p, p)
    J[np.diag_indices(len(p))] = p * (1 - p)
    return J
# %% softmax | own probability with the wrong sign
same_logit = "p*(p - 1)"
# %% softmax_ce | other class: one minus
slope_other = "p - 1"
