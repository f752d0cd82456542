/* Bars for quantities at one step: the twin of gauges.py. */

PANELS.gauges = function gauges(panel, live) {
  const { x, y, spec, frame } = panel;
  const base = x.at(spec.base).toFixed(1);
  const specs = /** @type {(QuantitySpec & { coordinate: number })[]} */ (spec.bars);
  const bars = specs.map((bar, row) => {
    const run = /** @type {number} */ (bar.run), value = live.compile(bar.key);
    const first = firstStep(bar.names, live.model.rules[run]), at = y.at(row);
    const path = panel.line(`bar-${row}`);
    const text = element(panel.front, "text", { class: "live-label", y: (at + 3).toFixed(1) });
    const draw = onChange((/** @type {number} */ size) => {
      const end = clamp(x.at(size), frame.left, frame.right), visible = !Number.isNaN(size);
      show(path, visible);
      show(text, visible);
      if (!visible) return;
      setPath(path, `M${base} ${at.toFixed(1)}H${end.toFixed(1)}`);
      const crowded = end > frame.right - 36;
      text.textContent = format(size);
      text.setAttribute("text-anchor", crowded ? "end" : "start");
      text.setAttribute("x", (end + (crowded ? -4 : 4)).toFixed(1));
    });
    return { ...bar, run, first, value, draw };
  });
  const marks = (/** @type {QuantitySpec[]} */ (spec.marks)).map((mark, k) => {
    const path = panel.line(`mark-${k}`), value = live.compile(mark.key);
    const text = element(panel.front, "text",
      { class: "live-label live-muted", "text-anchor": "middle", y: frame.top + 9 });
    text.textContent = mark.label;
    const draw = onChange((/** @type {number} */ size) => {
      show(path, x.holds(size));
      show(text, x.holds(size));
      if (!x.holds(size)) return;
      setPath(path, `M${x.at(size).toFixed(1)} ${frame.top}V${frame.bottom}`);
      text.setAttribute("x", x.at(size).toFixed(1));
    });
    return { run: mark.run, value, draw };
  });
  return ({ rules, step }) => {
    for (const bar of bars) {
      const rule = rules[bar.run], record = recaller(rule, bar.coordinate, bar.names);
      const size = rule.shown ? bar.value(record(Math.max(step, bar.first))) : NaN;
      bar.draw([size], size);
    }
    for (const { run, value, draw } of marks) {
      const size = value(run === null ? {} : rules[run].environment);
      draw([size], size);
    }
  };
};
