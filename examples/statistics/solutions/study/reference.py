"""The right answers of `study`."""


def difference(one, other):
    return sum(one) / len(one) - sum(other) / len(other)
