/* What happened, in words. */

/** What a figure speaks of, per rule: the loss it draws, else its first panel over time, else its
 * gauges, else the height on its landscape, else where it is. Each: {run (null: of every rule), label, value}. */
function toldOf(spec, rules) {
  const first = (kind) => spec.panels.find((panel) => panel.kind === kind);
  const series = first("series"), gauges = first("gauges");
  const loss = { run: null, label: "loss", value: (env) => env.f };
  const functions = (lines, coordinateOf) => lines.map((line) => {
    const value = compile(line.js), from = firstStep(line.names, rules[line.run]);
    return { run: line.run, label: line.label, coordinate: coordinateOf(line),
      value: (env) => (env.t >= from ? value(env) : NaN) };
  });
  if (first("loss")) return [loss];
  if (series) return functions(series.lines, () => series.coordinate);
  if (gauges) return functions(gauges.bars.filter((bar) => bar.coordinate === 0), () => 0);
  if (first("map") || first("ball")) return [loss];
  return spec.gradients ? [{ run: null, label: "x", value: (env) => env.x }] : [];
}

/** What is told of rule k at step t: "loss 0.12", or "|m| 0.1, √v 0.3". */
function tellAt(told, env, run, k, t, hidden) {
  const words = [];
  for (const { run: owner, label, coordinate = 0, value } of told) {
    if ((owner !== null && owner !== k) || hidden.includes(label)) continue;
    const found = value(recall(env, run, t, coordinate));
    if (!Number.isNaN(found)) words.push(`${label} ${format(found)}`);
  }
  return words.join(", ");
}

/** One rule at the scrubber's step, and what becomes of it. */
function sentenceFor(rule, run, now, end, step, steps) {
  if (run.divergedAt >= 0 && step >= run.divergedAt) {
    return `${rule.label}: diverged at step ${run.divergedAt}`;
  }
  const parts = now ? [`${now} at step ${step}`] : [`step ${step}`];
  if (run.divergedAt >= 0) parts.push(`diverges at step ${run.divergedAt}`);
  else if (step < steps && end) parts.push(`${end} at step ${steps}`);
  return `${rule.label}: ${parts.join(", ")}`;
}

/** The first step at which a goal holds for a run, or −1. */
function reachedAt(live, goal, k, run) {
  const env = live.environment(k), last = run.f.length - 1;
  if (run.divergedAt >= 0) return -1;
  const holds = (t) => {
    for (let i = 0; i < run.x.length; i++) if (!goal.when(recall(env, run, t, i))) return false;
    return true;
  };
  if (goal.at === "end") return holds(last) ? last : -1;
  for (let t = 0; t <= last; t++) if (holds(t)) return t;
  return -1;
}

/** Say what happened, once the hand rests. */
function bindWords(live) {
  const { spec, model } = live;
  const goal = spec.goal && { ...spec.goal, when: compile(spec.goal.js) };
  const says = live.find(".live-says"), told = toldOf(spec, model.rules);
  let timer = null;
  live.atEnd(() => clearTimeout(timer));

  function speak(shot) {
    const parts = [], done = [];
    model.rules.forEach((rule, k) => {
      if (!shot.shown[k]) return;
      const run = shot.runs[rule.label], at = goal ? reachedAt(live, goal, k, run) : -1;
      if (!told.length && run.divergedAt < 0 && live.notes.length) return; // the notes say it
      const env = live.environment(k), hidden = shot.values.hidden ?? [];
      const tell = (t) => tellAt(told, env, run, k, t, hidden);
      let text = sentenceFor(rule, run, tell(shot.step), tell(spec.steps), shot.step, spec.steps);
      if (at >= 0) text += goal.at === "end" ? ", goal reached" : `, goal reached at step ${at}`;
      if (at >= 0) done.push(rule.label);
      parts.push(text);
    });
    for (const note of live.notes) parts.push(...note(shot).filter(Boolean));
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
