/* In a notebook: values go to the kernel and come from it. */

/** What Python computed for a rule that has no JavaScript; the runs there are, if it has not yet. */
function runsOfKernel(live) {
  const columns = live.kernel.get("_computed"), runs = {};
  const numbers = (list) => list.map((v) => (v === null ? NaN : v));
  for (const { label } of live.model.rules) {
    const c = columns[label];
    if (!c) return live.runs;
    const f = numbers(c.f), state = {};
    for (const name in c.state) state[name] = c.state[name].map(numbers);
    const x = c.x.map(numbers), divergedAt = f.findIndex((v, t) =>
      !Number.isFinite(v) || x.some((column) => !(Math.abs(column[t]) <= live.spec.diverged)));
    runs[label] = { x, f, g: c.g.map(numbers), dx: c.dx.map(numbers), state, divergedAt };
  }
  return runs;
}

/** Tell the kernel, at most every 80 ms; what it says in the meantime is older than the hand. */
function followKernel(live) {
  const { kernel } = live;
  let telling = null;
  live.tell = () => {
    if (telling) return;
    telling = setTimeout(() => {
      telling = null;
      kernel.set("values", { ...live.values });
      kernel.save_changes();
    }, 80);
  };
  const hear = () => { if (!telling) live.set(kernel.get("values")); };
  kernel.on("change:values", hear);
  kernel.on("change:_computed", live.draw);
  live.atEnd(() => {
    clearTimeout(telling);
    kernel.off("change:values", hear);
    kernel.off("change:_computed", live.draw);
  });
  for (const node of live.all("input, select, button, [tabindex]")) {
    node.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes arrow keys and Enter
  }
  live.values = { ...live.values, ...kernel.get("values") };
}
