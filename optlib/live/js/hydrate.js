/* Bringing a figure to life: its values, its runs, and whatever draws or tells them. */

function hydrate(root, kernel = null) {
  if (root.live) return root.live;
  const spec = JSON.parse(root.querySelector(".live-data").textContent);
  if (spec.computed && !kernel) { // only Python can move it: the picture stays as it is
    root.classList.add("live-still");
    root.dataset.liveReady = "";
    return null;
  }
  const live = makeLive(root, spec, kernel);
  const panels = openPanels(live);
  const dials = bindDials(live);
  const time = bindTime(live);
  const words = bindWords(live);
  bindButtons(live, time);
  live.drawers.push((shot) => panels(shot), (shot) => dials(shot), (shot) => words(shot));
  if (kernel) followKernel(live);
  else followLinks(live);
  root.live = live;
  live.draw();
  root.dataset.liveReady = "";
  return live;
}

const hydrateAll = () => document.querySelectorAll("[data-live]").forEach((root) => hydrate(root));

/** A figure's state, without anything that moves or draws it. */
function makeLive(root, spec, kernel) {
  const model = makeModel(spec), undo = [];
  let computedFor = null, frame = null, waiting = false;

  const live = {
    root, spec, model, kernel, values: { ...spec.first }, runs: {}, notes: [], drawers: [],
    alive: !spec.computed,
    find: (selector) => root.querySelector(selector),
    all: (selector) => [...root.querySelectorAll(selector)],

    listen(target, type, handler, options) {
      target.addEventListener(type, handler, options);
      undo.push(() => target.removeEventListener(type, handler, options));
    },
    atEnd: (act) => undo.push(act),

    // What panels ask for.
    height: (x) => {
      if (!live.alive) return live.runs[model.rules[0].label].f[0];
      const { surface, p } = model.resolve(live.values);
      return surface.run(p, x)[0];
    },
    surfaceKey: () => {
      const { surface, p } = model.resolve(live.values);
      return surface.name + JSON.stringify(p);
    },
    environment: (k) => model.environment(live.values, k),

    /** Draw the values as they stand, with the runs that belong to them. */
    draw() {
      const { step, shown, ...rest } = live.values, key = JSON.stringify(rest);
      if (!live.alive) {
        live.runs = runsOfKernel(live);
      } else if (key !== computedFor) {
        live.runs = model.compute(live.values);
        computedFor = key;
      }
      if (!Object.keys(live.runs).length) return;
      const labels = model.rules.map(({ label }) => label);
      const shot = {
        values: live.values, runs: live.runs, step,
        shown: labels.map((label) => shown.includes(label)),
      };
      for (const drawer of live.drawers) drawer(shot);
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

    /** Tell the kernel, if there is one. */
    tell() {},

    get: () => ({
      values: { ...live.values },
      runs: Object.fromEntries(Object.entries(live.runs).map(([label, run]) => [label, {
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
  undo.push(() => cancelAnimationFrame(frame));
  return live;
}

/** Open all panels; the function returned draws those of the landscape that is chosen. */
function openPanels(live) {
  const { spec, model } = live;
  const panels = live.all(".live-panel").map((node, k) => {
    const panel = openPanel(node.querySelector("svg"), spec.panels[k]);
    panel.svg.setAttribute("role", "group");
    panel.svg.setAttribute("aria-label", spec.panels[k].title || `Panel ${k + 1} of ${spec.panels.length}`);
    return { node, surface: spec.panels[k].surface, draw: PANELS[spec.panels[k].kind](panel, live) };
  });
  return (shot) => {
    const now = model.surfaceIndex(shot.values);
    for (const panel of panels) {
      const here = panel.surface === null || panel.surface === now;
      panel.node.hidden = !here;
      if (here) panel.draw(shot);
    }
  };
}
