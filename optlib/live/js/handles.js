/* Something to drag, by mouse, finger or keyboard. */

/** Something to drag: a point with a large hit area that also obeys the arrow keys. */
function makeHandle(panel, live, { name, get, set, free }) {
  const { svg, x, y } = panel;
  const node = element(panel.front, "g", { class: "live-handle", tabindex: "0", role: "slider",
    "aria-label": name, "aria-valuemin": x.low, "aria-valuemax": x.high });
  const hit = element(node, "circle", { class: "live-hit", r: 24 });
  element(node, "circle", { class: "live-ring", r: 7 });
  const toValue = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(svg.getScreenCTM().inverse());
    return [x.back(point.x), y.back(point.y)];
  };
  const inFrame = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(svg.getScreenCTM().inverse());
    const { left, right, top, bottom } = panel.frame;
    return point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
  };
  // Asked for when the size changes only: the answer costs a layout of the page.
  const fit = new ResizeObserver(() => {
    const scale = svg.getScreenCTM()?.a;
    if (scale) hit.setAttribute("r", Math.max(13 / scale, 9).toFixed(1));
  });
  fit.observe(svg);
  live.atEnd(() => fit.disconnect());
  let dragging = false;
  live.listen(node, "pointerdown", (event) => {
    dragging = true;
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    event.preventDefault();
  });
  live.listen(node, "pointermove", (event) => { if (dragging) set(...toValue(event)); });
  for (const end of ["pointerup", "pointercancel"]) {
    live.listen(node, end, () => { dragging = false; });
  }
  live.listen(svg, "click", (event) => {
    if (!node.contains(event.target) && inFrame(event)) set(...toValue(event));
  });
  live.listen(node, "keydown", (event) => {
    const share = event.shiftKey ? 0.002 : 0.02;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
      ArrowDown: [0, -1] }[event.key] || [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    const [u, v] = get();
    set(x.nudge(u, dx * share), free === "x" ? v : y.nudge(v, dy * share));
  });
  return {
    move: () => {
      const [u, v] = get();
      node.setAttribute("transform", `translate(${x.at(u).toFixed(1)} ${y.at(v).toFixed(1)})`);
      node.setAttribute("aria-valuenow", u);
      node.setAttribute("aria-valuetext", free === "x" ? format(u) : `${format(u)}, ${format(v)}`);
    },
  };
}

const startHandle = (panel, live, free) => makeHandle(panel, live, {
  name: free === "x" ? "Start: arrow keys move it" : "Start: drag it, or move it with arrow keys",
  free,
  get: () => {
    const { start } = live.values;
    return free === "x" ? [start[0], live.height(start)] : start;
  },
  set: (u, v) => live.change({ start: free === "x" ? [u] : [u, v] }),
});
