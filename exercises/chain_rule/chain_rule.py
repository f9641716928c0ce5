# %% [markdown]
# # Chain rule on graphs: backpropagation
#
# So far, one number went in and one came out. A network has thousands of numbers inside, and they all share one
# error. For each of them it asks the same question: *if I nudge you, what happens to the error?*
#
# In this notebook you answer the question for all of them at once. You build the machine that every deep-learning
# library has at its heart, in about sixty lines, and then the two layers that you will meet in every network.
#
# Every section is the same: **read, predict, write, check**. Try the checks as often as you like. When you hand in,
# hidden checks try your code on other inputs, and ask for nothing that is not written here. No function may change
# what it is given.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import check, greet, pictures, variant

plt.rcParams["figure.dpi"] = 90
greet()

# %% bring="Dual as_dual divide power"
# From the first unit, in the place of the dots: your as_dual, Dual, divide and power, and the three lines below them
# that begin with Dual. You can do every task without them; only one picture stays empty.
...

# %%
if "Dual" not in globals():  # nothing was brought: a Dual with its two parts, which cannot calculate

    class Dual:
        """The number  real + inf*eps,  where eps*eps = 0."""

        def __init__(self, real, inf=0):
            self.real, self.inf = real, inf

        def __repr__(self):
            return f"{self.real} + {self.inf}*eps"


# %% [markdown]
# ## 1. One input at a time
#
# You stand on a hillside. How steep is it? That depends on which way you look. So look in one direction at a time:
# first walk a step east, *staying on the same line*, then a step north.
#
# A function of two numbers is such a hillside. Hold `y` still and let only `x` move: what remains is a function of
# one number, and you know what its slope is. That is the **partial derivative** of `f` in `x`. Then hold `x` and
# let `y` move. The list of all partial derivatives is the **gradient** of `f`.

# %%
pictures.hold_one(lambda v: v[0] * v[0] * v[1] / 4, 2, 1)
# %% [markdown]
# With a `Dual` it is easy to let one input move. Give it `1` beside `eps`, and give all others a `0`:
#
# `f(x + eps, y)` has the slope in `x` beside `eps`, and `f(x, y + eps)` has the slope in `y`.
#
# Here is a hillside of your own.

# %%
SURFACES = [
    {"f": "3*x*x*y + 2*y*y", "a": 3, "b": 2},
    {"f": "2*x*x*y + 5*y*y", "a": 2, "b": 5},
    {"f": "4*x*x*y + 3*y*y", "a": 4, "b": 3},
    {"f": "5*x*x*y + 3*y*y", "a": 5, "b": 3},
    {"f": "3*x*x*y + 4*y*y", "a": 3, "b": 4},
    {"f": "2*x*x*y + 3*y*y", "a": 2, "b": 3},
]
mine = variant("grad_forward", SURFACES)


def surface(v):
    """Your own function of two numbers, v = [x, y]."""
    x, y = v
    return mine["a"] * x * x * y + mine["b"] * y * y


print(f"Yours: f(x, y) = {mine['f']}")

# %% [markdown]
# ### Predict
# What would you get if you let *all* inputs move at the same time?
#
# ### Your turn
# - `grad_forward(f, x)`: the gradient of `f` at `x`, where `x` is a list or an array of n numbers. Return an array
#   of n floats, also if `x` holds whole numbers. Call `f` exactly n times, each time with one *list* of n `Dual`s.
#   If `f` gives back a plain number, it did not depend on its inputs: the slope is 0.
# - `slope_in_x` and `slope_in_y`: the two partial derivatives of *your* function, as texts with `x` and `y`. To find
#   the first, treat `y` like any number that stands still.
#
# `2xy` is understood as `2*x*y`, and `x^2` as `x**2`.

# %% task="grad_forward"
def grad_forward(f, x):
    """The partial derivative of f in each of the n numbers of x, as an array of floats."""
    ...


slope_in_x = (
    ...
)
slope_in_y = (
    ...
)

# %% check="grad_forward"
check("grad_forward")

# %%
pictures.hold_one(surface, 2, 1, grad_forward)
# %% [markdown]
# Your gradient, as two tangents (if you have brought your `Dual`, which must multiply here). All inputs at once
# would have given you the *sum* of the slopes: one number, in which nobody can be told from anybody. One at a time
# is right, and it has a price: **n inputs, n calls**. A small network has ten thousand weights. Ten thousand runs
# of the whole network, for one step! The rest of this notebook gets all the slopes in *one* sweep.

# %% [markdown]
# ## 2. Every step knows only itself
#
# Any computation is a **graph**: boxes for the numbers, arrows for who needs whom. Here is `tanh(a*b + c)`. A box
# knows what comes in and what goes out, and nothing about the rest of the world.

# %%
class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs

    def __repr__(self):
        return self.name


pictures.graph(Node("tanh", Node("+", Node("*", Node("a"), Node("b")), Node("c"))))
# %% [markdown]
# So ask each box the one question that it can answer: *if one of your own inputs is nudged, how fast does your own
# output change?* That is a **local slope**. There is one for each input.
#
# For `a * b` the rectangle of unit 2 answers: nudge `a`, and the strip that grows is `b` high. The slope in `a` is
# `b`, and the slope in `b` is `a`. For `a + b` both are 1, whatever `a` and `b` are.
#
# Two more are on the list. `relu` lets positive numbers pass, and turns negative ones into 0. (At 0 itself it has a
# kink, and nobody asks you about it.) And `tanh` squeezes every number in between −1 and 1:

# %%
pictures.zoom(math.tanh, 0, [8, 1])
# %% [markdown]
# In the middle it is as steep as it gets, with the slope 1; far out it is flat. There is a formula for this: if `t`
# is the *output* of `tanh`, its slope is `1 - t*t`.
#
# ### Predict
# `a - b`: what is the slope in `b`? And `a / b`: if `b` is nudged up, does the quotient grow or shrink?
#
# ### Your turn
# `local_grads(op, inputs, output)`: a tuple with one slope for each input.
#
# | `op` | `inputs` | `output` | slopes in |
# |---|---|---|---|
# | `"+"`, `"-"`, `"*"`, `"/"` | `(a, b)` | `a + b`, `a - b`, … | `a` and `b` |
# | `"pow"` | `(a, n)` | `a**n` | `a` alone: n is a number that never moves |
# | `"exp"`, `"log"`, `"tanh"`, `"relu"` | `(a,)` | `exp(a)`, `log(a)`, … | `a` |
#
# `log` is the natural logarithm. You are given the output because it is often half of the answer; use it where you
# like. A tuple with one thing in it is written `(slope,)`.

# %% task="local_grads"
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    ...


# %% check="local_grads"
check("local_grads")

# %% [markdown]
# ## 3. Who must wait for whom?
#
# Now the slopes must travel. Suppose that the end of the graph knows how much it matters: 1. It tells its inputs how
# much *they* matter, they tell theirs, and so on, from right to left. This is **backpropagation**.
#
# One thing can go wrong. Look at `s`. It has *two* users, and each of them has something to say. If `s` passes its
# message on after the first has spoken, it passes on half the truth.

# %%
x, y = Node("x"), Node("y")
s = Node("s", x, y)
p = Node("p", s)
q = Node("q", p, x)
uneven = Node("L", q, s)
pictures.graph(uneven)
# %% [markdown]
# So nobody speaks before all of its users have spoken. Turn that around, and it is the order in which the numbers
# were computed: *every node after all of its inputs*. Such a list is called a **topological order**. Going through
# it backwards, everyone is heard in time.
#
# ### Predict
# `L` uses `q` and `s`. Walk from `L` to the left, one column at a time: `L`, then `q` and `s`, then … Who would speak
# too early?
#
# ### Your turn
# `topological(node)`: a list of `node` and of everything that it is computed from, directly or not. Every node stands
# in it **once**, and **after all of its inputs** (`one.inputs` is a tuple of nodes). There may be several such lists;
# any of them is right.
#
# - Two nodes may have the same name and still be two. Tell them apart by what they *are*: `a is b`, or `id(a)`.
# - Leave no marks on the nodes: asked again, your function gives the same list again.
# - A node with two users is reached on two ways, a few such nodes in a row on millions of ways. Do not walk them all:
#   a hidden check has 2^60 of them.
# - Half of the points are for a chain of 5000 nodes. A function that calls itself 5000 times deep is stopped by
#   Python; keep your own list of what still waits. (Not today? Then write it with a call to itself, and go on.)

# %% task="topological_order"
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    ...


# %% check="topological_order"
check("topological_order")

# %%
pictures.firing_order(uneven, topological)
# %% [markdown]
# Read the turns backwards. Does each box speak after everyone on its right that it has an arrow to? An arrow in the
# colour of warning would show you who spoke too early. Column by column it would have been `s`: it stands one arrow
# left of `L`, and has not heard from `p` yet.

# %% [markdown]
# ## 4. The engine
#
# Now put the pieces together. A `Value` is a number that remembers where it came from. You calculate with it as with
# any number, and while you do, the graph grows by itself. Then `backward()` sends the slopes from right to left.
#
# **The rule is short.** Let `L` be the output, and call the slope of `L` in a node its **gradient**, `node.grad`. The
# node tells each of its inputs:
#
# `my gradient  *  my local slope in you`
#
# That is the chain rule: rates multiply along a path. And an input *adds up* what it hears from all of its users.
# Why add? Nudge `x` by a little, and the nudge runs to `L` on every path at once. Each path brings its own change.
# `L` sees them all together.
#
# ### Predict
# `L = b*b + b` at `b = 3`. How many arrows leave `b`? What does it hear on each, and what is its gradient?
#
# ### Your turn
# Two helpers and the beginning of the class are given. `computed("+", 5.0, a, b)` makes the Value `5.0` that was
# computed as `a + b`, with the local slopes from *your* `local_grads`. A line such as
# `return computed("+", self.data + other.data, self, other)` is all that most methods need.
#
# - `+ - * /` with another Value, or with a plain number **on either side** (`2 - v` calls `v.__rsub__(2)`, `2 / v`
#   calls `v.__rtruediv__(2)`); `-v`; `v ** n`, where n is a plain number; and the methods `v.exp()`, `v.log()`,
#   `v.tanh()`, `v.relu()`. Nobody asks for `2 ** v` or for a Value to the power of a Value.
# - `backward()` on the output fills in `grad` of every node. The output's own is 1. Where nothing flows, it is 0. No
#   `data` changes. Graphs are up to 300 nodes deep, and may again have 2^60 paths.
# - One point is for calling `backward()` **twice**. Nodes that were computed start from 0 every time. A *leaf*, a
#   Value without inputs, keeps what it has and adds to it: the second call makes its gradient twice as large. (A
#   training loop sets it to 0 itself, and unit 5 will be glad of it.)

# %% task="value_engine"
def as_value(x):
    """A plain number x as a Value of its own."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [one.data if isinstance(one, Value) else one for one in inputs]
    values = tuple(one for one in inputs if isinstance(one, Value))
    shown = " ".join([op, *(str(one) for one in inputs if not isinstance(one, Value))])  # "pow 2"
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data  # the number
        self.inputs = inputs  # the Values that it was computed from
        self.op = op  # by which operation
        self.slopes = slopes  # its local slopes, one for each input
        self.grad = 0.0  # the slope of the output in this number, once backward() has run

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other):
        """self + other"""
        ...

    def __sub__(self, other):
        """self - other"""
        ...

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        ...

    def __neg__(self):
        """-self"""
        ...

    def __mul__(self, other):
        """self * other"""
        ...

    def __truediv__(self, other):
        """self / other"""
        ...

    def __rtruediv__(self, other):
        """other / self, where other is a plain number"""
        ...

    def __pow__(self, n):
        """self ** n, where n is a plain number"""
        ...

    def exp(self):
        """e to the self"""
        ...

    def log(self):
        """The natural logarithm of self."""
        ...

    def tanh(self):
        """The hyperbolic tangent of self."""
        ...

    def relu(self):
        """self, or 0 where self is negative"""
        ...

    def backward(self):
        """The gradient of self in every node that it is computed from."""
        ...

    # given: + and * do not care about the order
    __radd__ = __add__
    __rmul__ = __mul__


# %% check="value_engine"
check("value_engine")

# %% [markdown]
# Your engine can draw what it did. The number on an arrow is the local slope. Follow the gradients from the right to
# the left: each is what stands on the arrow, times the gradient of the box that the arrow leads to.

# %%
def twice_used():
    b = Value(3.0)
    L = b * b + b
    L.backward()
    return {"b": b, "L": L}


pictures.graph(twice_used, slopes=True)


# %%
def uneven_values():
    x, y = Value(1.5), Value(0.5)
    s = x - y
    p = s.tanh()
    q = p * x
    L = q + s
    L.backward()
    return {"x": x, "y": y, "s": s, "p": p, "q": q, "L": L}


pictures.graph(uneven_values, slopes=True)
# %% [markdown]
# ## 5. Once by hand
#
# You have built the machine. Be the machine once, and you will never again wonder what it does. Here is a graph of
# your own, with letters instead of numbers.

# %%
SHEETS = [
    {"twice": "x", "once": "y", "a": 3, "b": 2, "x": 2, "y": -3},
    {"twice": "y", "once": "x", "a": 2, "b": 5, "x": -2, "y": 3},
    {"twice": "x", "once": "y", "a": 4, "b": 3, "x": -2, "y": 5},
    {"twice": "y", "once": "x", "a": 3, "b": 5, "x": 4, "y": -2},
    {"twice": "x", "once": "y", "a": 2, "b": 3, "x": 3, "y": -4},
    {"twice": "y", "once": "x", "a": 5, "b": 2, "x": -3, "y": 2},
]
sheet = variant("by_hand", SHEETS)


def my_sheet():
    """The graph of your own sheet, with its formulas as names."""
    letters = {"x": Node("x"), "y": Node("y")}
    v, w = sheet["twice"], sheet["once"]
    s = Node(f"s =\n{sheet['a']}{v} + {w}", letters[v], letters[w])
    p = Node(f"p =\ns{v}", s, letters[v])
    q = Node(f"q =\ns + {sheet['b']}{w}", s, letters[w])
    L = Node("L =\npq", p, q)
    return {node.name: node for node in (*letters.values(), s, p, q, L)}


pictures.graph(my_sheet)
# %% [markdown]
# The gradient of `L` is 1. Go from right to left, box by box. For each box, collect from every arrow that leaves it:
# *gradient of the box at the tip, times the local slope there*. Add up.
#
# ### Your turn
# `answers`: a dict with the gradients of `"p"`, `"q"`, `"s"`, `"x"` and `"y"`, as texts: `{"p": "…", "q": "…", …}`.
# You may use the letters `x`, `y`, `s`, `p` and `q` in them, so nothing needs to be multiplied out. If one is wrong
# and the next follows from it by the rule, only the first costs a point.

# %% task="by_hand"
answers = (
    ...
)

# %% check="by_hand"
check("by_hand")


# %% [markdown]
# And now let the machine do it, with numbers in the place of your letters. Put the numbers into your texts: do they
# agree?

# %%
def my_sheet_by_machine():
    letters = {"x": Value(float(sheet["x"])), "y": Value(float(sheet["y"]))}
    v, w = letters[sheet["twice"]], letters[sheet["once"]]
    s = sheet["a"] * v + w
    p = s * v
    q = s + sheet["b"] * w
    L = p * q
    L.backward()
    return {**letters, "s": s, "p": p, "q": q, "L": L}


pictures.graph(my_sheet_by_machine)
# %% [markdown]
# ## 6. One neuron, one layer
#
# A **neuron** asks every input how much it counts, and adds up. Its *weights* `w` say how much, its *bias* `b` is
# where it starts:
#
# `x[0]*w[0] + x[1]*w[1] + ... + b`
#
# A **layer** is several neurons that look at the same inputs. And since there are many examples to look at, we put
# them into a table: **one row for each example**. Three letters for the sizes, from here to the end of the course:
# `n` examples, `din` numbers go in, `dout` numbers come out.

# %%
pictures.shapes(
    [("X", "n", "din"), "@", ("W", "din", "dout"), "+", ("b", "1", "dout"), "=", ("Y", "n", "dout")],
)
# %% [markdown]
# One column of `W` holds the weights of one neuron. What `@` does is exactly this: `(X @ W)[i, j]` goes along row
# `i` of `X` and down column `j` of `W`, multiplies pair by pair, and adds up. `+ b` adds `b[j]` to column `j`, in
# every row.
#
# ### Predict
# 4 examples with 3 numbers each go into a layer of 2 neurons. What are the shapes of `X`, `W`, `b` and `Y`?
#
# ### Your turn
# - `neuron(x, w, b)`: one number, with a **loop**. `x` and `w` are equally long (lists or arrays), `b` is a number.
# - `layer(X, W, b)`: an array of shape (n, dout), with `@`. The three may be arrays, or lists of lists. Also with a
#   single example, and with a single neuron, the result has two axes.
#
# The two say the same: `layer(X, W, b)[i, j]` is `neuron` of row `i`, column `j` and `b[j]`.

# %% task="neuron_layer"
def neuron(x, w, b):
    """The weighted sum of the numbers x, with the weights w, plus the bias b."""
    ...


def layer(X, W, b):
    """Every neuron for every example: X (n, din), W (din, dout), b (dout,) -> (n, dout)."""
    ...


# %% check="neuron_layer"
check("neuron_layer")

# %% [markdown]
# Your prediction: `X` is (4, 3), `W` is (3, 2), `b` has 2 numbers, and `Y` is (4, 2). The 3 in the middle is what `@`
# adds up over, and it is gone.

# %% [markdown]
# ## 7. The layer, backwards
#
# From the right there arrives a table `dY`, as large as `Y`. In it stands for every number of `Y` how much the
# error `L` changes if that number is nudged: its gradient. (`dY` is a name, read "d L by d Y".) The layer has to
# pass the message on: how much does `L` change if a number of `X`, of `W` or of `b` is nudged?
#
# There is nothing new to know. Take one weight, `W[1, 0]`, and follow its arrows. In every example it is multiplied
# by that example's `X[i, 1]`, and goes into `Y[i, 0]`, whose gradient is `dY[i, 0]`. So from every example `i` it
# hears `X[i, 1] * dY[i, 0]`, and adds up. And `b[0]`? It goes into every row, with the slope 1.
#
# Do it once with letters, for two examples, two inputs, two neurons:
#
# ```
# X = [[f, g],     W = [[t, u],     dY = [[p, q],
#      [h, k]]          [v, w]]           [r, s]]
# ```
#
# so that for example `Y[0, 1] = f*u + g*w` plus the bias. What does `W[0, 1]`, the `u`, hear? What does `X[0, 1]`,
# the `g`, hear?

# %%
pictures.shapes(
    [("dY", "n", "dout"), "and", ("X", "n", "din"), "give", ("dW", "din", "dout")],
    [("dY", "n", "dout"), "and", ("W", "din", "dout"), "give", ("dX", "n", "din")],
)
# %% [markdown]
# A gradient always has the shape of what it belongs to. The shapes nearly tell you where to put a transposed table
# (`X.T` has rows and columns exchanged). But only nearly: where n, din and dout are equal, everything fits, also
# what is wrong. Shapes are a guide, and no proof.
#
# ### Your turn
# - `dL_dW01` and `dL_dX01`: what `W[0, 1]` and `X[0, 1]` hear, as texts with the letters above.
# - `vjp_linear(X, W, b, dY)`: the three arrays `(dX, dW, db)`, as a tuple, for `Y = X @ W + b`. Neither divide by n
#   nor average: if `L` is a mean, then `dY` has the n in it already.

# %% task="linear_backward"
dL_dW01 = (
    ...
)
dL_dX01 = (
    ...
)


def vjp_linear(X, W, b, dY):
    """The gradients (dX, dW, db) of a layer Y = X @ W + b, of which the gradient dY is known."""
    ...


# %% check="linear_backward"
check("linear_backward")

# %% [markdown]
# ## 8. Which of the three is it?
#
# A network that must choose one of `k` classes puts out `k` numbers, the **logits** `z`: any numbers, large where it
# believes. We make **probabilities** of them: positive, and together 1. First `exp` makes them positive, then we
# divide by their sum. That is the **softmax**:
#
# `p[i] = exp(z[i]) / (exp(z[0]) + exp(z[1]) + ... + exp(z[k-1]))`
#
# ### All are in one boat
# Together they are 1, always. So when one rises, the others must fall. Nudge the logit `j`:
#
# - in its own probability the numerator grows, and the divisor as well: what does the quotient rule say?
# - in every other one the numerator stays, and the divisor grows. At which rate does the quotient shrink?
#
# You need not write a single `exp`: whatever you find can be said with the probabilities themselves.
#
# ### The error
# The right class is `y`. If the network gives it the probability `p[y]`, its error is `-log(p[y])`, the
# **cross-entropy**: 0 if it was sure and right, and the larger, the less it believed in what is true.
#
# Put the softmax in, and a piece of magic happens. The logarithm of a quotient is a difference, so
#
# `L = -z[y] + log(exp(z[0]) + ... + exp(z[k-1]))`
#
# Now take the slope in `z[i]`. The second part gives by the chain rule `1/sum * exp(z[i])`, and you have seen that
# before. The first part matters only for one of the `i`.
#
# ### Predict
# Of three classes the right one has the probability 0.5, the others 0.3 and 0.2. To make the error smaller, which
# logits must fall, and which of those two is pushed harder?
#
# ### Your turn
# - `same_logit`: how fast `p[j]` changes with its own `z[j]`; `p` is `p[j]`. `other_logit`: how fast `p[i]` changes
#   with another one's `z[j]`; `p` is `p[i]` and `q` is `p[j]`. Texts with `p` and `q`.
# - `slope_right`: the slope of `L` in the logit of the *right* class, and `slope_other`: in any other logit. Texts
#   with `p`, the probability of that class.
# - `softmax(Z)`: for a table `Z` of shape (n, k), the table of probabilities. **Every row** adds up to 1.
# - `softmax_jacobian(z)`: for *one* list of logits, an array of shape (k,), the table of shape (k, k) that has at
#   `[i, j]` how fast `p[i]` changes with `z[j]`.
# - `ce(Z, y)`: the pair `(loss, dZ)`. `y` is an array of n whole numbers from 0 to k − 1, the right class of each
#   row; a class may be missing in `y`. `loss` is the **mean** over the n rows, with natural logarithms, and `dZ`
#   (n, k) its gradient.
#
# **The numbers may be large.** Logits of 1000 and −1000 must give finite numbers and the right loss, which is then
# about 2000. `exp(1000)` is too large for Python. But you may subtract the same number from all logits of a row,
# say the largest, and softmax stays what it was. And use the formula with the difference: `log(0)` helps nobody,
# and to add a tiny number inside the logarithm gives a finite, wrong loss.
#
# `Z.max(axis=1, keepdims=True)` is the largest number of each row, as a column that can be subtracted from `Z`.
# `Z[np.arange(n), y]` picks from each row `i` the number in column `y[i]`.

# %% task="softmax_ce"
same_logit = (
    ...
)
other_logit = (
    ...
)
slope_right = (
    ...
)
slope_other = (
    ...
)


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    ...


def softmax_jacobian(z):
    """How fast each probability (rows) changes with each logit (columns): z (k,) -> (k, k)."""
    ...


def ce(Z, y):
    """The mean cross-entropy of the logits Z (n, k) for the right classes y (n,), and its gradient dZ (n, k)."""
    ...


# %% check="softmax_ce"
check("softmax_ce")

# %%
pictures.jacobian(softmax_jacobian, [2.0, 1.0, 0.0])
three = np.array([[2.0, 1.0, 0.0], [2.0, 1.0, 0.0], [6.0, 0.0, 0.0]])
pictures.pushes(softmax, ce, three, np.array([0, 2, 0]))
# %% [markdown]
# Above: raise one logit, and its own probability grows, at the cost of all others. Each row and each column adds up
# to 0.
#
# Below, the pushes. The right class is drawn up by what it lacks to 1, every other class down by what it has: the
# arrows end exactly where the truth is. When the network is sure and right, nobody pushes any more. All this stands
# in your two slopes of `L`, and no formulas in all of deep learning are used more often.

# %% [markdown]
# ## What you have made
#
# A network. One number goes in; two neurons look at it, one through `tanh`, one through `relu`; a third adds up what
# they say; and the error is the square of what is missing. *Your* neuron does not care what it adds up, so we give it
# Values. (If your `neuron` turns its result into a float, leave that out.) Then one word, `backward()`, and every
# number in the picture knows its slope.

# %%
def small_network(w1=0.8, b1=-0.4, w2=1.2, b2=0.3, v1=1.5, v2=-0.7, c=0.2):
    """The Values of a network with seven weights, by name; the error stands last."""
    names = {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "v1": v1, "v2": v2, "c": c}
    net = {name: Value(number) for name, number in names.items()}
    x = Value(1.5)
    h1 = neuron([x], [net["w1"]], net["b1"]).tanh()
    h2 = neuron([x], [net["w2"]], net["b2"]).relu()
    out = neuron([h1, h2], [net["v1"], net["v2"]], net["c"])
    error = (out - 1.0) ** 2
    error.backward()
    return {"x": x, **net, "h1": h1, "h2": h2, "out": out, "error": error}


pictures.graph(small_network)


# %%
def learn(steps=5, lr=0.01):
    """Go against the slope with all seven weights at once, and say what becomes of the error."""
    weights = {}
    for step in range(steps + 1):
        values = small_network(**weights)
        print(f"after {step} steps the error is {values['error'].data:.4f}")
        names = ("w1", "b1", "w2", "b2", "v1", "v2", "c")
        weights = {name: values[name].data - lr * values[name].grad for name in names}


try:
    learn()
except Exception as error:
    print(f"Not yet ({type(error).__name__}). First make the checks of sections 4 and 6 pass.")

# %% [markdown]
# Seven slopes from one sweep, and seven weights that move at the same time: this is how every network learns. It
# would have been the same sweep for seven billion.
#
# But how do you know that all those slopes are right? You have checked a few. In the next unit you build an
# instrument that checks any derivative, also those that somebody else hands you with great confidence.
