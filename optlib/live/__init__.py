"""Live figures: drawn once by matplotlib, moved by rules traced to JavaScript."""

from optlib.live.controls import Goal, Slider, Switch, scaled
from optlib.live.figure import Descent
from optlib.live.panels import (
    Arrow,
    Ball,
    Bars,
    Cloud,
    Gauges,
    Loss,
    Map,
    Phase,
    Series,
    Stems,
)
from optlib.live.scripts import script

__all__ = [
    "Arrow",
    "Ball",
    "Bars",
    "Cloud",
    "Descent",
    "Gauges",
    "Goal",
    "Loss",
    "Map",
    "Phase",
    "Series",
    "Slider",
    "Stems",
    "Switch",
    "scaled",
    "script",
]
