/* Bars for quantities at one step: the twin of gauges.py. */

PANELS.gauges = function gauges(panel, live) {
  const { x, y, spec } = panel;
  const bars = spec.bars.map((bar, row) => ({
    ...bar, row, path: panel.line(`bar-${row}`), value: compile(bar.js),
    first: firstStep(bar.names, live.model.rules[bar.run]),
    text: element(panel.front, "text", { class: "live-label" }),
  }));
  const marks = spec.marks.map((mark, k) => ({
    ...mark, path: panel.line(`mark-${k}`), value: compile(mark.js),
    text: element(panel.front, "text", { class: "live-label live-muted", "text-anchor": "middle" }),
  }));
  return (shot) => {
    for (const bar of bars) {
      const run = shot.runs[live.model.rules[bar.run].label], env = live.environment(bar.run);
      const value = bar.value(recall(env, run, Math.max(shot.step, bar.first), bar.coordinate));
      const visible = shot.shown[bar.run] && !Number.isNaN(value);
      const end = clamp(x.at(value), panel.frame.left, panel.frame.right), at = y.at(bar.row).toFixed(1);
      show(bar.path, visible);
      setPath(bar.path, `M${x.at(spec.base).toFixed(1)} ${at}H${end.toFixed(1)}`);
      show(bar.text, visible);
      bar.text.textContent = format(value);
      const crowded = end > panel.frame.right - 36;
      bar.text.setAttribute("text-anchor", crowded ? "end" : "start");
      bar.text.setAttribute("x", (end + (crowded ? -4 : 4)).toFixed(1));
      bar.text.setAttribute("y", (y.at(bar.row) + 3).toFixed(1));
    }
    for (const mark of marks) {
      const value = mark.value(live.environment(mark.run)), visible = x.holds(value);
      show(mark.path, visible);
      show(mark.text, visible);
      if (!visible) continue;
      setPath(mark.path, `M${x.at(value).toFixed(1)} ${panel.frame.top}V${panel.frame.bottom}`);
      mark.text.textContent = mark.label;
      mark.text.setAttribute("x", x.at(value).toFixed(1));
      mark.text.setAttribute("y", panel.frame.top + 9);
    }
  };
};
