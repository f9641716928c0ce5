"""The right answers of `describing`."""

import json

import matplotlib.pyplot as plt


def mean(numbers):
    return sum(numbers) / len(numbers)


class Running:
    """The mean of all numbers added so far."""

    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, number):
        self.total += number
        self.count += 1

    def mean(self):
        return self.total / self.count if self.count else None


def histogram(numbers):
    _, axes = plt.subplots()
    axes.hist(numbers, bins=range(160, 191, 5))
    axes.set_xlabel("height in cm")
    axes.set_ylabel("people")
    return axes


def write_summary(numbers, path="summary.json"):
    with open(path, "w") as file:
        json.dump({"count": len(numbers), "mean": mean(numbers), "tallest": max(numbers)}, file)


def weekday(text):
    from dateutil import parser

    return parser.parse(text).weekday()


def trimmed(numbers):
    return mean(sorted(numbers)[1:-1])
