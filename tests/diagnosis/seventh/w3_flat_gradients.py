# Wrong answers to the tasks of `w3_flat_gradients`, a seventh set; see ../fresh/README.md.

# %% slope_of | the slope at a jump is infinite
def slope_of(f, xs):
    return [math.inf if f(x - 1e-4) != f(x + 1e-4) else 0.0 for x in xs]


# %% staircase | counts the wrong answers
def accuracy(w, X, y):
    return float(np.mean((np.asarray(X) > w) != (np.asarray(y) == 1)))


# %% soft_step | the slope without the factor k
def soft_step(x, k):
    x = np.asarray(x, dtype=float)
    s = (1 + np.tanh(k * x / 2)) / 2
    return s, s * (1 - s)


# %% straight_through | passes the sign of x instead of dout
def ste_back(dout, x, clip=1):
    x = np.asarray(x, dtype=float)
    return np.where(np.abs(x) <= clip, np.where(x >= 0, 1.0, -1.0), 0.0)


# %% idle_units | idle on at least one row
def idle_units(params, X, tol, act):
    a, idle = np.asarray(X, dtype=float), []
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            flat, a = z <= 0, np.maximum(z, 0)
        else:
            flat, a = 1 - np.tanh(z) ** 2 < tol, np.tanh(z)
        idle.append(flat.any(axis=0))
    return idle
