"""The pictures inside a live figure: each drawn once by matplotlib, then moved by its script.

A panel has ``draw(shot, pen)``, which returns a list of ``Drawing``: the SVG with the first curves
and the data that the script of the same name needs to move them. Lines that move carry the gid
``run-0``, ``run-1``, …
"""

from optlib.live.panels.ball import Ball
from optlib.live.panels.bars import Bars
from optlib.live.panels.cloud import Cloud
from optlib.live.panels.gauges import Gauges
from optlib.live.panels.loss import Loss
from optlib.live.panels.map import Arrow, Map
from optlib.live.panels.phase import Phase
from optlib.live.panels.series import Series
from optlib.live.panels.stems import Stems

__all__ = [
    "Arrow",
    "Ball",
    "Bars",
    "Cloud",
    "Gauges",
    "Loss",
    "Map",
    "Phase",
    "Series",
    "Stems",
    "make_panel",
]

NAMED = {"map": Map, "loss": Loss, "ball": Ball}


def make_panel(panel):
    """Return a panel for a name such as "map", or the panel given."""
    if isinstance(panel, str):
        if panel not in NAMED:
            raise ValueError(f"panels: {panel!r}; expected one of {', '.join(NAMED)} or a panel")
        return NAMED[panel]()
    if not hasattr(panel, "draw"):
        raise ValueError(f"panels: {panel!r}; expected a name or an object with draw(shot, pen)")
    return panel
