"""Exponential moving averages: the one brick that momentum, RMSProp and Adam share."""


def ema(average, value, beta):
    """Move an exponential moving average one step towards a new value.

    Formula: ``average ← β·average + (1 − β)·value``.

    ``average`` and ``value`` have one shape and one unit; ``beta`` in [0, 1) is a pure number.
    Source: Kingma and Ba (2015), Algorithm 1, the lines for m and v.
    """
    return beta * average + (1 - beta) * value


def debias(average, beta, t):
    """Divide out the weight βᵗ that an average started at zero still gives to that zero.

    Formula: ``average / (1 − βᵗ)``, with ``t = 1, 2, …`` values averaged so far.

    Source: Kingma and Ba (2015), section 3.
    """
    return average / (1 - beta**t)
