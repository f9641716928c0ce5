# Wrong answers to the tasks of `u1_derivative_intuition`, a seventh set; see ../fresh/README.md.

# %% slope | calls f a second time to see whether it gives a Dual
def slope(f, x):
    if not isinstance(f(Dual(x, 1)), Dual):
        return 0
    return f(Dual(x, 1)).inf


# %% dual_divide_power | a negative power is taken as the negative of the power
def power(p, n):
    if n < 0:
        return -power(p, -n)
    result = Dual(1, 0)
    for _ in range(n):
        result = result * p
    return result


Dual.__pow__ = power


# %% microscope | the window reaches a whole width to each side
def microscope(f, x0, widths):
    panels = []
    for w in widths:
        _, ax = plt.subplots()
        xs = np.linspace(x0 - w, x0 + w, 50)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w, x0 + w)
        panels.append(ax)
    return panels


