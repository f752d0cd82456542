"""Search that finds sections, and symbols in every spelling, also from `file://`.

`sections` takes a page apart into sections of plain text, formulas included. At the end of a build
those of all pages become one classic script, `search-sections.js`, which the search page alone
loads; there MiniSearch (npm) and `static/search.js` index and ask them.
"""
