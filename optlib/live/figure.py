"""``Descent``: a figure of rules descending a landscape, alive on a page and in a notebook.

On a page the rules run as JavaScript traced from their own code; in a notebook the same markup and
the same ``live.js`` are an anywidget whose ``values`` follow the page's, both ways, and whose
``runs`` are computed by NumPy from the same values.
"""

import html
import json
import re
import warnings
from dataclasses import replace
from itertools import product
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from optlib.descent import DIVERGED, check_count, check_start, minimize
from optlib.live.controls import Goal, bare, make_control, split_name
from optlib.live.noise import normals
from optlib.live.panels import make_panel
from optlib.pictures import style
from optlib.trace import trace_function, trace_rule, trace_surface

HERE = Path(__file__).parent
SCRIPT = (HERE / "live.js").read_text(encoding="utf-8")
STYLE = (HERE / "live.css").read_text(encoding="utf-8")
SEED = 1
NAMES = ("t", "f", "x", "x_before", "g", "dx")  # besides state, hyperparameters and sliders
PER_STEP = {"x_before", "g", "dx"}  # what exists only once a step was taken
MODULE_END = """
export default {
  render({ model, el }) {
    el.innerHTML = model.get("_html");
    const live = Live.hydrate(el.querySelector("[data-live]"), model);
    return () => live.dispose();
  },
};
"""


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

    _esm = SCRIPT + MODULE_END
    _css = style.css() + STYLE
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
        self._ready = False
        super().__init__()
        self.surface_names, self.surfaces = _surfaces(surface)
        self.optimizers = _optimizers(optimizers)
        self.labels = list(self.optimizers)
        self.colours = _colours(self.optimizers, colours or {})
        self.start = _start("start", start, self.surfaces[0].dim)
        self.steps = check_count("steps", steps)
        self.noise = _sigma(noise)
        self.gradients = None if gradients is None else self._check_gradients(gradients)
        self.title, self.alt, self.caption = _text("title", title), _sentence("alt", alt), caption
        self.goal = _goal(goal)
        self.name, self.formerly, self.states = name, formerly, dict(states or {})
        self.id = name or "live-" + re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        self.controls = [
            make_control(name, given, self._found(name)) for name, given in (sliders or {}).items()
        ]
        self._check_ends()
        self.derived = self._check_derived(derived or {})
        self.first = {control.name: control.value for control in self.controls} | {
            "start": self.start,
            "step": self.steps if step is None else _step("step", step, self.steps),
            "shown": list(self.labels),
        }
        if self.gradients is not None:
            self.first["gradients"] = self.gradients
        if len(self.surfaces) > 1:
            self.first["surface"] = self.surface_names[0]
        self.surface_index = 0
        self._numbers = 0
        self._traced = self._trace()
        self._ready = True
        opening = dict(opening or {})
        opening = self.states.get(opening.pop("state", None), {}) | opening
        self.first |= {key: self._check(key, value) for key, value in opening.items()}
        for state in self.states.values():
            for key, value in state.items():
                self._check(key, value)
        self.values = self.first
        if self.goal:
            self.check_names("goal: when", trace_function(self.goal.when).names)
        if not panels:
            raise ValueError(f"panels = {panels!r}; expected at least one")
        self._html = self._markup([make_panel(panel) for panel in panels])

    # what the dials turn

    def _found(self, name):
        """The present value of what a slider turns, or None."""
        owner, field = split_name(name)
        if name == "noise":
            return self.noise
        if owner == "surface":
            return next((getattr(s, field) for s in self.surfaces if hasattr(s, field)), None)
        if owner is not None and owner not in self.optimizers:
            raise ValueError(
                f"sliders: {name}; expected a label of {', '.join(self.labels)} or 'surface'"
            )
        rules = [self.optimizers[owner]] if owner else self.optimizers.values()
        return next((getattr(rule, field) for rule in rules if hasattr(rule, field)), None)

    def _check_ends(self):
        """Both ends of every slider must be values that what it turns accepts."""
        for control in self.controls:
            owner, field = split_name(control.name)
            rules = self.optimizers.values() if owner is None else [self.optimizers.get(owner)]
            for turned in self.surfaces if owner == "surface" else rules:
                if not hasattr(turned, field):
                    continue
                for end in (control.slider.low, control.slider.high):
                    try:
                        replace(turned, **{field: float(end)})
                    except ValueError as error:
                        raise ValueError(
                            f"sliders: {control.name} reaches {end:g}: {error}"
                        ) from None

    def _check_derived(self, derived):
        known = {bare(control.name) for control in self.controls}
        result = {}
        for name, function in derived.items():
            owner, field = split_name(name)
            if owner not in self.optimizers or not hasattr(self.optimizers[owner], field):
                raise ValueError(f"derived: {name}; expected 'Label.field' of a rule here")
            traced = trace_function(function)
            if not set(traced.names) <= known:
                raise ValueError(
                    f"derived: {name} reads {', '.join(traced.names)}; "
                    f"expected names of sliders: {', '.join(sorted(known))}"
                )
            self._check_corners(name, function, traced.names)
            result[name] = (function, traced)
        return result

    def _check_corners(self, name, function, reads):
        """Where the sliders it reads are at their ends, a derived value must be a possible one."""
        owner, field = split_name(name)
        sliders = [[c.slider for c in self.controls if bare(c.name) == read][-1] for read in reads]
        for ends in product(*((float(slider.low), float(slider.high)) for slider in sliders)):
            where = dict(zip(reads, ends, strict=True))
            try:
                replace(self.optimizers[owner], **{field: _number(function, where)})
            except ValueError as error:
                at = ", ".join(f"{read} = {end:g}" for read, end in where.items())
                raise ValueError(f"derived: {name} at {at}: {error}") from None

    def _trace(self):
        """The JavaScript of every rule and landscape, or the reason why there is none."""
        try:
            return {
                "surfaces": [trace_surface(s) for s in self.surfaces],
                "rules": [trace_rule(rule) for rule in self.optimizers.values()],
            }
        except TypeError as reason:
            warnings.warn(f"this figure computes in Python: {reason}", stacklevel=3)
            return {"reason": str(reason)}

    def control(self, name):
        """The control of that name, or ValueError."""
        for control in self.controls:
            if control.name == name:
                return control
        raise ValueError(f"no slider called {name!r} here; there are {list(self.first)}")

    # values and runs

    @traitlets.validate("values")
    def _check_values(self, proposal):
        given = dict(proposal["value"])
        if not self._ready:
            return given
        return self.first | dict(self.values) | {k: self._check(k, v) for k, v in given.items()}

    def _check(self, name, value):
        if name == "start":
            return _start("values: start", value, self.surfaces[0].dim)
        if name == "gradients" and self.gradients is not None:
            return self._check_gradients(value)
        if name == "step":
            return _step("values: step", value, self.steps)
        if name == "shown":
            return _shown(value, self.labels)
        if name == "surface" and name in self.first:
            if value not in self.surface_names:
                raise ValueError(
                    f"values: surface = {value!r}; expected one of {', '.join(self.surface_names)}"
                )
            return value
        for control in self.controls:
            if control.name == name:
                return control.check(value)
        raise ValueError(f"values: {name} = {value!r}; expected one of {', '.join(self.first)}")

    def _check_gradients(self, value):
        numbers = np.asarray(value, dtype=float)
        if self.noise is not None or self.surfaces[0].dim > 1:
            raise ValueError("gradients: expected a landscape in one dimension, and no noise")
        if numbers.shape != (self.steps,) or not np.isfinite(numbers).all():
            raise ValueError(
                f"gradients has shape {numbers.shape}; expected {self.steps} finite numbers"
            )
        return numbers.tolist()

    @traitlets.observe("values")
    def _run(self, change):
        moved = {k for k, v in self.values.items() if dict(change["old"] or {}).get(k) != v}
        if not self._ready or moved <= {"step", "shown"}:
            return
        surface, rules = self.resolve()
        sigma = self.values.get("noise", self.noise)
        noise = None
        if self.noise is not None:
            dim = surface.dim
            noise = sigma * normals(SEED, self.steps * dim).reshape(self.steps, dim)
        elif self.gradients is not None:
            noise = np.array(self.values["gradients"])[:, None]
        start = self.values["start"]
        self.runs = {
            label: minimize(surface, rule, start, self.steps, noise=noise)
            for label, rule in rules.items()
        }
        if "reason" in self._traced:
            self._computed = {
                label: _columns(run, self.surfaces[0].dim) for label, run in self.runs.items()
            }

    def resolve(self):
        """The landscape and the rules with the dials where they stand."""
        if "surface" in self.values:
            self.surface_index = self.surface_names.index(self.values["surface"])
        surface, rules = self.surfaces[self.surface_index], dict(self.optimizers)
        for control in self.controls:
            owner, field = split_name(control.name)
            value = self.values[control.name]
            if owner == "surface":
                if hasattr(surface, field):
                    surface = replace(surface, **{field: value})
                continue
            for label in [owner] if owner else self.labels:
                if hasattr(rules[label], field):
                    rules[label] = replace(rules[label], **{field: value})
        for name, (function, traced) in self.derived.items():
            owner, field = split_name(name)
            dials = self.dials(owner)
            value = _number(function, {key: dials[key] for key in traced.names})
            rules[owner] = replace(rules[owner], **{field: value})
        return surface, rules

    def dials(self, label):
        """The values of all sliders by their bare names; a rule's own hide others of that name."""
        order = {None: 1, "surface": 1, label: 2}
        near = sorted(self.controls, key=lambda c: order.get(split_name(c.name)[0], 0))
        return {bare(control.name): self.values[control.name] for control in near}

    # what panels ask for

    def next_number(self):
        """A number for the next drawing, so that ids differ."""
        self._numbers += 1
        return self._numbers

    def environment(self, label):
        """The numbers that functions may name and that do not change from step to step."""
        surface, rules = self.resolve()
        rule = rules[label]
        fields = {k: v for owner in (surface, rule) for k, v in vars(owner).items()}
        extra = {} if self.noise is None else {"noise": self.noise}
        return extra | fields | self._dials_of(label)

    def _dials_of(self, label):
        owned = {}
        for control in self.controls:
            owner, field = split_name(control.name)
            if owner in (None, label, "surface") and not (
                owner is None and f"{label}.{field}" in self.derived
            ):
                owned[field] = self.values[control.name]
        return owned

    def known(self, label, each_step=True, with_k=False):
        """The names that functions may read.

        Without ``each_step`` only those that stay the same during a run; ``with_k``: also those of
        one past step.
        """
        recorded = set(NAMES) | set(self.runs[label].state._fields) if each_step else set()
        past = {"k"} | {f"{name}_k" for name in recorded} if with_k else set()
        return set(self.environment(label)) | recorded | past

    def knows(self, label, names, **which):
        """Whether a rule's run has all these names, see ``known``."""
        return set(names) <= self.known(label, **which)

    def check_names(self, what, names, labels=None, **which):
        """Raise ValueError unless the run of one of these rules has all these names."""
        labels = labels or self.labels
        if not any(self.knows(label, names, **which) for label in labels):
            known = set().union(*(self.known(label, **which) for label in labels))
            raise ValueError(
                f"{what} reads {', '.join(names)}; expected names among {', '.join(sorted(known))}"
            )

    def level(self, label, function, names):
        """A function of numbers that do not change from step to step."""
        environment = self.environment(label)
        return _number(function, {name: environment[name] for name in names})

    def series(self, label, function, names, coordinate):
        """The steps, and a function of what was recorded at each."""
        run = self.runs[label]
        first = 1 if PER_STEP & set(names) or set(run.state._fields) & set(names) else 0
        t = np.arange(first, self.steps + 1)
        recorded = {"t": t, "f": run.f[first:], "x": run.x[first:, coordinate]}
        if first:
            recorded |= {
                "x_before": run.x[:-1, coordinate],
                "g": run.g[:, coordinate],
                "dx": run.dx[:, coordinate],
            }
            recorded |= {key: getattr(run.state, key)[:, coordinate] for key in run.state._fields}
        known = self.environment(label) | recorded
        with np.errstate(all="ignore"):
            y = function(**{name: known[name] for name in names})
        return t, np.broadcast_to(y, t.shape)

    def weights(self, label, function, names, coordinate):
        """The past steps k, and a function of what was recorded then and at the scrubber's step."""
        run, now = self.runs[label], self.values["step"]
        k = np.arange(1, now + 1)
        if not now:
            return k, np.zeros(0)
        record = run.state._asdict() | {"g": run.g, "dx": run.dx}
        past = {f"{key}_k": column[:now, coordinate] for key, column in record.items()}
        here = {key: column[now - 1, coordinate] for key, column in record.items()}
        here |= {"t": now, "x": run.x[now, coordinate], "f": run.f[now]}
        known = self.environment(label) | here | past | {"k": k}
        with np.errstate(all="ignore"):
            return k, np.broadcast_to(function(**{name: known[name] for name in names}), k.shape)

    # what the page gets

    def spec(self, drawings):
        """Everything ``live.js`` needs, as plain data."""
        traced = self._traced
        alive = "reason" not in traced
        return {
            "id": self.id,
            "steps": self.steps,
            "start": self.start,
            "first": self.first,
            "diverged": DIVERGED,
            "noise": None if self.noise is None else {"sigma": self.noise, "seed": SEED},
            "gradients": self.gradients is not None,
            "computed": not alive,
            "surfaces": [
                {
                    "name": name,
                    "domain": s.domain,
                    "js": traced["surfaces"][k].js if alive else None,
                    "parameters": traced["surfaces"][k].parameters if alive else {},
                }
                for k, (name, s) in enumerate(zip(self.surface_names, self.surfaces, strict=True))
            ],
            "runs": [
                {
                    "label": label,
                    "js": traced["rules"][k].js if alive else None,
                    "parameters": traced["rules"][k].parameters if alive else {},
                    "state": traced["rules"][k].start if alive else {},
                    "colour": self.colours[label].css,
                }
                for k, label in enumerate(self.labels)
            ],
            "controls": [control.spec() for control in self.controls],
            "derived": {name: traced.js for name, (_, traced) in self.derived.items()},
            "goal": self.goal
            and {
                "text": self.goal.text,
                "js": trace_function(self.goal.when).js,
                "at": self.goal.at,
            },
            "panels": [d.spec | {"surface": d.surface} for d in drawings],
        }

    def _markup(self, panels):
        with style.use():
            drawings = [drawing for panel in panels for drawing in panel.draw(self)]
        return markup(self, drawings)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = dict(data or {}) | {"text/html": self._html, "text/plain": self.alt}
        return (data, metadata) if isinstance(bundle, tuple) else data

    def to_html(self):
        """A whole page with this figure alone: for handouts and tests."""
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self.title)}</title>"
            '<link rel="icon" href="data:,">'
            f"<style>{style.css()}{STYLE} body {{ font-family: system-ui, sans-serif; "
            "max-width: 60rem; margin: 1rem auto; padding: 0 1rem; background: var(--paper); "
            "color: var(--ink) }</style></head>"
            f"<body><main><h1>{html.escape(self.title)}</h1>{self._html}</main>"
            f"<script>{SCRIPT}</script></body></html>"
        )


def _surfaces(surface):
    chosen = surface if isinstance(surface, dict) else {surface.name: surface}
    if not chosen:
        raise ValueError("surface = {}; expected a landscape or a dict of landscapes")
    dims = {s.dim for s in chosen.values()}
    if len(dims) > 1:
        raise ValueError(f"surface: landscapes of {sorted(dims)} dimensions; expected all the same")
    return list(chosen), list(chosen.values())


def _optimizers(optimizers):
    if not isinstance(optimizers, dict) or not optimizers:
        raise ValueError(f"optimizers = {optimizers!r}; expected a dict of label: rule")
    for label, rule in optimizers.items():
        if not hasattr(rule, "update") or isinstance(rule, type):
            raise TypeError(f"optimizers: {label} = {rule!r}; expected a rule such as Adam(lr=0.1)")
    return dict(optimizers)


def _colours(optimizers, asked):
    taken, named = {}, style.SYMBOLS | style.OPTIMIZERS
    for label, name in asked.items():
        if label not in optimizers:
            raise ValueError(f"colours: {label}; expected a label of {', '.join(optimizers)}")
        if name not in named:
            raise ValueError(f"colours: {label} = {name!r}; expected one of {', '.join(named)}")
    for label, rule in optimizers.items():
        if label in asked:
            taken[label] = named[asked[label]]
        else:
            taken[label] = style.colour_of(rule, list(taken.values()))
    return taken


def _goal(goal):
    if goal is not None and not isinstance(goal, Goal):
        raise ValueError(f"goal = {goal!r}; expected Goal(text, when)")
    return goal


def _number(function, values):
    """A function of numbers, where division by zero is infinite, as on the page."""
    with np.errstate(all="ignore"):
        return float(function(**{name: np.float64(value) for name, value in values.items()}))


def _start(name, value, dim):
    try:
        x = check_start(value, dim)
    except ValueError:
        x = None
    if x is None or x.shape != (dim,):
        plural = "" if dim == 1 else "s"
        raise ValueError(f"{name} = {value!r}; expected {dim} finite number{plural}")
    return x.tolist()


def _step(name, value, steps):
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not 0 <= value <= steps:
        raise ValueError(f"{name} = {value!r}; expected a whole number from 0 to {steps}")
    return int(value)


def _shown(value, labels):
    if not isinstance(value, (list, tuple)) or not all(label in labels for label in value):
        raise ValueError(
            f"values: shown = {value!r}; expected a list of labels from {', '.join(labels)}"
        )
    return [label for label in labels if label in value]


def _sigma(noise):
    if noise is None:
        return None
    if not isinstance(noise, (int, float, np.number)) or not 0 <= noise < np.inf:
        raise ValueError(f"noise = {noise!r}; expected a finite number >= 0")
    return float(noise)


def _text(name, text):
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} = {text!r}; expected a short text")
    return text


def _sentence(name, text):
    if not isinstance(text, str) or len(text.split()) < 4:
        raise ValueError(f"{name} = {text!r}; expected a sentence that says what is to be seen")
    return text


def _columns(run, dim):
    """A Trajectory as lists, one per coordinate, for a page that cannot compute it."""

    def column(values):
        return [[v if np.isfinite(v) else None for v in values[:, i].tolist()] for i in range(dim)]

    state = {name: column(getattr(run.state, name)) for name in run.state._fields}
    f = [v if np.isfinite(v) else None for v in run.f.tolist()]
    return {"x": column(run.x), "f": f, "g": column(run.g), "dx": column(run.dx), "state": state}


def _slider(figure_id, control):
    s, name = control.slider, html.escape(control.label)
    key = f"{figure_id}-{re.sub(r'[^A-Za-z0-9]+', '-', control.name)}"
    return (
        f'<div class="live-slider"><label for="{key}">{name}</label>'
        f'<input type="range" id="{key}" data-control="{html.escape(control.name)}" '
        f'min="0" max="{s.ticks}" step="1" autocomplete="off">'
        f'<output for="{key}">{control.value:.3g}</output></div>'
    )


def markup(model, drawings):
    """The figure as HTML: pictures, dials, a line of text that says what happened, the data."""
    key, parts = model.id, []
    parts.append('<div class="live-panels">')
    for k, drawing in enumerate(drawings):
        hidden = " hidden" if drawing.surface not in (None, model.surface_index) else ""
        parts.append(f'<div class="live-panel" data-panel="{k}"{hidden}>{drawing.svg}</div>')
    parts.append("</div>")
    if len(model.labels) > 1:
        parts.append('<fieldset class="live-runs"><legend>Shown</legend>')
        for label in model.labels:
            parts.append(
                f'<label style="--c: {model.colours[label].css}"><input type="checkbox" checked '
                f'autocomplete="off" data-run="{html.escape(label)}"> {html.escape(label)}</label>'
            )
        parts.append("</fieldset>")
    parts.append('<div class="live-controls">')
    if len(model.surfaces) > 1:
        options = "".join(f"<option>{html.escape(name)}</option>" for name in model.surface_names)
        parts.append(
            f'<div class="live-choice"><label for="{key}-surface">Landscape</label>'
            f'<select id="{key}-surface" data-surface autocomplete="off">{options}</select></div>'
        )
    parts += [_slider(key, control) for control in model.controls]
    parts.append(
        f'<div class="live-time"><button type="button" data-do="play">Play</button>'
        '<button type="button" data-do="back" aria-label="−1: one step back">−1</button>'
        '<button type="button" data-do="forward" aria-label="+1: one step forward">+1</button>'
        f'<span class="live-scrub"><label for="{key}-step">step</label><input type="range" '
        f'id="{key}-step" data-step min="0" max="{model.steps}" step="1" autocomplete="off">'
        f'<output for="{key}-step"></output></span>'
        '<button type="button" data-do="reset">Reset</button>'
        '<button type="button" data-do="link">Copy link</button></div></div>'
    )
    if model.goal:
        parts.append(
            f'<p class="live-goal"><b>Goal.</b> {html.escape(model.goal.text)} <span></span></p>'
        )
    parts.append('<p class="live-says" role="status"></p>')
    if "reason" in model._traced:
        parts.append(
            '<p class="live-note">This figure computes in Python: open the notebook to move it.</p>'
        )
    data = json.dumps(model.spec(drawings), ensure_ascii=False, allow_nan=False)
    data = data.replace("<", "\\u003c")
    caption = f"<figcaption>{html.escape(model.caption)}</figcaption>" if model.caption else ""
    return (
        f'<figure class="live" data-live id="{key}" '
        f'aria-label="{html.escape(model.title)}" aria-describedby="{key}-alt">{"".join(parts)}'
        f'<p class="live-alt" id="{key}-alt">{html.escape(model.alt)}</p>{caption}'
        f'<script type="application/json" class="live-data">{data}</script></figure>'
    )
