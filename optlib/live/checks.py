"""What a figure may be made of, and which values it may take; errors that name what is wrong."""

import re

import numpy as np

from optlib.descent import check_start
from optlib.live.controls import Goal


def check_surfaces(surface):
    """Return the names and the landscapes of one landscape, or of a dict to choose from."""
    chosen = surface if isinstance(surface, dict) else {surface.name: surface}
    if not chosen:
        raise ValueError("surface = {}; expected a landscape or a dict of landscapes")
    dims = {s.dim for s in chosen.values()}
    if len(dims) > 1:
        raise ValueError(f"surface: landscapes of {sorted(dims)} dimensions; expected all the same")
    return list(chosen), list(chosen.values())


def check_optimizers(optimizers):
    """Return a dict of label: rule."""
    if not isinstance(optimizers, dict) or not optimizers:
        raise ValueError(f"optimizers = {optimizers!r}; expected a dict of label: rule")
    for label, rule in optimizers.items():
        if not hasattr(rule, "update") or isinstance(rule, type):
            raise TypeError(f"optimizers: {label} = {rule!r}; expected a rule such as Adam(lr=0.1)")
    return dict(optimizers)


def check_goal(goal):
    """Return a Goal or None."""
    if goal is not None and not isinstance(goal, Goal):
        raise ValueError(f"goal = {goal!r}; expected Goal(text, when)")
    return goal


def check_point(name, value, dim):
    """Return a start as a list of ``dim`` numbers."""
    try:
        x = check_start(value, dim)
    except ValueError:
        x = None
    if x is None or x.shape != (dim,):
        plural = "" if dim == 1 else "s"
        raise ValueError(f"{name} = {value!r}; expected {dim} finite number{plural}")
    return x.tolist()


def check_step(name, value, steps):
    """Return a step of the scrubber as an int."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not 0 <= value <= steps:
        raise ValueError(f"{name} = {value!r}; expected a whole number from 0 to {steps}")
    return int(value)


def check_labels(name, value, labels):
    """Return a list of some of these labels, in their order."""
    if not isinstance(value, (list, tuple)) or not all(label in labels for label in value):
        raise ValueError(f"{name} = {value!r}; expected a list of labels from {', '.join(labels)}")
    return [label for label in labels if label in value]


def check_sigma(noise):
    """Return the standard deviation of a figure's noise, or None."""
    if noise is None:
        return None
    if not isinstance(noise, (int, float, np.number)) or not 0 <= noise < np.inf:
        raise ValueError(f"noise = {noise!r}; expected a finite number >= 0")
    return float(noise)


def check_gradients(value, steps):
    """Return gradients drawn by hand as a list, one number a step."""
    numbers = np.asarray(value, dtype=float)
    if numbers.shape != (steps,) or not np.isfinite(numbers).all():
        raise ValueError(f"gradients has shape {numbers.shape}; expected {steps} finite numbers")
    return numbers.tolist()


def check_text(name, text):
    """Return a text that is not empty."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} = {text!r}; expected a short text")
    return text


def check_sentence(name, text):
    """Return a text of at least four words."""
    if not isinstance(text, str) or len(text.split()) < 4:
        raise ValueError(f"{name} = {text!r}; expected a sentence that says what is to be seen")
    return text


def check_slug(what, text):
    """Return a name that can stand in a link."""
    if not isinstance(text, str) or not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise ValueError(
            f"{what} = {text!r}; expected small letters, digits and hyphens, a letter first"
        )
    return text


def check_formerly(ids):
    """Return the older ids of a figure as a list."""
    ids = [ids] if isinstance(ids, str) else list(ids or [])
    for each in ids:
        if not isinstance(each, str) or not re.fullmatch(r"[\w-]+", each):
            raise ValueError(f"formerly = {each!r}; expected an id that a figure had")
    return ids


def check_values(model, where, given):
    """Return some of a figure's values as they are kept; errors say where they were given."""
    checked = {}
    for name, value in given.items():
        try:
            checked[name] = model.check(name, value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    return checked


def check_states(model, figure, states):
    """Return the named states of a figure, each a dict of values."""
    checked = {}
    for name, values in states.items():
        where = f"{figure}: state {check_slug(f'{figure}: state', name)!r}"
        if not isinstance(values, dict) or not values:
            raise ValueError(f"{where} = {values!r}; expected a dict of values")
        checked[name] = check_values(model, where, values)
    return checked
