"""A matplotlib figure as clean SVG: deterministic, text as text, colours that follow the theme."""

import hashlib
import io
import re
from xml.sax.saxutils import quoteattr

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG

from optlib import style

NUMBER = re.compile(r"-?\d+\.\d+")
ROUNDED = re.compile(r'(?<=\s)(?:d|points|transform|x|y|x1|x2|y1|y2|width|height|r|cx|cy)="[^"]*"')
BLACK = {"#000000": style.INK["ink"]}
DROPPED = (
    re.compile(r"<metadata>.*?</metadata>\s*", re.S),
    re.compile(r"<style[^>]*>.*?</style>\s*", re.S),
    re.compile(r"<!--.*?-->\s*", re.S),
)


def render(figure, prefix=None):
    """Return a matplotlib figure as one ``<svg>`` element.

    Coordinates are rounded to 0.1 pt; metadata and the global style are removed; every id starts
    with ``prefix`` (by default a digest of the picture); colours of the palette become CSS
    variables; width and height are left to the page.
    """
    with mpl.rc_context({k: v for k, v in style.RC.items() if k.startswith("svg.")}):
        buffer = io.StringIO()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :].strip()
    for pattern in DROPPED:
        text = pattern.sub("", text)
    if prefix is None:
        prefix = "p" + hashlib.sha256(text.encode()).hexdigest()[:8]
    text = ROUNDED.sub(lambda m: NUMBER.sub(_round, m.group()), text)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
    text = re.sub(r"#[0-9a-f]{6}\b", _variable, text)
    text = re.sub(r"font: [^\"]*?(\d+(?:\.\d+)?)px[^;\"]*", r"font-size: \1px", text)
    text = re.sub(r"[ \t]*\n\s*", "\n", text)
    view_box = re.search(r'viewBox="([^"]+)"', text).group(1)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}">'
    return head + text[text.index(">") + 1 :]


def _round(match):
    text = f"{float(match.group()):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _variable(match):
    colour = style.BY_LIGHT.get(match.group()) or BLACK.get(match.group())
    return colour.css if colour else match.group()


class Picture:
    """A still picture for a page: SVG with a text that says what is to be seen."""

    def __init__(self, svg, alt):
        self.svg, self.alt = svg, alt

    def _repr_html_(self):
        drawing = self.svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
        return f'<div class="picture" role="img" aria-label={quoteattr(self.alt)}>{drawing}</div>'

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._repr_html_(), "text/plain": self.alt}


def picture(figure, alt):
    """Turn a matplotlib figure into a Picture; ``alt`` says in a sentence or two what one sees."""
    if not isinstance(alt, str) or len(alt.split()) < 4:
        raise ValueError(f"alt = {alt!r}; expected a sentence that says what is to be seen")
    return Picture(render(figure), alt)
