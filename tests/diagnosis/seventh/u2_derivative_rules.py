# Wrong answers to the tasks of `u2_derivative_rules`, a seventh set; see ../fresh/README.md.

# %% quotient_rule | solves for dq and loses the bracket
dq_by_hand = "df - q*dg/g"


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
