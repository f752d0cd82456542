"""Everything that the script of a figure needs, as plain data."""

import warnings

from optlib.descent import DIVERGED
from optlib.live.values import SEED
from optlib.trace import trace_rule, trace_surface


def trace(model):
    """The JavaScript of every rule and landscape, or the reason why there is none."""
    try:
        return {
            "surfaces": [trace_surface(s) for s in model.surfaces],
            "rules": [trace_rule(rule) for rule in model.optimizers.values()],
        }
    except TypeError as reason:
        warnings.warn(f"this figure computes in Python: {reason}", stacklevel=3)
        return {"reason": str(reason)}


def spec(figure, drawings, sources):
    """A figure as data: dials, landscapes, rules, goal and panels, and the texts of functions."""
    model, traced = figure.model, figure.traced
    alive = "reason" not in traced
    return {
        "id": figure.id,
        "formerly": figure.formerly,
        "steps": model.steps,
        "first": figure.first,
        "states": figure.states,
        "switched": model.switched,
        "diverged": DIVERGED,
        "noise": None if model.noise is None else {"sigma": model.noise, "seed": SEED},
        "gradients": model.gradients is not None,
        "computed": not alive,
        "surfaces": [
            {
                "name": name,
                "domain": s.domain,
                "key": sources.key(traced["surfaces"][k].js) if alive else None,
                "parameters": traced["surfaces"][k].parameters if alive else {},
            }
            for k, (name, s) in enumerate(zip(model.surface_names, model.surfaces, strict=True))
        ],
        "runs": [
            {
                "label": label,
                "key": sources.key(traced["rules"][k].js) if alive else None,
                "parameters": traced["rules"][k].parameters if alive else {},
                "state": traced["rules"][k].start if alive else {},
                "colour": figure.colours[label].css,
            }
            for k, label in enumerate(model.labels)
        ],
        "controls": [control.spec() for control in model.controls],
        "derived": {name: sources.key(each.js) for name, (_, each) in model.derived.items()},
        "goal": figure.goal and goal(figure, sources),
        "panels": [drawing.spec | {"surface": drawing.surface} for drawing in drawings],
        "functions": sources.texts,
    }


def goal(figure, sources):
    """A goal as data: its condition, and the rules that may reach it."""
    given, shot = figure.goal, figure.model.shot(figure.first)
    when = sources.quantities(
        "goal", shot, {"when": given.when}, {"when": given.only or figure.labels}
    )
    return {
        "text": given.text,
        "at": given.at,
        "key": when[0].key,
        "only": [quantity.rule for quantity in when],
    }
