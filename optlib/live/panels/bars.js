/* Gradients drawn by hand: the twin of bars.py. */

PANELS.bars = function bars(panel, live) {
  const { x, y, svg, spec, frame } = panel, { steps } = live.model.spec;
  const bars = panel.line("bars"), zero = y.at(0).toFixed(1);
  const area = element(panel.front, "rect", { class: "live-draw", x: frame.left, y: frame.top,
    width: frame.right - frame.left, height: frame.bottom - frame.top, tabindex: "0", role: "slider",
    "aria-label": "Gradients: drag across the bars, or choose one with left and right and move it with up and down",
    "aria-valuemin": -spec.limit, "aria-valuemax": spec.limit });
  const cursor = makeCursor(panel);
  const mark = element(panel.front, "path", { class: "live-chosen" }); // the bar that keys move
  let chosen = steps, last = null;
  const put = (k, height) => {
    const gradients = live.values.gradients.slice();
    const from = last === null ? k : last;
    for (let i = Math.min(from, k); i <= Math.max(from, k); i++) gradients[i - 1] = height;
    last = chosen = k;
    live.change({ gradients });
  };
  const at = (event) => {
    const point = pointOf(svg, event);
    const height = clamp(y.back(point.y), -spec.limit, spec.limit);
    const snapped = Math.abs(height) < 0.03 * spec.limit ? 0 : height;
    return [clamp(Math.round(x.back(point.x)), 1, steps), Number(snapped.toFixed(3))];
  };
  const draw = (event) => put(...at(event));
  makeDraggable(live, area, {
    begin: (event) => { last = null; draw(event); },
    move: draw,
    end: () => { last = null; },
  });
  live.listen(area, "keydown", (event) => {
    const sideways = { ArrowLeft: -1, ArrowRight: 1, Home: -steps, End: steps }[event.key];
    const upward = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!sideways && !upward) return;
    event.preventDefault();
    last = null;
    if (sideways) { chosen = clamp(chosen + sideways, 1, steps); live.change({}); return; }
    const share = event.shiftKey ? 0.01 : 0.1;
    const height = live.values.gradients[chosen - 1] + upward * share * spec.limit;
    put(chosen, Number(clamp(height, -spec.limit, spec.limit).toFixed(3)));
  });
  return ({ values, step }) => {
    setPath(bars, values.gradients.map((g, i) => `M${x.at(i + 1).toFixed(1)} ${zero}V${y.at(g).toFixed(1)}`).join(""));
    cursor(step);
    setPath(mark, `M${x.at(chosen).toFixed(1)} ${frame.bottom}l-4 7h8z`);
    area.setAttribute("aria-valuenow", values.gradients[chosen - 1]);
    area.setAttribute("aria-valuetext", `gradient ${chosen} of ${steps}: ${format(values.gradients[chosen - 1])}`);
  };
};
