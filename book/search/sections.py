"""Take a page apart into sections: where each begins, what it is called, what it says."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from book.macros import MACROS

# What a reader does not read, or reads elsewhere: pictures' own text, scripts, repeated formulas.
DROPPED = re.compile(r"<(svg|script|style|video)\b.*?</\1>", re.S)
NOT_TEXT = (
    ".headerlink, details.hide, .live-controls, .live-runs, .live-says, .live-alt, .toggle-button, "
    "button, .citation > .label, .cited-in"
)
BLOCKS = ["p", "li", "div", "dt", "dd", "td", "th", "pre", "figcaption", "legend", "label", "br"]
OWN_MACRO = re.compile("|".join(re.escape(name) + r"(?![A-Za-z])" for name in MACROS))
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
RAISED = str.maketrans("0123456789t", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵗ")


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading of its own: `id` is its anchor, `level` that of `h1` …"""

    id: str
    title: str
    level: int
    text: str


def fraction(node, l2tobj) -> str:
    """Return a fraction on one line, with brackets around what has more than one part."""
    parts = (l2tobj.nodelist_to_text([part]).strip("{} ") for part in node.nodeargs)
    return "/".join(f"({part})" if re.search(r"[-+−·/ ]", part) else part for part in parts)


def _converter() -> LatexNodes2Text:
    """Return pylatexenc's converter, without what only spaces a formula out."""
    known = get_default_latex_context_db()
    quiet = [MacroTextSpec(name, "") for name in ("left", "right", "big", "Big", "quad", "qquad")]
    own = [*quiet, MacroTextSpec("frac", fraction)]
    known.add_context_category("course", prepend=True, macros=own)
    return LatexNodes2Text(latex_context=known, keep_braced_groups=True)


CONVERTER = _converter()


def formula_text(tex: str) -> str:
    """Return a formula as a line of text: `\\sqrt{\\hat v_2}` gives `√v̂₂`."""
    tex = OWN_MACRO.sub(lambda match: MACROS[match[0]] + " ", tex)
    tex = re.sub(r"\\[dtc]frac\b", r"\\frac", tex)
    text = CONVERTER.latex_to_text(tex)
    text = re.sub(r"([\^_])\{([^{}])\}", r"\1\2", text)
    text = re.sub(r"_(\d)", lambda match: match[1].translate(LOWERED), text)
    text = re.sub(r"\^([\dt])", lambda match: match[1].translate(RAISED), text)
    text = re.sub(r"([\^_])\{([^{}]{2,})\}", r"\1(\2)", text)
    text = re.sub(r"[{}]", "", text)
    return " ".join(re.sub(r"√\((\w\u0302?[₀-₉]?)\)", r"√\1", text).split())


def _formulas_as_text(soup: BeautifulSoup) -> None:
    for formula in soup.select(".katex"):
        tex = formula.select_one('annotation[encoding="application/x-tex"]')
        text = formula_text(tex.get_text()) if tex else formula.get_text(" ")
        formula.replace_with(NavigableString(text))


def sections(body: str) -> list[Section]:
    """Return the sections of a page's html `body`, in their order; text before a heading is lost.

    A section's text ends where a section within it begins.
    """
    soup = BeautifulSoup(DROPPED.sub(" ", body), "html.parser")
    _formulas_as_text(soup)
    for tag in soup.select(NOT_TEXT):
        tag.extract()
    for tag in soup.find_all(BLOCKS):
        tag.insert_after(NavigableString(" "))
    found = []
    for section in soup.find_all("section"):
        heading = section.find(re.compile(r"^h[1-6]$"), recursive=False)
        if heading is None or not section.get("id"):
            continue
        title = " ".join(heading.get_text().split())
        heading.extract()
        inner = section.find_all("section", recursive=False)
        own = " ".join(
            child.get_text() if hasattr(child, "get_text") else str(child)
            for child in section.children
            if child not in inner
        )
        text = re.sub(r"\s+([,.;:?!)])", r"\1", " ".join(own.split()))
        found.append(Section(section["id"], title, int(heading.name[1]), text))
    return found
