/* The panels by kind; each file of panels/ adds its own.
 *
 * A panel is a function (panel, live) -> draw(shot): it opens what matplotlib drew, and what it
 * returns moves it. A shot is {values, runs, step, shown}: shown says of each rule whether to draw.
 */

const PANELS = {};
