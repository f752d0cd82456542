/* A figure without its picture: values in, runs out; the twin of values.py. */

/**
 * "Adam.beta1" -> ["Adam", "beta1"]; "lr" -> [null, "lr"].
 * @param {string} name
 * @returns {[string | null, string]}
 */
const splitName = (name) => {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? [null, name] : [name.slice(0, dot), name.slice(dot + 1)];
};

/**
 * The order in which dials are obeyed: shared ones, the landscape's, a rule's own.
 * @param {string | null} owner
 */
const rankOf = (owner) => (owner === null ? 0 : owner === "surface" ? 1 : 2);

/** @param {Numbers} numbers */
const keyOf = (numbers) => Object.values(numbers).join();

/**
 * @param {Spec} spec
 * @returns {Model}
 */
function makeModel(spec) {
  const compile = compiler(spec.functions);
  const surfaces = spec.surfaces.map((s) =>
    ({ ...s, run: s.key === null ? null : /** @type {SurfaceFunction} */ (compile(s.key)) }));
  const rules = spec.runs.map((r) =>
    ({ ...r, update: r.key === null ? null : /** @type {RuleFunction} */ (compile(r.key)) }));
  const dials = spec.controls
    .map(({ name }) => ({ name, owner: splitName(name)[0], field: splitName(name)[1] }))
    .sort((a, b) => rankOf(a.owner) - rankOf(b.owner));
  const derived = Object.entries(spec.derived).map(([name, key]) => {
    const [owner, field] = splitName(name);
    const k = spec.runs.findIndex(({ label }) => label === owner);
    return { k, owner, field, compute: /** @type {Traced} */ (compile(key)) };
  });
  const noiseNumbers = spec.noise && normals(spec.noise.seed, spec.steps * spec.first.start.length);

  /**
   * Dials by their bare names; a rule's own hide others of that name.
   * @param {Values} values
   * @param {string | null} label
   */
  const dialsOf = (values, label) => {
    /** @type {Numbers[]} */
    const near = [{}, {}, {}];
    for (const { name, owner, field } of dials) {
      near[owner === label ? 2 : rankOf(owner) < 2 ? 1 : 0][field] = values[name];
    }
    return { ...near[0], ...near[1], ...near[2] };
  };

  /** @param {Values} values */
  const resolve = (values) => {
    const index = Math.max(0, surfaces.findIndex((s) => s.name === values.surface));
    const p = { ...surfaces[index].parameters };
    const hps = rules.map((rule) => ({ ...rule.parameters }));
    for (const { name, owner, field } of dials) {
      if (owner === "surface") p[field] = values[name];
      else rules.forEach((rule, k) => {
        if ((owner === null || owner === rule.label) && field in hps[k]) hps[k][field] = values[name];
      });
    }
    for (const { k, owner, field, compute } of derived) {
      hps[k][field] = compute(dialsOf(values, owner));
    }
    return { index, p, hps };
  };

  /**
   * The numbers that functions may name and that stay the same during a run.
   * @param {Values} values
   * @param {Rule} rule
   * @param {Numbers} p
   * @param {Numbers} hp
   * @returns {Numbers}
   */
  const environmentOf = (values, rule, p, hp) => {
    /** @type {Numbers} */
    const environment = spec.noise ? { noise: spec.noise.sigma } : {};
    Object.assign(environment, p, hp);
    for (const { name, owner, field } of dials) {
      const overruled = owner === null && `${rule.label}.${field}` in spec.derived;
      if ((rankOf(owner) < 2 || owner === rule.label) && !overruled) environment[field] = values[name];
    }
    return environment;
  };

  /** @param {Values} values */
  const surfaceKey = (values) => {
    const { index, p } = resolve(values);
    return `${surfaces[index].name} ${keyOf(p)}`;
  };

  /**
   * The figure at these values. What would be computed from the same numbers as in the shot before
   * is taken from there; `given` are runs that Python computed.
   * @type {Model["shot"]}
   */
  const shot = (values, before = null, given = null) => {
    const { index, p, hps } = resolve(values), surface = surfaces[index];
    const height = `${surface.name} ${keyOf(p)}`;
    const around = `${height} ${values.start} ${values.noise} ${values.gradients}`;
    const noise = spec.gradients ? { sigma: 1, numbers: values.gradients ?? [] }
      : noiseNumbers && { sigma: values.noise ?? spec.noise?.sigma, numbers: noiseNumbers };
    const shots = rules.map((rule, k) => {
      const hp = hps[k], depends = `${around} ${keyOf(hp)}`, old = before?.rules[k];
      const environment = environmentOf(values, rule, p, hp);
      const run = given ? given[rule.label] : old?.depends === depends ? old.run : simulate({
        rule: /** @type {RuleFunction} */ (rule.update), hp, state: rule.state,
        surface: /** @type {SurfaceFunction} */ (surface.run), p, start: values.start,
        steps: spec.steps, noise, limit: spec.diverged,
      });
      return {
        label: rule.label, hp, run, environment, key: keyOf(environment), depends,
        shown: values.shown.includes(rule.label),
      };
    });
    return {
      values, step: values.step, hidden: new Set(values.hidden), surface, surfaceIndex: index, p,
      surfaceKey: height, rules: shots, runs: Object.fromEntries(shots.map(({ label, run }) => [label, run])),
    };
  };

  return { spec, compile, surfaces, rules, surfaceKey, shot };
}

/**
 * What functions may read of one coordinate of a run, as one record that is filled anew for each
 * step: `at(t)`. Before the first step what a step records is not a number.
 * @param {{ run: Run, environment: Numbers }} rule
 * @param {number} coordinate
 * @param {string[] | null} names those that are read; all without
 */
function recaller({ run, environment }, coordinate, names = null) {
  /** @type {[string, Float64Array, number][]} */
  let columns = [
    ["f", run.f, 0], ["x", run.x[coordinate], 0], ["x_before", run.x[coordinate], 1],
    ["g", run.g[coordinate], 1], ["dx", run.dx[coordinate], 1],
  ];
  for (const name in run.state) columns.push([name, run.state[name][coordinate], 1]);
  if (names) columns = columns.filter(([name]) => names.includes(name));
  /** @type {Numbers} */
  const record = { ...environment, t: 0 };
  for (const [name] of columns) record[name] = NaN;
  return (/** @type {number} */ t) => {
    record.t = t;
    for (const [name, column, late] of columns) record[name] = t < late ? NaN : column[t - late];
    return record;
  };
}

/**
 * The height of a landscape in a shot.
 * @param {Shot} shot
 * @param {number[]} x
 */
const heightAt = ({ surface, p }, x) => (surface.run ? surface.run(p, x, []) : NaN);

/**
 * 1 if a function reads what exists only once a step was taken, else 0.
 * @param {string[]} names
 * @param {Rule} rule
 */
const firstStep = (names, rule) =>
  (names.some((n) => ["x_before", "g", "dx"].includes(n) || n in rule.state) ? 1 : 0);
