/* Bringing a figure to life: its values, its shots, and whatever draws or tells them. */

/**
 * Bring one figure to life; one that cannot be stands still, says so, and leaves the others alone.
 * @param {LiveRoot} root
 * @param {Kernel | null} kernel
 * @returns {Live | null}
 */
function hydrate(root, kernel = null) {
  if (root.live || "liveReady" in root.dataset) return root.live ?? null;
  /** @type {Live | null} */
  let live = null;
  try {
    const spec = /** @type {Spec} */ (JSON.parse(root.querySelector(".live-data")?.textContent ?? ""));
    if (spec.computed && !kernel) { // only Python can move it: the picture stays as it is
      standStill(root);
      return null;
    }
    live = makeLive(root, spec, kernel);
    const panels = openPanels(live), dials = bindDials(live), time = bindTime(live);
    const words = bindWords(live);
    bindButtons(live, time);
    live.drawers.unshift(panels);
    live.drawers.push(dials, words);
    if (kernel) followKernel(live, kernel);
    else followLinks(live);
    root.live = live;
    live.draw();
  } catch (error) {
    live?.dispose();
    standStill(root, error);
    return null;
  }
  if (root.live) root.dataset.liveReady = "";
  return root.live ?? null;
}

const hydrateAll = () => figuresOf(document).forEach((root) => hydrate(root));

/**
 * Leave a figure as it was drawn, without dials; with an error, say so.
 * @param {LiveRoot} root
 * @param {unknown} error
 */
function standStill(root, error = null) {
  root.classList.add("live-still");
  root.dataset.liveReady = "";
  if (error === null) return;
  console.error(`live figure ${root.id}:`, error);
  const note = root.querySelector(".live-note") ??
    root.querySelector(".live-panels")?.insertAdjacentElement("afterend", document.createElement("p"));
  if (!note) return;
  note.className = "live-note";
  note.textContent = "This figure stands still here: " +
    `${error instanceof Error ? error.message : String(error)}.`;
}

/**
 * A figure's state, without anything that moves or draws it.
 * @param {LiveRoot} root
 * @param {Spec} spec
 * @param {Kernel | null} kernel
 * @returns {Live}
 */
function makeLive(root, spec, kernel) {
  const model = makeModel(spec);
  /** @type {(() => void)[]} */
  const undo = [];
  /** @type {number | null} */
  let frame = null;
  let waiting = false;

  /** @type {Live} */
  const live = {
    root, spec, model, kernel, values: { ...spec.first }, shot: null, notes: [], drawers: [],
    alive: !spec.computed, states: Object.keys(spec.states),
    compile: (key) => /** @type {Traced} */ (model.compile(key)),
    find: (selector) => /** @type {any} */ (root.querySelector(selector)),
    all: (selector) => /** @type {any[]} */ ([...root.querySelectorAll(selector)]),

    listen(target, type, act, options) {
      target.addEventListener(type, act, options);
      undo.push(() => target.removeEventListener(type, act, options));
    },
    atEnd: (act) => undo.push(act),

    height(x) {
      const { shot } = live;
      if (!shot) return NaN;
      return live.alive ? heightAt(shot, x) : shot.rules[0].run.f[0];
    },

    /** Draw the values as they stand, with the runs that belong to them. */
    draw() {
      const given = live.alive ? null : runsOfKernel(live);
      if (!live.alive && !given) return;
      try {
        live.shot = model.shot(live.values, live.shot, given);
        for (const drawer of live.drawers) drawer(live.shot);
      } catch (error) {
        live.dispose();
        standStill(root, error);
      }
    },

    /** Take values over and draw them now. */
    set(values) {
      live.values = { ...live.values, ...values };
      live.draw();
    },

    /** What a reader's hand does. Input events come faster than frames: the first is drawn at
     * once, of the others before a frame only the last. */
    change(values) {
      live.values = { ...live.values, ...values };
      waiting = frame !== null;
      if (waiting) return;
      live.draw();
      live.tell();
      frame = requestAnimationFrame(() => {
        frame = null;
        if (waiting) live.change({});
      });
    },

    /** Set the figure to one of its states by name. */
    show(state) {
      if (!Object.hasOwn(spec.states, state)) {
        throw new Error(`no state ${state}; there are ${live.states.join(", ")}`);
      }
      live.change({ ...spec.first, ...spec.states[state] });
    },

    /** Tell the kernel, if there is one. */
    tell() {},

    get: () => ({
      values: { ...live.values },
      runs: Object.fromEntries(Object.entries(live.shot?.runs ?? {}).map(([label, run]) => [label, {
        x: Array.from(run.f, (_, t) => run.x.map((column) => column[t])), f: Array.from(run.f),
      }])),
    }),

    dispose() {
      undo.forEach((act) => act());
      live.all(".live-layer, .live-front, .live-switches").forEach((node) => node.remove());
      delete root.live;
      delete root.dataset.liveReady;
    },
  };
  undo.push(() => { if (frame !== null) cancelAnimationFrame(frame); });
  return live;
}

/**
 * Open all panels; the function returned draws those of the landscape that is chosen.
 * @param {Live} live
 * @returns {Drawer}
 */
function openPanels(live) {
  const { spec } = live;
  const panels = live.all(".live-panel").map((node, k) => {
    const svg = /** @type {SVGSVGElement} */ (node.querySelector("svg"));
    const panel = openPanel(svg, spec.panels[k]);
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", spec.panels[k].title || `Panel ${k + 1} of ${spec.panels.length}`);
    return { node, surface: spec.panels[k].surface, draw: PANELS[spec.panels[k].kind](panel, live) };
  });
  return (shot) => {
    for (const { node, surface, draw } of panels) {
      const here = surface === null || surface === shot.surfaceIndex;
      node.hidden = !here;
      if (here) draw(shot);
    }
  };
}
