/* Links: #name goes to a figure, #name/state and #name?lr=0.1&step=3 also set it. */

/**
 * The parts of a link.
 * @param {string} hash
 */
function readLink(hash) {
  const [target, query = ""] = hash.replace(/^#/, "").split("?");
  const [id, state = ""] = target.split("/");
  return { id, state, query };
}

/**
 * How far the start can be dragged: the axes of the panels that have its ring, else the landscapes.
 * @param {Spec} spec
 */
function reachOf({ panels, surfaces }) {
  const rings = panels.filter(({ kind }) => kind === "map" || kind === "ball").map(({ kind, x, y }) =>
    (kind === "map" ? [x, y] : [x]).map(({ low, high }) => [low, high]));
  return rings.length ? rings : surfaces.map(({ domain }) => domain);
}

/**
 * Values from a link: a state's, or numbers in range; all else is ignored.
 * @param {string} hash
 * @param {Spec} spec
 * @returns {Partial<Values>}
 */
function parseLink(hash, spec) {
  const { id, state, query } = readLink(hash);
  if (id !== spec.id && !spec.formerly.includes(id)) return {};
  if (state) return Object.hasOwn(spec.states, state) ? { ...spec.first, ...spec.states[state] } : {};
  return parseQuery(query, spec);
}

/**
 * @param {string} query
 * @param {Spec} spec
 */
function parseQuery(query, spec) {
  /** @type {Partial<Values>} */
  const found = {};
  if (!query) return found;
  const given = new URLSearchParams(query);
  const number = (/** @type {string | null} */ text) => (text && text.trim() ? Number(text) : NaN);
  const list = (/** @type {string} */ name) => (given.get(name) ?? "").split(",").map(number);
  /** Some of these labels, in their order; a label may have a comma of its own. */
  const chosen = (/** @type {string} */ name, /** @type {string[]} */ labels) => {
    const asked = given.get(name), some = labels.filter((label) => `,${asked},`.includes(`,${label},`));
    return asked !== null && some.join(",") === asked ? { [name]: some } : {};
  };
  for (const control of spec.controls) {
    const value = number(given.get(control.name));
    const possible = control.switch ? value === 0 || value === 1
      : value >= control.low && value <= control.high;
    if (possible) found[control.name] = value;
  }
  const start = list("start");
  const inside = (/** @type {number} */ u, /** @type {number} */ i) =>
    reachOf(spec).some((axes) => u >= axes[i][0] && u <= axes[i][1]);
  if (start.length === spec.first.start.length && start.every(inside)) found.start = start;
  const gradients = list("gradients");
  if (spec.gradients && gradients.length === spec.steps && gradients.every((g) => Math.abs(g) <= 1e6)) {
    found.gradients = gradients;
  }
  const step = number(given.get("step"));
  if (Number.isInteger(step) && step >= 0 && step <= spec.steps) found.step = step;
  Object.assign(found, chosen("shown", spec.runs.map(({ label }) => label)));
  if (spec.switched.length) Object.assign(found, chosen("hidden", spec.switched));
  const surface = spec.surfaces.find(({ name }) => name === given.get("surface"));
  if (surface && spec.surfaces.length > 1) found.surface = surface.name;
  return found;
}

/**
 * The link that restores these values.
 * @param {Spec} spec
 * @param {Values} values
 */
function writeLink(spec, values) {
  const query = Object.entries(values).map(([key, value]) =>
    `${encodeURIComponent(key)}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value)}`);
  return `#${spec.id}?${query.join("&")}`;
}

/**
 * What differs from a figure's first values, as Python.
 * @param {Spec} spec
 * @param {Values} values
 */
function writePython({ first }, values) {
  const moved = Object.entries(values).filter(([key, value]) =>
    JSON.stringify(value) !== JSON.stringify(first[key]));
  const given = (moved.length ? moved : Object.entries(values)).map(([key, value]) =>
    `${JSON.stringify(key)}: ${JSON.stringify(value).replaceAll(",", ", ")}`);
  return `fig.values = {${given.join(", ")}}`;
}

/**
 * All live figures of a page.
 * @param {ParentNode} page
 * @returns {LiveRoot[]}
 */
const figuresOf = (page) => [...page.querySelectorAll("[data-live]")].map((root) =>
  /** @type {LiveRoot} */ (root));

/**
 * The figure that a link leads to, by its name or an older id.
 * @param {ParentNode} page
 * @param {string} hash
 */
function figureNamed(page, hash) {
  const { id } = readLink(hash);
  return figuresOf(page).find((root) =>
    id && (root.id === id || root.dataset.formerly?.split(" ").includes(id)));
}

/**
 * Open the state of a link to this figure, now and when the address changes.
 * @param {Live} live
 */
function followLinks(live) {
  const { root, spec } = live;
  /** Go there, where the browser does not by itself. */
  const arrive = (/** @type {string} */ hash, /** @type {boolean} */ moved) => {
    if (moved || spec.formerly.includes(readLink(hash).id)) root.scrollIntoView();
  };
  live.listen(window, "hashchange", () => {
    const found = parseLink(location.hash, spec), moved = Object.keys(found).length > 0;
    if (moved) live.set(found);
    arrive(location.hash, moved);
  });
  const linked = parseLink(location.hash, spec);
  live.values = { ...live.values, ...linked };
  arrive(location.hash, Object.keys(linked).length > 0);
}

/**
 * Let links in the text set figures without scrolling away from them; the address keeps the link.
 * @param {Document} page
 */
function followProse(page) {
  page.addEventListener("click", (event) => {
    const { defaultPrevented, button, metaKey, ctrlKey, shiftKey, altKey, target } = event;
    if (defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
    const link = target instanceof Element && target.closest("a[href*='#']");
    if (!(link instanceof HTMLAnchorElement) || !link.hash) return;
    if (link.href.split("#")[0] !== page.location.href.split("#")[0]) return; // another page's
    const root = figureNamed(page, link.hash), live = root && hydrate(root);
    const found = live ? parseLink(link.hash, live.spec) : {};
    if (!live || !Object.keys(found).length) return;
    event.preventDefault();
    live.change(found);
    history.replaceState(null, "", link.hash);
  });
}
