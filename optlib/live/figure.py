"""``Descent``: a figure of rules descending a landscape, alive on a page and in a notebook.

On a page the rules run as JavaScript traced from their own code; in a notebook the same markup and
the same script are an anywidget whose ``values`` follow the page's, both ways, and whose ``runs``
are computed by NumPy from the same values.
"""

import re

import anywidget
import numpy as np
import traitlets

from optlib.live import scripts
from optlib.live.checks import check_goal, check_sentence, check_text
from optlib.live.markup import css, markup, page
from optlib.live.panels import make_panel
from optlib.live.panels.drawing import Pen
from optlib.live.spec import trace
from optlib.live.values import RESTING, Model
from optlib.pictures import style
from optlib.trace import trace_function


class Descent(anywidget.AnyWidget):
    """Rules descending a landscape, as one figure with dials.

    ``surface`` is a landscape or a dict of them to choose from; ``optimizers`` maps labels to
    rules; ``sliders`` maps names ("lr", "Adam.beta1", "surface.kappa", "noise") to ``(low, high)``,
    ``(low, high, scale)`` or ``Slider``; ``derived`` computes a hyperparameter from sliders;
    ``panels`` are names or panels; ``noise`` is the standard deviation added to each gradient
    (the same numbers for every rule); ``gradients`` are added to those of the landscape, one a
    step, and can be drawn by hand where there is a ``Bars`` panel. ``title``, ``alt`` and
    ``caption`` are for the reader.

    Raises ValueError for what does not fit together, naming it. A rule that cannot be traced is
    computed in Python, in a notebook only, with a warning that says why.
    """

    _esm = scripts.module()
    _css = css()
    _html = traitlets.Unicode().tag(sync=True)
    _computed = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    runs = traitlets.Dict()

    def __init__(
        self,
        surface,
        optimizers,
        start,
        steps=200,
        *,
        sliders=None,
        derived=None,
        panels=("map", "loss"),
        goal=None,
        noise=None,
        gradients=None,
        step=None,
        colours=None,
        name=None,
        formerly=None,
        states=None,
        opening=None,
        title,
        alt,
        caption="",
    ):
        self.model = Model(
            surface,
            optimizers,
            start,
            steps,
            sliders=sliders or {},
            derived=derived or {},
            noise=noise,
            gradients=gradients,
            step=step,
        )
        self.title, self.alt = check_text("title", title), check_sentence("alt", alt)
        self.caption = caption
        self.goal = check_goal(goal)
        self.colours = colours_of(self.optimizers, colours or {})
        self.name, self.formerly, self.states = name, formerly, dict(states or {})
        self.id = name or "live-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        self.traced = trace(self.model)
        self.first = dict(self.model.first)
        opening = dict(opening or {})
        opening = self.states.get(opening.pop("state", None), {}) | opening
        self.first |= {key: self.model.check(key, value) for key, value in opening.items()}
        for state in self.states.values():
            for key, value in state.items():
                self.model.check(key, value)
        super().__init__()
        self.values = self.first
        if self.goal:
            shot = self.model.shot(self.first)
            shot.check_names("goal: when", trace_function(self.goal.when).names)
        if not panels:
            raise ValueError(f"panels = {panels!r}; expected at least one")
        self._html = self._markup([make_panel(panel) for panel in panels])

    @property
    def optimizers(self):
        """The rules by label, as they were given."""
        return self.model.optimizers

    @property
    def labels(self):
        """The labels of the rules."""
        return self.model.labels

    @property
    def surfaces(self):
        """The landscapes to choose from, as they were given."""
        return self.model.surfaces

    @property
    def steps(self):
        """How many steps a run has."""
        return self.model.steps

    @property
    def controls(self):
        """The dials, in the order of the page."""
        return self.model.controls

    def resolve(self):
        """The landscape and the rules with the dials where they stand."""
        return self.model.resolve(self.values)

    @traitlets.validate("values")
    def _check_values(self, proposal):
        given = {key: self.model.check(key, value) for key, value in proposal["value"].items()}
        return self.first | dict(self.values) | given

    @traitlets.observe("values")
    def _run(self, change):
        old = change["old"] if isinstance(change["old"], dict) else {}
        moved = {key for key, value in self.values.items() if old.get(key) != value}
        if moved <= RESTING:
            return
        self.runs = self.model.shot(self.values).runs
        if "reason" in self.traced:
            self._computed = {
                label: columns(run, self.model.dim) for label, run in self.runs.items()
            }

    def _markup(self, panels):
        shot, pen = self.model.shot(self.first), Pen(self.id, self.colours)
        with style.use():
            drawings = [drawing for panel in panels for drawing in panel.draw(shot, pen)]
        return markup(self, drawings)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = dict(data or {}) | {"text/html": self._html, "text/plain": self.alt}
        return (data, metadata) if isinstance(bundle, tuple) else data

    def to_html(self):
        """A whole page with this figure alone: for handouts and tests."""
        return page(self)


def colours_of(optimizers, asked):
    """A colour for every rule: by name of the palette where asked for, else by its class."""
    named = style.SYMBOLS | style.OPTIMIZERS
    for label, name in asked.items():
        if label not in optimizers:
            raise ValueError(f"colours: {label}; expected a label of {', '.join(optimizers)}")
        if name not in named:
            raise ValueError(f"colours: {label} = {name!r}; expected one of {', '.join(named)}")
    taken = {}
    for label, rule in optimizers.items():
        if label in asked:
            taken[label] = named[asked[label]]
        else:
            taken[label] = style.colour_of(rule, list(taken.values()))
    return taken


def columns(run, dim):
    """A Trajectory as lists, one per coordinate, for a page that cannot compute it."""

    def finite(values):
        return [value if np.isfinite(value) else None for value in values.tolist()]

    def column(values):
        return [finite(values[:, i]) for i in range(dim)]

    state = {name: column(getattr(run.state, name)) for name in run.state._fields}
    return {
        "x": column(run.x),
        "f": finite(run.f),
        "g": column(run.g),
        "dx": column(run.dx),
        "state": state,
    }
