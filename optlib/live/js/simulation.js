/* A run: a rule descends a landscape. */

/**
 * Descend: `rule(hp, g, s, t, x)` gives the step of one coordinate and leaves the new state in s,
 * `surface(p, x, g)` the height and leaves the gradient in g. Nothing is made anew at a step.
 * @param {{ rule: RuleFunction, hp: Numbers, state: Numbers, surface: SurfaceFunction, p: Numbers,
 *   start: number[], steps: number, limit: number,
 *   noise: { sigma: number, numbers: ArrayLike<number> } | null }} given
 * @returns {Run}
 */
function simulate({ rule, hp, state, surface, p, start, steps, noise, limit }) {
  const dim = start.length, names = Object.keys(state);
  const cells = new Float64Array((steps + 1) * (1 + dim * (3 + names.length)));
  let taken = 0; // one piece of memory for all columns: asking for each costs more than a run
  const column = (/** @type {number} */ length) => cells.subarray(taken, taken += length);
  const columns = (/** @type {number} */ length) => start.map(() => column(length));
  /** @type {Run} */
  const run = {
    x: columns(steps + 1), f: column(steps + 1), g: columns(steps), dx: columns(steps),
    state: {}, divergedAt: -1,
  };
  for (const name of names) run.state[name] = columns(steps);
  const kept = names.map((name) => run.state[name]);
  const x = start.slice(), memory = start.map(() => ({ ...state })), gradient = start.map(() => 0);
  const lost = (/** @type {number} */ f) => {
    for (let i = 0; i < dim; i++) if (!(Math.abs(x[i]) <= limit)) return true;
    return !Number.isFinite(f);
  };
  let f = surface(p, x, gradient);
  for (let i = 0; i < dim; i++) run.x[i][0] = x[i];
  run.f[0] = f;
  if (lost(f)) run.divergedAt = 0;
  for (let t = 1; t <= steps; t++) {
    for (let i = 0; i < dim; i++) {
      const g = noise ? gradient[i] + noise.sigma * noise.numbers[(t - 1) * dim + i] : gradient[i];
      const dx = rule(hp, g, memory[i], t, x[i]);
      run.g[i][t - 1] = g;
      run.dx[i][t - 1] = dx;
      for (let k = 0; k < names.length; k++) kept[k][i][t - 1] = memory[i][names[k]];
      x[i] += dx;
      run.x[i][t] = x[i];
    }
    f = surface(p, x, gradient);
    run.f[t] = f;
    if (run.divergedAt < 0 && lost(f)) run.divergedAt = t;
  }
  return run;
}
