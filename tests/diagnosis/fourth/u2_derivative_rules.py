# Wrong answers to the tasks of `u2_derivative_rules`, a fourth set; see ../fresh/README.md.

# %% poly_derivative | multiplied by the new exponent in place of the old one
def poly_derivative(c):
    if len(c) == 1:
        return [0]
    return [k * c[k + 1] for k in range(len(c) - 1)]


# %% poly_derivative | the exponent goes down but does not come in front
def poly_derivative(c):
    return list(c[1:]) or [0]


# %% poly_derivative | an integral: divided by k + 1
def poly_derivative(c):
    return [0] + [c[k] / (k + 1) for k in range(len(c))]


# %% poly_derivative | zeros are left out
def poly_derivative(c):
    out = [k * c[k] for k in range(1, len(c)) if c[k] != 0]
    return out or [0]


# %% poly_derivative | coefficients read from the highest power down
def poly_derivative(c):
    n = len(c) - 1
    if n == 0:
        return [0]
    return [(n - k) * c[k] for k in range(n)]


# %% poly_derivative | letters: the power rule without lowering the exponent
d_cube = "3x^3"

# %% poly_derivative | letters: 1/x taken as x^-1, the exponent goes up to 0
d_reciprocal = "-1"

# %% poly_derivative | letters: the root: the exponent -1/2 read as a root above
d_root = "sqrt(x)/2"

# %% poly_derivative | letters: the constant stays
my_derivative = "8 + 3 + 14x - 18x^2"

# %% poly_derivative | letters: the last exponent is not lowered
my_derivative = "3 + 14x - 18x^3"

# %% poly_derivative | two slips: letters lose the factor 2 and the sign of the reciprocal
d_square = "x"
d_reciprocal = "1/x^2"


# %% product_rule | each side times its own slope
def dproduct(f, df, g, dg):
    def d(x):
        return f(x) * df(x) + g(x) * dg(x)

    return d


# %% product_rule | a minus between the strips, as in the quotient rule
def dproduct(f, df, g, dg):
    def d(x):
        return df(x) * g(x) - f(x) * dg(x)

    return d


# %% product_rule | chained: the inside goes into the outside
def dproduct(f, df, g, dg):
    def d(x):
        return df(g(x)) * dg(x)

    return d


# %% product_rule | the corner is kept as well
def dproduct(f, df, g, dg):
    def d(x):
        return df(x) * g(x) + f(x) * dg(x) + df(x) * dg(x)

    return d


# %% product_rule | letters: the product of the slopes
my_product = "4x^3 * 1/(2sqrt(x))"

# %% product_rule | letters: only the first factor is differentiated
my_product = "4x^3(sqrt(x) + 3)"

# %% product_rule | letters: the constant in the bracket survives
my_product = "4x^3(sqrt(x) + 3) + x^4(1/(2sqrt(x)) + 3)"

# %% product_rule | letters: the slope of the root without its half
my_product = "4x^3(sqrt(x) + 3) + x^4/sqrt(x)"


# %% quotient_rule | above the wrong way round
def dquotient(f, df, g, dg):
    return lambda x: (f(x) * dg(x) - df(x) * g(x)) / (g(x) * g(x))


# %% quotient_rule | each side times its own slope above
def dquotient(f, df, g, dg):
    return lambda x: (f(x) * df(x) - g(x) * dg(x)) / g(x) ** 2


# %% quotient_rule | letters: the slopes of above and below divided
my_quotient = "5/(2x)"

# %% quotient_rule | letters: order above exchanged
my_quotient = "(2x(5x+4) - 5(x^2+2))/(x^2+2)^2"

# %% quotient_rule | letters: the bracket below is not squared
my_quotient = "(5(x^2+2) - 2x(5x+4))/(x^2+2)"

# %% quotient_rule | two slips: plus above and no square below
my_quotient = "(5(x^2+2) + 2x(5x+4))/(x^2+2)"


# %% exp_by_steps | each step multiplies by x/n instead of adding
def grow(x, n):
    y = 1
    for _ in range(n):
        y *= x / n
    return y


# %% exp_by_steps | letters: the power rule on an exponential
d_power = "x*5^(x-1)"

# %% exp_by_steps | letters: the exponential is its own slope whatever its base
d_power = "5^x"

# %% exp_by_steps | letters: ln of x in place of ln of the base
d_power = "5^x*ln(x)"

# %% exp_by_steps | letters: the slope of ln is exp
d_ln = "e^x"


# %% dual_functions | exp: the speed of the input is forgotten
def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    e = math.exp(x.real)
    return Dual(e, e)


# %% dual_functions | exp: exp of the inf part
def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    return Dual(math.exp(x.real), math.exp(x.inf))


# %% dual_functions | log: the log of the inf part
def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), math.log(x.inf))


# %% dual_functions | log: inf over the log, not over x
def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), x.inf / math.log(x.real))


# %% dual_functions | sin: the minus is on the wrong wave
def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), -math.cos(x.real) * x.inf)


# %% dual_functions | the slope is taken at the inf part
def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.inf) * x.inf)


# %% dual_functions | two slips: sin and cos swap signs, log forgets inf
def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), 1 / x.real)


def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), math.sin(x.real) * x.inf)


# %% chain_rule_1d | all slopes at x, not at what arrives
def chain(fs, dfs):
    def d(x):
        out = 1
        for df in dfs:
            out = out * df(x)
        return out

    return d


# %% chain_rule_1d | slopes are added
def chain(fs, dfs):
    def d(x):
        total = 0
        for f, df in zip(fs, dfs):
            total = total + df(x)
            x = f(x)
        return total

    return d


# %% chain_rule_1d | moves on before the slope is taken
def chain(fs, dfs):
    def d(x):
        out = 1
        for f, df in zip(fs, dfs):
            x = f(x)
            out = out * df(x)
        return out

    return d


# %% chain_rule_1d | from the last function to the first
def chain(fs, dfs):
    def d(x):
        out = 1
        for f, df in zip(reversed(fs), reversed(dfs)):
            out = out * df(x)
            x = f(x)
        return out

    return d


# %% chain_rule_1d | only the outermost slope
def chain(fs, dfs):
    def d(x):
        for f in fs[:-1]:
            x = f(x)
        return dfs[-1](x) if dfs else 1

    return d


# %% chain_rule_1d | letters: the slope of the inside goes into the outside
d_cos_of_square = "-sin(2x)"

# %% chain_rule_1d | letters: the bell without its inner minus
d_bell = "x*e^(-x^2/2)"

# %% chain_rule_1d | letters: the bell by the power rule
d_bell = "-x^2/2 * e^(-x^2/2 - 1)"

# %% chain_rule_1d | letters: 1 over the inside, its slope left out
d_soft = "1/(1 + e^x)"

# %% chain_rule_1d | letters: ln of the slope of the inside
d_soft = "ln(e^x)"

# %% chain_rule_1d | letters: the 5 of the innermost link is left out
my_chain = "-sin(5x)*e^(cos(5x))"

# %% chain_rule_1d | letters: two slips: sign of cos, and no 5
my_chain = "sin(5x)*e^(cos(5x))"


# %% activations | sigmoid with the sign of x the wrong way round
def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x < 0, 1, e) / (1 + e)


# %% activations | sigmoid for the absolute value only
def sigmoid(x):
    e = np.exp(-np.abs(x))
    return 1 / (1 + e)


# %% sturdy_activations | tanh by its formula overflows
def sturdy_tanh(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


# %% activations | relu writes into the array it gets
def relu(x):
    x[x < 0] = 0
    return x


# %% sturdy_activations | softplus overflows
def sturdy_softplus(x):
    return np.log(1 + np.exp(x))


# %% activation_slopes | tanh: not squared
def dtanh_from_input(x):
    return 1 - np.tanh(x)


# %% activation_slopes | relu: minus one on the left
def drelu_from_input(x):
    return np.where(x > 0, 1, -1)


# %% activation_slopes | softplus: the slope of the sigmoid instead of the sigmoid
def dsoftplus_from_input(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2


# %% activation_slopes | the plot: the factor of the inside is forgotten in the slope
def activation_plot(xs):
    figure, ax = plt.subplots()
    ax.plot(xs, np.tanh(2 * xs), label="f")
    ax.plot(xs, 1 - np.tanh(2 * xs) ** 2, label="slope")
    return ax


# %% activation_slopes | the plot: without the number inside
def activation_plot(xs):
    figure, ax = plt.subplots()
    ax.plot(xs, tanh(xs), label="f")
    ax.plot(xs, dtanh_from_input(xs), label="slope")
    return ax


# %% slopes_from_output | the sigmoid is applied once more
def dsigmoid_from_output(a):
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)


# %% slopes_from_output | sigmoid: 1 - s^2, mixed up with tanh
def dsigmoid_from_output(a):
    return 1 - a**2


# %% slopes_from_output | softplus: the slope is the output
def dsoftplus_from_output(a):
    return a


# %% slopes_from_output | softplus: the sigmoid of the output
def dsoftplus_from_output(a):
    return 1 / (1 + np.exp(-a))


# %% slopes_from_output | letters: turned upside down without taking off the 1
exp_in_s = "1/s"

# %% slopes_from_output | letters: s(1+s)
sigmoid_slope_in_s = "s(1+s)"

# %% slopes_from_output | letters: the slope of the sigmoid without its square below
sigmoid_slope_in_x = "e^(-x)/(1+e^(-x))"

# %% slopes_from_output | letters: minus the right slope
sigmoid_slope_in_x = "-e^(-x)/(1+e^(-x))^2"


# %% slopes_from_output | two slips: relu gives the output, sigmoid uses tanh's formula
def drelu_from_output(a):
    return a


def dsigmoid_from_output(a):
    return 1 - a * a


# %% descend | the slope at the start is used for all steps
def descend(df, x0, lr, steps):
    s = df(x0)
    return np.array([x0 - k * lr * s for k in range(steps + 1)])


# %% descend | the start is not part of the path
def descend(df, x0, lr, steps):
    x, path = float(x0), []
    for _ in range(steps):
        x = x - lr * df(x)
        path.append(x)
    return np.array(path)


# %% descend | only the last place is given
def descend(df, x0, lr, steps):
    x = float(x0)
    for _ in range(steps):
        x -= lr * df(x)
    return x


# %% descend | the learning rate gets smaller with each step
def descend(df, x0, lr, steps):
    path = [float(x0)]
    for k in range(steps):
        path.append(path[-1] - lr / (k + 1) * df(path[-1]))
    return np.array(path)


# %% descend | minus the slope alone: x becomes -lr * slope
def descend(df, x0, lr, steps):
    path = [float(x0)]
    for k in range(steps):
        path.append(-lr * df(path[-1]))
    return np.array(path)


# %% descend | my_third: after two steps
my_third = 1.08

# %% descend | letters: the factor without its 1
x_after_k = "x0*(lr*c)^k"

# %% descend | letters: plus in the factor
x_after_k = "x0*(1 + lr*c)^k"

# %% descend | letters: the limit upside down
lr_limit = "c/2"


# %% descend | the path is drawn over step numbers, not over x
def path_plot(f, path):
    figure, ax = plt.subplots()
    left, right = float(np.min(path)) - 1, float(np.max(path)) + 1
    xs = np.linspace(left, right, 101)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(range(len(path)), path, "o-", label="path")
    return ax


# %% descend | the path lies on the level of 0
def path_plot(f, path):
    figure, ax = plt.subplots()
    left, right = float(np.min(path)) - 1, float(np.max(path)) + 1
    xs = np.linspace(left, right, 101)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [0 for x in path], "o-", label="path")
    return ax
