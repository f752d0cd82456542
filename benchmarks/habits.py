"""What one waits for at work: `make quick`, from a project that is installed."""

from benchmarks.copies import PROJECT, timed
from benchmarks.environments import say
from benchmarks.table import Row, duration


def measure():
    """Return the rows of this section; raises RuntimeError with its words if it does not pass."""
    say("habits: make quick")
    timed(["make", "types"], PROJECT)  # fetches TypeScript the first time, which is the network's
    seconds = timed(["make", "quick"], PROJECT)
    return [
        Row(
            "make quick: style, types, every test without browser and build",
            duration(seconds),
            asked=("at most 60 s", seconds <= 60),
        )
    ]
