/* What happened, in words. */

/**
 * Something to tell of a rule at a step; `run` null: of every rule.
 * @typedef {{ run: number | null, label: string, coordinate: number, value: Traced }} Told
 */

/**
 * What a figure speaks of, per rule: the loss it draws, else its first panel over time, else its
 * gauges, else the height on its landscape, else where it is.
 * @param {Model} model
 * @returns {Told[]}
 */
function toldOf({ spec, compile, rules }) {
  const first = (/** @type {string} */ kind) => spec.panels.find((panel) => panel.kind === kind);
  const series = first("series"), gauges = first("gauges");
  const loss = { run: null, label: "loss", coordinate: 0, value: (/** @type {Numbers} */ e) => e.f };
  const told = (/** @type {QuantitySpec} */ line, /** @type {number} */ coordinate) => {
    const value = /** @type {Traced} */ (compile(line.key));
    const from = line.run === null ? 0 : firstStep(line.names, rules[line.run]);
    return { run: line.run, label: line.label, coordinate,
      value: (/** @type {Numbers} */ e) => (e.t >= from ? value(e) : NaN) };
  };
  if (first("loss")) return [loss];
  if (series) return series.lines.map((/** @type {QuantitySpec} */ line) => told(line, series.coordinate));
  if (gauges) {
    return gauges.bars.filter((/** @type {{ coordinate: number }} */ bar) => bar.coordinate === 0)
      .map((/** @type {QuantitySpec} */ bar) => told(bar, 0));
  }
  if (first("map") || first("ball")) return [loss];
  return spec.gradients
    ? [{ run: null, label: "x", coordinate: 0, value: (/** @type {Numbers} */ e) => e.x }] : [];
}

/**
 * What is told of rule k at step t: "loss 0.12", or "|m| 0.1, √v 0.3".
 * @param {Told[]} told
 * @param {RuleShot} rule
 * @param {number} k
 * @param {number} t
 * @param {Set<string>} hidden
 */
function tellAt(told, rule, k, t, hidden) {
  const words = [];
  for (const { run, label, coordinate, value } of told) {
    if ((run !== null && run !== k) || hidden.has(label)) continue;
    const found = value(recaller(rule, coordinate)(t));
    if (!Number.isNaN(found)) words.push(`${label} ${format(found)}`);
  }
  return words.join(", ");
}

/**
 * One rule at the scrubber's step, and what becomes of it.
 * @param {RuleShot} rule
 * @param {string} now
 * @param {string} end
 * @param {number} step
 * @param {number} steps
 */
function sentenceFor({ label, run }, now, end, step, steps) {
  if (run.divergedAt >= 0 && step >= run.divergedAt) {
    return `${label}: diverged at step ${run.divergedAt}`;
  }
  const parts = now ? [`${now} at step ${step}`] : [`step ${step}`];
  if (run.divergedAt >= 0) parts.push(`diverges at step ${run.divergedAt}`);
  else if (step < steps && end) parts.push(`${end} at step ${steps}`);
  return `${label}: ${parts.join(", ")}`;
}

/**
 * The first step at which a goal holds for a rule, or −1.
 * @param {GoalSpec} goal
 * @param {Traced} when
 * @param {RuleShot} rule
 */
function reachedAt(goal, when, rule) {
  const { run } = rule, last = run.f.length - 1;
  if (run.divergedAt >= 0 || !goal.only.includes(rule.label)) return -1;
  const records = run.x.map((_, i) => recaller(rule, i));
  const holds = (/** @type {number} */ t) => records.every((record) => when(record(t)));
  if (goal.at === "end") return holds(last) ? last : -1;
  for (let t = 0; t <= last; t++) if (holds(t)) return t;
  return -1;
}

/**
 * Say what happened, once the hand rests.
 * @param {Live} live
 * @returns {Drawer}
 */
function bindWords(live) {
  const { spec, model } = live, { goal } = spec;
  const when = goal && live.compile(goal.key), told = toldOf(model);
  const says = live.find(".live-says");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  live.atEnd(() => clearTimeout(timer));

  /** @param {Shot} shot */
  function speak(shot) {
    /** @type {string[]} */
    const parts = [], done = /** @type {string[]} */ ([]);
    shot.rules.forEach((rule, k) => {
      if (!rule.shown) return;
      if (!told.length && rule.run.divergedAt < 0 && live.notes.length) return; // the notes say it
      const tell = (/** @type {number} */ t) => tellAt(told, rule, k, t, shot.hidden);
      let text = sentenceFor(rule, tell(shot.step), tell(spec.steps), shot.step, spec.steps);
      const at = goal && when ? reachedAt(goal, when, rule) : -1;
      if (at >= 0) text += goal?.at === "end" ? ", goal reached" : `, goal reached at step ${at}`;
      if (at >= 0) done.push(rule.label);
      parts.push(text);
    });
    for (const note of live.notes) for (const text of note(shot)) if (text) parts.push(text);
    says.textContent = parts.length ? `${parts.join("; ")}.` : "Nothing is shown.";
    if (!goal) return;
    live.find(".live-goal").classList.toggle("reached", done.length > 0);
    live.find(".live-goal span").textContent =
      done.length ? `✓ Reached by ${done.join(", ")}.` : "Not yet.";
  }

  return (shot) => {
    clearTimeout(timer);
    timer = setTimeout(() => speak(shot), 250);
  };
}
