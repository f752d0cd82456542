"""Bars that show quantities at the step of the scrubber. ``gauges.js`` moves it."""

from dataclasses import dataclass, field

import numpy as np

from optlib.live.panels.drawing import INK, canvas, check_all, plain
from optlib.pictures import style
from optlib.trace import trace_function


@dataclass(frozen=True)
class Gauges:
    """Bars that show quantities at the scrubber's step, one bar per rule, quantity and coordinate.

    ``quantities`` maps labels to functions of named numbers; ``coordinates`` maps names to
    coordinate numbers; ``marks`` maps labels to functions of dials: upright lines to measure by.
    """

    quantities: dict
    xlabel: str = ""
    xlim: tuple = (1e-3, 1e2)
    scale: str = "log"
    coordinates: dict = field(default_factory=lambda: {"": 0})
    marks: dict = field(default_factory=dict)
    colours: dict = field(default_factory=dict)
    title: str = "At this step"

    def draw(self, shot, pen):
        check_all("gauges", shot, self.quantities)
        check_all("gauges", shot, self.marks, each_step=False)
        rows = [
            (shot.model.labels.index(label), where, number, name, function)
            for where, number in self.coordinates.items()
            for name, function in self.quantities.items()
            for label in shot.model.labels
            if shot.knows(label, trace_function(function).names)
        ]
        figure, ax = canvas(self.title, self.xlabel, "")
        ax.set_position((0.34, 0.155, 0.63, 0.735))
        ax.set_xscale(self.scale)
        ax.set_xlim(*self.xlim)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        several = len(shot.model.labels) > 1
        ax.set_yticks(
            range(len(rows)),
            [
                " ".join(filter(None, (name, where, shot.model.labels[k] if several else "")))
                for k, where, _, name, _ in rows
            ],
        )
        low = self.xlim[0] if self.scale == "log" else 0
        bars = []
        for row, (k, _, number, name, function) in enumerate(rows):
            label, traced = shot.model.labels[k], trace_function(function)
            t, values = shot.series(label, function, traced.names, number)
            at = np.clip(np.searchsorted(t, shot.values["step"]), 0, len(t) - 1)
            value = np.clip(plain(values)[at], *self.xlim)
            colour = (
                style.SYMBOLS[self.colours[name]] if name in self.colours else pen.colours[label]
            )
            (bar,) = ax.plot([low, value], [row, row], color=colour.light, linewidth=9)
            bar.set_solid_capstyle("butt")
            bar.set_gid(f"bar-{row}")
            bars.append(
                {
                    "run": k,
                    "coordinate": number,
                    "js": traced.js,
                    "names": list(traced.names),
                    "label": name,
                }
            )
        marks = []
        for name, function in self.marks.items():
            traced = trace_function(function)
            label = next(
                label
                for label in shot.model.labels
                if shot.knows(label, traced.names, each_step=False)
            )
            height = shot.level(label, function, traced.names)
            line = ax.axvline(height, color=INK["muted"].light, linewidth=1, dashes=(4, 3))
            line.set_gid(f"mark-{len(marks)}")
            marks.append({"run": shot.model.labels.index(label), "label": name, "js": traced.js})
        return [pen.finish(figure, ax, "gauges", bars=bars, marks=marks, base=float(low))]
