/* Gradients drawn by hand: the twin of bars.py. */

PANELS.bars = function bars(panel, live) {
  const { x, y, svg, spec, frame } = panel, { steps } = live.spec, { limit } = spec;
  const lines = panel.line("bars"), zero = y.at(0).toFixed(1);
  const area = element(panel.front, "rect", { class: "live-draw", x: frame.left, y: frame.top,
    width: frame.right - frame.left, height: frame.bottom - frame.top, tabindex: 0, role: "slider",
    "aria-label": "Gradients: drag across the bars, or choose one with left and right and move it with up and down",
    "aria-valuemin": -limit, "aria-valuemax": limit });
  const cursor = makeCursor(panel);
  const mark = element(panel.front, "path", { class: "live-chosen" }); // the bar that keys move
  const gradientsOf = () => /** @type {number[]} */ (live.values.gradients);
  let chosen = steps;
  let last = /** @type {number | null} */ (null);

  /**
   * @param {number} k
   * @param {number} height
   */
  const put = (k, height) => {
    const gradients = gradientsOf().slice(), from = last === null ? k : last;
    for (let i = Math.min(from, k); i <= Math.max(from, k); i++) gradients[i - 1] = height;
    last = chosen = k;
    live.change({ gradients });
  };

  /**
   * The bar and the height under a pointer.
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  const at = (event) => {
    const point = pointOf(svg, event), height = clamp(y.back(point.y), -limit, limit);
    const snapped = Math.abs(height) < 0.03 * limit ? 0 : height;
    return [clamp(Math.round(x.back(point.x)), 1, steps), Number(snapped.toFixed(3))];
  };

  const draw = (/** @type {PointerEvent} */ event) => put(...at(event));
  makeDraggable(live, area, {
    begin: (event) => { last = null; draw(event); },
    move: draw,
    end: () => { last = null; },
  });
  live.listen(area, "keydown", (event) => {
    /** @type {Record<string, number>} */
    const across = { ArrowLeft: -1, ArrowRight: 1, Home: -steps, End: steps };
    /** @type {Record<string, number>} */
    const up = { ArrowUp: 1, ArrowDown: -1 };
    const sideways = across[event.key], upward = up[event.key];
    if (!sideways && !upward) return;
    event.preventDefault();
    last = null;
    if (sideways) { chosen = clamp(chosen + sideways, 1, steps); live.change({}); return; }
    const share = event.shiftKey ? 0.01 : 0.1;
    const height = gradientsOf()[chosen - 1] + upward * share * limit;
    put(chosen, Number(clamp(height, -limit, limit).toFixed(3)));
  });

  const heights = onChange((/** @type {number[]} */ gradients) => setPath(lines, gradients.map((g, i) =>
    `M${x.at(i + 1).toFixed(1)} ${zero}V${y.at(g).toFixed(1)}`).join("")));
  return ({ values, step }) => {
    const gradients = values.gradients ?? [], height = gradients[chosen - 1];
    heights([gradients], gradients);
    cursor([step], step);
    setPath(mark, `M${x.at(chosen).toFixed(1)} ${frame.bottom}l-4 7h8z`);
    area.setAttribute("aria-valuenow", String(height));
    area.setAttribute("aria-valuetext", `gradient ${chosen} of ${steps}: ${format(height)}`);
  };
};
