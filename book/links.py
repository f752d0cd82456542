"""Links that set a figure: `[the critical β](#phase/critical)`, checked when the book is built.

A link names a figure of its own page (`#phase/critical`), or of another
(`02_momentum.ipynb#phase/critical`). After the figure's name comes a state (`/critical`), values
(`?beta=0.9&step=3`), or nothing. Pages say what figures and states they hold: every live figure
carries its data as JSON. A link that names none of them fails the build, with the nearest names.
"""

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

LOG = logging.getLogger(__name__)
DATA = re.compile(r'<script[^>]*class="live-data"[^>]*>(.*?)</script>', re.S)
FIGURE = re.compile(r'<figure class="live" data-live id="([^"]+)"')


@dataclass(frozen=True)
class Target:
    """What a link points at: a figure of a page, and a state of it or values for it."""

    page: str
    figure: str
    state: str = ""
    values: str = ""

    @property
    def fragment(self) -> str:
        """The end of the link, after `#`, as it stands in an address."""
        state = f"/{quote(self.state)}" if self.state else ""
        return quote(self.figure) + state + (f"?{self.values}" if self.values else "")


def parse(page: str, fragment: str) -> Target:
    """Return what `fragment`, the part of a link after `#`, points at on `page`."""
    path, _, values = fragment.partition("?")
    figure, _, state = unquote(path).partition("/")
    return Target(page, figure, state, values)


def figures_in(html: str) -> dict[str, list[str]]:
    """Return the names of all states of each live figure in `html`, by the figure's id.

    An id that a figure once had (`formerly`) is listed too, with the same states.
    """
    found = {}
    for data in DATA.findall(html):
        spec = json.loads(data)
        formerly = spec.get("formerly") or []
        for name in [spec["id"], *([formerly] if isinstance(formerly, str) else formerly)]:
            found[name] = list(spec.get("states") or {})
    return found


def complaint(target: Target, figures: dict[str, dict[str, list[str]]]) -> str:
    """Return what is wrong with a link to `target`, in one sentence, or "" when nothing is.

    `figures` holds, by page, what `figures_in` found on it.
    """
    here = figures.get(target.page, {})
    if target.figure not in here:
        else_where = sorted(page for page, names in figures.items() if target.figure in names)
        if else_where:
            hint = f"there is one on {', '.join(else_where)}"
        else:
            hint = nearest(target.figure, here) or "there is none on that page"
        return f"{target.page} has no figure {target.figure!r}; {hint}"
    if target.state and target.state not in here[target.figure]:
        hint = nearest(target.state, here[target.figure]) or "it has none"
        return f"the figure {target.figure!r} has no state {target.state!r}; {hint}"
    return ""


def nearest(name: str, known) -> str:
    """Return the names in `known` that are most like `name`, or all of them, as "expected …"."""
    return (
        f"expected {', '.join(get_close_matches(name, known, cutoff=0.5) or sorted(known))}"
        if known
        else ""
    )


def check_ids(body: str, page: str) -> None:
    """Raise ExtensionError if the id of a live figure is also that of something else on `page`."""
    figures = FIGURE.findall(body)
    ids = re.findall(r'<[a-z][^<>]*? id="([^"]+)"', body)
    if twice := sorted({name for name in figures if ids.count(name) > 1}):
        raise ExtensionError(
            f"{page}: the id {', '.join(twice)} is a live figure's and something else's, such as "
            "a heading's; expected a name of its own for the figure"
        )


# in the build ------------------------------------------------------------------------------------


def target_of(node: pending_xref, page: str, figures) -> Target | None:
    """Return what a link between documents points at if that is a figure, else None."""
    if node.get("reftype") != "myst":
        return None
    if node.get("refdomain") == "doc":
        page, fragment = node["reftarget"], node.get("reftargetid") or ""
    elif node.get("refdomain") is None:
        fragment = node["reftarget"].removeprefix("#")
        if re.search(r"\.(ipynb|md)\b", fragment):
            return None  # a page that does not exist: MyST says so
    else:
        return None
    target = parse(page, fragment)
    named = "/" in fragment or "?" in fragment or target.figure in figures.get(page, {})
    return target if fragment and named else None


def collect(app, doctree) -> None:
    """Remember the figures of a page that was read."""
    html = (node.astext() for node in doctree.findall(nodes.raw) if "html" in node["format"])
    found = {}
    for text in html:
        found |= figures_in(text)
    figures_of(app.env)[app.env.docname] = found


def figures_of(env) -> dict[str, dict[str, list[str]]]:
    """Return the figures and states of every page, as far as pages have been read."""
    if not hasattr(env, "live_figures"):
        env.live_figures = {}
    return env.live_figures


def forget(app, env, page) -> None:
    """Forget a page that is read again or gone."""
    figures_of(env).pop(page, None)


def merge(app, env, pages, other) -> None:
    """Take over what another process has read."""
    figures_of(env).update({page: figures_of(other).get(page, {}) for page in pages})


def check_all(app, env) -> None:
    """Warn, which fails the build, of every link that names no figure or no state.

    All pages are looked at, not only those that changed: the figure may have.
    """
    figures = figures_of(env)
    for page in sorted(env.found_docs):
        doctree = env.get_doctree(page)
        for node in doctree.findall(pending_xref):
            target = target_of(node, page, figures)
            if target and (wrong := complaint(target, figures)):
                LOG.warning("%s: the link %r: %s", page, "#" + target.fragment, wrong)


class FigureLinks(SphinxPostTransform):
    """Turn links to figures into links of the page, before MyST looks for a heading."""

    default_priority = 8  # MyST's own is 9

    def run(self, **kwargs) -> None:
        page, figures = self.env.docname, figures_of(self.env)
        for node in list(self.document.findall(pending_xref)):
            target = target_of(node, page, figures)
            if target is None:
                continue
            address = ""
            if target.page != page:
                address = self.app.builder.get_relative_uri(page, target.page)
            link = nodes.reference("", "", internal=True, classes=["live-link"])
            link["refuri"] = f"{address}#{target.fragment}"
            link += node[0].children
            node.replace_self(link)


def settings_for_linkcheck(app, config) -> None:
    """Set what `book/check_links.py` asks of links that leave the book."""
    config.linkcheck_anchors = False  # many sites make their anchors by script
    config.linkcheck_timeout, config.linkcheck_retries = 30, 3
    config.linkcheck_allowed_redirects = {r"https://doi\.org/.*": r".*"}
    config.linkcheck_report_timeouts_as_broken = False


def setup(app):
    """Connect everything here to the build."""
    app.connect("config-inited", settings_for_linkcheck)
    app.connect("doctree-read", collect)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", check_all)
    app.add_post_transform(FigureLinks)
