/* Quantities over time: the twin of series.py. */

PANELS.series = function series(panel, live) {
  const { x, y, spec } = panel;
  const lines = spec.lines.map((line, k) => ({
    ...line, path: panel.line(`line-${k}`), value: compile(line.js),
    first: firstStep(line.names, live.model.rules[line.run]),
  }));
  const hidden = new Set();
  if (spec.switches) makeSwitches(panel, live, [...new Set(lines.map((line) => line.label))], hidden);
  const guides = spec.guides.map((guide, k) => ({
    ...guide, path: panel.line(`guide-${k}`), value: compile(guide.js),
  }));
  const names = spec.named ? lines : guides;
  const labels = names.map((item) => {
    const colour = spec.named ? item.path.style.stroke : "var(--muted)";
    const text = element(panel.front, "text", { class: "live-label", "text-anchor": "end" });
    text.style.fill = colour;
    return text;
  });
  const cursor = makeCursor(panel);
  const place = (k, height) => {
    const visible = y.holds(height);
    show(labels[k], visible);
    if (!visible) return;
    labels[k].textContent = names[k].label;
    labels[k].setAttribute("x", panel.frame.right - 3);
    labels[k].setAttribute("y", (y.at(height) - 4).toFixed(1));
  };
  return (shot) => {
    lines.forEach((line, k) => {
      const rule = live.model.rules[line.run], run = shot.runs[rule.label];
      const visible = shot.shown[line.run] && !hidden.has(line.label);
      show(line.path, visible);
      if (!visible) { if (spec.named) show(labels[k], false); return; }
      const env = live.environment(line.run);
      const value = (t) => line.value(recall(env, run, t, spec.coordinate));
      setPath(line.path, pathOf(run.f.length, x.at, (t) => y.at(value(t)), line.first));
      if (spec.named) place(k, value(run.f.length - 1));
    });
    guides.forEach((guide, k) => {
      const height = guide.value(live.environment(guide.run));
      show(guide.path, shot.shown[guide.run] && y.holds(height));
      const at = y.at(height).toFixed(1);
      setPath(guide.path, `M${panel.frame.left} ${at}H${panel.frame.right}`);
      if (!spec.named) place(k, shot.shown[guide.run] ? height : NaN);
    });
    cursor(shot.step);
  };
};

/** A checkbox per quantity, below its panel; `hidden` holds those switched off. */
function makeSwitches(panel, live, labels, hidden) {
  const box = panel.svg.parentNode.appendChild(document.createElement("fieldset"));
  box.className = "live-runs live-switches";
  const legend = box.appendChild(document.createElement("legend"));
  legend.textContent = "Quantities shown";
  for (const name of labels) {
    const label = box.appendChild(document.createElement("label"));
    const { path } = panel.spec.lines.map((line, k) => ({ ...line, path: panel.line(`line-${k}`) }))
      .find((line) => line.label === name);
    label.style.setProperty("--c", path.style.stroke);
    const input = label.appendChild(document.createElement("input"));
    input.type = "checkbox";
    input.checked = true;
    label.append(` ${name}`);
    live.listen(input, "change", () => {
      hidden[input.checked ? "delete" : "add"](name);
      live.change({});
    });
  }
}
