"""The front end of live figures as one text: the scripts of ``js/`` and ``panels/``, joined.

The result is a classic script without dependencies, so that it also runs from a file: it defines
``Live`` (by ``var``, so that a page may load it twice) and, on a page, brings every ``[data-live]``
to life. Inside, the files share one scope.
"""

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
ORDER = (
    "js/numbers.js",
    "js/functions.js",
    "js/simulation.js",
    "js/model.js",
    "js/drawing.js",
    "js/marks.js",
    "js/contours.js",
    "js/drag.js",
    "js/handles.js",
    "js/panels.js",
    "panels/map.js",
    "panels/loss.js",
    "panels/ball.js",
    "panels/series.js",
    "panels/phase.js",
    "panels/cloud.js",
    "panels/gauges.js",
    "panels/stems.js",
    "panels/bars.js",
    "js/words.js",
    "js/links.js",
    "js/dials.js",
    "js/time.js",
    "js/buttons.js",
    "js/kernel.js",
    "js/hydrate.js",
    "js/near.js",
)
GIVES = (
    "hydrate",
    "hydrateAll",
    "hydrateNear",
    "followProse",
    "render",
    "simulate",
    "makeModel",
    "parseLink",
    "writeLink",
    "writePython",
    "withOwnIds",
    "tickOf",
    "valueOf",
    "normals",
    "marchingSquares",
    "compile",
)
WIDGET = "\nexport default { render: Live.render };\n"


@cache
def script():
    """The script of a page with live figures."""
    body = "\n".join(_text(name) for name in ORDER)
    start = _text("js/start.js")
    return (
        f'var Live = (() => {{\n"use strict";\n\n{body}\n'
        f"return {{ {', '.join(GIVES)} }};\n}})();\n\n{start}"
    )


def module():
    """The script of a widget in a notebook: an ES module for anywidget."""
    return script() + WIDGET


@cache
def styles():
    """The layout of live figures; colours are the variables of ``optlib.pictures.style``."""
    return _text("live.css")


def _text(name):
    return (HERE / name).read_text(encoding="utf-8")
