/* What happened, in words. */

function sentenceFor(rule, run, steps, given) {
  if (run.divergedAt >= 0) return `${rule.label}: diverged at step ${run.divergedAt}`;
  if (given) return `${rule.label}: moved by ${format(run.x[0][steps] - run.x[0][0])} in ${steps} steps`;
  if (run.f.every((f) => f === 0)) return `${rule.label}: ${steps} steps`; // no landscape, no loss
  return `${rule.label}: loss ${format(run.f[steps])} after ${steps} steps`;
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
  const goal = spec.goal && { ...spec.goal, when: live.compile(spec.goal.key) };
  const says = live.find(".live-says");
  let timer = null;
  live.atEnd(() => clearTimeout(timer));

  function speak(shot) {
    const parts = [], done = [];
    model.rules.forEach((rule, k) => {
      if (!shot.shown[k]) return;
      const run = shot.runs[rule.label], at = goal?.only.includes(rule.label) ? reachedAt(live, goal, k, run) : -1;
      let text = sentenceFor(rule, run, spec.steps, spec.gradients);
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
