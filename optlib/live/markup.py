"""A live figure as HTML: pictures, dials, a line that says what happened, and the data."""

import html
import json
import re

from optlib.live.scripts import script, styles
from optlib.live.spec import spec
from optlib.pictures import style

DATA = re.compile(
    r'(<script type="application/json" class="live-data">)(.*?)(</script>)', flags=re.DOTALL
)


def css():
    """The colours and the layout of live figures."""
    return style.css() + styles()


def page(figure):
    """A whole page with one figure alone."""
    body, functions = detach_functions(figure._html)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(figure.title)}</title>"
        '<link rel="icon" href="data:,">'
        f"<style>{css()} body {{ font-family: system-ui, sans-serif; "
        "max-width: 60rem; margin: 1rem auto; padding: 0 1rem; background: var(--paper); "
        "color: var(--ink) }</style></head>"
        f"<body><main><h1>{html.escape(figure.title)}</h1>{body}</main>"
        f"<script>{functions_script(functions)}\n{script()}</script></body></html>"
    )


def detach_functions(body):
    """Take the functions out of the data of all figures in ``body``: (the rest, {key: text}).

    A page that loads them by ``functions_script`` needs no ``unsafe-eval`` in its policy.
    """
    functions = {}

    def without(match):
        data = json.loads(match[2])
        functions.update(data.pop("functions", {}))
        return match[1] + _json(data) + match[3]

    return DATA.sub(without, body), functions


def functions_script(functions):
    """A classic script that gives a page the functions of its figures, by key."""
    given = ",\n".join(f"{key}: {text}" for key, text in sorted(functions.items()))
    return f"globalThis.LiveFunctions = {{ ...globalThis.LiveFunctions,\n{given} }};\n"


def markup(figure, drawings, sources):
    """The figure as it stands on a page and in a notebook."""
    key = figure.id
    parts = [
        _panels(figure, drawings),
        _switches(figure),
        _controls(figure),
        _words(figure),
        f'<p class="live-alt" id="{key}-alt">{html.escape(figure.alt)}</p>',
        f"<figcaption>{html.escape(figure.caption)}</figcaption>" if figure.caption else "",
        f'<script type="application/json" class="live-data">{_data(figure, drawings, sources)}</script>',
    ]
    formerly = f' data-formerly="{" ".join(figure.formerly)}"' if figure.formerly else ""
    return (
        f'<figure class="live" data-live id="{key}"{formerly} aria-label="{html.escape(figure.title)}" '
        f'aria-describedby="{key}-alt">{"".join(parts)}</figure>'
    )


def _panels(figure, drawings):
    now = figure.model.surface_index(figure.first)
    panels = []
    for k, drawing in enumerate(drawings):
        hidden = " hidden" if drawing.surface not in (None, now) else ""
        panels.append(f'<div class="live-panel" data-panel="{k}"{hidden}>{drawing.svg}</div>')
    return f'<div class="live-panels">{"".join(panels)}</div>'


def _switches(figure):
    if len(figure.labels) < 2:
        return ""
    boxes = [
        f'<label style="--c: {figure.colours[label].css}"><input type="checkbox" checked '
        f'autocomplete="off" data-run="{html.escape(label)}"> {html.escape(label)}</label>'
        for label in figure.labels
    ]
    return f'<fieldset class="live-runs"><legend>Shown</legend>{"".join(boxes)}</fieldset>'


def _controls(figure):
    dials = [_choice(figure), *(_dial(figure.id, control) for control in figure.controls)]
    return f'<div class="live-controls">{"".join(dials)}{_time(figure)}</div>'


def _choice(figure):
    names = figure.model.surface_names
    if len(names) < 2:
        return ""
    key, options = figure.id, "".join(f"<option>{html.escape(name)}</option>" for name in names)
    return (
        f'<div class="live-choice"><label for="{key}-surface">Landscape</label>'
        f'<select id="{key}-surface" data-surface autocomplete="off">{options}</select></div>'
    )


def _dial(figure_id, control):
    key = f"{figure_id}-{re.sub(r'[^A-Za-z0-9]+', '-', control.name)}"
    if control.switch:
        ticked = " checked" if control.value else ""
        return (
            f'<div class="live-switch"><input type="checkbox" id="{key}" autocomplete="off" '
            f'data-control="{html.escape(control.name)}"{ticked}> '
            f'<label for="{key}">{html.escape(control.label)}</label></div>'
        )
    return (
        f'<div class="live-slider"><label for="{key}">{html.escape(control.label)}</label>'
        f'<input type="range" id="{key}" data-control="{html.escape(control.name)}" '
        f'min="0" max="{control.slider.ticks}" step="1" autocomplete="off">'
        f'<output for="{key}">{control.value:.3g}</output></div>'
    )


def _time(figure):
    key = figure.id
    return (
        '<div class="live-time"><button type="button" data-do="play">Play</button>'
        '<button type="button" data-do="back" aria-label="−1: one step back">−1</button>'
        '<button type="button" data-do="forward" aria-label="+1: one step forward">+1</button>'
        f'<span class="live-scrub"><label for="{key}-step">step</label><input type="range" '
        f'id="{key}-step" data-step min="0" max="{figure.steps}" step="1" autocomplete="off">'
        f'<output for="{key}-step"></output></span>'
        '<button type="button" data-do="reset">Reset</button>'
        '<button type="button" data-do="link">Copy link</button>'
        '<span class="live-alt" role="status" data-told></span></div>'
    )


def _words(figure):
    goal = ""
    if figure.goal:
        text = html.escape(figure.goal.text)
        goal = f'<p class="live-goal"><b>Goal.</b> {text} <span></span></p>'
    note = ""
    if "reason" in figure.traced:
        said = "This figure computes in Python: open the notebook to move it."
        note = f'<p class="live-note">{said}</p>'
    return f'{goal}<p class="live-says" role="status"></p>{note}'


def _data(figure, drawings, sources):
    return _json(spec(figure, drawings, sources))


def _json(data):
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")
