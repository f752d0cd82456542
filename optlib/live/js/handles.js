/* Something to drag, by mouse, finger or keyboard. */

const TOUCH = 44; // CSS pixels that a finger needs (WCAG 2.2, 2.5.5)
/**
 * How far each key moves a handle, in shares times fifty of its axes.
 * @type {Record<string, [number, number]>}
 */
const DIRECTIONS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
  PageUp: [0, 5], PageDown: [0, -5], Home: [-Infinity, 0], End: [Infinity, 0],
};

/**
 * Something to drag: a point with a large hit area that also obeys the arrow keys.
 * @param {Panel} panel
 * @param {Live} live
 * @param {{ name: string, get: () => number[], set: (u: number, v: number) => void, free?: "x" }} of
 */
function makeHandle(panel, live, { name, get, set, free }) {
  const { svg, x, y } = panel;
  const node = element(panel.front, "g", { class: "live-handle", tabindex: "0", role: "slider",
    "aria-label": name, "aria-valuemin": x.low, "aria-valuemax": x.high });
  const hit = element(node, "circle", { class: "live-hit", r: 24 });
  element(node, "circle", { class: "live-ring", r: 7 });
  const moveTo = (/** @type {MouseEvent} */ event) => {
    const point = pointOf(svg, event);
    set(x.back(point.x), y.back(point.y));
  };
  // Asked for when the size changes only: the answer costs a layout of the page.
  const fit = new ResizeObserver(() => {
    const scale = svg.getScreenCTM()?.a;
    if (scale) hit.setAttribute("r", Math.max(TOUCH / 2 / scale, 9).toFixed(1));
  });
  fit.observe(svg);
  live.atEnd(() => fit.disconnect());
  const grab = makeDraggable(live, node, { begin: () => {}, move: moveTo });
  // Elsewhere in the picture a mouse takes the handle along; a finger taps, as it may mean to scroll.
  live.listen(svg, "pointerdown", (event) => {
    if (event.pointerType === "touch" || node.contains(event.target)) return;
    if (event.button !== 0 || !inFrame(panel, pointOf(svg, event))) return;
    moveTo(event);
    grab(event);
  });
  live.listen(svg, "click", (event) => {
    if (event.pointerType !== "touch" || node.contains(event.target)) return;
    if (inFrame(panel, pointOf(svg, event))) moveTo(event);
  });
  live.listen(node, "keydown", (event) => {
    const share = event.shiftKey ? 0.002 : 0.02;
    const [dx, dy] = DIRECTIONS[event.key] || [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    const [u, v] = get();
    set(x.nudge(u, dx * share), free === "x" ? v : y.nudge(v, dy * share));
  });
  const place = onChange((/** @type {number} */ u, /** @type {number} */ v) => {
    node.setAttribute("transform", `translate(${x.at(u).toFixed(1)} ${y.at(v).toFixed(1)})`);
    node.setAttribute("aria-valuenow", String(u));
    node.setAttribute("aria-valuetext", free === "x" ? format(u) : `${format(u)}, ${format(v)}`);
  });
  return {
    move: () => {
      const [u, v] = get();
      place([u, v], u, v);
    },
  };
}

/**
 * The ring at the start of all runs; with `free` "x" it moves along a curve.
 * @param {Panel} panel
 * @param {Live} live
 * @param {"x"} [free]
 */
const startHandle = (panel, live, free) => makeHandle(panel, live, {
  name: free === "x" ? "Start: arrow keys move it" : "Start: drag it, or move it with arrow keys",
  free,
  get: () => {
    const { start } = live.values;
    return free === "x" ? [start[0], live.height(start)] : start;
  },
  set: (u, v) => live.change({ start: free === "x" ? [u] : [u, v] }),
});
