# Wrong answers to the tasks of `u0_placement`, a sixth set; see ../fresh/README.md.

# %% rules | product of the slopes
d_product = "3x^2 * 1/x"
# %% rules | terms of the quotient rule added
d_quotient = "(6(x^2+5) + 6x*2x)/(x^2+5)^2"
# %% rules | inner slope missing
d_chain = "e^(-6x^2)"
# %% rules | power rule on e
d_chain = "-6x^2 * e^(-6x^2 - 1)"
# %% partials | exp without its inner factor
dL_dp = "4p^3*q^2 + exp(3p)"
# %% partials | both letters move
dL_dp = "4p^3*2q + 3exp(3p)"
# %% partials | the last link, x, forgotten
dE_dw = "2(tanh(w*x) - y)(1 - tanh(w*x)^2)"
# %% partials | slope of tanh without the square
dE_dw = "2(tanh(w x) - y)(1 - tanh(w x))x"
# %% walk | slope of the start kept
def walk(df, x, lr, steps):
    d = df(x)
    for _ in range(steps):
        x = x - lr * d
    return x
# %% walk | uphill
def walk(df, x, lr, steps):
    for _ in range(steps):
        x += lr * df(x)
    return x
# %% nudged | forward
def nudged(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x)); e[i] = h
        g[i] = (f(x + e) - f(x)) / h
    return g
# %% nudged | divides by h only
def nudged(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x)); e[i] = h
        g[i] = (f(x + e) - f(x - e)) / h
    return g
# %% layer_back | averages
def layer_back(X, W, dY):
    return dY @ W.T, X.T @ dY / len(X), dY.mean(axis=0)
# %% layer_back | bias gets one number for each row
def layer_back(X, W, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=1)
