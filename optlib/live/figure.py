"""``Descent``: a figure of rules descending a landscape, alive on a page and in a notebook.

On a page the rules run as JavaScript traced from their own code; in a notebook the same markup and
the same script are an anywidget whose ``values`` follow the page's, both ways, and whose ``runs``
are computed by NumPy from the same values.
"""

import hashlib
import re

import anywidget
import numpy as np
import traitlets

from optlib.live import scripts
from optlib.live.checks import (
    check_formerly,
    check_goal,
    check_sentence,
    check_slug,
    check_states,
    check_text,
    check_values,
)
from optlib.live.functions import Sources
from optlib.live.markup import css, markup, page
from optlib.live.panels import make_panel
from optlib.live.panels.drawing import Pen
from optlib.live.spec import trace
from optlib.live.values import RESTING, Model
from optlib.pictures import style


class Descent(anywidget.AnyWidget):
    """Rules descending a landscape, as one figure with dials.

    ``surface`` is a landscape or a dict of them to choose from; ``optimizers`` maps labels to
    rules; ``sliders`` maps names ("lr", "Adam.beta1", "surface.kappa", "noise") to ``(low, high)``,
    ``(low, high, scale)`` or ``Slider``; ``derived`` computes a hyperparameter from sliders;
    ``panels`` are names or panels; ``noise`` is the standard deviation added to each gradient
    (the same numbers for every rule); ``gradients`` are added to those of the landscape, one a
    step, and can be drawn by hand where there is a ``Bars`` panel. ``title``, ``alt`` and
    ``caption`` are for the reader.

    ``name`` is the figure's id on a page and the end of its link, and ``formerly`` what it was
    called before (one id or a list). ``states`` maps names to values that are laid over the first
    ones, for links such as ``#name/state``; ``opening`` are values that it opens with instead,
    among them, perhaps, ``"state"``.

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
        if not panels:
            raise ValueError(f"panels = {panels!r}; expected at least one")
        panels = [make_panel(panel) for panel in panels]
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
            switched=[label for panel in panels for label in getattr(panel, "switched", ())],
        )
        self.title, self.alt = check_text("title", title), check_sentence("alt", alt)
        self.caption = caption
        self.goal = check_goal(goal)
        self.colours = colours_of(self.optimizers, colours or {})
        self.name = None if name is None else check_slug("name", name)
        self.id = name or id_of(title)
        self.formerly = check_formerly(formerly)
        self.traced = trace(self.model)
        self.states = check_states(self.model, self.id, states or {})
        self.first = self.model.first | self._check_opening(dict(opening or {}))
        super().__init__()
        self.values = self.first
        self._html = self._markup(panels)

    def show(self, state):
        """Set the figure to one of its states: its first values, with the state's laid over them."""
        self.values = self.first | self._state(state)

    def _state(self, state):
        if state not in self.states:
            raise ValueError(
                f"{self.id}: state = {state!r}; expected one of {', '.join(self.states) or 'none'}"
            )
        return self.states[state]

    def _check_opening(self, opening):
        """The values that a figure opens with, where they are not its first."""
        state = self._state(opening.pop("state")) if "state" in opening else {}
        return state | check_values(self.model, f"{self.id}: opening", opening)

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
        shot, sources = self.model.shot(self.first), Sources()
        pen = Pen(self.id, self.colours, sources)
        with style.use():
            drawings = [drawing for panel in panels for drawing in panel.draw(shot, pen)]
        return markup(self, drawings, sources)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = dict(data or {}) | {"text/html": self._html, "text/plain": self.alt}
        return (data, metadata) if isinstance(bundle, tuple) else data

    def to_html(self):
        """A whole page with this figure alone: for handouts and tests."""
        return page(self)


def id_of(title):
    """An id made of a title's Latin letters, or of its digest where it has none."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"live-{slug or hashlib.sha256(title.encode()).hexdigest()[:8]}"


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
