# Wrong answers to the tasks of `u3_chain_rule`, a seventh set; see ../fresh/README.md.

# %% grad_forward | the directions stay on once they were set
def grad_forward(f, x):
    duals = [Dual(float(v), 0.0) for v in x]
    out = []
    for i in range(len(duals)):
        duals[i] = Dual(float(x[i]), 1.0)
        y = f(list(duals))
        out.append(y.inf if isinstance(y, Dual) else 0.0)
    return np.array(out, dtype=float)


# %% local_grads | the slope of log is taken from the output
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
        return (1 / b, -a / b**2)
    if op == "pow":
        return (b * a ** (b - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / output,)
    if op == "tanh":
        return (1 - output**2,)
    if op == "relu":
        return (1 if a > 0 else 0,)


# %% softmax | every table is divided by the sum of all its entries
def softmax(Z):
    Z = np.asarray(Z, dtype=float)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum()


# %% softmax_ce | the 1 of the right class is taken off after dividing by n
def ce(Z, y):
    n = len(y)
    Z = np.asarray(Z, dtype=float)
    shifted = Z - Z.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dZ = np.exp(logp) / n
    dZ[np.arange(n), y] -= 1
    return -logp[np.arange(n), y].mean(), dZ
