"""The Sphinx extension that turns Jupyter Book's pages into the pages of this course.

What it does, in the order of a build:

- `configured`: fetches npm files, writes generated static files, makes KaTeX refuse bad formulas,
  keys the execution cache on everything that notebooks depend on, hides launch buttons while there
  is no repository to launch from;
- `page`: drops scripts that no page needs, gives pages with live figures their script, moves videos
  out of the page, turns links to notebooks into links to pages, says what the page is about;
- `finished`: mends the theme's slips, makes pages light, cuts fonts down, forgets a failed build.
"""

import base64
import hashlib
import os
import posixpath
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import sphinxcontrib.katex as katex_renderer
from sphinx.errors import ExtensionError
from sphinx.util import logging

from book import assets, bibliography, delivery, downloads, head, links, mends, npm, paper
from book.macros import MACROS
from book.search import build as search

LOG = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
LIVE_MARK = "data-live"
THEME_STYLE = "styles/pydata-sphinx-theme.css"
UNUSED_STATIC = (
    "sphinx-thebe*",
    "scripts/fontawesome.js*",
    "styles/*.map",
    "scripts/*.map",
    "vendor/fontawesome/webfonts/*.ttf",
    "*webpack-macros.html",
)


# configuration -----------------------------------------------------------------------------------


def notebook_inputs(root: Path) -> list[Path]:
    """Return the files that a notebook's outputs depend on, besides the notebook itself.

    The front end of live figures is not among them: pages load it, outputs do not hold it.
    """
    library = [p for p in (root / "optlib").rglob("*") if p.is_file()]
    library = [p for p in library if p.suffix not in {".js", ".css", ".pyc"}]
    return sorted([*library, root / "requirements.txt", root / "book" / "constraints.txt"])


def digest_of(paths: list[Path], root: Path) -> str:
    """Return a short digest of the Python version and of files below `root`, names included."""
    h = hashlib.sha256(sys.version.encode())
    for path in paths:
        h.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return h.hexdigest()[:16]


def start_katex_patiently(start=katex_renderer.KaTeXServer.start_server_process, tries=5):
    """Return a start of KaTeX's server that asks again when nobody listens on its socket yet.

    The socket's file is there a moment before node listens on it; a connection in between is
    refused, and would fail the build. `book/build.py` ends what a refused try leaves behind.
    """

    def started(rundir, timeout):
        for k in range(tries):
            folder = rundir / str(k)
            folder.mkdir()
            try:
                return start(folder, timeout)
            except ConnectionRefusedError:
                if k == tries - 1:
                    raise

    return started


def configured(app, config):
    """Set what `_config.yml` cannot say, before anything is read."""
    root = Path(app.srcdir)
    build = Path(app.outdir).parent
    caches, key = build / ".jupyter_cache", digest_of(notebook_inputs(root), root)
    config.nb_execution_cache_path = str(caches / key)
    assets.remove_all(caches, tuple(p.name for p in caches.glob("*") if p.name != key))

    node_modules = npm.fetch(build / "npm")
    generated = build / "static"
    assets.katex(node_modules / "katex", generated / "katex")
    from optlib.live.scripts import script, styles
    from optlib.pictures import style

    assets.live(script(), styles(), style.css(), generated)
    config.html_static_path.append(str(generated))
    files = [p for folder in (HERE, generated) for p in folder.rglob("*") if p.is_file()]
    # Where nothing is out of date Sphinx copies no scripts and styles: a new look makes pages so.
    config.course_look = digest_of(sorted(p for p in files if p.suffix != ".pyc"), root)

    theme = config.html_theme_options
    config.html_baseurl = head.base_url(config.html_baseurl, theme.get("repository_url"))
    if config.html_baseurl:
        assets.write_if_new(generated / head.PICTURE, (HERE / "picture.png").read_bytes())
    katex_renderer.NODEJS_BINARY = str(npm.NODE)
    katex_renderer.STARTUP_TIMEOUT = katex_renderer.RENDER_TIMEOUT = 60.0  # a busy machine is slow
    if os.name == "posix":
        katex_renderer.KaTeXServer.start_server_process = staticmethod(start_katex_patiently())
    katex_renderer.KATEX_DEFAULT_OPTIONS.update(
        throwOnError=True, strict="error", macros=MACROS, output="htmlAndMathml"
    )
    if not config.html_theme_options.get("repository_url"):
        config.html_theme_options["launch_buttons"] = {}
    else:
        config.html_theme_options["use_repository_button"] = True
        config.html_theme_options["use_issues_button"] = True


# pages -------------------------------------------------------------------------------------------


def wanted_scripts(scripts, live: bool) -> list:
    """Return the scripts a page needs, once each: no thebe, no widget state, live.js where used."""
    kept, seen = [], set()
    for script in scripts:
        name = str(getattr(script, "filename", "") or "")
        body = script.attributes.get("body") or ""
        widget_state = script.attributes.get("type") == "application/vnd.jupyter.widget-state+json"
        is_live = name.endswith("/live.js")
        if "thebe" in name or "THEBE" in body or widget_state or (is_live and not live):
            continue
        if (name, body) not in seen:
            seen.add((name, body))
            kept.append(script)
    return kept


def move_videos(body: str, folder: Path, href: str) -> str:
    """Write every video in a `data:` address to a file in `folder`; return the body with its name.

    Its last picture, which only paper shows, goes with it. The name is the content's digest, so an
    unchanged video keeps its address.
    """

    def move(match):
        data = base64.b64decode(match[3])
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{match[2]}"
        assets.write_if_new(folder / name, data)
        return f'{match[1]}="{href}/{name}"'

    body = re.sub(r'(src)="data:video/(mp4|webm);base64,([^"]+)"', move, body)
    body = re.sub(r'(data-last)="data:image/(webp|jpeg);base64,([^"]+)"', move, body)
    return re.sub(r"<video(?![^>]*\bpreload=)", '<video preload="none"', body)


def thin_code(body: str) -> str:
    """Return the body without marks on code that have no colour of their own.

    Names, punctuation and blanks are painted like the code around them; their marks are 4 kB,
    compressed, of a long chapter.
    """
    body = re.sub(r'<span class="(?:n|p|w)">([^<]*)</span>', r"\1", body)
    return body.replace("<pre><span></span>", "<pre>")


def thin_math(body: str) -> str:
    """Return the body with formulas once, as MathML and as html, without their TeX as a third."""
    body = re.sub(r'<annotation encoding="application/x-tex">[^<]*</annotation>', "", body)
    body = body.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")  # html knows <math>
    body = re.sub(r"</?semantics>", "", body)
    return re.sub(r"(<math[^>]*>)<mrow>(.*?)</mrow>(?=</math>)", whole_row, body)


def whole_row(formula: re.Match) -> str:
    """Return a formula without the row around all of it, if it is one row: `<math>` is a row too."""
    depth = 0
    for tag in re.findall(r"</?mrow", formula[2]):
        depth += 1 if tag == "<mrow" else -1
        if depth < 0:
            return formula[0]
    return formula[1] + formula[2]


def thin_styles(body: str) -> str:
    """Return the body without blanks in its styles, and without second choices for colours.

    `var(--ink, #1f2530)` is for where a figure stands alone; every page has the colours' own style.
    """

    def thin(style):
        text = re.sub(r"\s*([:;])\s*", r"\1", style[1]).rstrip(";")
        text = re.sub(r"var\((--[a-zA-Z][\w-]*), ?#[0-9a-f]{6}\)", r"var(\1)", text)
        return f' style="{text}"'

    return re.sub(r' style="([^"]*)"', thin, body)


def link_pages(body: str, docs: set[str], name: str) -> str:
    """Return the body with links to notebooks of the book turned into links to their pages.

    Html that a cell prints says `02_momentum.ipynb`, which is right where notebooks are run.
    """
    folder = posixpath.dirname(name)

    def page_of(match):
        known = posixpath.normpath(posixpath.join(folder, match[1])) in docs
        return f'href="{match[1]}.html{match[2]}"' if known else match[0]

    return re.sub(r'href="([\w./-]+)\.(?:ipynb|md)(#[^"]*|)"', page_of, body)


def check_figures(body: str, name: str) -> None:
    """Raise ExtensionError if two live figures of a page share an id, which is their title's."""
    ids = re.findall(r'<figure class="live" data-live id="([^"]+)"', body)
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ExtensionError(
            f"{name}: more than one live figure has the id {', '.join(twice)}; "
            "expected a title of its own for each"
        )


def page(app, name, template, context, doctree):
    """Change what one page loads and holds."""
    body = context.get("body") or ""
    check_figures(body, name)
    links.check_ids(body, name)
    context["script_files"] = wanted_scripts(context.get("script_files", []), LIVE_MARK in body)
    context["css_files"] = [
        css for css in context.get("css_files", []) if "thebe" not in str(css.filename)
    ]
    if body:
        body = re.sub(
            r'<script type="text/x-thebe-config">.*?</script>\s*'
            r"(<script>kernelName.*?</script>)?",
            "",
            body,
            flags=re.S,
        )
        body = link_pages(thin_styles(thin_math(thin_code(body))), app.env.found_docs, name)
        folder = Path(app.outdir) / "_videos"
        context["body"] = move_videos(body, folder, context["pathto"]("_videos", 1))
    head.complete(app, name, context)


# the end -----------------------------------------------------------------------------------------


def finished(app, exception):
    """Mend pages and trim static files; after a failure, make the next build look again."""
    failed = exception is not None or (app.warningiserror and app._warncount > 0)
    if failed:
        shutil.rmtree(app.doctreedir, ignore_errors=True)
        return
    if app.builder.format != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    names = []
    for path in sorted([*out.glob("*.html"), *out.glob("chapters/**/*.html")]):
        name = path.relative_to(out).with_suffix("").as_posix()
        if name in app.env.found_docs or name in {"search", head.LOST}:
            names.append(name)
        elif name != "index":
            path.unlink()  # a page of an earlier build that the contents no longer name
    write_pages(out, names, base)
    head.write_sitemap(out, base, [name for name in names if name in app.env.found_docs])


def write_pages(out: Path, names: list[str], base: str) -> None:
    """Make the pages that Sphinx wrote whole and light; raise ExtensionError where that fails."""
    build, hits, pages = out.parent, Counter(), {}
    style = out / "_static" / THEME_STYLE
    assets.write_if_new(style, assets.only_woff2(style.read_text(encoding="utf8")).encode())
    try:
        for name, html in delivery.keep_raw(out, build / "pages", names).items():
            pages[name], found = mends.mend(html)
            hits += found
        if idle := mends.idle(hits):
            raise delivery.Undeliverable(
                f"nothing left to mend for: {'; '.join(idle)}; see book/mends.py"
            )
        light = delivery.deliver(out, pages, build / "npm" / "node_modules", build / "lean")
    except delivery.Undeliverable as error:
        raise ExtensionError(str(error)) from None
    light[head.LOST] = head.from_the_root(light[head.LOST], base)
    for name, html in light.items():
        assets.write_if_new(out / f"{name}.html", html.encode())
    trim(out / "_static", list(light.values()))


def trim(static: Path, pages: list[str]) -> None:
    """Remove static files that no page loads; keep of fonts only what pages use."""
    assets.remove_all(static, UNUSED_STATIC)
    css = (static / THEME_STYLE).read_text(encoding="utf8")
    scripts = [p.read_text(encoding="utf8") for p in sorted(static.rglob("*.js"))]
    points = assets.icon_points(css, assets.icons_used([*pages, *scripts]))
    import pydata_sphinx_theme

    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    assets.subset_font(theme / assets.ICON_FONT, points, static / assets.ICON_FONT)
    letters = assets.letters_used(pages)
    for font in sorted((static.parent.parent / "static/katex/fonts").glob("*.woff2")):
        assets.subset_font(font, letters, static / "katex/fonts" / font.name)


def setup(app):
    app.setup_extension("sphinxcontrib.katex")
    for part in (bibliography, downloads, links, paper, search):
        part.setup(app)
    for name in ("navigation.css", "print.css"):
        app.add_css_file(name)
    for name in ("menus.js", "scrollers.js"):
        app.add_js_file(name, loading_method="defer")
    app.add_config_value("course_look", "", "html")
    app.connect("config-inited", configured, priority=100)
    app.add_css_file("colours.css")
    app.add_css_file("live.css")
    app.add_js_file("live.js", loading_method="defer")
    app.connect("html-page-context", page, priority=900)
    app.connect("html-collect-pages", head.lost)
    app.connect("build-finished", finished, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
