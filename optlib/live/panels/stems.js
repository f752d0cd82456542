/* What each past gradient weighs: the twin of stems.py. */

PANELS.stems = function stems(panel, live) {
  const { x, y, spec } = panel;
  const base = y.at(spec.base).toFixed(1), { coordinate } = spec;
  const upright = (/** @type {number} */ k, /** @type {number} */ height) =>
    (Number.isNaN(height) ? "" : `M${x.at(k).toFixed(1)} ${base}V${y.at(height).toFixed(1)}`);
  const specs = /** @type {(QuantitySpec & { ghost: string | null })[]} */ (spec.stems);
  const drawers = specs.map((stem, n) => {
    const path = panel.line(`stems-${n}`), weight = live.compile(stem.key);
    const ghost = element(panel.layer, "path", { class: "live-ghost" });
    const ghostly = stem.ghost && live.compile(stem.ghost);
    const draw = onChange((/** @type {RuleShot} */ rule, /** @type {number} */ t) => {
      const { run, shown } = rule, record = recaller(rule, coordinate)(t);
      let d = "";
      for (let k = Math.max(1, t - spec.last + 1); k <= t; k++) {
        record.k = k;
        record.g_k = run.g[coordinate][k - 1];
        record.dx_k = run.dx[coordinate][k - 1];
        for (const name in run.state) record[`${name}_k`] = run.state[name][coordinate][k - 1];
        d += upright(k, weight(record));
      }
      show(path, shown);
      show(ghost, shown);
      setPath(path, d);
      if (ghostly) setPath(ghost, upright(0, ghostly(record)));
    });
    return { run: /** @type {number} */ (stem.run), draw };
  });
  return ({ rules, step }) => {
    for (const { run, draw } of drawers) {
      const rule = rules[run];
      draw([rule.run, rule.key, rule.shown, step], rule, step);
    }
  };
};
