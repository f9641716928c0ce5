"""The right answers of `two_notebooks`."""


def spread(numbers):
    return max(numbers) - min(numbers)


def relative(numbers):
    return (max(numbers) - min(numbers)) / (sum(numbers) / len(numbers))
