"""Everything that the script of a figure needs, as plain data."""

import warnings

from optlib.descent import DIVERGED
from optlib.live.values import SEED
from optlib.trace import trace_function, trace_rule, trace_surface


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


def spec(figure, drawings):
    """A figure as data: dials, landscapes, rules, goal and panels."""
    model, traced = figure.model, figure.traced
    alive = "reason" not in traced
    return {
        "id": figure.id,
        "steps": model.steps,
        "start": model.start,
        "first": figure.first,
        "diverged": DIVERGED,
        "noise": None if model.noise is None else {"sigma": model.noise, "seed": SEED},
        "gradients": model.gradients is not None,
        "computed": not alive,
        "surfaces": [
            {
                "name": name,
                "domain": s.domain,
                "js": traced["surfaces"][k].js if alive else None,
                "parameters": traced["surfaces"][k].parameters if alive else {},
            }
            for k, (name, s) in enumerate(zip(model.surface_names, model.surfaces, strict=True))
        ],
        "runs": [
            {
                "label": label,
                "js": traced["rules"][k].js if alive else None,
                "parameters": traced["rules"][k].parameters if alive else {},
                "state": traced["rules"][k].start if alive else {},
                "colour": figure.colours[label].css,
            }
            for k, label in enumerate(model.labels)
        ],
        "controls": [control.spec() for control in model.controls],
        "derived": {name: each.js for name, (_, each) in model.derived.items()},
        "goal": figure.goal
        and {
            "text": figure.goal.text,
            "js": trace_function(figure.goal.when).js,
            "at": figure.goal.at,
        },
        "panels": [drawing.spec | {"surface": drawing.surface} for drawing in drawings],
    }
