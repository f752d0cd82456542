"""The buttons for chapters and contents, mended so that they work.

The theme's scripts bind the first button of each kind in the page. That one stands in the theme's
header, which the course hides because it holds a second search; so the header is emptied, and the
first button is the one that a reader sees. `static/menus.js` does what is left: names, states,
where the focus goes, and which section the contents mark.
"""
