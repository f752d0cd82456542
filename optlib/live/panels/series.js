/* Quantities over time: the twin of series.py. */

PANELS.series = function series(panel, live) {
  const { x, y, spec } = panel;
  const rules = live.model.rules;
  const lines = (/** @type {QuantitySpec[]} */ (spec.lines)).map((line, k) => {
    const path = /** @type {SVGElement} */ (panel.line(`line-${k}`));
    const value = live.compile(line.key), run = /** @type {number} */ (line.run);
    const first = firstStep(line.names, rules[run]);
    const label = spec.named ? makeLabel(panel, line.label, path.style.stroke) : null;
    const draw = onChange((/** @type {RuleShot} */ rule, /** @type {boolean} */ visible) => {
      show(path, visible);
      if (!visible) { label?.(NaN); return; }
      const record = recaller(rule, spec.coordinate, line.names), { length } = rule.run.f;
      setPath(path, pathOf(length, x.at, (t) => y.at(value(record(t))), first));
      label?.(value(record(length - 1)));
    });
    return { ...line, run, draw };
  });
  const guides = (/** @type {QuantitySpec[]} */ (spec.guides)).map((guide, k) => {
    const path = panel.line(`guide-${k}`), value = live.compile(guide.key);
    const label = spec.named ? null : makeLabel(panel, guide.label, "var(--muted)");
    const draw = onChange((/** @type {number} */ height) => {
      show(path, y.holds(height));
      label?.(height);
      if (!y.holds(height)) return;
      setPath(path, `M${panel.frame.left} ${y.at(height).toFixed(1)}H${panel.frame.right}`);
    });
    return { run: guide.run, value, draw };
  });
  if (spec.switches) live.drawers.push(makeSwitches(panel, live));
  const cursor = makeCursor(panel);
  return (shot) => {
    for (const line of lines) {
      const rule = shot.rules[line.run], visible = rule.shown && !shot.hidden.has(line.label);
      line.draw([rule.run, rule.key, visible], rule, visible);
    }
    for (const { run, value, draw } of guides) {
      const rule = run === null ? null : shot.rules[run];
      const height = rule && !rule.shown ? NaN : value(rule ? rule.environment : {});
      draw([height], height);
    }
    cursor([shot.step], shot.step);
  };
};

/**
 * A label at the right end of a curve; a height that the axis does not hold hides it.
 * @param {Panel} panel
 * @param {string} text
 * @param {string} colour
 */
function makeLabel(panel, text, colour) {
  const node = element(panel.front, "text", { class: "live-label", "text-anchor": "end" });
  node.style.fill = colour;
  node.textContent = text;
  node.setAttribute("x", String(panel.frame.right - 3));
  return (/** @type {number} */ height) => {
    show(node, panel.y.holds(height));
    if (panel.y.holds(height)) node.setAttribute("y", (panel.y.at(height) - 4).toFixed(1));
  };
}

/**
 * A box to tick for each quantity, below its panel; those switched off are in `values.hidden`.
 * @param {Panel} panel
 * @param {Live} live
 * @returns {Drawer}
 */
function makeSwitches(panel, live) {
  const lines = /** @type {QuantitySpec[]} */ (panel.spec.lines);
  const labels = [...new Set(lines.map(({ label }) => label))];
  const box = /** @type {Element} */ (panel.svg.parentNode).appendChild(document.createElement("fieldset"));
  box.className = "live-runs live-switches";
  box.appendChild(document.createElement("legend")).textContent = "Quantities shown";
  const inputs = labels.map((name) => {
    const label = box.appendChild(document.createElement("label"));
    const path = panel.line(`line-${lines.findIndex((line) => line.label === name)}`);
    label.style.setProperty("--c", path ? path.style.stroke : "var(--ink)");
    const input = label.appendChild(document.createElement("input"));
    input.type = "checkbox";
    label.append(` ${name}`);
    live.listen(input, "change", () => {
      const hidden = (live.values.hidden ?? []).filter((/** @type {string} */ other) => other !== name);
      live.change({ hidden: live.spec.switched.filter((each) =>
        hidden.includes(each) || (each === name && !input.checked)) });
    });
    return { name, input };
  });
  return ({ hidden }) => inputs.forEach(({ name, input }) => { input.checked = !hidden.has(name); });
}
