"""What a page says of itself to search engines, previews and those who cite it; the page for lost ones.

Descriptions are taken from a page's own opening, so they are written once. Whatever needs to know
where the book lives on the web waits for an address: `html.baseurl` in `_config.yml`, or the GitHub
pages of `repository.url`.
"""

import html as entities
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup

PICTURE = "preview.png"
LOST = "404"
LENGTH = 155  # letters of a description that search engines show


def base_url(baseurl: str | None, repository: str | None) -> str:
    """Return where the book lives, with a last slash, or "" where nobody has said so.

    A repository on GitHub is published at `https://OWNER.github.io/NAME/`.
    """
    if baseurl:
        return baseurl.rstrip("/") + "/"
    parts = urlsplit(repository or "")
    owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
    if parts.hostname != "github.com" or not name or "/" in name:
        return ""
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def plain(paragraph: str) -> str:
    """Return a paragraph of html as plain text, formulas by their MathML."""
    soup = BeautifulSoup(paragraph, "html.parser")
    for twice in soup.select(".katex-html, .headerlink"):
        twice.decompose()
    return " ".join(soup.get_text().split())


def shortened(text: str, length: int = LENGTH) -> str:
    """Return a text of at most `length` letters: whole sentences where one fits, else whole words."""
    if len(text) <= length:
        return text
    whole = text[:length].rfind(". ") + 1
    question = text[:length].rfind("? ") + 1
    if (end := max(whole, question)) >= length // 3:
        return text[:end]
    return text[: text.rfind(" ", 0, length - 1)].rstrip(",;:") + "…"


def description(body: str, title: str) -> str:
    """Return what a page is about: its first paragraphs, or its title where it has none."""
    opening = ""
    for paragraph in re.finditer(r"<p>(.*?)</p>", body, re.S):
        opening = f"{opening} {plain(paragraph[1])}".strip()
        if len(opening) >= LENGTH // 2:
            break
    return shortened(opening) or title


def tags(title: str, book: str, text: str, address: str, picture: str) -> str:
    """Return the description and the preview tags of a page; those with addresses if there are any."""
    named = {"description": text, "twitter:card": "summary_large_image" if picture else "summary"}
    properties = {
        "og:title": title,
        "og:description": text,
        "og:type": "article",
        "og:site_name": book,
        "og:url": address,
        "og:image": picture,
    }
    lines = [("name", key, value) for key, value in named.items()]
    lines += [("property", key, value) for key, value in properties.items() if value]
    return "".join(
        f'\n    <meta {kind}="{key}" content="{entities.escape(value)}" />'
        for kind, key, value in lines
    )


def foot(title: str, book: str, author: str, year: str, address: str, source: str) -> str:
    """Return the line that says how to cite a page, with a link to its source where it has one."""
    words = (
        f"Cite this page: {author} ({year}). “{title}.” In <cite>{entities.escape(book)}</cite>."
    )
    if address:
        words += f' <a href="{address}">{address}</a>'
    if source:
        words += f' · <a href="{source}">Source of this page</a>'
    return f'\n<p class="cite-this">{words}</p>\n'


def source_url(theme: dict, path: str) -> str:
    """Return where the source of a page is read on the web, or "" without a repository."""
    repository = (theme.get("repository_url") or "").rstrip("/")
    if not repository:
        return ""
    folder = (theme.get("path_to_docs") or "").strip("/")
    parts = [repository, "blob", theme.get("repository_branch") or "main", folder, quote(path)]
    return "/".join(part for part in parts if part)


def complete(app, name: str, context: dict) -> None:
    """Add to a page's context its description, preview tags, and how to cite it."""
    config, body = app.config, context.get("body") or ""
    title = BeautifulSoup(context.get("title") or config.html_title, "html.parser").get_text()
    base = config.html_baseurl
    address = f"{base}{name}.html" if base and name != LOST else ""
    text = description(body, title)
    if name == "search":
        text = f"Search {config.html_title}."
    picture = f"{base}_static/{PICTURE}" if base else ""
    context["metatags"] = context.get("metatags", "") + tags(
        title, config.html_title, text, address, picture
    )
    if name in app.env.found_docs:
        path = app.env.doc2path(name, base=False)
        context["body"] = body + foot(
            title,
            config.html_title,
            config.author,
            re.sub(r"\D*(\d{4}).*", r"\1", str(config.copyright)),
            address,
            source_url(config.html_theme_options, str(path)),
        )


# the page for what is not found ------------------------------------------------------------------


def lost(app):
    """Yield the page that a host shows for an address that does not exist."""
    first = app.config.root_doc
    body = f"""<section>
<h1>This page is not here</h1>
<p>The address may have a slip in it, or the page has moved. All pages are in the list of chapters.</p>
<form class="lost-search" action="search.html" method="get" role="search">
<label for="lost-query">Search the book for</label>
<input id="lost-query" class="form-control" type="search" name="q" autocomplete="off" />
<button class="btn btn-primary" type="submit">Search</button>
</form>
<p><a href="{first}.html">To the first page</a></p>
</section>"""
    yield LOST, {"title": "This page is not here", "body": body}, "page.html"


def from_the_root(html: str, base: str) -> str:
    """Return a page whose links begin at the root of its host: it is shown at any depth.

    Without an address the book is taken to live at the root.
    """
    root = urlsplit(base).path or "/"
    html = html.replace('data-content_root="./"', f'data-content_root="{root}"')
    return re.sub(r'\b(href|src|action)="(?!#|/|[a-z]+:|data:)([^"]*)"', rf'\1="{root}\2"', html)


def write_sitemap(out: Path, base: str, names: list[str]) -> None:
    """Write the list of all pages for search engines, if the book has an address."""
    path = out / "sitemap.xml"
    path.unlink(missing_ok=True)
    if base:
        urls = "".join(f"<url><loc>{base}{quote(name)}.html</loc></url>\n" for name in names)
        path.write_text(
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
            encoding="utf8",
        )
