/* The panels by kind; each file of panels/ adds its own.
 *
 * A panel is a function (panel, live) -> draw(shot): it opens what matplotlib drew, and what it
 * returns moves what has changed.
 */

/** @type {Record<string, PanelMaker>} */
const PANELS = {};
