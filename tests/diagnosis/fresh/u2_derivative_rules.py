# Wrong answers to the tasks of `u2_derivative_rules`, written from the unit's text alone; see README.md.

# %% poly_derivative | the exponent stays: multiplies without lowering
def poly_derivative(c):
    return [k * c[k] for k in range(len(c))]

# %% poly_derivative | lowers without multiplying
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return list(c[1:])

# %% poly_derivative | factors counted from 0
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return [k * a for k, a in enumerate(c[1:])]

# %% poly_derivative | nothing for a constant
def poly_derivative(c):
    return [k * c[k] for k in range(1, len(c))]

# %% poly_derivative | leaves zeros out
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return [k * c[k] for k in range(1, len(c)) if c[k] != 0]

# %% poly_derivative | highest power first
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    n = len(c) - 1
    return [(n - k) * a for k, a in enumerate(c[:-1])]

# %% poly_derivative | changes the list that it was given
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    for k in range(len(c)):
        c[k] *= k
    del c[0]
    return c

# %% poly_derivative | an array instead of a list
def poly_derivative(c):
    c = np.array(c)
    if len(c) == 1:
        return np.array([0])
    return np.arange(1, len(c)) * c[1:]

# %% poly_derivative | the antiderivative
def poly_derivative(c):
    return [0] + [a / (k + 1) for k, a in enumerate(c)]

# %% poly_derivative | the exponent is the value times the coefficient's place found by index
def poly_derivative(c):
    c = list(c)
    if len(c) == 1:
        return [0]
    return [c.index(a) * a for a in c[1:]]

# %% poly_derivative | the slope of 1/x without the sign
d_reciprocal = "1/x^2"

# %% poly_derivative | the logarithm is taken for the slope of 1/x
d_reciprocal = "ln(x)"

# %% poly_derivative | the root without the half
d_root = "1/sqrt(x)"

# %% poly_derivative | exponent not lowered in the cube
d_cube = "3*x^3"

# %% product_rule | the product of the slopes
def dproduct(f, df, g, dg):
    return lambda x: df(x) * dg(x)

# %% product_rule | a minus in the middle
def dproduct(f, df, g, dg):
    return lambda x: df(x) * g(x) - f(x) * dg(x)

# %% product_rule | each slope with its own function
def dproduct(f, df, g, dg):
    return lambda x: f(x) * df(x) + g(x) * dg(x)

# %% product_rule | the sum of the slopes
def dproduct(f, df, g, dg):
    return lambda x: df(x) + dg(x)

# %% product_rule | only one strip
def dproduct(f, df, g, dg):
    return lambda x: df(x) * g(x)

# %% product_rule | the corner is kept
def dproduct(f, df, g, dg):
    def slope(x):
        return df(x) * g(x) + f(x) * dg(x) + df(x) * dg(x)
    return slope

# %% product_rule | gives back an expression of functions
def dproduct(f, df, g, dg):
    return df * g + f * dg

# %% product_rule | evaluates at 1
def dproduct(f, df, g, dg):
    return df(1) * g(1) + f(1) * dg(1)

# %% product_rule | the product itself
def dproduct(f, df, g, dg):
    return lambda x: f(x) * g(x)

# %% product_rule | only scalar x
def dproduct(f, df, g, dg):
    return lambda x: math.fsum([df(x) * g(x), f(x) * dg(x)])

# %% quotient_rule | the wrong way round
def dquotient(f, df, g, dg):
    return lambda x: (f(x) * dg(x) - df(x) * g(x)) / g(x) ** 2

# %% quotient_rule | a plus in the numerator
def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) + f(x) * dg(x)) / g(x) ** 2

# %% quotient_rule | the divisor is not squared
def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / g(x)

# %% quotient_rule | nothing below
def dquotient(f, df, g, dg):
    return lambda x: df(x) * g(x) - f(x) * dg(x)

# %% quotient_rule | the quotient of the slopes
def dquotient(f, df, g, dg):
    return lambda x: df(x) / dg(x)

# %% quotient_rule | divided by the square of the slope of g
def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / dg(x) ** 2

# %% quotient_rule | divided by the square of f
def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / f(x) ** 2

# %% quotient_rule | q left out: f in its place
def dquotient(f, df, g, dg):
    return lambda x: (df(x) - f(x) * dg(x)) / g(x)

# %% quotient_rule | half of the numerator divided
def dquotient(f, df, g, dg):
    return lambda x: df(x) * g(x) - f(x) * dg(x) / g(x) ** 2

# %% quotient_rule | absolute value below
def dquotient(f, df, g, dg):
    return lambda x: (df(x) - f(x) / g(x) * dg(x)) / abs(g(x))

# %% quotient_rule | solved with a plus
dq_by_hand = "(df + q*dg)/g"

# %% quotient_rule | not divided by g
dq_by_hand = "df - q*dg"

# %% exp_by_steps | adds x/n of 1 in every step
def grow(x, n):
    y = 1
    for _ in range(n):
        y += x / n
    return y

# %% exp_by_steps | the whole x in every step
def grow(x, n):
    y = 1
    for _ in range(n):
        y += y * x
    return y

# %% exp_by_steps | one step too few
def grow(x, n):
    y = 1
    for _ in range(1, n):
        y += y * (x / n)
    return y

# %% exp_by_steps | starts from 0
def grow(x, n):
    y = 0
    for _ in range(n):
        y += y * (x / n)
    return y

# %% exp_by_steps | exp itself
def grow(x, n):
    return math.exp(x)

# %% exp_by_steps | returns after the first step
def grow(x, n):
    y = 1
    for _ in range(n):
        y += y * (x / n)
        return y

# %% exp_by_steps | replaces instead of adding
def grow(x, n):
    y = 1
    for _ in range(n):
        y = y * (x / n)
    return y

# %% exp_by_steps | one step too many
def grow(x, n):
    y = 1
    for _ in range(n + 1):
        y += y * (x / n)
    return y

# %% exp_by_steps | whole-number division
def grow(x, n):
    y = 1
    for _ in range(n):
        y += y * (x // n)
    return y

# %% exp_by_steps | ln forgotten in the slope of a power
d_power = f"{my_base}^x"

# %% exp_by_steps | the power rule for a^x
d_power = f"x*{my_base}^(x - 1)"

# %% dual_functions | cos without its minus
def cos(x):
    if isinstance(x, Dual):
        return Dual(math.cos(x.real), math.sin(x.real) * x.inf)
    return math.cos(x)

# %% dual_functions | sin with a minus
def sin(x):
    if isinstance(x, Dual):
        return Dual(math.sin(x.real), -math.cos(x.real) * x.inf)
    return math.sin(x)

# %% dual_functions | exp without the inner speed
def exp(x):
    if isinstance(x, Dual):
        return Dual(math.exp(x.real), math.exp(x.real))
    return math.exp(x)

# %% dual_functions | log: the slope is x instead of 1/x
def log(x):
    if isinstance(x, Dual):
        return Dual(math.log(x.real), x.real * x.inf)
    return math.log(x)

# %% dual_functions | sqrt without the 2
def sqrt(x):
    if isinstance(x, Dual):
        r = math.sqrt(x.real)
        return Dual(r, x.inf / r)
    return math.sqrt(x)

# %% dual_functions | sqrt: a half times the root
def sqrt(x):
    if isinstance(x, Dual):
        r = math.sqrt(x.real)
        return Dual(r, r / 2 * x.inf)
    return math.sqrt(x)

# %% dual_functions | the function of both parts
def exp(x):
    if isinstance(x, Dual):
        return Dual(math.exp(x.real), math.exp(x.inf))
    return math.exp(x)

# %% dual_functions | a Dual for a plain number, too
def sin(x):
    x = as_dual(x)
    return Dual(math.sin(x.real), math.cos(x.real) * x.inf)

# %% dual_functions | nothing for plain numbers
def cos(x):
    return Dual(math.cos(x.real), -math.sin(x.real) * x.inf)

# %% dual_functions | logarithm to the base 10
def log(x):
    if isinstance(x, Dual):
        return Dual(math.log10(x.real), x.inf / x.real)
    return math.log10(x)

# %% dual_functions | changes the Dual that it gets
def exp(x):
    if isinstance(x, Dual):
        x.real = math.exp(x.real)
        x.inf = x.real * x.inf
        return x
    return math.exp(x)

# %% dual_functions | log of the absolute value
def log(x):
    if isinstance(x, Dual):
        return Dual(math.log(abs(x.real)), x.inf / x.real)
    return math.log(abs(x))

# %% chain_rule_1d | every slope at x itself
def chain(fs, dfs):
    def slope(x):
        s = 1
        for df in dfs:
            s = s * df(x)
        return s
    return slope

# %% chain_rule_1d | last function first
def chain(fs, dfs):
    def slope(x):
        s = 1
        for f, df in zip(reversed(fs), reversed(dfs)):
            s = s * df(x)
            x = f(x)
        return s
    return slope

# %% chain_rule_1d | adds the rates
def chain(fs, dfs):
    def slope(x):
        s = 0
        for f, df in zip(fs, dfs):
            s = s + df(x)
            x = f(x)
        return s
    return slope

# %% chain_rule_1d | goes on before it takes the slope
def chain(fs, dfs):
    def slope(x):
        s = 1
        for f, df in zip(fs, dfs):
            x = f(x)
            s = s * df(x)
        return s
    return slope

# %% chain_rule_1d | the slope goes through the chain
def chain(fs, dfs):
    def slope(x):
        for df in dfs:
            x = df(x)
        return x
    return slope

# %% chain_rule_1d | uses the lists up
def chain(fs, dfs):
    def slope(x):
        s = 1
        while fs:
            s = s * dfs.pop(0)(x)
            x = fs.pop(0)(x)
        return s
    return slope

# %% chain_rule_1d | only two links
def chain(fs, dfs):
    return lambda x: dfs[1](fs[0](x)) * dfs[0](x)

# %% chain_rule_1d | the last slope is forgotten
def chain(fs, dfs):
    def slope(x):
        s = 1
        for f, df in zip(fs[:-1], dfs[:-1]):
            s = s * df(x)
            x = f(x)
        return s
    return slope

# %% chain_rule_1d | the value and not the slope
def chain(fs, dfs):
    def value(x):
        for f in fs:
            x = f(x)
        return x
    return value

# %% chain_rule_1d | each function computed again and again
def chain(fs, dfs):
    def arrive(k, x):
        for f in fs[:k]:
            x = f(x)
        return x
    def slope(x):
        s = 1
        for k, df in enumerate(dfs):
            s = s * df(arrive(k, x))
        return s
    return slope

# %% chain_rule_1d | the inner slope is forgotten
d_cos_of_square = "-sin(x^2)"

# %% chain_rule_1d | the outer slope at the inner slope
d_cos_of_square = "-sin(2*x)"

# %% chain_rule_1d | bell with its sign lost
d_bell = "x*exp(-x^2/2)"

# %% sturdy_activations | sigmoid overflows
def sturdy_sigmoid(x):
    return 1 / (1 + np.exp(-x))

# %% activation_slopes | the slope from the output taken for the input
def dsigmoid_from_input(x):
    return x * (1 - x)

# %% slopes_from_output | tanh slope with a plus
def dtanh_from_output(a):
    return 1 + a**2

# %% slopes_from_output | tanh slope without the square
def dtanh_from_output(a):
    return 1 - a

# %% slopes_from_output | from the output, the function applied once more
def dsigmoid_from_output(a):
    s = sigmoid(a)
    return s * (1 - s)

# %% slopes_from_output | from the output, the function applied once more
def dtanh_from_output(a):
    return 1 - np.tanh(a) ** 2

# %% activation_slopes | the slope of relu is its sign
def drelu_from_input(x):
    return np.sign(x)

# %% activation_slopes | relu gives back x itself as the slope
def drelu_from_input(x):
    return np.maximum(x, 0)

# %% activations | leaky relu
def relu(x):
    return np.where(x > 0, x, 0.01 * x)

# %% activations | relu is the absolute value
def relu(x):
    return np.abs(x)

# %% activation_slopes | softplus slope is exp(x)
def dsoftplus_from_input(x):
    return np.exp(np.minimum(x, 0))

# %% slopes_from_output | softplus from the output as if a were x
def dsoftplus_from_output(a):
    return sigmoid(a)

# %% slopes_from_output | s + s^2
def dsigmoid_from_output(a):
    return a * (1 + a)

# %% activation_slopes | the k of the inside forgotten in the slope's picture
def activation_plot(xs):
    f, df = {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }[steep["name"]]
    k = steep["k"]
    _, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, df(k * xs), label="slope")
    return ax

# %% activation_slopes | the activation without its number
def activation_plot(xs):
    f, df = {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }[steep["name"]]
    _, ax = plt.subplots()
    ax.plot(xs, f(xs), label="f")
    ax.plot(xs, df(xs), label="slope")
    return ax

# %% descend | uphill
def descend(df, x0, lr, steps):
    path = [x0]
    for _ in range(steps):
        path.append(path[-1] + lr * df(path[-1]))
    return np.array(path, dtype=float)

# %% descend | the start is not counted
def descend(df, x0, lr, steps):
    x = float(x0)
    path = []
    for _ in range(steps):
        x = x - lr * df(x)
        path.append(x)
    return np.array(path)

# %% descend | one step too few
def descend(df, x0, lr, steps):
    x = float(x0)
    path = []
    for _ in range(steps):
        path.append(x)
        x = x - lr * df(x)
    return np.array(path)

# %% descend | the slope at the start for all steps
def descend(df, x0, lr, steps):
    x = float(x0)
    d = df(x)
    path = [x]
    for _ in range(steps):
        x = x - lr * d
        path.append(x)
    return np.array(path)

# %% descend | only the last place
def descend(df, x0, lr, steps):
    x = float(x0)
    for _ in range(steps):
        x = x - lr * df(x)
    return x

# %% descend | the learning rate is forgotten
def descend(df, x0, lr, steps):
    x = float(x0)
    path = [x]
    for _ in range(steps):
        x = x - df(x)
        path.append(x)
    return np.array(path)

# %% descend | the place is replaced by the step
def descend(df, x0, lr, steps):
    x = float(x0)
    path = [x]
    for _ in range(steps):
        x = -lr * df(x)
        path.append(x)
    return np.array(path)

# %% descend | stops where the slope is small
def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        d = df(path[-1])
        if abs(d) < 0.001:
            break
        path.append(path[-1] - lr * d)
    return np.array(path)

# %% descend | steps of equal length
def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * np.sign(df(path[-1])))
    return np.array(path)

# %% descend | adds in place of multiplying the factors
x_after_k = "x0 - k*lr*c*x0"

# %% descend | the limit where it first jumps across
lr_limit = "1/c"
