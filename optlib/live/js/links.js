/* Links that restore a state. */

/** Values from a link such as #id?lr=0.1&start=1,2: numbers in range, all else ignored. */
function parseLink(hash, model) {
  const [id, query] = hash.replace(/^#/, "").split("?");
  const { spec } = model, found = {};
  if (id !== spec.id || !query) return found;
  const given = new URLSearchParams(query);
  const number = (text) => (text && text.trim() ? Number(text) : NaN);
  for (const { name, low, high } of spec.controls) {
    const value = number(given.get(name));
    if (Number.isFinite(value) && value >= low && value <= high) found[name] = value;
  }
  const start = (given.get("start") || "").split(",").map(number);
  const inside = (u, i) => spec.surfaces.some(({ domain }) => u >= domain[i][0] && u <= domain[i][1]);
  if (given.get("start") && start.length === spec.start.length && start.every((u, i) => Number.isFinite(u) && inside(u, i))) {
    found.start = start;
  }
  const gradients = (given.get("gradients") || "").split(",").map(number);
  if (spec.gradients && given.get("gradients") && gradients.length === spec.steps &&
      gradients.every((g) => Math.abs(g) <= 1e6)) {
    found.gradients = gradients;
  }
  const step = number(given.get("step"));
  if (Number.isInteger(step) && step >= 0 && step <= spec.steps) found.step = step;
  if (given.has("shown")) {
    const asked = given.get("shown"); // a label may have a comma of its own
    const shown = spec.runs.map(({ label }) => label).filter((label) => `,${asked},`.includes(`,${label},`));
    if (shown.join(",") === asked) found.shown = shown;
  }
  if (spec.surfaces.some(({ name }) => name === given.get("surface"))) found.surface = given.get("surface");
  return found;
}

function writeLink(spec, values) {
  const query = Object.entries(values).map(([key, value]) =>
    `${encodeURIComponent(key)}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value)}`);
  return `#${spec.id}?${query.join("&")}`;
}

/** Open the state of a link to this figure, now and when the address changes. */
function followLinks(live) {
  const { root, model } = live;
  const follow = () => {
    const found = parseLink(location.hash, model);
    if (!Object.keys(found).length) return;
    live.set(found);
    root.scrollIntoView();
  };
  live.listen(window, "hashchange", follow);
  const linked = parseLink(location.hash, model);
  live.values = { ...live.values, ...linked };
  if (Object.keys(linked).length) root.scrollIntoView();
}
