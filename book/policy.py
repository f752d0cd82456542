"""Take out of the pages what a strict Content-Security-Policy refuses: code written into the html.

Handlers (`onclick="…"` of the theme, of quizzes, of animations' stills) become a script of their own
here, the traced functions of live figures in `delivery.py`. A page then lives without
`unsafe-inline` for scripts and without `unsafe-eval`; `header` says under which policy.
"""

import base64
import hashlib
import html as entities
import re

TAG_WITH_HANDLER = re.compile(r'<[a-z][^<>]*?\son[a-z]+="[^"]*"[^<>]*>')
HANDLER = re.compile(r'\son([a-z]+)="([^"]*)"')
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\s(?:src|type)=)[^>]*>(.*?)</script>", re.S)

ATTACH = """(() => {
  const handlers = {%s};
  for (const element of document.querySelectorAll("[data-on]")) {
    for (const pair of element.dataset.on.split(" ")) {
      const [type, key] = pair.split(":");
      element["on" + type] = handlers[key];
    }
  }
})();
"""


def digest(text: str) -> str:
    """Return a short name for a text, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def move_handlers(html: str) -> tuple[str, dict[str, str]]:
    """Return a page with `data-on="click:KEY"` for its handlers, and their code by key."""
    found = {}

    def move_tag(tag):
        pairs = []

        def move(handler):
            code = entities.unescape(handler[2])
            found[digest(code)] = code
            pairs.append(f"{handler[1]}:{digest(code)}")
            return ""

        bare = HANDLER.sub(move, tag[0])
        name = re.match(r"<[\w-]+", bare)[0]
        return f'{name} data-on="{" ".join(pairs)}"{bare[len(name) :]}'

    return TAG_WITH_HANDLER.sub(move_tag, html), found


def handlers_script(handlers: dict[str, str]) -> str:
    """Return the script that gives every `data-on` element its handlers, once the page is read."""
    functions = (
        f'"{key}": function (event) {{ {code} }}' for key, code in sorted(handlers.items())
    )
    return ATTACH % ", ".join(functions)


def header(pages) -> str:
    """Return the strictest policy that the given pages live under, for `Content-Security-Policy`.

    The only inline scripts are the theme's, which choose light or dark before anything is painted;
    they are allowed by their hashes.
    """
    hashes = {
        base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        for page in pages
        for code in INLINE_SCRIPT.findall(page)
    }
    allowed = " ".join(["'self'", *(f"'sha256-{h}'" for h in sorted(hashes))])
    return (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"script-src {allowed}"
    )
