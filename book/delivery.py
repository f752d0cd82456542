"""Make written pages light: one style and one script for all, and what a single page needs besides.

Sphinx writes a page with some fourteen styles and twelve scripts, most of it unused. Here the styles
become one, purged of what no page and no script names; the scripts of all pages become one; both
are minified and named by what they hold. Every script is deferred, in the order it stood in.

Pages as Sphinx wrote them are kept beside the book (`_build/pages`), and the light ones are made
from them at every build, so nothing depends on what an earlier build left in a page.
"""

import hashlib
import json
import posixpath
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from book import npm, policy
from book.assets import remove_all, write_if_new
from optlib.live import markup

LEAN = "lean"  # the folder below _static
BUNDLE = npm.HERE / "bundle.mjs"
BOOTSTRAP, USED_OF_BOOTSTRAP = "_static/scripts/bootstrap.js", npm.HERE / "bootstrap.js"
# The oldest browsers that run live figures; optlib says the same of its scripts.
BROWSERS = {"chrome": (105, 0), "firefox": (121, 0), "safari": (15, 4)}

STYLE = re.compile(r'\s*<link\b[^>]*?href="([^"?]+\.css)[^"]*"[^>]*>')
PRELOAD = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')
SCRIPT = re.compile(r"\s*<script\b((?:(?! type=)[^>])*)>(.*?)</script>", re.S)
SRC = re.compile(r'src="([^"?]+)[^"]*"')
DATA = re.compile(r'\bdata-[\w-]+="[^"]*"')


class Undeliverable(Exception):
    """A page does not have the shape that this module counts on."""


@dataclass(frozen=True)
class Page:
    """A page as Sphinx wrote it, and what it loads: files below the book's folder, in order.

    ``scripts`` holds files, and the code of inline scripts that stand behind the styles; those before
    them choose light or dark before anything is painted, and stay where they are.
    """

    name: str
    html: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]

    @property
    def up(self) -> str:
        """The way from the page to the book's folder."""
        return "../" * self.name.count("/")

    def below(self, address: str) -> str:
        """Return the file below the book's folder that an address on this page means."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.name), address))


def read(name: str, html: str) -> Page:
    """Return the page `name` (`chapters/a`) with what it loads; raise Undeliverable if it is none."""
    page = Page(name, html, (), ())
    head = html.find("</head>")
    styles = [page.below(link[1]) for link in STYLE.finditer(html, 0, head)]
    first = STYLE.search(html, 0, head)
    if not styles or not all(style.startswith("_static/") for style in styles):
        raise Undeliverable(f"{name}: loads {styles}; expected styles below _static")
    scripts = []
    for found in SCRIPT.finditer(html, first.start()):
        src = SRC.search(found[1])
        scripts.append(page.below(src[1]) if src else found[2])
    return Page(name, html, tuple(styles), tuple(scripts))


def merged(orders: list[tuple[str, ...]]) -> list[str]:
    """Return all items of several orders in one that agrees with each.

    Raises Undeliverable where two orders contradict each other.
    """
    waiting = [list(order) for order in dict.fromkeys(orders)]
    result = []
    while waiting := [order for order in waiting if order]:
        heads = (order[0] for order in waiting)
        free = (h for h in heads if not any(h in order[1:] for order in waiting))
        item = next(free, None)
        if item is None:
            raise Undeliverable(f"pages load in contradicting orders: {waiting}")
        result.append(item)
        waiting = [order[1:] if order[0] == item else order for order in waiting]
    return result


def is_file(script: str) -> bool:
    """Whether an entry of `Page.scripts` is a file rather than code."""
    return script.endswith(".js") and "\n" not in script and ";" not in script


def common_scripts(pages: list[Page]) -> list[str]:
    """Return what every page runs: Sphinx's options, then all other options, then what reads them."""
    shared = set.intersection(*(set(page.scripts) for page in pages))
    ordered = merged([tuple(s for s in page.scripts if s in shared) for page in pages])
    options = [s for s in ordered if s.endswith("/documentation_options.js")]
    code = [s for s in ordered if not is_file(s)]
    return [*options, *code, *(s for s in ordered if s not in {*options, *code})]


def lean_name(script: str) -> str | None:
    """Return the name of the small copy of a script that only some pages run, in the lean folder.

    None for a file outside `_static`, such as a search index: that is loaded as it is.
    """
    if not is_file(script):
        return f"inline/{policy.digest(script)}.js"
    return Path(script).name if script.startswith("_static/") else None


def functions_name(page: str) -> str:
    """Return the name of the script with a page's traced functions, in the lean folder."""
    return f"functions/{page.replace('/', '-')}.js"


# what the styles may name ------------------------------------------------------------------------

DRAWING = re.compile(r'\s(?:d|points|style|transform|viewBox|href|src)="[^"]*"')


def names_used(pages: list[str]) -> dict[str, list[str]]:
    """Return the names that pages hold: `words` in tags and figures' data, and CSS `variables`."""
    tags = {tag for page in pages for tag in re.findall(r"<[a-zA-Z][^<>]*>", page)}
    data = {found[2] for page in pages for found in markup.DATA.finditer(page)}
    sources = [*(DRAWING.sub("", tag) for tag in tags), *data]
    words = {word for text in sources for word in re.findall(r"[A-Za-z_-][\w-]{0,60}", text)}
    # Anywhere on a page: quizzes bring a small style of their own, which names colours.
    variables = {name for page in pages for name in re.findall(r"--[a-zA-Z][\w-]*", page)}
    return {"words": sorted(words), "variables": sorted(variables)}


# joining -----------------------------------------------------------------------------------------


def bundle(task: dict, node_modules: Path, cache: Path) -> dict:
    """Return what `bundle.mjs` makes of a task, from the cache where nothing has changed."""
    styles = [(Path(task["folder"]) / name).read_text(encoding="utf8") for name in task["styles"]]
    tools = [
        path.read_text(encoding="utf8")
        for path in (BUNDLE, USED_OF_BOOTSTRAP, npm.HERE / "package-lock.json")
    ]
    given = {key: value for key, value in task.items() if key not in {"folder", "lean"}}
    key = hashlib.sha256(json.dumps([given, styles, tools]).encode()).hexdigest()[:16]
    kept = cache / f"{key}.json"
    if not kept.exists():
        remove_all(cache, ("*.json",))
        done = subprocess.run(
            [npm.NODE, BUNDLE],
            input=json.dumps({**task, "modules": str(node_modules)}),
            capture_output=True,
            text=True,
            encoding="utf8",
        )
        if done.returncode:
            raise Undeliverable(f"styles or scripts could not be joined:\n{done.stderr}")
        write_if_new(kept, done.stdout.encode())
    return json.loads(kept.read_text(encoding="utf8"))


def versioned(path: str, content: str) -> str:
    """Return an address that changes when the content does, so that no browser keeps an old one."""
    return f"{path}?v={policy.digest(content)}"


def deliver(out: Path, raw: dict[str, str], node_modules: Path, cache: Path) -> dict[str, str]:
    """Write styles and scripts for the pages `raw` (by name, mended); return the light pages."""
    handlers, functions, pages = {}, {}, []
    for name, html in raw.items():
        html, found = policy.move_handlers(html)
        handlers |= found
        html, functions[name] = markup.detach_functions(html)
        pages.append(read(name, html))
    common = common_scripts(pages)
    own = {s for page in pages for s in page.scripts if s not in common and lean_name(s)}

    def source(script: str) -> str | dict:
        if script == BOOTSTRAP:
            return {"entry": str(USED_OF_BOOTSTRAP)}
        return (out / script).read_text(encoding="utf8") if is_file(script) else script

    scripts = {"book.js": [*map(source, common), policy.handlers_script(handlers)]}
    scripts |= {lean_name(script): [source(script)] for script in sorted(own)}
    scripts |= {
        functions_name(name): [markup.functions_script(found)]
        for name, found in functions.items()
        if found
    }
    task = {
        "folder": str(out),
        "lean": str(out / "_static" / LEAN),
        "styles": merged([page.styles for page in pages]),
        **names_used([page.html for page in pages]),
        "browsers": BROWSERS,
        "scripts": scripts,
    }
    made = bundle(task, node_modules, cache)
    files = {"book.css": made["style"], **made["scripts"]}
    lean = out / "_static" / LEAN
    for name, text in files.items():
        write_if_new(lean / name, text.encode())
    for path in lean.rglob("*"):
        if path.is_file() and path.relative_to(lean).as_posix() not in files:
            path.unlink()
    addresses = {n: versioned(f"_static/{LEAN}/{n}", text) for n, text in files.items()}
    return {page.name: light(page, common, addresses) for page in pages}


def thin(html: str) -> str:
    """Return a page without comments, and without blank lines around its article."""
    html = re.sub(r"<!--.*?-->", "", html, flags=re.S)
    before, article, rest = html.partition("<article")
    article, end, after = (article + rest).partition("</article>")
    blank = re.compile(r"\n\s*\n")
    return blank.sub("\n", before) + article + end + blank.sub("\n", after)


def light(page: Page, common: list[str], addresses: dict[str, str]) -> str:
    """Return a page that loads the joined style and scripts, and of its own what it needs."""
    head = page.html.find("</head>")
    first = STYLE.search(page.html, 0, head).start()
    scripts, data = [], []

    def script(address: str, attributes: str = "") -> str:
        return f'<script defer{attributes} src="{page.up}{address}"></script>'

    def take(found):
        src = SRC.search(found[1])
        item = page.below(src[1]) if src else found[2]
        if item in common:
            data.extend(DATA.findall(found[1]))
            return ""
        if item.endswith("/live.js") and functions_name(page.name) in addresses:
            scripts.append(script(addresses[functions_name(page.name)]))
        name = lean_name(item)
        scripts.append(script(addresses[name] if name else item))
        return ""

    rest = SCRIPT.sub(
        take, PRELOAD.sub("", STYLE.sub("", page.html[first:head]) + page.html[head:])
    )
    options = "".join(f" {attribute}" for attribute in dict.fromkeys(data))
    loaded = [
        f'<link rel="stylesheet" href="{page.up}{addresses["book.css"]}" />',
        script(addresses["book.js"], options),
        *scripts,
    ]
    return thin(page.html[:first] + "".join(f"\n    {line}" for line in loaded) + rest)


# pages as Sphinx wrote them ----------------------------------------------------------------------


def keep_raw(out: Path, kept: Path, names: list[str]) -> dict[str, str]:
    """Return the pages as Sphinx wrote them, by name; keep those it has just written.

    A page that loads the joined style is our own of an earlier build.
    """
    raw = {}
    for name in names:
        html = (out / f"{name}.html").read_text(encoding="utf8")
        if f"_static/{LEAN}/book.css" not in html:
            write_if_new(kept / f"{name}.html", html.encode())
        elif not (kept / f"{name}.html").exists():
            raise Undeliverable(f"{name}: what Sphinx wrote is lost; remove _build and build again")
        raw[name] = (kept / f"{name}.html").read_text(encoding="utf8")
    for path in kept.rglob("*.html"):
        if path.relative_to(kept).with_suffix("").as_posix() not in raw:
            path.unlink()
    return raw
