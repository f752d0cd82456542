/* What each past gradient weighs: the twin of stems.py. */

PANELS.stems = function stems(panel, live) {
  const { x, y, spec } = panel;
  const stems = spec.stems.map((stem, n) => ({
    ...stem, path: panel.line(`stems-${n}`), weight: compile(stem.js),
    ghostly: stem.ghost && compile(stem.ghost),
    ghost: element(panel.layer, "path", { class: "live-ghost" }),
  }));
  const base = y.at(spec.base).toFixed(1);
  return (shot) => {
    for (const stem of stems) {
      const run = shot.runs[live.model.rules[stem.run].label], t = shot.step;
      const env = recall(live.environment(stem.run), run, t, spec.coordinate);
      const upright = (k, height) =>
        Number.isNaN(height) ? "" : `M${x.at(k).toFixed(1)} ${base}V${y.at(height).toFixed(1)}`;
      let d = "";
      for (let k = Math.max(1, t - spec.last + 1); k <= t; k++) {
        env.k = k;
        env.g_k = run.g[spec.coordinate][k - 1];
        env.dx_k = run.dx[spec.coordinate][k - 1];
        for (const name in run.state) env[`${name}_k`] = run.state[name][spec.coordinate][k - 1];
        d += upright(k, stem.weight(env));
      }
      setPath(stem.path, d);
      show(stem.path, shot.shown[stem.run]);
      show(stem.ghost, shot.shown[stem.run]);
      if (stem.ghostly) setPath(stem.ghost, upright(0, stem.ghostly(env)));
    }
  };
};
