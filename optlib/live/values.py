"""Dials → rules → runs: a live figure without its widget and its markup.

A ``Model`` knows what can be turned and how far. ``model.shot(values)`` is the figure at one
setting of the dials: the landscape and the rules resolved once, their runs, and the numbers that
the functions of panels, goals and derived hyperparameters may name. ``js/model.js`` is its twin.
"""

from dataclasses import replace
from functools import cached_property
from itertools import product

import numpy as np

from optlib.descent import check_count, minimize
from optlib.live.checks import (
    check_gradients,
    check_labels,
    check_optimizers,
    check_point,
    check_sigma,
    check_step,
    check_surfaces,
)
from optlib.live.controls import bare, make_control, split_name
from optlib.live.noise import normals
from optlib.trace import trace_function

SEED = 1
NAMES = ("t", "f", "x", "x_before", "g", "dx")  # besides state, hyperparameters and sliders
PER_STEP = {"x_before", "g", "dx"}  # what exists only once a step was taken
RESTING = {"step", "shown", "hidden"}  # values that no run depends on


class Model:
    """What a figure computes: landscapes, rules, dials, and the values they may take."""

    def __init__(
        self,
        surface,
        optimizers,
        start,
        steps,
        *,
        sliders,
        derived,
        noise,
        gradients,
        step,
        switched=(),
    ):
        self.surface_names, self.surfaces = check_surfaces(surface)
        self.optimizers = check_optimizers(optimizers)
        self.labels = list(self.optimizers)
        self.dim = self.surfaces[0].dim
        self.start = check_point("start", start, self.dim)
        self.steps = check_count("steps", steps)
        self.noise = check_sigma(noise)
        if gradients is not None and (noise is not None or self.dim > 1):
            raise ValueError("gradients: expected a landscape in one dimension, and no noise")
        self.gradients = None if gradients is None else check_gradients(gradients, self.steps)
        self.controls = [
            make_control(name, given, self._found(name)) for name, given in sliders.items()
        ]
        self._check_ends()
        self.derived = {name: self._derive(name, each) for name, each in derived.items()}
        self.first = {control.name: control.value for control in self.controls} | {
            "start": self.start,
            "step": self.steps if step is None else check_step("step", step, self.steps),
            "shown": list(self.labels),
        }
        self.switched = list(dict.fromkeys(switched))
        if self.switched:
            self.first["hidden"] = []
        if self.gradients is not None:
            self.first["gradients"] = self.gradients
        if len(self.surfaces) > 1:
            self.first["surface"] = self.surface_names[0]

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

    def _derive(self, name, function):
        """A hyperparameter computed from sliders: (function, its trace)."""
        owner, field = split_name(name)
        if owner not in self.optimizers or not hasattr(self.optimizers[owner], field):
            raise ValueError(f"derived: {name}; expected 'Label.field' of a rule here")
        known = {bare(control.name) for control in self.controls}
        traced = trace_function(function)
        if not set(traced.names) <= known:
            raise ValueError(
                f"derived: {name} reads {', '.join(traced.names)}; "
                f"expected names of sliders: {', '.join(sorted(known))}"
            )
        self._check_corners(name, function, traced.names)
        return function, traced

    def _check_corners(self, name, function, reads):
        """Where the sliders it reads are at their ends, a derived value must be a possible one."""
        owner, field = split_name(name)
        read = self.nearest(owner)
        sliders = [read[key].slider for key in reads]
        for ends in product(*((float(slider.low), float(slider.high)) for slider in sliders)):
            where = dict(zip(reads, ends, strict=True))
            try:
                replace(self.optimizers[owner], **{field: number(function, where)})
            except ValueError as error:
                at = ", ".join(f"{key} = {end:g}" for key, end in where.items())
                raise ValueError(f"derived: {name} at {at}: {error}") from None

    def control(self, name):
        """The control of that name, or ValueError."""
        for control in self.controls:
            if control.name == name:
                return control
        raise ValueError(f"no slider called {name!r} here; there are {list(self.first)}")

    def nearest(self, label):
        """The control that a rule means by each bare name: its own, else a shared one, else any."""
        order = {None: 1, "surface": 1, label: 2}
        near = sorted(self.controls, key=lambda control: order.get(control.owner, 0))
        return {bare(control.name): control for control in near}

    # values

    def check(self, name, value):
        """Return one of a figure's values as it is kept, or raise ValueError naming it."""
        if name == "start":
            return check_point("values: start", value, self.dim)
        if name == "gradients" and name in self.first:
            return check_gradients(value, self.steps)
        if name == "step":
            return check_step("values: step", value, self.steps)
        if name == "shown":
            return check_labels("values: shown", value, self.labels)
        if name == "hidden" and name in self.first:
            return check_labels("values: hidden", value, self.switched)
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

    def surface_index(self, values):
        """Which of the landscapes is chosen."""
        return self.surface_names.index(values["surface"]) if "surface" in values else 0

    def resolve(self, values):
        """The landscape and the rules with the dials where they stand.

        Shared sliders first, a rule's own last, in whatever order they were given.
        """
        surface, rules = self.surfaces[self.surface_index(values)], dict(self.optimizers)
        for control in sorted(self.controls, key=lambda control: control.rank):
            owner, field = split_name(control.name)
            value = values[control.name]
            if owner == "surface":
                if hasattr(surface, field):
                    surface = replace(surface, **{field: value})
                continue
            for label in [owner] if owner else self.labels:
                if hasattr(rules[label], field):
                    rules[label] = replace(rules[label], **{field: value})
        for name, (function, traced) in self.derived.items():
            owner, field = split_name(name)
            near = self.nearest(owner)
            read = {key: values[near[key].name] for key in traced.names}
            rules[owner] = replace(rules[owner], **{field: number(function, read)})
        return surface, rules

    def shot(self, values):
        """The figure at these values, computed."""
        return Shot(self, values)


class Shot:
    """A figure at one setting of its dials: landscape, rules, runs, and what functions may read."""

    def __init__(self, model, values):
        self.model, self.values = model, values
        self.surface_index = model.surface_index(values)
        self.surface, self.rules = model.resolve(values)

    @cached_property
    def runs(self):
        """The run of every rule, by label."""
        model, noise = self.model, None
        if model.noise is not None:
            sigma = self.values.get("noise", model.noise)
            shape = (model.steps, model.dim)
            noise = sigma * normals(SEED, model.steps * model.dim).reshape(shape)
        elif model.gradients is not None:
            noise = np.array(self.values["gradients"])[:, None]
        return {
            label: minimize(self.surface, rule, self.values["start"], model.steps, noise=noise)
            for label, rule in self.rules.items()
        }

    def environment(self, label):
        """The numbers that functions may name and that do not change from step to step."""
        model, rule = self.model, self.rules[label]
        fields = {k: v for owner in (self.surface, rule) for k, v in vars(owner).items()}
        dials = {}
        for control in sorted(model.controls, key=lambda control: control.rank):
            owner, field = split_name(control.name)
            overruled = owner is None and f"{label}.{field}" in model.derived
            if owner in (None, label, "surface") and not overruled:
                dials[field] = self.values[control.name]
        extra = {} if model.noise is None else {"noise": model.noise}
        return extra | fields | dials

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
        labels = labels or self.model.labels
        if not any(self.knows(label, names, **which) for label in labels):
            known = set().union(*(self.known(label, **which) for label in labels))
            raise ValueError(
                f"{what} reads {', '.join(names)}; expected names among {', '.join(sorted(known))}"
            )

    def level(self, quantity):
        """A quantity that does not change from step to step."""
        environment = self.environment(quantity.rule) if quantity.rule else {}
        return number(quantity.function, {name: environment[name] for name in quantity.names})

    def series(self, quantity, coordinate):
        """The steps, and a quantity of what was recorded at each."""
        run, names = self.runs[quantity.rule], set(quantity.names)
        first = 1 if names & (PER_STEP | set(run.state._fields)) else 0
        t = np.arange(first, self.model.steps + 1)
        recorded = {"t": t, "f": run.f[first:], "x": run.x[first:, coordinate]}
        if first:
            recorded |= {
                "x_before": run.x[:-1, coordinate],
                "g": run.g[:, coordinate],
                "dx": run.dx[:, coordinate],
            }
            recorded |= {key: getattr(run.state, key)[:, coordinate] for key in run.state._fields}
        return t, self._evaluate(quantity, recorded, t.shape)

    def weights(self, quantity, coordinate):
        """The past steps k, and a quantity of what was recorded then and at the scrubber's step."""
        run, now = self.runs[quantity.rule], self.values["step"]
        k = np.arange(1, now + 1)
        if not now:
            return k, np.zeros(0)
        record = run.state._asdict() | {"g": run.g, "dx": run.dx}
        past = {f"{key}_k": column[:now, coordinate] for key, column in record.items()}
        here = {key: column[now - 1, coordinate] for key, column in record.items()}
        here |= {"t": now, "x": run.x[now, coordinate], "f": run.f[now], "k": k}
        return k, self._evaluate(quantity, here | past, k.shape)

    def _evaluate(self, quantity, recorded, shape):
        known = self.environment(quantity.rule) | recorded
        with np.errstate(all="ignore"):
            values = quantity.function(**{name: known[name] for name in quantity.names})
        return np.broadcast_to(values, shape)


def number(function, values):
    """A function of numbers, where division by zero is infinite, as on the page."""
    with np.errstate(all="ignore"):
        return float(function(**{name: np.float64(value) for name, value in values.items()}))
