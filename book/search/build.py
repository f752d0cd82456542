"""Write what the search page loads: the sections of all pages, as one classic script."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from sphinx.errors import ExtensionError

from book import assets
from book.search.sections import sections

HERE = Path(__file__).resolve().parent


def folder(app) -> Path:
    """Return where the sections of each page wait for the end of the build.

    A page that is not written again keeps its own.
    """
    return Path(app.outdir).parent / "search"


def page(app, name, template, context, doctree) -> None:
    """Write the sections of one page, before anything thins its formulas."""
    if doctree is None:
        return
    parts = [asdict(section) for section in sections(context["body"])]
    text = json.dumps(parts, ensure_ascii=False)
    assets.write_if_new(folder(app) / f"{name}.json", text.encode())


def join(parts: dict[str, list[dict]]) -> str:
    """Return the script that holds the sections of all pages, `parts` by the page's name."""
    rows = []
    for name, found in parts.items():
        title = found[0]["title"] if found else name
        for section in found:
            anchor = "" if section["level"] == 1 else f"#{section['id']}"
            rows.append(
                {
                    "id": len(rows),
                    "page": title,
                    "address": f"{name}.html{anchor}",
                    "title": section["title"],
                    "level": section["level"],
                    "text": section["text"],
                }
            )
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.SEARCH_SECTIONS={data};\n"


def finished(app, exception) -> None:
    """Write the script once all pages are there."""
    if exception is not None or app.builder.format != "html":
        return
    parts = {}
    for name in pages_in_order(app.env):
        path = folder(app) / f"{name}.json"
        if not path.exists():
            raise ExtensionError(f"{name}: not in the search; `make clean book` writes it anew")
        parts[name] = json.loads(path.read_text(encoding="utf8"))
    static = Path(app.outdir) / "_static"
    assets.write_if_new(static / "search-sections.js", join(parts).encode())


def pages_in_order(env) -> list[str]:
    """Return all pages as the contents order them."""
    rest, order = [env.config.root_doc], []
    while rest:
        name = rest.pop(0)
        order.append(name)
        rest = [n for n in env.toctree_includes.get(name, []) if n not in order] + rest
    return [*order, *sorted(set(env.found_docs) - set(order))]


def search_page(app):
    """The search page, in place of Sphinx's own, whose index knows words of whole pages only."""
    yield "search", {"title": "Search"}, "search.html"


def prepare(app) -> None:
    """Leave out Sphinx's own index, and bring MiniSearch."""
    if app.builder.format != "html":
        return
    app.builder.search = False
    source = Path(app.outdir).parent / "npm/node_modules/minisearch/dist/umd/index.js"
    target = Path(app.outdir).parent / "static" / "minisearch.js"
    if not target.exists() or target.read_bytes() != source.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def configured(app, config) -> None:
    """Let the theme find our search page before its own."""
    config.templates_path.append(str(HERE.parent / "templates"))


def setup(app):
    """Connect everything here to the build."""
    app.connect("config-inited", configured)
    app.connect("builder-inited", prepare)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", page, priority=800)  # before extension.page
    app.connect("build-finished", finished, priority=800)
