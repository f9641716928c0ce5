# Wrong answers to the tasks of `u3_chain_rule`, written from the unit's text alone; see README.md.

# %% grad_forward | all inputs move at once
def grad_forward(f, x):
    n = len(x)
    slopes = []
    for _ in range(n):
        y = f([Dual(v, 1) for v in x])
        slopes.append(y.inf if isinstance(y, Dual) else 0.0)
    return np.array(slopes, dtype=float)

# %% grad_forward | a plain result is not expected
def grad_forward(f, x):
    return np.array([f([Dual(v, float(i == j)) for j, v in enumerate(x)]).inf for i in range(len(x))], dtype=float)

# %% grad_forward | whole numbers in, whole numbers out
def grad_forward(f, x):
    g = np.zeros_like(x)
    for i in range(len(x)):
        y = f([Dual(v, 1 if i == j else 0) for j, v in enumerate(x)])
        g[i] = y.inf if isinstance(y, Dual) else 0
    return g

# %% grad_forward | the entries are found by their value
def grad_forward(f, x):
    x = list(x)
    out = []
    for v in x:
        args = [Dual(u, 1 if x.index(u) == x.index(v) else 0) for u in x]
        y = f(args)
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)

# %% grad_forward | the values in place of the slopes
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(v, 1 if i == j else 0) for j, v in enumerate(x)])
        out.append(y.real if isinstance(y, Dual) else y)
    return np.array(out, dtype=float)

# %% grad_forward | the input that moved stays moved
def grad_forward(f, x):
    args = [Dual(v, 0) for v in x]
    out = []
    for i, v in enumerate(x):
        args[i] = Dual(v, 1)
        y = f(list(args))
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)

# %% grad_forward | a list instead of an array
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(v, 1 if i == j else 0) for j, v in enumerate(x)])
        out.append(float(y.inf) if isinstance(y, Dual) else 0.0)
    return out

# %% grad_forward | only Duals that move, plain numbers for the rest
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(v, 1) if i == j else v for j, v in enumerate(x)])
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)

# %% grad_forward | all others move instead
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(v, 0 if i == j else 1) for j, v in enumerate(x)])
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)

# %% grad_forward | y is dropped as if it were a constant that is added
slope_in_x = f"2*{mine['a']}*x"

# %% local_grads | minus is like plus
def local_grads(op, inputs, output):
    if op in "+-":
        return (1, 1)
    if op == "*":
        a, b = inputs
        return (b, a)
    if op == "/":
        a, b = inputs
        return (1 / b, -a / b**2)
    if op == "pow":
        a, n = inputs
        return (n * a ** (n - 1),)
    (a,) = inputs
    return {
        "exp": lambda: (output,), "log": lambda: (1 / a,), "tanh": lambda: (1 - output**2,),
        "relu": lambda: (1 if a > 0 else 0,),
    }[op]()

# %% local_grads | each factor's slope is itself
before = local_grads
def local_grads(op, inputs, output):
    if op == "*":
        a, b = inputs
        return (a, b)
    return before(op, inputs, output)

# %% local_grads | the quotient grows with its divisor
before = local_grads
def local_grads(op, inputs, output):
    if op == "/":
        a, b = inputs
        return (1 / b, a / b**2)
    return before(op, inputs, output)

# %% local_grads | precedence: -a/b*b
before = local_grads
def local_grads(op, inputs, output):
    if op == "/":
        a, b = inputs
        return (1 / b, -a / b * b)
    return before(op, inputs, output)

# %% local_grads | the divisor is not squared
before = local_grads
def local_grads(op, inputs, output):
    if op == "/":
        a, b = inputs
        return (1 / b, -a / b)
    return before(op, inputs, output)

# %% local_grads | tanh is applied to its output once more
before = local_grads
def local_grads(op, inputs, output):
    if op == "tanh":
        return (1 - math.tanh(output) ** 2,)
    return before(op, inputs, output)

# %% local_grads | tanh with the input in the formula
before = local_grads
def local_grads(op, inputs, output):
    if op == "tanh":
        (a,) = inputs
        return (1 - a * a,)
    return before(op, inputs, output)

# %% local_grads | exp of the output
before = local_grads
def local_grads(op, inputs, output):
    if op == "exp":
        return (math.exp(output),)
    return before(op, inputs, output)

# %% local_grads | log: one over the output
before = local_grads
def local_grads(op, inputs, output):
    if op == "log":
        return (1 / output,)
    return before(op, inputs, output)

# %% local_grads | relu lets the number through
before = local_grads
def local_grads(op, inputs, output):
    if op == "relu":
        return (max(inputs[0], 0),)
    return before(op, inputs, output)

# %% local_grads | relu: minus 1 on the left
before = local_grads
def local_grads(op, inputs, output):
    if op == "relu":
        return (1.0 if inputs[0] > 0 else -1.0,)
    return before(op, inputs, output)

# %% local_grads | pow: the exponent is not lowered
before = local_grads
def local_grads(op, inputs, output):
    if op == "pow":
        a, n = inputs
        return (n * a**n,)
    return before(op, inputs, output)

# %% local_grads | pow has two slopes
before = local_grads
def local_grads(op, inputs, output):
    if op == "pow":
        a, n = inputs
        return (n * a ** (n - 1), output * math.log(abs(a)))
    return before(op, inputs, output)

# %% local_grads | numbers instead of tuples for one input
before = local_grads
def local_grads(op, inputs, output):
    slopes = before(op, inputs, output)
    return slopes[0] if len(slopes) == 1 else slopes

# %% topological_order | node first
def topological(node):
    order, seen, todo = [], set(), [node]
    while todo:
        n = todo.pop()
        if id(n) in seen:
            continue
        seen.add(id(n))
        order.append(n)
        todo.extend(n.inputs)
    return order

# %% topological_order | reversed discovery order
def topological(node):
    order, seen, todo = [], set(), [node]
    while todo:
        n = todo.pop(0)
        if id(n) in seen:
            continue
        seen.add(id(n))
        order.append(n)
        todo.extend(n.inputs)
    return order[::-1]

# %% sturdy_topological | calls itself, stopped on long chains
def sturdy_topological(node):
    order, seen = [], set()
    def visit(n):
        if id(n) not in seen:
            seen.add(id(n))
            for i in n.inputs:
                visit(i)
            order.append(n)
    visit(node)
    return order

# %% topological_order | told apart by name
def topological(node):
    order, names, todo = [], set(), [(node, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif n.name not in names:
            names.add(n.name)
            todo.append((n, True))
            todo.extend((i, False) for i in n.inputs)
    return order

# %% sturdy_topological | every way is walked
def sturdy_topological(node):
    order = []
    def visit(n):
        for i in n.inputs:
            visit(i)
        if not any(n is o for o in order):
            order.append(n)
    visit(node)
    return order

# %% topological_order | nodes stand in it more than once
def topological(node):
    order = []
    def visit(n):
        for i in n.inputs:
            visit(i)
        order.append(n)
    visit(node)
    return order

# %% topological_order | marks the nodes
def topological(node):
    order, todo = [], [(node, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif not hasattr(n, "seen"):
            n.seen = True
            todo.append((n, True))
            todo.extend((i, False) for i in n.inputs)
    return order

# %% topological_order | the node itself is missing
def topological(node):
    order, seen, todo = [], set(), [(node, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif id(n) not in seen:
            seen.add(id(n))
            todo.append((n, True))
            todo.extend((i, False) for i in n.inputs)
    return order[:-1]

# %% topological_order | names instead of nodes
before = topological
def topological(node):
    return [n.name for n in before(node)]

# %% topological_order | a list that is kept between calls
order = []
def topological(node, order=order):
    seen = {id(n) for n in order}
    todo = [(node, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif id(n) not in seen:
            seen.add(id(n))
            todo.append((n, True))
            todo.extend((i, False) for i in n.inputs)
    return order

# %% value_backward | the last word counts: = instead of +=
def backward(self):
    order = topological(self)
    for n in order:
        if n.inputs:
            n.grad = 0.0
    self.grad = 1.0
    for n in reversed(order):
        for i, s in zip(n.inputs, n.slopes):
            i.grad = n.grad * s
Value.backward = backward

# %% value_backward | every path once more: recursion without order
def backward(self):
    self.grad = 1.0
    def send(n):
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s
            send(i)
    send(self)
Value.backward = backward

# %% value_backward | level by level
def backward(self):
    for n in topological(self):
        if n.inputs:
            n.grad = 0.0
    self.grad = 1.0
    todo, seen = [self], set()
    while todo:
        n = todo.pop(0)
        if id(n) in seen:
            continue
        seen.add(id(n))
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s
            todo.append(i)
Value.backward = backward

# %% sturdy_backward | leaves are set to 0 as well
def sturdy_backward(self):
    order = topological(self)
    for n in order:
        n.grad = 0.0
    self.grad = 1.0
    for n in reversed(order):
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s

# %% sturdy_backward | nothing is set to 0
def sturdy_backward(self):
    order = topological(self)
    self.grad = 1.0
    for n in reversed(order):
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s

# %% value_backward | the output's own gradient is forgotten
def backward(self):
    order = topological(self)
    for n in order:
        if n.inputs:
            n.grad = 0.0
    for n in reversed(order):
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s
Value.backward = backward

# %% value_backward | from the leaves to the output
def backward(self):
    order = topological(self)
    for n in order:
        if n.inputs:
            n.grad = 0.0
    self.grad = 1.0
    for n in order:
        for i, s in zip(n.inputs, n.slopes):
            i.grad += n.grad * s
Value.backward = backward

# %% value_backward | only the direct inputs
def backward(self):
    self.grad = 1.0
    for i, s in zip(self.inputs, self.slopes):
        i.grad += s
Value.backward = backward

# %% value_backward | the local slopes without what arrives
def backward(self):
    order = topological(self)
    for n in order:
        if n.inputs:
            n.grad = 0.0
    self.grad = 1.0
    for n in reversed(order):
        for i, s in zip(n.inputs, n.slopes):
            i.grad += s
Value.backward = backward

# %% value_engine | 2 - v is v - 2
def rsub(self, other):
    return self - other
Value.__rsub__ = rsub

# %% value_engine | 2 / v is v / 2
def rtruediv(self, other):
    return self / other
Value.__rtruediv__ = rtruediv

# %% value_engine | plain numbers are not made Values
def mul(self, other):
    return computed("*", self.data * other.data, self, other)
Value.__mul__ = Value.__rmul__ = mul

# %% value_engine | minus is a Value that remembers nothing
def neg(self):
    return Value(-self.data)
Value.__neg__ = neg

# %% value_engine | tanh without its graph
def tanh(self):
    return Value(math.tanh(self.data))
Value.tanh = tanh

# %% value_engine | the product is recorded as a sum
def mul(self, other):
    other = as_value(other)
    return computed("+", self.data * other.data, self, other)
Value.__mul__ = Value.__rmul__ = mul

# %% value_engine | the exponent becomes an input
def power(self, n):
    return computed("pow", self.data**n, self, as_value(n))
Value.__pow__ = power

# %% value_engine | subtraction in place of a sum's slopes: recorded as plus
def sub(self, other):
    other = as_value(other)
    return computed("+", self.data - other.data, self, other)
Value.__sub__ = sub

# %% by_hand | s hears from one user only
v, w = sheet["twice"], sheet["once"]
a, b = sheet["a"], sheet["b"]
answers = {"t": "u", "u": "t", "s": f"u*{v}", v: f"u*s + {a}*(u*{v} + t)", w: f"t*{b} + u*{v} + t"}

# %% by_hand | the own value instead of the other factor
v, w = sheet["twice"], sheet["once"]
a, b = sheet["a"], sheet["b"]
answers = {"t": "t", "u": "u", "s": f"t*{v} + u", v: f"t*s + {a}*(t*{v} + u)", w: f"u*{b} + t*{v} + u"}

# %% by_hand | the direct arrow into x is forgotten
v, w = sheet["twice"], sheet["once"]
a, b = sheet["a"], sheet["b"]
answers = {"t": "u", "u": "t", "s": f"u*{v} + t", v: f"{a}*(u*{v} + t)", w: f"t*{b} + u*{v} + t"}

# %% neuron_layer | the bias is forgotten
def neuron(x, w, b):
    return sum(u * v for u, v in zip(x, w))

# %% neuron_layer | the bias once for each input
def neuron(x, w, b):
    total = 0
    for u, v in zip(x, w):
        total += u * v + b
    return total

# %% neuron_layer | inputs and weights are added
def neuron(x, w, b):
    total = b
    for u, v in zip(x, w):
        total += u + v
    return total

# %% neuron_layer | W transposed
def layer(X, W, b):
    return np.array(X) @ np.array(W).T + np.array(b)

# %% neuron_layer | W before X
def layer(X, W, b):
    return np.array(W) @ np.array(X) + np.array(b)

# %% neuron_layer | entry by entry
def layer(X, W, b):
    return np.array(X) * np.array(W) + np.array(b)

# %% neuron_layer | the bias is forgotten
def layer(X, W, b):
    return np.array(X) @ np.array(W)

# %% neuron_layer | the second axis is lost
def layer(X, W, b):
    return np.squeeze(np.array(X) @ np.array(W) + np.array(b))

# %% neuron_layer | the bias down the rows
def layer(X, W, b):
    return np.array(X) @ np.array(W) + np.array(b)[:, None]

# %% linear_backward | the mean over the rows
def vjp_linear(X, W, b, dY):
    n = len(X)
    return dY @ W.T, X.T @ dY / n, dY.mean(axis=0)

# %% linear_backward | db over the wrong axis
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=1)

# %% linear_backward | one sum over all biases
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum()

# %% linear_backward | dW the other way round
def vjp_linear(X, W, b, dY):
    return dY @ W.T, dY.T @ X, dY.sum(axis=0)

# %% linear_backward | W not transposed
def vjp_linear(X, W, b, dY):
    return dY @ W, X.T @ dY, dY.sum(axis=0)

# %% linear_backward | dW first
def vjp_linear(X, W, b, dY):
    return X.T @ dY, dY @ W.T, dY.sum(axis=0)

# %% linear_backward | db is dY itself
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY

# %% linear_backward | db keeps its axis
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0, keepdims=True)

# %% linear_backward | the bias's slope is 1
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, np.ones_like(b)

# %% linear_backward | dX without dY
def vjp_linear(X, W, b, dY):
    return np.ones_like(dY) @ W.T, X.T @ dY, dY.sum(axis=0)

# %% linear_backward | only the first example is heard
dL_dW01 = "x00*d01"

# %% softmax | the whole table is one sum
def softmax(Z):
    e = np.exp(Z - Z.max())
    return e / e.sum()

# %% softmax | columns add up to 1
def softmax(Z):
    e = np.exp(Z - Z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)

# %% sturdy_softmax | no maximum subtracted
def sturdy_softmax(Z):
    e = np.exp(Z)
    return e / e.sum(axis=1, keepdims=True)

# %% softmax | without exp
def softmax(Z):
    return Z / Z.sum(axis=1, keepdims=True)

# %% softmax_ce | sum in place of the mean
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(S).sum(axis=1)) - S[np.arange(n), y]).sum()
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ

# %% softmax_ce | the gradient is not divided by n
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(S).sum(axis=1)) - S[np.arange(n), y]).mean()
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ

# %% softmax_ce | the gradient forgets the right class
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(S).sum(axis=1)) - S[np.arange(n), y]).mean()
    return loss, P / n

# %% softmax_ce | the gradient with its sign turned
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(S).sum(axis=1)) - S[np.arange(n), y]).mean()
    dZ = -P
    dZ[np.arange(n), y] += 1
    return loss, dZ / n

# %% softmax_ce | a small number inside the logarithm
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    loss = -np.log(P[np.arange(n), y] + 1e-7).mean()
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% sturdy_softmax | log of 0
def sturdy_ce(Z, y):
    P = sturdy_softmax(Z)
    n = len(Z)
    loss = -np.log(P[np.arange(n), y]).mean()
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% softmax_ce | all classes count in the loss
def ce(Z, y):
    P = softmax(Z)
    n = len(Z)
    S = Z - Z.max(axis=1, keepdims=True)
    loss = (np.log(np.exp(S).sum(axis=1, keepdims=True)) - S).mean()
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% softmax_jacobian | only the diagonal
def softmax_jacobian(z):
    p = softmax(np.array([z]))[0]
    return np.diag(p * (1 - p))

# %% softmax_jacobian | the off-diagonal with a plus
def softmax_jacobian(z):
    p = softmax(np.array([z]))[0]
    return np.diag(p) + np.outer(p, p) - 2 * np.diag(p * p)

# %% softmax_jacobian | the diagonal is p
def softmax_jacobian(z):
    p = softmax(np.array([z]))[0]
    J = -np.outer(p, p)
    np.fill_diagonal(J, p)
    return J

# %% softmax | the sigmoid's slope without the minus
other_logit = "p*q"

# %% softmax_ce | the right class is pushed by p
slope_right = "p"
