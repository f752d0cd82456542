"""Live figures: drawn once by matplotlib, moved by rules traced to JavaScript."""

from optlib.live.controls import Goal, Slider
from optlib.live.figure import Descent
from optlib.live.panels import Arrow, Ball, Cloud, Loss, Map, Phase, Series

__all__ = [
    "Arrow",
    "Ball",
    "Cloud",
    "Descent",
    "Goal",
    "Loss",
    "Map",
    "Phase",
    "Series",
    "Slider",
]
