"""How much each past gradient weighs. ``stems.js`` moves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optlib.live.panels.drawing import canvas, plain


@dataclass(frozen=True)
class Stems:
    """How much each past gradient weighs at the scrubber's step t: one stem per k = 1 … t.

    ``weight`` is a function of named numbers: besides those at step t there are ``k`` and, with the
    ending ``_k``, what was recorded at step k (``g_k``, ``v_k``). ``ghost`` is the weight of the
    starting value, drawn at k = 0. Either may be a dict of one function for each rule. ``last``
    stems are drawn at most.
    """

    weight: Callable | dict
    ghost: Callable | dict | None = None
    ylabel: str = "weight"
    ylim: tuple = (0.0, 1.0)
    scale: str = "linear"
    last: int = 100
    coordinate: int = 0
    title: str = "What each gradient still weighs"

    def draw(self, shot, pen):
        figure, ax = canvas(self.title, "gradient k", self.ylabel)
        ax.set_yscale(self.scale)
        ax.set_ylim(*self.ylim)
        ax.set_xlim(-0.02 * shot.model.steps, shot.model.steps * 1.01)
        low = self.ylim[0] if self.scale == "log" else 0.0
        weights = pen.quantities("stems", shot, {"weight": self.weight}, with_k=True)
        ghosts = {}
        if self.ghost is not None:
            ghost = pen.quantities("stems", shot, {"ghost": self.ghost})
            ghosts = {quantity.rule: quantity.key for quantity in ghost}
        for number, weight in enumerate(weights):
            k, heights = shot.weights(weight, self.coordinate)
            k, heights = k[-self.last :], plain(heights)[-self.last :]
            x = np.repeat(k, 3).astype(float)
            y = np.column_stack([np.full(len(k), low), heights, np.full(len(k), np.nan)]).ravel()
            (line,) = ax.plot(x, y, color=pen.colours[weight.rule].light, linewidth=1.4)
            line.set_gid(f"stems-{number}")
        return [
            pen.finish(
                figure,
                ax,
                "stems",
                stems=[
                    weight.spec(shot.model.labels) | {"ghost": ghosts.get(weight.rule)}
                    for weight in weights
                ],
                base=float(low),
                last=self.last,
                coordinate=self.coordinate,
            )
        ]
