/* In a notebook: values go to the kernel and come from it. */

/**
 * What Python computed for a rule that has no JavaScript; null until it has.
 * @param {Live} live
 */
function runsOfKernel({ kernel, model, spec }) {
  const columns = kernel?.get("_computed") ?? {};
  /** @type {Record<string, Run>} */
  const runs = {};
  const numbers = (/** @type {(number | null)[]} */ list) => Float64Array.from(list, (v) => v ?? NaN);
  for (const { label } of model.rules) {
    const c = columns[label];
    if (!c) return null;
    const f = numbers(c.f), x = c.x.map(numbers);
    /** @type {Record<string, Float64Array[]>} */
    const state = {};
    for (const name in c.state) state[name] = c.state[name].map(numbers);
    const divergedAt = f.findIndex((v, t) => !Number.isFinite(v) ||
      x.some((/** @type {Float64Array} */ column) => !(Math.abs(column[t]) <= spec.diverged)));
    runs[label] = { x, f, g: c.g.map(numbers), dx: c.dx.map(numbers), state, divergedAt };
  }
  return runs;
}

/**
 * Tell the kernel, at most every 80 ms; what it says in the meantime is older than the hand.
 * @param {Live} live
 * @param {Kernel} kernel
 */
function followKernel(live, kernel) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let telling = null;
  live.tell = () => {
    telling ??= setTimeout(() => {
      telling = null;
      kernel.set("values", { ...live.values });
      kernel.save_changes();
    }, 80);
  };
  const hear = () => { if (!telling) live.set(kernel.get("values")); };
  kernel.on("change:values", hear);
  kernel.on("change:_computed", live.draw);
  live.atEnd(() => {
    if (telling) clearTimeout(telling);
    kernel.off("change:values", hear);
    kernel.off("change:_computed", live.draw);
  });
  for (const node of live.all("input, select, button, [tabindex]")) {
    node.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes arrow keys and Enter
  }
  live.values = { ...live.values, ...kernel.get("values") };
}

/**
 * Markup whose ids are another view's own: a notebook may show one widget in several places.
 * @param {string} html
 * @param {number} view
 */
function withOwnIds(html, view) {
  const id = html.match(/ data-live id="([^"]+)"/)?.[1];
  if (!id || view === 1) return html;
  const own = new RegExp(`( (?:id|for|aria-describedby)="|(?:href|xlink:href)="#|url\\(#)${id}(?=["-])`, "g");
  return html.replace(own, `$1${id}-view${view}`);
}

/**
 * Show a widget: anywidget's `render`.
 * @param {{ model: Kernel, el: HTMLElement }} widget
 */
function render({ model, el }) {
  const page = /** @type {{ liveViews?: Record<string, number> }} */ (globalThis);
  const views = page.liveViews ??= {}, html = model.get("_html");
  const id = html.match(/ data-live id="([^"]+)"/)?.[1] ?? "";
  views[id] = (views[id] ?? 0) + 1;
  el.innerHTML = withOwnIds(html, views[id]);
  const live = hydrate(/** @type {LiveRoot} */ (el.querySelector("[data-live]")), model);
  return () => live?.dispose();
}
