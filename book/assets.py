"""Make the files that pages load: math fonts, live figures, colours, and the few icons in use."""

import html
import logging
import re
import shutil
from functools import cache
from pathlib import Path

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table it keeps
ICON_FONT = "vendor/fontawesome/webfonts/fa-solid-900.woff2"


def write_if_new(path: Path, content: bytes) -> None:
    """Write `content` to `path` unless it is there already, so that nothing looks changed."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def only_woff2(css: str) -> str:
    """Return `css` without the font formats that only browsers before 2016 read."""
    return re.sub(r',url\([^)]*\)\s*format\("(?:woff|truetype)"\)', "", css)


def katex(package: Path, out: Path) -> None:
    """Write KaTeX's stylesheet and its woff2 fonts from the npm `package` into `out`."""
    css = (package / "dist/katex.min.css").read_text(encoding="utf8")
    write_if_new(out / "katex.min.css", only_woff2(css).encode())
    for font in (package / "dist/fonts").glob("*.woff2"):
        write_if_new(out / "fonts" / font.name, font.read_bytes())


def live(script: str, layout: str, colours: str, out: Path) -> None:
    """Write the script and styles of live figures, and the colours of symbols and optimisers."""
    write_if_new(out / "live.js", script.encode())
    write_if_new(out / "live.css", layout.encode())
    write_if_new(out / "colours.css", colours.encode())


def icons_used(texts: list[str]) -> set[str]:
    """Return the names of Font Awesome icons in pages and scripts: `fa-sun` gives `sun`."""
    return {name for text in texts for name in re.findall(r"\bfa-([a-z][a-z0-9-]*)", text)}


@cache
def icon_codes(css: str) -> dict[str, int]:
    """Return the code point of every icon that the theme's stylesheet defines, by name."""
    codes = {}
    for rule in css.split("}"):
        selectors, _, body = rule.rpartition("{")
        if content := re.fullmatch(r'content:"\\([0-9a-f]+)"', body):
            for name in re.findall(r"\.fa-([a-z0-9-]+):before", selectors):
                codes[name] = int(content[1], 16)
    return codes


def icon_points(css: str, used: set[str]) -> set[int]:
    """Return the code points to keep: of icons `used`, and those the stylesheet itself paints.

    The theme keeps the latter in variables (`--pst-icon-bell:"…"`) with the character itself.
    """
    codes = icon_codes(css)
    points = {codes[name] for name in used if name in codes}
    for text in re.findall(r'--pst-icon-[a-z-]+:\s*"([^"]+)"', css):
        points |= {int(text[1:], 16)} if text.startswith("\\") else set(map(ord, text))
    return points


def letters_used(pages: list[str]) -> set[int]:
    """Return the code points of all text on `pages`: what math fonts must be able to draw."""
    texts = (text for page in pages for text in re.findall(r">([^<]+)<", page))
    return {ord(letter) for letter in html.unescape("".join(texts))}


def subset_font(source: Path, points: set[int], out: Path) -> None:
    """Write to `out` the font at `source` with the glyphs of `points` only, as woff2."""
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    options.hinting = False  # a sixth of a math font, for screens of few dots
    options.name_IDs = [0]  # whose it is; its other names are in no page's way
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(points))
    cutter.subset(font)
    out.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(out), options)


def remove_all(out: Path, patterns: tuple[str, ...]) -> None:
    """Remove files and folders in `out` that match any of `patterns`."""
    for pattern in patterns:
        for path in out.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
