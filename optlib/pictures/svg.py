"""A matplotlib figure as clean SVG: deterministic, text as text, colours that follow the theme.

matplotlib's SVG is read as XML and written again with what a page needs: no fonts (the page's own
is inherited), no automatic ids, no empty groups, no invisible backgrounds.
"""

import hashlib
import io
import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG

from optlib.pictures import style

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
NUMBER = re.compile(r"-?\d+\.\d+")
LENGTHS = {"d", "points", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"}
DROPPED = {"metadata", "style", "title"}
SEGMENT = re.compile(r"([MLQCZz])([^A-Za-z]*)")
NO_TURN = re.compile(r"\s*rotate\(-?0(?:\.0)?(?: [^)]*)?\)")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
# matplotlib < 3.9 writes one `font:` for everything: style, weight, size and families
FONT = re.compile(r"(?:(?P<style>italic|oblique) )?(?:(?P<weight>bold|\d00) )?(?P<size>[\d.]+)px")
BLACK = {"#000000": style.INK["ink"]}
CSS_WIDTH = 1.6  # CSS pixels per point: a label of 9 pt is then 14 px on a wide page


def render(figure, prefix=None):
    """Return a matplotlib figure as one ``<svg>`` element.

    Coordinates are rounded to 0.1 pt and paths written as steps; every id is one that an artist was
    given (``gid``) or that the drawing refers to, and starts with ``prefix`` (by default a digest
    of the picture); colours of the palette become CSS variables; width, height and font are left
    to the page.
    """
    with mpl.rc_context({k: v for k, v in style.RC.items() if k.startswith("svg.")}):
        buffer = io.StringIO()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    text = buffer.getvalue()
    root = ElementTree.fromstring(text[text.index("<svg") :])
    gids = {artist.get_gid() for artist in figure.findobj()} - {None}
    kept = gids | _referenced(root)
    body = "".join(_write(child, kept) for child in root)
    if prefix is None:
        prefix = "p" + hashlib.sha256(body.encode()).hexdigest()[:8]
    body = body.replace("\0", f"{prefix}-")
    return f'<svg xmlns="{SVG}" viewBox="{root.get("viewBox")}">\n{body}</svg>'


def _referenced(root):
    """The ids that a drawing refers to."""
    found = set()
    for element in root.iter():
        found.update(REFERENCE.findall(" ".join(element.attrib.values())))
        href = element.get(f"{{{XLINK}}}href", "")
        if href.startswith("#"):
            found.add(href[1:])
    return found


def _write(element, kept, named=False):
    """An element as text, ids marked by NUL where their prefix goes; empty when it shows nothing.

    What a ``named`` group holds stays even when empty: a script may fill it.
    """
    tag = element.tag.split("}")[-1]
    if tag in DROPPED:
        return ""
    attributes = _attributes(element, kept)
    own = "id" in attributes
    if tag in ("text", "tspan"):
        inner = escape(element.text or "") + "".join(
            _write(child, kept) + escape((child.tail or "").strip("\n")) for child in element
        )
    else:
        inner = "".join(_write(child, kept, own) for child in element)
    if tag == "g" and not attributes:
        return inner
    if not (inner or own or named) and _invisible(tag, attributes):
        return ""
    head = tag + "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    if tag in ("text", "tspan", "path", "use"):
        inner = inner.rstrip("\n")
        return f"<{head}>{inner}</{tag}>\n" if inner else f"<{head}/>\n"
    return f"<{head}>\n{inner}</{tag}>\n"


def _invisible(tag, attributes):
    """Whether an element without children draws nothing."""
    if tag == "path":
        return "d" not in attributes or attributes.get("style") == "fill: none"
    return tag in ("g", "defs")


def _attributes(element, kept):
    """An element's attributes as a page wants them."""
    found = {}
    for name, value in element.attrib.items():
        name = name.split("}")[-1]
        if name == "id":
            if value in kept:
                found["id"] = f"\0{value}"
            continue
        if name == "href":
            own = value.startswith("#") and not element.tag.endswith("}a")
            found["href"] = f"#\0{value[1:]}" if own else "".join(value.split())
            continue
        if name == "style":
            value = _style(value)
        if name == "transform":
            value = NO_TURN.sub("", value).strip()
        if name in LENGTHS:
            value = " ".join(NUMBER.sub(_round, value).split())
        if name == "d":
            value = _in_steps(value)
        value = REFERENCE.sub(r"url(#\0\1)".replace(r"\0", "\0"), value)
        if value:
            found[name] = value
    return found


def _style(text):
    """A style without font families, with the palette's colours as variables."""
    rules = []
    for rule in text.split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name == "font":
            font = FONT.match(value)
            rules += [f"font-{key}: {font[key]}" for key in ("style", "weight") if font[key]]
            rules.append(f"font-size: {font['size']}px")
        elif name and name not in ("font-family", "font-stretch", "font-variant"):
            rules.append(f"{name}: {re.sub(r'#[0-9a-f]{6}', _variable, value)}")
    return "; ".join(rules)


def _round(match):
    text = f"{float(match.group()):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _in_steps(d):
    """A path of absolute M, L, Q, C and z as relative ones: up to an eighth less of a page.

    Positions are whole tenths and stay so: steps are differences of rounded positions. A path with
    other letters is left as it is.
    """
    segments = SEGMENT.findall(d)
    if "".join(map("".join, segments)) != d:
        return d
    tokens, here, start, last = [], (0, 0), (0, 0), ""
    for letter, numbers in segments:
        at = [round(float(number) * 10) for number in numbers.split()]
        if letter.lower() != last or letter == "M":
            tokens.append(letter.lower())
        tokens += [_tenths(u - here[k % 2]) for k, u in enumerate(at)]
        here = tuple(at[-2:]) or start
        start = here if letter == "M" else start
        last = letter.lower()
    spaced = (" " + t if t[0].isdigit() or t[0] == "." else t for t in tokens)
    return re.sub(r"([a-z]) ", r"\1", "".join(spaced))


def _tenths(k):
    """A number of tenths as short as SVG allows: -5 is ``-.5``."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{k / 10:g}")


def _variable(match):
    colour = style.BY_LIGHT.get(match.group()) or BLACK.get(match.group())
    return colour.css if colour else match.group()


class Picture:
    """A still picture for a page: SVG with a text that says what is to be seen.

    A picture with links in it is a group whose links can be reached; any other is one image.
    """

    def __init__(self, svg, alt):
        self.svg, self.alt = svg, alt

    def _repr_html_(self):
        links = "<a " in self.svg
        role = "group" if links else "img"
        drawing = self.svg if links else self.svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', self.svg)[1]) * CSS_WIDTH
        used = dict.fromkeys(re.findall(r"var\(--([\w-]+)", self.svg))
        return (
            f'<div class="picture" role="{role}" aria-label={quoteattr(self.alt)} '
            f'style="max-width: {width:.0f}px">'
            f"<style>{style.dark('.picture', used)}</style>{drawing}</div>"
        )

    def _repr_mimebundle_(self, **kwargs):
        return {"text/html": self._repr_html_(), "text/plain": self.alt}


def check_alt(alt):
    """Return a text alternative, or raise ValueError when it cannot say what is to be seen."""
    if not isinstance(alt, str) or len(alt.split()) < 4:
        raise ValueError(f"alt = {alt!r}; expected a sentence that says what is to be seen")
    return alt


def picture(figure, alt):
    """Turn a matplotlib figure into a Picture; ``alt`` says in a sentence or two what one sees."""
    check_alt(alt)
    return Picture(render(figure), alt)
