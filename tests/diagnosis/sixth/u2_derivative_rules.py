# Wrong answers to the tasks of `u2_derivative_rules`, a sixth set; see ../fresh/README.md.

# %% poly_derivative | numpy's order of coefficients, highest first
def poly_derivative(c):
    return [float(a) for a in np.polyder(np.array(c))] if len(c) > 1 else [0]
# %% poly_derivative | drops the zeros
def poly_derivative(c):
    out = [k * a for k, a in enumerate(c) if k > 0 and a != 0]
    return out or [0]
# %% poly_derivative | multiplies with the exponent after it has dropped by one
def poly_derivative(c):
    return [(k - 1) * c[k] for k in range(1, len(c))] or [0]
# %% poly_derivative | lowers exponents and forgets to multiply
my_derivative = "3 + 7x - 6x^2"
# %% product_rule | keeps the corner
def dproduct(f, df, g, dg):
    def rule(x):
        return (f(x) + df(x)) * (g(x) + dg(x)) - f(x) * g(x)
    return rule
# %% product_rule | slopes evaluated at the product
def dproduct(f, df, g, dg):
    def rule(x):
        u = f(x) * g(x)
        return df(u) * g(x) + f(x) * dg(u)
    return rule
# %% product_rule | the constant 3 stays in the slope of the second factor
my_product = "4x^3*(sqrt(x)+3) + x^4*(1/(2sqrt(x)) + 3)"
# %% product_rule | returns the number at once instead of a function of x
def dproduct(f, df, g, dg):
    x = 1.0
    return df(x) * g(x) + f(x) * dg(x)
# %% quotient_rule | forgets the factor q
dq_by_hand = "(df - dg)/g"
# %% quotient_rule | slope of x^2 taken as x
my_quotient = "(5(x^2+2) - (5x+4)*x)/(x^2+2)^2"
# %% exp_by_steps | one step too few
def grow(x, n):
    y = 1.0
    for _ in range(1, n):
        y += y * (x / n)
    return y
# %% exp_by_steps | whole rate in every step
def grow(x, n):
    y = 1.0
    for _ in range(n):
        y += y * x
    return y
# %% exp_by_steps | multiplies by the base instead of its logarithm
d_power = "5*5^x"
# %% exp_by_steps | slope of ln is ln over x
d_ln = "ln(x)/x"
# %% dual_functions | sine of each part
def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.sin(x.inf))
# %% dual_functions | slope of the log taken at the eps part
def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), 1 / x.inf)
# %% dual_functions | always gives back a Dual
def cos(x):
    x = x if isinstance(x, Dual) else Dual(x, 0)
    return Dual(math.cos(x.real), -math.sin(x.real) * x.inf)
# %% dual_functions | slope of log divides by the log
def log(x):
    if isinstance(x, Dual):
        return Dual(math.log(x.real), x.inf / math.log(x.real))
    return math.log(x)
# %% chain_rule_1d | power rule on e
d_bell = "(-x^2/2)*e^(-x^2/2 - 1)"
# %% chain_rule_1d | forgets the inside's slope of the log
d_soft = "1/(1+e^x)"
# %% chain_rule_1d | loses the minus of the cosine
my_chain = "5*sin(5x)*exp(cos(5x))"
# %% chain_rule_1d | all slopes at x itself
def chain(fs, dfs):
    def slope_of(x):
        out = 1
        for d in dfs:
            out = out * d(x)
        return out
    return slope_of
# %% chain_rule_1d | every slope one link too late
def chain(fs, dfs):
    def slope_of(x):
        out = 1
        for f, d in zip(fs, dfs):
            x = f(x)
            out = out * d(x)
        return out
    return slope_of
# %% chain_rule_1d | adds the slopes
def chain(fs, dfs):
    def slope_of(x):
        out = 0
        for f, d in zip(fs, dfs):
            out = out + d(x)
            x = f(x)
        return out
    return slope_of
# %% chain_rule_1d | walks the chain from the last function
def chain(fs, dfs):
    def slope_of(x):
        out = 1
        for f, d in zip(reversed(fs), reversed(dfs)):
            out = out * d(x)
            x = f(x)
        return out
    return slope_of
# %% activations | sigmoid of the size of x
def sigmoid(x):
    return 1 / (1 + np.exp(-np.abs(x)))
# %% activations | softplus as relu
def softplus(x):
    return np.log1p(np.maximum(x, 0))
# %% activation_slopes | slope in the plot without the inner factor
def activation_plot(xs):
    _, ax = plt.subplots()
    k = 2
    ax.plot(xs, np.tanh(k * xs), label="f")
    ax.plot(xs, 1 - np.tanh(k * xs) ** 2, label="slope")
    return ax
# %% activation_slopes | softplus slope is e^x
def dsoftplus_from_input(x):
    return np.exp(np.minimum(x, 700))
# %% slopes_from_output | softplus: e^a - 1 without the division by e^a
def dsoftplus_from_output(a):
    return np.exp(a) - 1
# %% slopes_from_output | relu hands its output on
def drelu_from_output(a):
    return np.array(a, dtype=float)
# %% slopes_from_output | forgets to turn upside down
exp_in_s = "s - 1"
# %% slopes_from_output | square missing when put in
sigmoid_slope_in_s = "(1 - s)/s * s"
# %% descend | asks for the slope at the start only
def descend(df, x0, lr, steps):
    d = df(x0)
    return np.array([x0 - k * lr * d for k in range(steps + 1)])
# %% descend | leaves the start out
def descend(df, x0, lr, steps):
    x, path = float(x0), []
    for _ in range(steps):
        x -= lr * df(x)
        path.append(x)
    return np.array(path)
# %% descend | draws the path sorted
def path_plot(f, path):
    _, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 80)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    p = sorted(float(x) for x in path)
    ax.plot(p, [f(x) for x in p], "o-", label="path")
    return ax
# %% descend | sign of the third place lost
my_third = 0.648
