"""The right answers of `chance`, for the student called "reference"."""

from kit import variant

from grader.course.notebooks import choices

COINS = choices(__file__)["COINS"]

my_coin = variant("own_coin", COINS, student="reference")

no_six = "(5/6)**n"
two_heads = my_coin**2
fair = "c"
independent = "ac"
