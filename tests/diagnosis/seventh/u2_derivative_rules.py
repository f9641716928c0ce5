# Wrong answers to the tasks of `u2_derivative_rules`, a seventh set; see ../fresh/README.md.

# %% poly_derivative | leaves out the terms whose coefficient is 0
def poly_derivative(c):
    out = [k * c[k] for k in range(1, len(c)) if c[k] != 0]
    return out or [0]


# %% quotient_rule | solves for dq and loses the bracket
dq_by_hand = "df - q*dg/g"


# %% exp_by_steps | each step adds x/n of the start, not of what is there
def grow(x, n):
    y = 1
    for _ in range(n):
        y += x / n
    return y


# %% chain_rule_1d | the order of the list is taken backwards
def chain(fs, dfs):
    def slope_of_chain(x):
        total = 1
        for f, df in zip(reversed(fs), reversed(dfs)):
            total = total * df(x)
            x = f(x)
        return total

    return slope_of_chain


# %% descend | takes the slope at the start for all steps
def descend(df, x0, lr, steps):
    path = [float(x0)]
    s = df(float(x0))
    for _ in range(steps):
        path.append(path[-1] - lr * s)
    return np.array(path)
