"""Quantities against the step. ``series.js`` moves it."""

from dataclasses import dataclass, field

from optlib.live.panels.drawing import INK, canvas, plain, thin


@dataclass(frozen=True)
class Series:
    """Quantities against the step: one line per rule and quantity.

    ``quantities`` and ``guides`` map labels to functions of named numbers; a guide is a level line,
    and may be a plain number. Either may be a dict of one function for each rule, and ``only`` maps
    labels to the rules that are meant. With one quantity a line has its rule's colour, with several
    that of the quantity (``colours`` maps its label to a symbol of the palette). ``switches`` adds
    a checkbox per quantity.
    """

    quantities: dict
    ylabel: str = ""
    ylim: tuple = (-1, 1)
    scale: str = "linear"
    guides: dict = field(default_factory=dict)
    only: dict = field(default_factory=dict)
    coordinate: int = 0
    colours: dict = field(default_factory=dict)
    switches: bool = False
    title: str = "Step by step"

    @property
    def switched(self):
        """The labels of what a reader can switch off."""
        return list(self.quantities) if self.switches else []

    def draw(self, shot, pen):
        labels = shot.model.labels
        figure, ax = canvas(self.title, "step t", self.ylabel)
        ax.set_yscale(self.scale)
        ax.set_ylim(*self.ylim)
        ax.set_xlim(0, shot.model.steps)
        lines, guides = pen.split("series", shot, self.quantities, self.guides, self.only)
        for k, line in enumerate(lines):
            t, y = shot.series(line, self.coordinate)
            colour = pen.colour_of(line, self.colours).light
            (drawn,) = ax.plot(*thin(t, plain(y)), color=colour, zorder=3)
            drawn.set_gid(f"line-{k}")
        for k, guide in enumerate(guides):
            height = shot.level(guide)
            drawn = ax.axhline(height, color=INK["muted"].light, linewidth=1, dashes=(4, 3))
            drawn.set_gid(f"guide-{k}")
        return [
            pen.finish(
                figure,
                ax,
                "series",
                lines=[line.spec(labels) for line in lines],
                guides=[guide.spec(labels) for guide in guides],
                coordinate=self.coordinate,
                named=len(self.quantities) > 1,
                switches=self.switches,
            )
        ]
