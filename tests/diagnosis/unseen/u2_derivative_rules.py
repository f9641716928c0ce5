# Wrong answers to the tasks of `u2_derivative_rules`, written after the fresh ones; see ../fresh/README.md.

# %% poly_derivative | one factor too many
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return [(k + 1) * c[k] for k in range(1, len(c))]

# %% poly_derivative | the constant term stays in front
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return [c[0]] + [k * c[k] for k in range(2, len(c))]

# %% poly_derivative | lowers the exponent of the root the wrong way
d_root = "x^(1/2)/2"

# %% product_rule | each strip twice
def dproduct(f, df, g, dg):
    return lambda x: 2 * (df(x) * g(x) + f(x) * dg(x))

# %% product_rule | slopes swapped between the two
def dproduct(f, df, g, dg):
    def h(x):
        return dg(x) * g(x) + f(x) * df(x)
    return h

# %% quotient_rule | q times dg forgotten
dq_by_hand = "df/g"

# %% exp_by_steps | the power rule for 2^x
d_power = "x*a^(x-1)"

# %% dual_functions | the outer slope without the inner one in log
def log(x):
    if isinstance(x, Dual):
        return Dual(math.log(x.real), 1 / x.real)
    return math.log(x)

# %% chain_rule_1d | all slopes taken at x
def chain(fs, dfs):
    def slope_at(x):
        product = 1.0
        for df in dfs:
            product = product * df(x)
        return product
    return slope_at

# %% chain_rule_1d | the slopes are added
def chain(fs, dfs):
    def slope_at(x):
        total = 0
        for f, df in zip(fs, dfs):
            total = total + df(x)
            x = f(x)
        return total
    return slope_at

# %% chain_rule_1d | each slope after its function has acted
def chain(fs, dfs):
    def slope_at(x):
        product = 1
        for f, df in zip(fs, dfs):
            x = f(x)
            product = product * df(x)
        return product
    return slope_at

# %% slopes_from_output | tanh slope without the square
def dtanh_from_output(a):
    return 1 - np.abs(a)

# %% activations | leaky relu
def relu(x):
    return np.where(np.asarray(x) > 0, x, 0.01 * np.asarray(x))

# %% descend | climbs
def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] + lr * df(path[-1]))
    return np.array(path)

# %% descend | always from the start
def descend(df, x0, lr, steps):
    x = float(x0)
    path = [x]
    for k in range(steps):
        path.append(x - lr * df(x))
    return np.array(path)

# %% descend | a step of fixed length
def descend(df, x0, lr, steps):
    x = float(x0)
    path = [x]
    for k in range(steps):
        x = x - lr * np.sign(df(x))
        path.append(x)
    return np.array(path)
