"""Bars that show quantities at the step of the scrubber. ``gauges.js`` moves it."""

from dataclasses import dataclass, field

import numpy as np

from optlib.live.panels.drawing import INK, canvas, plain


@dataclass(frozen=True)
class Gauges:
    """Bars that show quantities at the scrubber's step, one bar per rule, quantity and coordinate.

    ``quantities`` maps labels to functions of named numbers; ``coordinates`` maps names to
    coordinate numbers; ``marks`` maps labels to functions of dials, or numbers: upright lines to
    measure by. Either may be a dict of one function for each rule, and ``only`` maps labels to the
    rules that are meant.
    """

    quantities: dict
    xlabel: str = ""
    xlim: tuple = (1e-3, 1e2)
    scale: str = "log"
    coordinates: dict = field(default_factory=lambda: {"": 0})
    marks: dict = field(default_factory=dict)
    only: dict = field(default_factory=dict)
    colours: dict = field(default_factory=dict)
    title: str = "At this step"

    def draw(self, shot, pen):
        labels = shot.model.labels
        quantities, marks = pen.split("gauges", shot, self.quantities, self.marks, self.only)
        marks = list({mark.label: mark for mark in reversed(marks)}.values())[::-1]  # one a label
        rows = [
            (where, number, quantity)
            for where, number in self.coordinates.items()
            for quantity in quantities
        ]
        figure, ax = canvas(self.title, self.xlabel, "")
        ax.set_position((0.34, 0.155, 0.63, 0.735))
        ax.set_xscale(self.scale)
        ax.set_xlim(*self.xlim)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_yticks(range(len(rows)), [self._name(shot, where, q) for where, _, q in rows])
        low = self.xlim[0] if self.scale == "log" else 0
        for row, (_, number, quantity) in enumerate(rows):
            t, values = shot.series(quantity, number)
            at = np.clip(np.searchsorted(t, shot.values["step"]), 0, len(t) - 1)
            value = np.clip(plain(values)[at], *self.xlim)
            colour = pen.colour_of(quantity, self.colours).light
            (bar,) = ax.plot([low, value], [row, row], color=colour, linewidth=9)
            bar.set_solid_capstyle("butt")
            bar.set_gid(f"bar-{row}")
        for k, mark in enumerate(marks):
            line = ax.axvline(
                shot.level(mark), color=INK["muted"].light, linewidth=1, dashes=(4, 3)
            )
            line.set_gid(f"mark-{k}")
        return [
            pen.finish(
                figure,
                ax,
                "gauges",
                bars=[q.spec(labels) | {"coordinate": number} for _, number, q in rows],
                marks=[mark.spec(labels) for mark in marks],
                base=float(low),
            )
        ]

    @staticmethod
    def _name(shot, where, quantity):
        rule = quantity.rule if len(shot.model.labels) > 1 else ""
        return " ".join(filter(None, (quantity.label, where, rule)))
