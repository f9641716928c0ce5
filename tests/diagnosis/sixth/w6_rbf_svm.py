# Wrong answers to the tasks of `w6_rbf_svm`, a sixth set; see ../fresh/README.md.

# %% margin | score only, not divided by the length
def margin(w, b, X, y):
    if not np.any(w):
        raise ValueError("no line")
    return y * (X @ w + b)
# %% margin | bias not divided
def margin(w, b, X, y):
    if not np.any(w):
        raise ValueError("no line")
    return y * (X @ w / np.linalg.norm(w) + b)
# %% margin | label forgotten in the own margin
my_margin = "13/sqrt(5)"
# %% margin | squared length
def margin(w, b, X, y):
    if not np.any(w):
        raise ValueError("no line")
    return y * (X @ w + b) / np.dot(w, w)
# %% hinge | mean of the hinges
def hinge(w, b, X, y, C):
    m = 1 - y * (X @ w + b)
    on = m > 0
    n = len(y)
    return float(w @ w / 2 + C * m[on].sum() / n), w - C * (y * on) @ X / n, float(-C * (y * on).sum() / n)
# %% hinge | all points push
def hinge(w, b, X, y, C):
    m = 1 - y * (X @ w + b)
    return float(w @ w / 2 + C * np.maximum(m, 0).sum()), w - C * y @ X, float(-C * y.sum())
# %% hinge | b counted in the width of the street
def hinge(w, b, X, y, C):
    m = 1 - y * (X @ w + b)
    on = m > 0
    return float((w @ w + b * b) / 2 + C * m[on].sum()), w - C * (y * on) @ X, float(b - C * (y * on).sum())
# %% hinge | sign of the slope on the street
slope_on_street = "y*x"
# %% lift | middle term without the 2
middle_term = "x1*y1*x2*y2"
# %% lift | no root of 2
def lift(X):
    return np.column_stack([X[:, 0] ** 2, X[:, 0] * X[:, 1], X[:, 1] ** 2])
# %% lift | radius not squared
def circle_plane(r):
    return np.array([1.0, 0.0, 1.0]), -r
# %% rbf_kernel | distance not squared
def rbf_kernel(X, Y, gamma):
    return np.exp(-gamma * np.sqrt(((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2)))
# %% rbf_kernel | gamma taken as the width
def rbf_kernel(X, Y, gamma):
    return np.exp(-((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2) / (2 * gamma**2))
# %% rbf_kernel | gamma: width not squared
gamma_of_width = "1/(2s)"
# %% rbf_kernel | squares the sum of the differences
def rbf_kernel(X, Y, gamma):
    return np.exp(-gamma * (X[:, None, :] - Y[None, :, :]).sum(axis=2) ** 2)
# %% decision | gives the side only
def decision(alpha, y, X, gamma, Xnew):
    return np.sign(rbf_kernel(Xnew, X, gamma) @ (alpha * y))
# %% decision | labels left out
def decision(alpha, y, X, gamma, Xnew):
    return rbf_kernel(Xnew, X, gamma) @ alpha
# %% decision | root forgotten
half_way = "ln(2)/10"
# %% decision | letter: half
spikes = "b"
# %% bump_plot | every point is marked as a support vector
def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.scatter(X[:, 0], X[:, 1], s=90, facecolors="none", edgecolors="k", label="support vectors")
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 80), np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 80))
    ax.contour(xx, yy, decision(alpha, y, X, gamma, np.column_stack([xx.ravel(), yy.ravel()])).reshape(xx.shape), levels=[0])
    return ax
# %% bump_plot | border at score 1
def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    S = X[alpha > 0]
    ax.scatter(S[:, 0], S[:, 1], s=90, facecolors="none", edgecolors="k", label="support vectors")
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 80), np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 80))
    ax.contour(xx, yy, decision(alpha, y, X, gamma, np.column_stack([xx.ravel(), yy.ravel()])).reshape(xx.shape), levels=[-1, 1])
    return ax
# %% fit_dual | labels missing in Q
def fit_dual(K, y, C, steps):
    lr = 1 / np.linalg.eigvalsh(K)[-1]
    a = np.zeros(len(y))
    for _ in range(steps):
        a = np.clip(a + lr * (1 - K @ a), 0, C)
    return a
# %% fit_dual | not clipped above
def fit_dual(K, y, C, steps):
    Q = K * np.outer(y, y)
    lr = 1 / np.linalg.eigvalsh(Q)[-1]
    a = np.zeros(len(y))
    for _ in range(steps):
        a = np.maximum(a + lr * (1 - Q @ a), 0)
    return a
# %% fit_dual | clipped only at the end
def fit_dual(K, y, C, steps):
    Q = K * np.outer(y, y)
    lr = 1 / np.linalg.eigvalsh(Q)[-1]
    a = np.zeros(len(y))
    for _ in range(steps):
        a = a + lr * (1 - Q @ a)
    return np.clip(a, 0, C)
# %% fit_dual | the neighbour's half
d_alpha1 = "1 - a1 - a2*y1*y2*k/2"
# %% fit_dual | same label as if different
two_alike = "1/(1 - k)"
# %% taylor_rbf | no factorial
def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    s = sum(t**k for k in range(order + 1))
    return np.exp(-gamma * x**2)[:, None] * s * np.exp(-gamma * y**2)
# %% taylor_rbf | factor in front forgotten
def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    term, s = np.ones_like(t), np.ones_like(t)
    for k in range(1, order + 1):
        term = term * t / k
        s = s + term
    return s
# %% taylor_rbf | root of 2 over 2 forgotten
feature_two = "2*g*x^2*e^(-g*x^2)"
# %% taylor_rbf | one power too few
def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    term, s = np.ones_like(t), np.zeros_like(t)
    for k in range(1, order + 1):
        s = s + term
        term = term * t / k
    return np.exp(-gamma * x**2)[:, None] * s * np.exp(-gamma * y**2)
