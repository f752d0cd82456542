/* A histogram of where a run rests: the twin of cloud.py. */

PANELS.cloud = function cloud(panel, live) {
  const { x, y, spec } = panel;
  const { burn, bins, coordinate, points } = spec, width = (x.high - x.low) / bins;
  const rules = live.model.rules.map(({ label }, k) => {
    const key = /** @type {string | undefined} */ (spec.theory[label]);
    const variance = key ? live.compile(key) : null;
    const bars = panel.line(`run-${k}`), curve = panel.line(`theory-${k}`);
    const histogram = onChange((/** @type {RuleShot} */ { run, shown }) => {
      show(bars, shown);
      if (shown) setPath(bars, stairs(run.x[coordinate]));
    });
    const theory = onChange((/** @type {RuleShot} */ { environment, shown }) => {
      show(curve, shown);
      if (shown && variance) setPath(curve, bell(variance(environment)));
    });
    return { variance, histogram, theory };
  });

  /** @param {Float64Array} column */
  function stairs(column) {
    const counts = new Float64Array(bins);
    let total = 0;
    for (let t = burn; t < column.length; t++) {
      if (!Number.isFinite(column[t])) continue;
      total += 1;
      const bin = Math.floor((column[t] - x.low) / width);
      if (bin >= 0 && bin < bins) counts[bin] += 1;
    }
    let d = "";
    counts.forEach((count, i) => {
      const height = y.at(total ? count / total / width : 0).toFixed(1);
      const from = x.at(x.low + i * width).toFixed(1), to = x.at(x.low + (i + 1) * width).toFixed(1);
      d += `${i ? "L" : "M"}${from} ${height}H${to}`;
    });
    return d;
  }

  /** @param {number} variance */
  function bell(variance) {
    const at = (/** @type {number} */ i) => x.low + (i / (points - 1)) * (x.high - x.low);
    const density = (/** @type {number} */ u) =>
      Math.exp(-(u ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    return pathOf(points, (i) => x.at(at(i)), (i) => y.at(density(at(i))));
  }

  live.notes.push((shot) => shot.rules.map(({ label, run, environment, shown }, k) => {
    if (!shown) return null;
    const rest = run.x[coordinate].slice(burn);
    const mean = rest.reduce((sum, u) => sum + u, 0) / rest.length;
    const measured = rest.reduce((sum, u) => sum + (u - mean) ** 2, 0) / rest.length;
    const predicted = rules[k].variance?.(environment) ?? NaN;
    const says = predicted >= 0 && Number.isFinite(predicted)
      ? `predicted ${format(predicted)}` : "no finite one predicted";
    return `${label}: variance ${format(measured)} measured, ${says}`;
  }));
  return (shot) => shot.rules.forEach((rule, k) => {
    rules[k].histogram([rule.run, rule.shown], rule);
    rules[k].theory([rule.key, rule.shown], rule);
  });
};
