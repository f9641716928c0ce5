"""What earns nothing: answers that do not do the work of `u1_derivative_intuition`."""

reciprocal_inf = "diff(1/x, x)"


def average_rate(f, a, b):
    raise ValueError


def divide(a, b):
    raise ZeroDivisionError


def power(d, n):
    raise ZeroDivisionError


def slope(f, x):
    return 0


def signal(f, x):
    return 0
