/* A figure without its picture: values in, runs out; the twin of values.py. */

/** "Adam.beta1" -> ["Adam", "beta1"]; "lr" -> [null, "lr"]. */
const splitName = (name) => {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? [null, name] : [name.slice(0, dot), name.slice(dot + 1)];
};

/** A figure without its picture: values in, runs out. */
function makeModel(spec) {
  const surfaces = spec.surfaces.map((s) => ({ ...s, run: s.js && compile(s.js) }));
  const rules = spec.runs.map((r) => ({ ...r, update: r.js && compile(r.js) }));
  const derived = Object.entries(spec.derived).map(([name, js]) => [...splitName(name), compile(js)]);
  const numbers = spec.noise && normals(spec.noise.seed, spec.steps * spec.start.length);

  const surfaceIndex = (values) =>
    Math.max(0, surfaces.findIndex((s) => s.name === values.surface));

  /** Sliders by their bare names; a rule's own hide others of that name. */
  const dialsOf = (values, label) => {
    const near = [{}, {}, {}];
    for (const { name } of spec.controls) {
      const [owner, field] = splitName(name);
      near[owner === label ? 2 : owner === null || owner === "surface" ? 1 : 0][field] = values[name];
    }
    return Object.assign(...near);
  };

  const resolve = (values) => {
    const surface = surfaces[surfaceIndex(values)], p = { ...surface.parameters };
    const hps = rules.map((rule) => ({ ...rule.parameters }));
    for (const { name } of spec.controls) {
      const [owner, field] = splitName(name);
      if (owner === "surface") p[field] = values[name];
      else rules.forEach((rule, k) => {
        if ((owner === null || owner === rule.label) && field in hps[k]) hps[k][field] = values[name];
      });
    }
    for (const [owner, field, compute] of derived) {
      hps[rules.findIndex((rule) => rule.label === owner)][field] = compute(dialsOf(values, owner));
    }
    return { surface, p, hps };
  };

  const compute = (values) => {
    const { surface, p, hps } = resolve(values), runs = {};
    const noise = spec.gradients ? { sigma: 1, numbers: values.gradients }
      : spec.noise && { sigma: values.noise ?? spec.noise.sigma, numbers };
    rules.forEach((rule, k) => {
      runs[rule.label] = simulate({
        rule: rule.update, hp: hps[k], state: rule.state, surface: surface.run, p,
        start: values.start, steps: spec.steps, noise, limit: spec.diverged,
      });
    });
    return runs;
  };

  /** The numbers that functions may name and that stay the same during a run. */
  const environment = (values, k) => {
    const { p, hps } = resolve(values), own = {};
    for (const { name } of spec.controls) {
      const [owner, field] = splitName(name);
      const overruled = owner === null && `${rules[k].label}.${field}` in spec.derived;
      if ((owner === null || owner === "surface" || owner === rules[k].label) && !overruled) {
        own[field] = values[name];
      }
    }
    return { noise: spec.noise && spec.noise.sigma, ...p, ...hps[k], ...own };
  };

  return { spec, surfaces, rules, surfaceIndex, resolve, compute, environment };
}

/** Put what step t recorded for one coordinate into an environment. */
function recall(environment, run, t, coordinate) {
  environment.t = t;
  environment.f = run.f[t];
  environment.x = run.x[coordinate][t];
  if (t > 0) {
    environment.x_before = run.x[coordinate][t - 1];
    environment.g = run.g[coordinate][t - 1];
    environment.dx = run.dx[coordinate][t - 1];
    for (const name in run.state) environment[name] = run.state[name][coordinate][t - 1];
  }
  return environment;
}
