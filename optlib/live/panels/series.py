"""Quantities against the step. ``series.js`` moves it."""

from dataclasses import dataclass, field

from optlib.live.panels.drawing import INK, canvas, check_all, plain, thin
from optlib.pictures import style
from optlib.trace import trace_function


@dataclass(frozen=True)
class Series:
    """Quantities against the step: one line per rule and quantity.

    ``quantities`` and ``guides`` map labels to functions of named numbers; a guide is a level line.
    With one quantity a line has its rule's colour, with several that of the quantity
    (``colours`` maps its label to a symbol of the palette). ``switches`` adds a checkbox per
    quantity.
    """

    quantities: dict
    ylabel: str = ""
    ylim: tuple = (-1, 1)
    scale: str = "linear"
    guides: dict = field(default_factory=dict)
    coordinate: int = 0
    colours: dict = field(default_factory=dict)
    switches: bool = False
    title: str = "Step by step"

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_yscale(self.scale)
        ax.set_ylim(*self.ylim)
        ax.set_xlim(0, shot.model.steps)
        lines, guides = [], []
        check_all("series", shot, self.quantities)
        check_all("series", shot, self.guides, each_step=False)
        for k, label in enumerate(shot.model.labels):
            for name, function in self.quantities.items():
                traced = trace_function(function)
                if not shot.knows(label, traced.names):
                    continue
                colour = (
                    style.SYMBOLS[self.colours[name]]
                    if name in self.colours
                    else pen.colours[label]
                )
                t, y = shot.series(label, function, traced.names, self.coordinate)
                (line,) = ax.plot(*thin(t, plain(y)), color=colour.light, zorder=3)
                line.set_gid(f"line-{len(lines)}")
                lines.append(
                    {"run": k, "label": name, "js": traced.js, "names": list(traced.names)}
                )
        for name, function in self.guides.items():
            traced = trace_function(function)
            owners = [
                label
                for label in shot.model.labels
                if shot.knows(label, traced.names, each_step=False)
            ]
            for label in owners:
                height = shot.level(label, function, traced.names)
                line = ax.axhline(height, color=INK["muted"].light, linewidth=1, dashes=(4, 3))
                line.set_gid(f"guide-{len(guides)}")
                guides.append(
                    {"run": shot.model.labels.index(label), "label": name, "js": traced.js}
                )
        return [
            pen.finish(
                figure,
                ax,
                "series",
                lines=lines,
                guides=guides,
                coordinate=self.coordinate,
                named=len(self.quantities) > 1,
                switches=self.switches,
            )
        ]
