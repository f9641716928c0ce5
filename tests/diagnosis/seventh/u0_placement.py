# Wrong answers to the tasks of `u0_placement`, a seventh set; see ../fresh/README.md.

# %% rules | the slope of ln is ln again
d_product = f"{mine['n']}*x^{mine['n'] - 1}*ln(x) + x^{mine['n']}*ln(x)"
# %% partials | the p-part of the product is held still as well, only exp moves
dL_dp = f"{my_loss['k']}*exp({my_loss['k']}*p)"


# %% walk | goes up the slope
def walk(df, x, lr, steps):
    for _ in range(steps):
        x = x + lr * df(x)
    return x


# %% nudged | does not put the entry back
def nudged(f, x, h=1e-5):
    x = x.copy()
    grad = np.zeros_like(x)
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        down = f(x)
        grad[i] = (up - down) / (2 * h)
    return grad


# %% layer_back | db is the mean over the examples
def layer_back(X, W, dY):
    return dY @ W.T, X.T @ dY, dY.mean(axis=0)
