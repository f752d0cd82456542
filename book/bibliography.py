"""The bibliography's entries: formulas in titles rendered, and the way back to where each is cited.

sphinxcontrib-bibtex writes `$O(1/k^2)$` as it stands in the file, and links back only from a
bibliography that shares its page with the citations.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.domain import get_docnames

FORMULA = re.compile(r"\$([^$]+)\$")


def with_formulas(text: str) -> list[nodes.Node]:
    """Return `text` as nodes, with what stands between dollar signs as formulas."""
    parts = FORMULA.split(text)
    make = (nodes.Text, lambda tex: nodes.math(tex, tex))
    return [make[k % 2](part) for k, part in enumerate(parts) if part]


def cited_in(refs, order: list[str]) -> list[tuple[str, str]]:
    """Return the page and id of the first citation on each page, in the order of the book."""
    first = {}
    for ref in sorted(refs, key=lambda ref: (order.index(ref.docname), ref.line)):
        first.setdefault(ref.docname, ref.citation_ref_id)
    return list(first.items())


class Entries(SphinxPostTransform):
    """Mend the entries as soon as bibtex has written them."""

    default_priority = 6  # bibtex's own is 5

    def run(self, **kwargs) -> None:
        domain, env, page = self.env.get_domain("cite"), self.env, self.env.docname
        keys = {
            citation.citation_id: citation.key
            for citation in domain.citations
            if citation.bibliography_key.docname == page
        }
        order = list(get_docnames(env))
        for entry in list(self.document.findall(nodes.citation)):
            for text in list(entry.findall(nodes.Text)):
                if FORMULA.search(text):
                    text.parent.replace(text, with_formulas(text))
            for name in entry["ids"]:
                refs = [
                    ref
                    for ref in domain.citation_refs
                    if keys.get(name) in {target.key for target in ref.targets}
                ]
                if refs:
                    entry += self.way_back(cited_in(refs, order))

    def way_back(self, places: list[tuple[str, str]]) -> nodes.paragraph:
        """Return the paragraph that leads to the places where an entry is cited."""
        line = nodes.paragraph("", "Cited in ", classes=["cited-in"])
        for k, (page, name) in enumerate(places):
            number = self.env.toc_secnumbers.get(page, {}).get("", ())
            prefix = ".".join(map(str, number)) + ". " if number else ""
            title = prefix + self.env.titles[page].astext()
            link = nodes.reference("", title, internal=True)
            link["refuri"] = self.app.builder.get_relative_uri(self.env.docname, page) + "#" + name
            line += [nodes.Text(", ")] * (k > 0) + [link]
        line += nodes.Text(".")
        return line


def setup(app):
    """Connect the mending to the build."""
    app.add_post_transform(Entries)
