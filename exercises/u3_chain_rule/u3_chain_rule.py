# %% [markdown]
# # Unit 3 · Chain rule on graphs: backpropagation
#
# *Third of five. Before it: unit 2, the rules of differentiation. Next: unit 4, the gradient check.*
#
# **A puzzle to begin with.** The picture on the right is mixed from 1,000 patterns. Each pattern has a knob that says
# how much of it goes in. 999 knobs are right, and one is turned too far. Which?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, greet, hint, pictures, recall, variant

plt.rcParams["figure.dpi"] = 90
pictures.thousand_knobs()
greet()

# %% [markdown]
# You could turn each knob a little and see whether the picture gets better: a thousand tries. At the end of this unit
# you do it in *one*.
#
# So far, one number went in and one came out. A network has thousands of numbers inside, and they all share one
# **loss**, the number that says how wrong the result is. For each of them it asks the same question: *if I nudge you,
# what happens to the loss?* In this unit you answer it for all of them at once. You build the machine that every
# deep-learning library has at its heart, in about sixty lines, and then the two layers that you will meet in every
# network.
#
# It goes as before: **read, predict, write, check**; `hint("grad_forward")` in a new cell helps when you are stuck.
# No function may change what it is given.

# %% bring="Dual as_dual divide power"
# Run this cell: it fetches your Dual from your notebook of unit 1 in the folder beside this one. You can do every
# task without it; only one picture stays empty.
...
bring("u1_derivative_intuition", "Dual as_dual times divide power")

# %% folded="without"
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
# first straight to the east, then straight to the north.
#
# A function of two numbers is such a hillside: `x` says how far east you are, `y` how far north, and the function how
# high it is there. Hold `y` still and let only `x` move: what remains is a function of one number, and you know what
# its slope is. That is the **partial derivative** of `f` with respect to `x`; we say the slope *in* `x` for short.
# Then hold `x` and let `y` move. The list of all partial derivatives is the **gradient** of `f`.
#
# In code, the numbers come as a list `v`, so `v[0]` is $x$ and `v[1]` is $y$. This is the hill $x^2 y / 4$, at $x =
# 2$ and $y = 1$:

# %%
pictures.hold_one(lambda v: v[0] * v[0] * v[1] / 4, 2, 1)
# %% [markdown]
# In books, the partial derivative is written $\dfrac{\partial f}{\partial x}$, with a round d, and the gradient is
# written $\nabla f$ (say *nabla f*).
#
# An example on paper: $f(x, y) = x^2 y + 5y$. Hold $y$ still, like any number: the slope in $x$ is $2xy$. Hold $x$
# still: the slope in $y$ is $x^2 + 5$. At $x = 3, y = 2$ the gradient is $(12, 14)$.
#
# With a `Dual` it is easy to let one input move. Give it 1 as its `inf` part, and give all others 0:
#
# $$f(x + \varepsilon,\; y) = f(x, y) + \frac{\partial f}{\partial x}\,\varepsilon \qquad f(x,\; y + \varepsilon) =
# f(x, y) + \frac{\partial f}{\partial y}\,\varepsilon$$
#
# Here is a hillside of your own.

# %% folded="numbers"
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
# Write `grad_forward(f, x)`, the gradient of `f` at the list of numbers `x`, and type the two partial derivatives of
# *your* function.
#
# <details><summary>Exactly what is tested</summary>
#
# - `grad_forward(f, x)`: `x` is a list or an array of n numbers. Return an array of n floats, also if `x` holds whole
#   numbers. (`np.zeros(n)` is an array of n floats, all of them 0, for you to fill in.) Call `f` exactly n times,
#   each time with one *list* of n `Dual`s. If `f` gives back a plain number, it did not depend on its inputs: the
#   slope is 0.
# - `slope_in_x` and `slope_in_y` are texts with `x` and `y`. `2xy` is understood as `2*x*y`, and `x^2` as `x**2`.
#
# </details>

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
# Your gradient, as two tangents (if you have brought your `Dual`, which must multiply here).
#
# <details><summary>Compare with your prediction</summary>
#
# You would get the *sum* of the slopes: one number that no longer tells you which input did what.
#
# </details>
#
# One at a time is right, and it has a price: **n inputs, n calls**. A small network has ten thousand weights. That
# would be ten thousand runs of the whole network, for one step! The rest of this unit gets all the slopes in *one*
# sweep.

# %% [markdown]
# ## 2. Every step knows only itself
#
# Any computation is a **graph**: a box for each number, and an arrow from it to every number that is computed from it.
# Here is `tanh(a*b + c)`. A box knows what comes in and what goes out, and nothing about the rest of the world.

# %%
class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs

    def __repr__(self):
        return self.name


pictures.graph(Node("tanh", Node("+", Node("*", Node("a"), Node("b")), Node("c"))))
# %% [markdown]
# So ask each box the one question that it can answer: *if one of your own inputs is nudged, how fast does your output
# change?* That is a **local slope**. There is one for each input.
#
# For `a * b` the rectangle of unit 2 answers: nudge `a`, and the strip that grows is `b` high. The slope in `a` is
# `b`, and the slope in `b` is `a`. For `a + b` both are 1, whatever `a` and `b` are.
#
# Two activations from unit 2 are on the list as well. `relu` lets positive numbers pass, and turns negative ones into
# 0. And `tanh` squeezes every number in between −1 and 1:

# %%
pictures.zoom(math.tanh, 0, [8, 1])
# %% [markdown]
# In the middle it is as steep as it gets, with the slope 1; far out it is flat. You know the formula from unit 2: if
# $t$ is the *output* of `tanh`, its slope is $1 - t^2$.
#
# ### Predict
# `a - b`: what is the slope in `b`? And `a / b`: if `b` is nudged up, does the quotient grow or shrink?
#
# ### Your turn
# Write `local_grads(op, inputs, output)`: a tuple with one slope for each input. For example, `local_grads("*", (3,
# 4), 12)` is `(4, 3)`.
#
# <details><summary>Exactly what is tested</summary>
#
# | `op` | `inputs` | `output` | slopes in |
# |---|---|---|---|
# | `"+"`, `"-"`, `"*"`, `"/"` | `(a, b)` | `a + b`, `a - b`, … | `a` and `b` |
# | `"pow"` | `(a, n)` | `a**n` | `a` alone: n is a number that never moves |
# | `"exp"`, `"log"`, `"tanh"`, `"relu"` | `(a,)` | `exp(a)`, `log(a)`, … | `a` |
#
# `log` is the natural logarithm. The kink of relu, at 0 itself, is not tested. You are given the output because it is
# often half of the answer; use it where you like. A tuple with one thing in it is written `(slope,)`.
#
# </details>

# %% task="local_grads"
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    ...


# %% check="local_grads"
check("local_grads")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# For $a - b$, the slope in $b$ is $-1$: if $b$ grows, the difference shrinks just as fast. And $a/b$ shrinks if $b$
# grows (with both above zero): the slope in $b$ is $-a/b^2$.
#
# </details>


# %% [markdown]
# ## 3. Once by hand
#
# Now the slopes must travel. Before a machine does it, be the machine once, and you will never again wonder what it
# does. Take $L = s \cdot x$ with $s = x + y$, at $x = 2$ and $y = 3$, so that $s = 5$ and $L = 10$.
#
# Call the slope of $L$ in a box the **gradient** of that box. Go from right to left:
#
# - $L$ itself: if $L$ grows by a little, $L$ grows by that little. Its gradient is 1.
# - $s$: one arrow leaves it, to $L$. The local slope of $s \cdot x$ in $s$ is $x = 2$. So its gradient is $1 \cdot 2
#   = 2$.
# - $y$: one arrow leaves it, to $s$. The local slope of $x + y$ in $y$ is 1. So its gradient is $2 \cdot 1 = 2$.
# - $x$: *two* arrows leave it. One goes to $s$ and brings $2 \cdot 1 = 2$. The other goes to $L$ and brings $1 \cdot
#   s = 5$. **Add them up**: its gradient is 7. A nudge of $x$ runs to $L$ on both paths at once, and each path brings
#   its own change.
#
# Check it with unit 1: $L = (x + y)\,x$, and $(2 + \varepsilon + 3)(2 + \varepsilon) = 10 + 7\varepsilon$. There is
# the 7. So this is the whole rule:
#
# $$\text{gradient of a box} = \text{sum over the arrows that leave it: gradient at the tip} \cdot \text{local
# slope there}$$
#
# In books, the gradient of $x$ is written $\dfrac{\partial L}{\partial x}$. Here is a graph of your own, with letters
# instead of numbers.

# %% folded="numbers"
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
    twice, once = sheet["twice"], sheet["once"]
    s = Node(f"s =\n{sheet['a']}{twice} + {once}", letters[twice], letters[once])
    t = Node(f"t =\ns{twice}", s, letters[twice])
    u = Node(f"u =\ns + {sheet['b']}{once}", s, letters[once])
    L = Node("L =\ntu", t, u)
    return {node.name: node for node in (*letters.values(), s, t, u, L)}


pictures.graph(my_sheet)
# %% [markdown]
# ### Your turn
# Go from right to left, box by box, as in the example. `answers` is a dict with the gradients of `"t"`, `"u"`, `"s"`,
# `"x"` and `"y"`, as texts: `{"t": "…", "u": "…", …}`.
#
# <details><summary>Exactly what is tested</summary>
#
# - Each answer is a text. You may use the letters `x`, `y`, `s`, `t` and `u` in it, so nothing needs to be multiplied
#   out.
# - If one is wrong and the next follows from it by the rule, only the first costs a point.
#
# </details>

# %% task="by_hand"
answers = (
    ...
)

# %% check="by_hand"
check("by_hand")

# %% [markdown]
# ## 4. Who must wait for whom?
#
# What you did by hand is called **backpropagation**: the end of the graph tells its inputs how much they matter, they
# tell theirs, and so on, from right to left. For a machine, one thing can go wrong. Look at `s` in the graph below.
# It has *two* users, `t` and `L`. If `s` passes its gradient on after only one of them has spoken, it passes on half
# the truth.

# %%
x, y = Node("x"), Node("y")
s = Node("s", x, y)
t = Node("t", s)
u = Node("u", t, x)
uneven = Node("L", u, s)
pictures.graph(uneven)
# %% [markdown]
# So no **node** (that is what a box of a graph is called) speaks before all of its users have spoken. Turn that
# around, and it is the order in which the numbers were computed: *every node after all of its inputs*. Such a list is
# called a **topological order**. For the graph above, `[x, y, s, t, u, L]` is one. If you go through it backwards,
# every node has heard all of its users when its turn comes.
#
# ### Predict
# `L` uses `u` and `s`. Suppose that you go by distance: first `L`, then the nodes one arrow away from it, which are
# `u` and `s`, then those two arrows away. Which node would speak too early?
#
# ### How to find it
# Write a helper that visits a node: if it was visited before, do nothing. Otherwise visit each of its inputs, and
# *then* append the node to the list. Keep the visited ones in a `set` of their `id(node)`.
#
# ### Your turn
# Write `topological(node)`: a list of `node` and of everything that it is computed from, directly or not.
#
# <details><summary>Exactly what is tested</summary>
#
# - Every node is in the list **once**, and **after all of its inputs** (`node.inputs` is a tuple of nodes). If there
#   are several such lists, any of them is right.
# - Two nodes may have the same name and still be two. Tell them apart by what they *are*: `a is b`, or `id(a)`.
# - Leave no marks on the nodes: asked again, your function gives the same list again.
# - The graphs are small, up to 300 nodes deep: a helper that calls itself is fine.
#
# </details>

# %% task="topological_order"
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    ...


# %% check="topological_order"
check("topological_order")

# %%
pictures.firing_order(uneven, topological)
# %% [markdown]
# Read the turns backwards. Does each box speak after all the boxes that it has an arrow to? An arrow in red would
# show you one that spoke too early.
#
# <details><summary>Compare with your prediction</summary>
#
# `s`. It is only one arrow away from `L`, so it would speak in the second round, together with `u`. But `s` is used
# by `t` as well, and `t` is two arrows away: it has not spoken yet.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 3 is behind you (about 115 minutes); part 2 takes about 100. Your work is
# kept: save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 5. Numbers that remember
#
# Now put the pieces together, in two steps. The first: a `Value` is a number that remembers where it came from. You
# calculate with it as with any number, and while you do, the graph grows by itself.
#
# ### One method, worked
# Two helpers and the beginning of the class are given. `computed("+", 5.0, a, b)` makes the Value 5.0 that was
# computed as `a + b`, with the local slopes from *your* `local_grads`. So `+` is:
#
# ```python
# def __add__(self, other):
#     other = as_value(other)            # a plain number becomes a Value
#     return computed("+", self.data + other.data, self, other)
# ```
#
# It is in the class already. Most of the other methods have the same two lines, with another name and another
# operation. `v.exp()` and its like have no `other`; their numbers are `math.exp(self.data)` and so on. There is no
# operation for `-v`: say it with one of the others. `v ** n` is `computed("pow", self.data**n, self, n)`, since `n`
# stays a plain number.
#
# ### Predict
# $L = b \cdot b + b$ at $b = 3$. How many Values does Python make on the way, `b` itself included? And which local
# slopes does each of them remember?
#
# ### Your turn
# Write the other methods. (`backward` is there, and waits for section 6.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `+ - * /` with another Value, or with a plain number **on either side** (`2 - v` calls `v.__rsub__(2)`, `2 / v`
#   calls `v.__rtruediv__(2)`); `-v`; `v ** n`, where n is a plain number; and the methods `v.exp()`, `v.log()`,
#   `v.tanh()`, `v.relu()`. Not `2 ** v`, and not a Value to the power of a Value.
# - Each gives a new Value. Its `data` is the right number, and it remembers its `inputs` and its `slopes`, one for
#   each input.
#
# </details>

# %% task="value_engine"
def as_value(x):
    """A plain number x as a Value."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])  # "pow 2"
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

    # given, as an example
    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

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

    # given: it calls what you write in section 6
    def backward(self):
        send_back(self)

    # given: + and * do not care about the order
    __radd__ = __add__
    __rmul__ = __mul__


# %% check="value_engine"
check("value_engine")

# %% [markdown]
# Your Values can draw what they remember. The number on an arrow is the local slope.

# %%
def remembered():
    b = Value(3.0)
    L = b * b + b
    return {"b": b, "L": L}


pictures.graph(remembered, slopes=True)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Three: `b`, the product 9, and the sum 12. The product remembers 3 and 3, one for each time that `b` went in. The
# sum remembers 1 and 1. `b` was typed, not computed: it remembers nothing. All the gradients are still 0, because
# nobody has spoken yet.
#
# </details>
#
# ## 6. Backwards through it
#
# The second step is what you did by hand. `send_back(output)` makes three moves:
#
# 1. Set the gradient of the output, `output.grad`, to 1.
# 2. Go through the topological order *backwards*. (`reversed(topological(output))` does that.)
# 3. Each node **adds** to the gradient of each of its inputs: *its own gradient times its local slope in that input*.
#
# Adding, not setting: an input that has two users hears from both, as $x$ did in section 3. Each node has its inputs
# in `node.inputs` and its local slopes, in the same order, in `node.slopes`.
#
# ### Predict
# Once more $L = b \cdot b + b$ at $b = 3$. How many arrows leave $b$? What does it hear on each, and what is its
# gradient?
#
# ### Your turn
# Write `send_back(output)`. `L.backward()` calls it.
#
# <details><summary>Exactly what is tested</summary>
#
# - `L.backward()` fills in `grad` of every node that `L` is computed from, and returns nothing. `L.grad` is 1. Where
#   nothing flows, `grad` is 0. No `data` changes.
# - It is called once on each graph, and the graphs are up to 300 nodes deep.
# - Graphs are made with your own Values, or, if one of your operations is not right yet, with correct ones: a slip in
#   section 5 costs nothing here.
#
# </details>

# %% task="value_backward"
def send_back(output):
    """Fill in the gradient of output in every node that it is computed from."""
    ...


# %% check="value_backward"
check("value_backward")

# %% [markdown]
# Follow the gradients from right to left: each arrow brings the number on it, times the gradient of the box that it
# leads to.

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
    t = s.tanh()
    u = t * x
    L = u + s
    L.backward()
    return {"x": x, "y": y, "s": s, "t": t, "u": u, "L": L}


pictures.graph(uneven_values, slopes=True)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Three arrows leave $b$: two to the product $b \cdot b$, with 3 on each, and one to the sum, with 1. Its gradient is
# $3 + 3 + 1 = 7$. With the rules of unit 2: the slope of $b^2 + b$ is $2b + 1$, which is 7 at 3.
#
# </details>

# %% [markdown]
# And here is your own sheet of section 3, by machine, with numbers instead of your letters. Put the numbers into
# your texts: do they agree?

# %%
def my_sheet_by_machine():
    letters = {"x": Value(float(sheet["x"])), "y": Value(float(sheet["y"]))}
    twice, once = letters[sheet["twice"]], letters[sheet["once"]]
    s = sheet["a"] * twice + once
    t = s * twice
    u = s + sheet["b"] * once
    L = t * u
    L.backward()
    return {**letters, "s": s, "t": t, "u": u, "L": L}


pictures.graph(my_sheet_by_machine)
# %% [markdown]
# ## 7. One neuron, one layer
#
# A **neuron** multiplies every input by how much it counts, and adds up. Its *weights* $w$ say how much each input
# counts, and its *bias* $b$ is where it starts:
#
# $$x_0 w_0 + x_1 w_1 + \dots + b$$
#
# With numbers: the inputs are 2 and 3, the weights 10 and −1, the bias 5. The neuron gives $2 \cdot 10 + 3 \cdot (-1)
# + 5 = 22$.
#
# A **layer** is several neurons that look at the same inputs. And since there are many examples to look at, we put
# them into a table: **one row for each example**. A table with 4 rows and 3 columns has the **shape** `(4, 3)`. Three
# names for the sizes, from here to the end of the course: `n` examples, `din` numbers go in, `dout` numbers come out.

# %%
pictures.shapes(
    [("X", "n", "din"), "@", ("W", "din", "dout"), "+", ("b", "1", "dout"), "=", ("Y", "n", "dout")],
)
# %% [markdown]
# One column of `W` holds the weights of one neuron. What `@` does is exactly this: `(X @ W)[i, j]` goes along row `i`
# of `X` and down column `j` of `W`, multiplies pair by pair, and adds up. `+ b` adds `b[j]` to column `j`, in every
# row. With numbers, for two examples, two inputs and two neurons:
#
# $$\begin{pmatrix} 2 & 3 \\ 1 & 0 \end{pmatrix} \begin{pmatrix} 10 & 4 \\ -1 & 5 \end{pmatrix} = \begin{pmatrix} 2
# \cdot 10 + 3 \cdot (-1) & 2 \cdot 4 + 3 \cdot 5 \\ 1 \cdot 10 + 0 \cdot (-1) & 1 \cdot 4 + 0 \cdot 5
# \end{pmatrix} = \begin{pmatrix} 17 & 23 \\ 10 & 4 \end{pmatrix}$$
#
# ### Predict
# 4 examples with 3 numbers each go into a layer of 2 neurons. What are the shapes of `X`, `W`, `b` and `Y`?
#
# ### Your turn
# Write `neuron(x, w, b)` with a **loop**, and `layer(X, W, b)` with `@`. The two say the same: `layer(X, W, b)[i, j]`
# is `neuron` of row `i`, column `j` and `b[j]`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `neuron(x, w, b)` is one number. `x` and `w` are equally long (lists or arrays), `b` is a number.
# - `layer(X, W, b)` is an array of shape (n, dout). The three may be arrays, or lists of lists. With a single example
#   or a single neuron, the result is still a table.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# `X` is (4, 3), `W` is (3, 2), `b` has 2 numbers, and `Y` is (4, 2). The 3 in the middle is what `@` adds up over,
# and it is gone.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 2 of 3 is behind you (about 100 minutes); part 3 takes about 100. Your work is
# kept: save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 8. The layer, backwards
#
# A table `dY`, as large as `Y`, arrives from the right. For every number of `Y` it holds how much the loss $L$
# changes if that number is nudged: its gradient. (`dY` is a name for $\partial L / \partial Y$.) The layer has to
# pass the message on: how much does $L$ change if a number of `X`, of `W` or of `b` is nudged?
#
# There is nothing new to know. Take one weight, `W[1, 0]`, and follow its arrows. In every example it is multiplied
# by that example's `X[i, 1]`, and goes into `Y[i, 0]`, whose gradient is `dY[i, 0]`. So from every example `i` it
# hears `X[i, 1] * dY[i, 0]`, and adds up. And `b[0]`? It goes into every row, with the slope 1.
#
# With the numbers of section 7, and `dY = [[1, 0], [2, 5]]`: `W[1, 0]` hears $3 \cdot 1$ from the first example and
# $0 \cdot 2$ from the second, so its gradient is 3. And `b[0]` hears $1 + 2 = 3$.
#
# Now once for all numbers, with two examples, two inputs and two neurons. Each entry has a name that says where it
# stands, as in papers: $x_{10}$ is `X[1, 0]`, in row 1 and column 0. We type it as `x10`.
#
# ```
# X = [[x00, x01],     W = [[w00, w01],     dY = [[d00, d01],
#      [x10, x11]]          [w10, w11]]           [d10, d11]]
# ```
#
# So for example `Y[0, 1] = x00*w01 + x01*w11` plus the bias. What does `w01` hear? What does `x01` hear?

# %%
pictures.shapes(
    [("dY", "n", "dout"), "and", ("X", "n", "din"), "give", ("dW", "din", "dout")],
    [("dY", "n", "dout"), "and", ("W", "din", "dout"), "give", ("dX", "n", "din")],
)
# %% [markdown]
# A gradient always has the shape of what it belongs to. The shapes nearly tell you where to put a transposed table
# (`X.T` has rows and columns exchanged). But only nearly: if n, din and dout are equal, everything fits, right or
# wrong. Shapes are a guide, not a proof. And `dY.sum(axis=0)` adds up each column of `dY`.
#
# ### Predict
# 4 examples, 3 inputs, 2 neurons: `X` is (4, 3), `W` is (3, 2). Which shapes have `dY`, `dX`, `dW` and `db`?
#
# ### Your turn
# Type what `w01` and `x01` hear. Then write `vjp_linear(X, W, b, dY)`: the three arrays `(dX, dW, db)` for `Y
# = X @ W + b`. (Papers call this step a *vector-Jacobian product*, VJP for short.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `dL_dW01` and `dL_dX01`, what `w01` and `x01` hear, are texts with the names above, like `x00*d00`.
# - `vjp_linear` gives a tuple of three arrays, each in the shape of what it belongs to. Do not divide by n, and do
#   not average: if $L$ is a mean, then `dY` has the n in it already.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# `dY` is (4, 2), as `Y` is. `dX` is (4, 3), `dW` is (3, 2), and `db` has 2 numbers: each gradient has the shape of what
# it belongs to. The 4 is gone from `dW` and `db`, because they add up over the examples.
#
# </details>

# %% [markdown]
# ## 9. Which class is it?
#
# A network that must choose one of `k` classes puts out `k` numbers, the **logits** `z`: any numbers, and the larger
# one is, the more the network believes in that class. We make **probabilities** of them: positive numbers that add up
# to 1. First `exp` makes them positive, then we divide by their sum. That is the **softmax**:
#
# $$p_i = \frac{e^{z_i}}{e^{z_0} + e^{z_1} + \dots + e^{z_{k-1}}}$$
#
# With numbers: the logits $(2, 1, 0)$ become $e^2 = 7.39$, $e^1 = 2.72$ and $e^0 = 1$. Their sum is 11.11, so the
# probabilities are $0.665$, $0.245$ and $0.090$. (From here on, $p$ and $q$ stand for probabilities, and $z$ for
# logits.)
#
# ### All in the same boat
# Together they are always 1. So when one rises, the others must fall. Nudge the logit `j`:
#
# - in its own probability the numerator grows, and the divisor as well: what does the quotient rule say?
# - in every other one the numerator stays, and the divisor grows. At which rate does the quotient shrink?
#
# You need not write a single `exp`: whatever you find can be said with the probabilities themselves.
#
# ### Predict
# The probabilities are 0.5, 0.3 and 0.2. Raise the logit of the first class a little. Which probabilities fall, and
# which of them falls faster?
#
# ### Your turn
# Type two slopes, and write `softmax(Z)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `same_logit`: how fast `p[j]` changes with its own `z[j]`, as a text in which `p` stands for `p[j]`.
#   `other_logit`: how fast `p[i]` changes with the `z[j]` of another class, as a text in which `p` stands for `p[i]`
#   and `q` for `p[j]`.
# - `softmax(Z)`: for a table `Z` of shape (n, k), the table of probabilities. **Every row** adds up to 1.
# - The logits are between −30 and 30. (`exp(1000)` is too large for Python: section 11 is for those who want it.)
#
# </details>
#
# `np.exp(Z)` takes `exp` of every number of a table. `E.sum(axis=1, keepdims=True)` is the sum of each row of `E`, as a
# column by which `E` can be divided.

# %% task="softmax"
same_logit = (
    ...
)
other_logit = (
    ...
)


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    ...


# %% check="softmax"
check("softmax")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Both others fall, and the one with 0.3 falls faster: each pays in proportion to what it has. Together they lose what
# the first one gains.
#
# </details>

# %% [markdown]
# ## 10. How wrong is the choice?
#
# The right class has the number $y$. If the network gives it the probability $p_y$, its loss is $-\ln p_y$, the
# **cross-entropy**. It is 0 if the network was sure and right, and it grows the less the network believed in the truth.
# In the example, if class 1 is right, the loss is $-\ln 0.245 = 1.41$.
#
# Put the softmax in. The logarithm of a quotient is a difference, so
#
# $$L = -z_y + \ln(e^{z_0} + \dots + e^{z_{k-1}})$$
#
# Now take the slope in $z_i$. By the chain rule the second part gives $\frac{1}{\text{sum}} \cdot e^{z_i}$, and you
# have seen that before. The first part matters only if $i$ is the right class.
#
# ### Predict
# Of three classes the right one has the probability 0.5, the others 0.3 and 0.2. To make the loss smaller, which
# logits must fall, and which of those is pushed harder?
#
# ### Your turn
# Type the slopes of $L$ in the logit of the right class, and in any other logit. Then write `ce(Z, y)`, which gives two
# things: the loss of a whole table, and its gradient.
#
# <details><summary>Exactly what is tested</summary>
#
# - `slope_right`: the slope of `L` in the logit of the *right* class, and `slope_other`: in any other logit. Texts
#   with `p`, the probability of that class.
# - `ce(Z, y)`: the pair `(loss, dZ)`. `y` is an array of n whole numbers from 0 to k − 1, the right class of each
#   row; a class may be missing in `y`. `loss` is the **mean** over the n rows, with natural logarithms, and `dZ` (n,
#   k) its gradient.
#
# </details>
#
# `Z[np.arange(n), y]` picks from each row `i` the number in column `y[i]`, and `np.log` takes the natural logarithm
# of every number of an array.

# %% task="softmax_ce"
slope_right = (
    ...
)
slope_other = (
    ...
)


def ce(Z, y):
    """The mean cross-entropy of the logits Z (n, k) for the right classes y (n,), and its gradient dZ (n, k)."""
    ...


# %% check="softmax_ce"
check("softmax_ce")

# %%
three = np.array([[2.0, 1.0, 0.0], [2.0, 1.0, 0.0], [6.0, 0.0, 0.0]])
pictures.pushes(softmax, ce, three, np.array([0, 2, 0]))
# %% [markdown]
# These are the pushes. The right class is pulled up by how far it is from 1, and every other class is pushed down by
# how far it is from 0: the arrows end exactly where the truth is. When the network is sure and right, nothing pushes
# any more. All this is in your two slopes of $L$, and no formulas in deep learning are used more often.
#
# <details><summary>Compare with your prediction</summary>
#
# The two wrong ones must fall, and the one with 0.3 is pushed harder: each is pushed down by its own probability. The
# right one is pulled up by $1 - 0.5$.
#
# </details>

# %% [markdown]
# ## The puzzle, solved
#
# The picture is a layer: 1,000 knobs go in, 1,024 pixels come out, and the patterns are the weights. The loss is half
# the squared difference to the right picture, so `dY` is the difference of the two pictures. One call of *your*
# `vjp_linear` gives the slope of the loss in all 1,000 knobs:

# %%
pictures.thousand_knobs(vjp_linear)

# %% [markdown]
# No knob was turned to find it.
#
# And here is the whole machine at work. One number goes in; four neurons look at it through `tanh`; a fifth adds up
# what they say. *Your* `neuron` does not care what it adds up, so we give it Values. (If your `neuron` turns its
# result into a float, leave that out.) `backward()` gives all 13 slopes, and every weight moves a little against its
# own slope.

# %%
def small_network(weights, x):
    """The output, as a Value, of a network with four hidden neurons; `weights` are 13 Values."""
    hidden = [neuron([x], [weights[k]], weights[4 + k]).tanh() for k in range(4)]
    return neuron(hidden, weights[8:12], weights[12])


def fit_a_curve(xs, ys, steps, lr=0.3):
    """The predictions of the network at xs after so many steps of gradient descent."""
    numbers = [1.0, -1.0, 0.5, -0.5, 0.5, 0.5, -1.5, -1.5, 0.3, -0.3, 0.2, -0.2, 0.0]
    for step in range(steps + 1):
        weights = [Value(number) for number in numbers]
        outputs = [small_network(weights, x) for x in xs]
        if step < steps:
            loss = sum((out - y) ** 2 for out, y in zip(outputs, ys, strict=True)) / len(xs)
            loss.backward()
            numbers = [weight.data - lr * weight.grad for weight in weights]
    return [out.data for out in outputs]


pictures.before_and_after(fit_a_curve, math.sin, [0, 20, 200])

# %% [markdown]
# Thirteen slopes from one sweep, and thirteen weights that move at the same time: this is how every network learns.
# It would be the same sweep for thirteen billion.
#
# ## 11. If you want more: made to last
#
# *This section is optional, and its points come on top. Nothing later needs it.*
#
# Your machine is right. Is it sturdy, too? Real networks are deep, `backward` is called again and again, and logits
# can be large. Here are three repairs and one table, in any order. Each has a separate name, so that nothing that
# works gets broken. If yours is sturdy already, say so: `sturdy_topological = topological` is an answer.
#
# ### A long chain, and very many paths
# A function that calls itself 5,000 times deep is stopped by Python. And 60 nodes in a row, each of which uses the one
# before it *twice*, have $2^{60}$ paths through them: whoever walks every path never comes back.
#
# **Predict.** Your function must not call itself. What must it remember instead, so that it knows where to go on?
#
# #### Your turn
# Write `sturdy_topological(node)`: the same as `topological`, for graphs like these.
#
# <details><summary>Exactly what is tested</summary>
#
# - The list is right on small graphs, as in section 4.
# - It is right for a chain of 5,000 nodes.
# - It is quick for 60 nodes with $2^{60}$ paths: visit each node once.
#
# </details>

# %% task="sturdy_topological"
def sturdy_topological(node):
    """Like topological, for graphs that are very deep or have very many paths."""
    ...


# %% check="sturdy_topological"
check("sturdy_topological")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# A list of what is still to be visited. When you meet a node for the first time, it is not its turn yet: its inputs
# come first. So it goes back into the list, with a note that says *now your inputs are done*.
#
# </details>
#
# ### Backward, and backward again
# **Predict.** $s = 3a$ and $L = s \cdot s$ at $a = 2$, and you call `L.backward()` twice. With the three moves of
# section 6, `a.grad` is 36 after the first call. What is it after the second?
#
# #### Your turn
# Write `sturdy_backward(output)`: like `send_back`, and it may be called as often as you like. Nodes
# that were *computed* start from 0 every time. A **leaf**, a Value without inputs, keeps what it has and adds to it.
# (PyTorch, the library that many networks are trained with, does the same: several losses can send their gradients
# into the same weights. A training loop sets them to 0 itself.)
#
# <details><summary>Exactly what is tested</summary>
#
# - After the second call, the gradient of a leaf is twice as large, and that of a computed node is what it was.
# - Two outputs may share leaves, and nodes inside. Each call is about its own graph. The output itself is never a
#   leaf.
# - A graph with $2^{60}$ paths: each node speaks once.
#
# </details>

# %% task="sturdy_backward"
def sturdy_backward(output):
    """Like send_back: computed nodes start from 0 at every call, and leaves add to what they have."""
    ...


# %% check="sturdy_backward"
check("sturdy_backward")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 108, and not 72. `s` still holds the 12 of the first call, hears 12 more, and passes on $24 \cdot 3 = 72$, where 36
# would be right. That lands on top of the 36 that are there.
#
# </details>
#
# ### Logits of a thousand
# `exp(1000)` is too large for Python. But you may subtract the same number from all logits of a row, say the largest,
# and the softmax stays the same: numerator and divisor shrink by the same factor.
#
# **Predict.** What is the softmax of $(1000, 999, 0)$, roughly?
#
# #### Your turn
# Write `sturdy_softmax(Z)` and `sturdy_ce(Z, y)`: the same as `softmax` and `ce`, for any logits.
#
# <details><summary>Exactly what is tested</summary>
#
# - Logits of 1000 and −1000 give the right probabilities, row by row.
# - The loss is right as well (it can be 2000), and `dZ` is finite.
#
# </details>
#
# `Z.max(axis=1, keepdims=True)` is the largest number of each row, as a column that can be subtracted from `Z`. For
# the loss, use the formula for $L$ in section 10, with the logits from which the largest has been subtracted. Do not
# take the logarithm of a probability: that may be 0, and `log(0)` is minus infinity. Adding a tiny number inside the
# logarithm gives a loss that is finite, and wrong.

# %% task="sturdy_softmax"
def sturdy_softmax(Z):
    """Like softmax, for logits of any size."""
    ...


def sturdy_ce(Z, y):
    """Like ce, for logits of any size: (loss, dZ)."""
    ...


# %% check="sturdy_softmax"
check("sturdy_softmax")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Subtract 1000: $(0, -1, -1000)$. The last one has no chance, and the first two share: $1/(1 + e^{-1}) = 0.731$ and
# 0.269.
#
# </details>
#
# ### All slopes in one table
# In section 9 you found the two kinds of slopes of a softmax. The table of all slopes, every output with every input,
# is called the **Jacobian**.
#
# **Predict.** What does each row of it add up to? And each column?
#
# #### Your turn
# Write `softmax_jacobian(z)` for *one* list of logits.
#
# <details><summary>Exactly what is tested</summary>
#
# - `z` is an array of shape (k,). The table has the shape (k, k), and at `[i, j]` stands how fast `p[i]` changes with
#   `z[j]`. (`z[None]` is the list `z` as a table of one row, and `np.zeros((k, k))` is a table for you to fill in.)
#
# </details>

# %% task="softmax_jacobian"
def softmax_jacobian(z):
    """How fast each probability (rows) changes with each logit (columns): z (k,) -> (k, k)."""
    ...


# %% check="softmax_jacobian"
check("softmax_jacobian")

# %%
pictures.jacobian(softmax_jacobian, [2.0, 1.0, 0.0])
# %% [markdown]
# Raise one logit, and its own probability grows, at the cost of all others.
#
# <details><summary>Compare with your prediction</summary>
#
# 0, both times. A column says what one logit does to all the probabilities: they stay 1 together, so the changes
# cancel. A row says what all the logits do to one probability: raise all of them equally, and nothing happens.
#
# </details>
#
# ## In five lines
# 1. A gradient is the list of the partial derivatives: one input moves, the others stand still.
# 2. Every operation knows its local slopes, and nothing else.
# 3. Backwards: gradient at the tip, times the local slope, **added up** over all arrows that leave a box.
# 4. A node speaks after all of its users: the topological order, backwards.
# 5. A layer passes back three tables, each in the shape of what it belongs to. Softmax with cross-entropy pushes
#    every class by how far its probability is from the truth.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. $L = x \cdot x \cdot x$ as a graph, with $x = 2$. What is the gradient of $x$? (A number.)
# 2. A node has two users. If it passes on its gradient after hearing only one, the gradients of its inputs are
#    **(a)** right, **(b)** incomplete, **(c)** twice as large?
# 3. *From unit 2:* the slope of $\ln x$ at $x = 4$? (A number.)

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")

# %% [markdown]
# **Next: unit 4, the gradient check.** How do you know that all those slopes are right? You have checked a few. In
# unit 4 you build an instrument that checks any derivative, even one that somebody hands you with great confidence.
