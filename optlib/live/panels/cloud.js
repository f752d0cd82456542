/* A histogram of where a run rests: the twin of cloud.py. */

PANELS.cloud = function cloud(panel, live) {
  const { x, y, spec } = panel;
  const bars = live.model.rules.map((_, k) => panel.line(`run-${k}`));
  const curves = live.model.rules.map((_, k) => panel.line(`theory-${k}`));
  const theory = live.model.rules.map(({ label }) => spec.theory[label] && compile(spec.theory[label]));
  const width = (x.high - x.low) / spec.bins;
  live.notes.push((shot) => live.model.rules.map((rule, k) => {
    const { x: columns } = shot.runs[rule.label];
    const rest = Array.from(columns[spec.coordinate].slice(spec.burn));
    const mean = rest.reduce((sum, u) => sum + u, 0) / rest.length;
    const variance = rest.reduce((sum, u) => sum + (u - mean) ** 2, 0) / rest.length;
    const predicted = theory[k] ? theory[k](live.environment(k)) : NaN;
    const says = predicted >= 0 && Number.isFinite(predicted) ? `predicted ${format(predicted)}` : "no finite one predicted";
    return shot.shown[k] ? `${rule.label}: variance ${format(variance)} measured, ${says}` : null;
  }));
  return (shot) => live.model.rules.forEach((rule, k) => {
    const column = shot.runs[rule.label].x[spec.coordinate];
    const counts = new Float64Array(spec.bins);
    let total = 0;
    for (let t = spec.burn; t < column.length; t++) {
      if (!Number.isFinite(column[t])) continue;
      total += 1;
      const bin = Math.floor((column[t] - x.low) / width);
      if (bin >= 0 && bin < spec.bins) counts[bin] += 1;
    }
    let d = "";
    counts.forEach((count, i) => {
      const height = y.at(total ? count / total / width : 0).toFixed(1);
      d += `${i ? "L" : "M"}${x.at(x.low + i * width).toFixed(1)} ${height}H${x.at(x.low + (i + 1) * width).toFixed(1)}`;
    });
    setPath(bars[k], d);
    show(bars[k], shot.shown[k]);
    show(curves[k], shot.shown[k]);
    if (!theory[k]) return;
    const variance = theory[k](live.environment(k));
    const grid = (i) => x.low + (i / 160) * (x.high - x.low);
    const density = (u) => Math.exp(-(u ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    setPath(curves[k], pathOf(161, (i) => x.at(grid(i)), (i) => y.at(density(grid(i)))));
  });
};
