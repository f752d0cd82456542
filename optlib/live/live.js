/* Live figures: moves what matplotlib drew, with rules traced from Python (see figure.py).
 *
 * A classic script without dependencies, so that it also runs from a file: it defines `Live` and,
 * on a page, brings every [data-live] to life. Three floors: numbers, simulation (no DOM), drawing.
 * Names are those of the Python side: x, g, dx, f, hp (hyperparameters), state, t.
 */
const Live = (() => {
  "use strict";

  // ---- Numbers ---------------------------------------------------------------------------------

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  /** How sliders spread their values: `to` a scale on which equal moves are equal, and back. */
  const SCALES = {
    linear: { to: (v) => v, from: (u) => u },
    log: { to: Math.log10, from: (u) => 10 ** u },
    decay: { to: (v) => -Math.log10(1 - v), from: (u) => 1 - 10 ** -u },
  };

  const tickOf = (control, value) => {
    const { to } = SCALES[control.scale], low = to(control.low);
    return Math.round(((to(value) - low) / (to(control.high) - low)) * control.ticks);
  };

  const valueOf = (control, tick) => {
    if (tick <= 0) return control.low;
    if (tick >= control.ticks) return control.high;
    const { to, from } = SCALES[control.scale], low = to(control.low);
    const value = from(low + (tick / control.ticks) * (to(control.high) - low));
    return Number(value.toPrecision(12));
  };

  /** Three significant digits, with a true minus and no needless zeros. */
  const format = (value) => {
    if (Number.isNaN(value)) return "not a number";
    if (!Number.isFinite(value)) return value > 0 ? "infinite" : "−infinite";
    const size = Math.abs(value);
    const close = size > 0.9 && size < 1 ? 4 : 3;
    const text = size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(1) : String(Number(value.toPrecision(close)));
    return text.replace("-", "−").replace("e+", "e").replace("e-", "e−");
  };

  const scramble = (counter) => {
    let k = counter >>> 0;
    k = Math.imul(k ^ (k >>> 16), 0x21f0aaad);
    k = Math.imul(k ^ (k >>> 15), 0x735a2d97);
    return (k ^ (k >>> 15)) >>> 0;
  };

  /** The standard normal numbers of noise.py. */
  const normals = (seed, count) => {
    const base = scramble(seed), numbers = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const first = (scramble(base + 2 * i) + 0.5) / 2 ** 32;
      const second = (scramble(base + 2 * i + 1) + 0.5) / 2 ** 32;
      numbers[i] = Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
    }
    return numbers;
  };

  // ---- Simulation ------------------------------------------------------------------------------

  const compile = (source) => new Function(`"use strict"; return ${source};`)();

  /** Descend: `rule(hp, g, s, t, x)` per coordinate, `surface(p, x) -> [f, gradient]`. */
  function simulate({ rule, hp, state, surface, p, start, steps, noise, limit }) {
    const dim = start.length, names = Object.keys(state);
    const cells = new Float64Array((steps + 1) * (1 + dim * (3 + names.length)));
    let taken = 0; // one piece of memory for all columns: asking for each costs more than a run
    const column = (length) => cells.subarray(taken, taken += length);
    const columns = (length) => start.map(() => column(length));
    const run = {
      x: columns(steps + 1), f: column(steps + 1), g: columns(steps), dx: columns(steps),
      state: {}, divergedAt: -1,
    };
    for (const name of names) run.state[name] = columns(steps);
    const x = start.slice(), memory = start.map(() => ({ ...state }));
    const lost = (f) => {
      for (const u of x) if (!(Math.abs(u) <= limit)) return true;
      return !Number.isFinite(f);
    };
    let [f, gradient] = surface(p, x);
    for (let i = 0; i < dim; i++) run.x[i][0] = x[i];
    run.f[0] = f;
    if (lost(f)) run.divergedAt = 0;
    for (let t = 1; t <= steps; t++) {
      for (let i = 0; i < dim; i++) {
        const g = noise ? gradient[i] + noise.sigma * noise.numbers[(t - 1) * dim + i] : gradient[i];
        const [dx, after] = rule(hp, g, memory[i], t, x[i]);
        memory[i] = after;
        run.g[i][t - 1] = g;
        run.dx[i][t - 1] = dx;
        for (const name of names) run.state[name][i][t - 1] = after[name];
        x[i] += dx;
        run.x[i][t] = x[i];
      }
      [f, gradient] = surface(p, x);
      run.f[t] = f;
      if (run.divergedAt < 0 && lost(f)) run.divergedAt = t;
    }
    return run;
  }

  /** "Adam.beta1" -> ["Adam", "beta1"]; "lr" -> [null, "lr"]. */
  const splitName = (name) => {
    const dot = name.lastIndexOf(".");
    return dot < 0 ? [null, name] : [name.slice(0, dot), name.slice(dot + 1)];
  };

  /** A figure without its picture: values in, runs out. */
  function makeModel(spec) {
    const surfaces = spec.surfaces.map((s) => ({ ...s, run: s.js && compile(s.js) }));
    const rules = spec.runs.map((r) => ({ ...r, update: r.js && compile(r.js) }));
    const derived = Object.entries(spec.derived).map(([name, js]) => [...splitName(name), compile(js)]);
    const numbers = spec.noise && normals(spec.noise.seed, spec.steps * spec.start.length);

    const surfaceIndex = (values) =>
      Math.max(0, surfaces.findIndex((s) => s.name === values.surface));

    /** Sliders by their bare names; a rule's own hide others of that name. */
    const dialsOf = (values, label) => {
      const near = [{}, {}, {}];
      for (const { name } of spec.controls) {
        const [owner, field] = splitName(name);
        near[owner === label ? 2 : owner === null || owner === "surface" ? 1 : 0][field] = values[name];
      }
      return Object.assign(...near);
    };

    const resolve = (values) => {
      const surface = surfaces[surfaceIndex(values)], p = { ...surface.parameters };
      const hps = rules.map((rule) => ({ ...rule.parameters }));
      for (const { name } of spec.controls) {
        const [owner, field] = splitName(name);
        if (owner === "surface") p[field] = values[name];
        else rules.forEach((rule, k) => {
          if ((owner === null || owner === rule.label) && field in hps[k]) hps[k][field] = values[name];
        });
      }
      for (const [owner, field, compute] of derived) {
        hps[rules.findIndex((rule) => rule.label === owner)][field] = compute(dialsOf(values, owner));
      }
      return { surface, p, hps };
    };

    const compute = (values) => {
      const { surface, p, hps } = resolve(values), runs = {};
      const noise = spec.gradients ? { sigma: 1, numbers: values.gradients }
        : spec.noise && { sigma: values.noise ?? spec.noise.sigma, numbers };
      rules.forEach((rule, k) => {
        runs[rule.label] = simulate({
          rule: rule.update, hp: hps[k], state: rule.state, surface: surface.run, p,
          start: values.start, steps: spec.steps, noise, limit: spec.diverged,
        });
      });
      return runs;
    };

    /** The numbers that functions may name and that stay the same during a run. */
    const environment = (values, k) => {
      const { p, hps } = resolve(values), own = {};
      for (const { name } of spec.controls) {
        const [owner, field] = splitName(name);
        const overruled = owner === null && `${rules[k].label}.${field}` in spec.derived;
        if ((owner === null || owner === "surface" || owner === rules[k].label) && !overruled) {
          own[field] = values[name];
        }
      }
      return { noise: spec.noise && spec.noise.sigma, ...p, ...hps[k], ...own };
    };

    return { spec, surfaces, rules, surfaceIndex, resolve, compute, environment };
  }

  /** Put what step t recorded for one coordinate into an environment. */
  function recall(environment, run, t, coordinate) {
    environment.t = t;
    environment.f = run.f[t];
    environment.x = run.x[coordinate][t];
    if (t > 0) {
      environment.x_before = run.x[coordinate][t - 1];
      environment.g = run.g[coordinate][t - 1];
      environment.dx = run.dx[coordinate][t - 1];
      for (const name in run.state) environment[name] = run.state[name][coordinate][t - 1];
    }
    return environment;
  }

  /** Where contours of height `level` cross a grid of heights: [x1, y1, x2, y2, …], grid units. */
  function marchingSquares(heights, width, height, level) {
    const segments = [];
    const between = (a, b) => (level - a) / (b - a);
    for (let j = 0; j + 1 < height; j++) {
      for (let i = 0; i + 1 < width; i++) {
        const a = heights[j * width + i], b = heights[j * width + i + 1];
        const d = heights[(j + 1) * width + i], c = heights[(j + 1) * width + i + 1];
        const crossings = [];
        if (a < level !== b < level) crossings.push(i + between(a, b), j);
        if (b < level !== c < level) crossings.push(i + 1, j + between(b, c));
        if (d < level !== c < level) crossings.push(i + between(d, c), j + 1);
        if (a < level !== d < level) crossings.push(i, j + between(a, d));
        for (let k = 0; k + 3 < crossings.length; k += 4) segments.push(...crossings.slice(k, k + 4));
      }
    }
    return segments;
  }

  // ---- Drawing ---------------------------------------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const FAR = 5000; // beyond this many points outside the picture a line may as well end

  const element = (parent, name, attributes = {}) => {
    const node = parent.ownerDocument.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    parent.appendChild(node);
    return node;
  };

  /** An axis as functions: value to SVG coordinate, and back. */
  function makeAxis({ scale, a, b, low, high }) {
    const { to, from } = SCALES[scale];
    return {
      low, high, scale,
      at: (value) => {
        const u = a * to(scale === "log" ? Math.max(value, low * 1e-3) : value) + b;
        return u > FAR ? FAR : u < -FAR ? -FAR : u;
      },
      back: (u) => clamp(from((u - b) / a), low, high),
      nudge: (value, share) => clamp(from(to(value) + share * (to(high) - to(low))), low, high),
      holds: (value) => value >= low && value <= high,
    };
  }

  /** Tenths as text: looked up, as writing decimals is most of a drawing's work. */
  const TENTHS = new Array(10000);
  const spell = (k) => (k >= 0 && k < TENTHS.length ? (TENTHS[k] ??= String(k / 10)) : String(k / 10));

  /** A path through points; what is not a number leaves a gap, and standing still adds nothing. */
  function pathOf(count, xAt, yAt, first = 0) {
    let d = "", pen = "M", i = 0, j = 0;
    for (let t = first; t < count; t++) {
      const x = xAt(t), y = yAt(t);
      if (x !== x || y !== y) { pen = "M"; continue; }
      const toI = Math.round(x * 10), toJ = Math.round(y * 10);
      if (pen === "L" && toI === i && toJ === j) continue;
      d += pen + spell(toI) + " " + spell(toJ);
      [pen, i, j] = ["L", toI, toJ];
    }
    return d;
  }

  /** What a panel starts from: its SVG, axes, and the lines that matplotlib left for it. */
  function openPanel(svg, spec) {
    const x = makeAxis(spec.x), y = makeAxis(spec.y);
    const [left, right] = [x.at(spec.x.low), x.at(spec.x.high)].sort((a, b) => a - b);
    const [top, bottom] = [y.at(spec.y.low), y.at(spec.y.high)].sort((a, b) => a - b);
    const clip = svg.querySelector("clipPath");
    const frame = { left, right, top, bottom };
    const clipped = clip ? { "clip-path": `url(#${clip.id})` } : {};
    const layer = element(svg, "g", { class: "live-layer", ...clipped });
    const front = element(svg, "g", { class: "live-front" });
    const line = (gid) => {
      const group = svg.querySelector(`[id$="-${gid}"]`);
      return group && (group.querySelector("path") || element(group, "path", { fill: "none" }));
    };
    return { svg, spec, x, y, frame, layer, front, line };
  }

  const setPath = (path, d) => path && path.setAttribute("d", d);
  const show = (node, visible) => node && (node.style.display = visible ? "" : "none");

  /** Something to drag: a point with a large hit area that also obeys the arrow keys. */
  function makeHandle(panel, live, { name, get, set, free }) {
    const { svg, x, y } = panel;
    const node = element(panel.front, "g", { class: "live-handle", tabindex: "0", role: "slider",
      "aria-label": name, "aria-valuemin": x.low, "aria-valuemax": x.high });
    const hit = element(node, "circle", { class: "live-hit", r: 24 });
    element(node, "circle", { class: "live-ring", r: 7 });
    const toValue = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      return [x.back(point.x), y.back(point.y)];
    };
    const inFrame = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      const { left, right, top, bottom } = panel.frame;
      return point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
    };
    // Asked for when the size changes only: the answer costs a layout of the page.
    const fit = new ResizeObserver(() => {
      const scale = svg.getScreenCTM()?.a;
      if (scale) hit.setAttribute("r", Math.max(13 / scale, 9).toFixed(1));
    });
    fit.observe(svg);
    live.atEnd(() => fit.disconnect());
    let dragging = false;
    live.listen(node, "pointerdown", (event) => {
      dragging = true;
      node.setPointerCapture(event.pointerId);
      node.focus({ preventScroll: true });
      event.preventDefault();
    });
    live.listen(node, "pointermove", (event) => { if (dragging) set(...toValue(event)); });
    for (const end of ["pointerup", "pointercancel"]) {
      live.listen(node, end, () => { dragging = false; });
    }
    live.listen(svg, "click", (event) => {
      if (!node.contains(event.target) && inFrame(event)) set(...toValue(event));
    });
    live.listen(node, "keydown", (event) => {
      const share = event.shiftKey ? 0.002 : 0.02;
      const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
        ArrowDown: [0, -1] }[event.key] || [0, 0];
      if (!dx && !dy) return;
      event.preventDefault();
      const [u, v] = get();
      set(x.nudge(u, dx * share), free === "x" ? v : y.nudge(v, dy * share));
    });
    return {
      move: () => {
        const [u, v] = get();
        node.setAttribute("transform", `translate(${x.at(u).toFixed(1)} ${y.at(v).toFixed(1)})`);
        node.setAttribute("aria-valuenow", u);
        node.setAttribute("aria-valuetext", free === "x" ? format(u) : `${format(u)}, ${format(v)}`);
      },
    };
  }

  /** Balls that mark where each run is at the scrubber's step. */
  function makeBalls(panel, live, place) {
    const balls = live.model.rules.map((rule) => {
      const ball = element(panel.layer, "circle", { class: "live-ball", r: 4.5 });
      ball.style.fill = rule.colour;
      return ball;
    });
    return (shot) => live.model.rules.forEach((rule, k) => {
      const [x, y] = place(shot.runs[rule.label], shot.step);
      const visible = shot.shown[k] && x === x && y === y;
      show(balls[k], visible);
      if (visible) {
        balls[k].setAttribute("cx", x.toFixed(1));
        balls[k].setAttribute("cy", y.toFixed(1));
      }
    });
  }

  /** Dots on the steps of a path, as long as they are few enough to be told apart. */
  function makeDots(panel, live) {
    const dots = live.model.rules.map((rule) => {
      const path = element(panel.layer, "path", { class: "live-dots" });
      path.style.stroke = rule.colour;
      return path;
    });
    return (shot, xOf, yOf) => live.model.rules.forEach((rule, k) => {
      const run = shot.runs[rule.label];
      const few = shot.shown[k] && shot.step <= 150;
      let d = "";
      for (let t = 0; few && t <= shot.step; t++) {
        const x = xOf(run, t), y = yOf(run, t);
        if (x === x && y === y) d += `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
      }
      setPath(dots[k], d);
    });
  }

  const startHandle = (panel, live, free) => makeHandle(panel, live, {
    name: free === "x" ? "Start: arrow keys move it" : "Start: drag it, or move it with arrow keys",
    free,
    get: () => {
      const { start } = live.values;
      return free === "x" ? [start[0], live.height(start)] : start;
    },
    set: (u, v) => live.change({ start: free === "x" ? [u] : [u, v] }),
  });

  // Each panel: (panel, live) -> draw(shot), where shot = {values, runs, step, shown}.
  const PANELS = {
    map(panel, live) {
      const { x, y, spec } = panel;
      const lines = live.model.rules.map((_, k) => panel.line(`run-${k}`) ||
        element(panel.layer, "path", { class: "live-line" }));
      lines.forEach((line, k) => { line.style.stroke = live.model.rules[k].colour; });
      const drawDots = makeDots(panel, live);
      const drawBalls = makeBalls(panel, live, (run, t) => [x.at(run.x[0][t]), y.at(run.x[1][t])]);
      const arrows = makeArrows(panel, live);
      const handle = startHandle(panel, live);
      const contours = makeContours(panel, live);
      return (shot) => {
        contours(shot);
        live.model.rules.forEach((rule, k) => {
          const run = shot.runs[rule.label];
          show(lines[k], shot.shown[k]);
          if (shot.shown[k]) {
            setPath(lines[k], pathOf(shot.step + 1, (t) => x.at(run.x[0][t]), (t) => y.at(run.x[1][t])));
          }
        });
        drawDots(shot, (run, t) => x.at(run.x[0][t]), (run, t) => y.at(run.x[1][t]));
        drawBalls(shot);
        arrows(shot);
        handle.move();
      };
    },

    loss(panel, live) {
      const { x, y } = panel;
      const lines = live.model.rules.map((_, k) => panel.line(`run-${k}`));
      const cursor = makeCursor(panel);
      return (shot) => {
        live.model.rules.forEach((rule, k) => {
          const { f } = shot.runs[rule.label];
          show(lines[k], shot.shown[k]);
          if (shot.shown[k]) setPath(lines[k], pathOf(f.length, x.at, (t) => y.at(f[t])));
        });
        cursor(shot.step);
      };
    },

    ball(panel, live) {
      const { x, y } = panel;
      const curve = panel.line("curve");
      const lines = live.model.rules.map((_, k) => panel.line(`run-${k}`));
      const drawDots = makeDots(panel, live);
      const drawBalls = makeBalls(panel, live, (run, t) => [x.at(run.x[0][t]), y.at(run.f[t])]);
      const handle = startHandle(panel, live, "x");
      let drawn = null;
      return (shot) => {
        const key = live.surfaceKey();
        if (key !== drawn) {
          const grid = (i) => x.low + (i / 240) * (x.high - x.low);
          if (live.alive) setPath(curve, pathOf(241, (i) => x.at(grid(i)), (i) => y.at(live.height([grid(i)]))));
          drawn = key;
        }
        live.model.rules.forEach((rule, k) => {
          const run = shot.runs[rule.label];
          show(lines[k], shot.shown[k] && shot.step <= 150);
          setPath(lines[k], pathOf(shot.step + 1, (t) => x.at(run.x[0][t]), (t) => y.at(run.f[t])));
        });
        drawDots(shot, (run, t) => x.at(run.x[0][t]), (run, t) => y.at(run.f[t]));
        drawBalls(shot);
        handle.move();
      };
    },

    series(panel, live) {
      const { x, y, spec } = panel;
      const lines = spec.lines.map((line, k) => ({
        ...line, path: panel.line(`line-${k}`), value: compile(line.js),
        first: firstStep(line.names, live.model.rules[line.run]),
      }));
      const hidden = new Set();
      if (spec.switches) makeSwitches(panel, live, [...new Set(lines.map((line) => line.label))], hidden);
      const guides = spec.guides.map((guide, k) => ({
        ...guide, path: panel.line(`guide-${k}`), value: compile(guide.js),
      }));
      const names = spec.named ? lines : guides;
      const labels = names.map((item) => {
        const colour = spec.named ? item.path.style.stroke : "var(--muted)";
        const text = element(panel.front, "text", { class: "live-label", "text-anchor": "end" });
        text.style.fill = colour;
        return text;
      });
      const cursor = makeCursor(panel);
      const place = (k, height) => {
        const visible = y.holds(height);
        show(labels[k], visible);
        if (!visible) return;
        labels[k].textContent = names[k].label;
        labels[k].setAttribute("x", panel.frame.right - 3);
        labels[k].setAttribute("y", (y.at(height) - 4).toFixed(1));
      };
      return (shot) => {
        lines.forEach((line, k) => {
          const rule = live.model.rules[line.run], run = shot.runs[rule.label];
          const visible = shot.shown[line.run] && !hidden.has(line.label);
          show(line.path, visible);
          if (!visible) { if (spec.named) show(labels[k], false); return; }
          const env = live.environment(line.run);
          const value = (t) => line.value(recall(env, run, t, spec.coordinate));
          setPath(line.path, pathOf(run.f.length, x.at, (t) => y.at(value(t)), line.first));
          if (spec.named) place(k, value(run.f.length - 1));
        });
        guides.forEach((guide, k) => {
          const height = guide.value(live.environment(guide.run));
          show(guide.path, shot.shown[guide.run] && y.holds(height));
          const at = y.at(height).toFixed(1);
          setPath(guide.path, `M${panel.frame.left} ${at}H${panel.frame.right}`);
          if (!spec.named) place(k, shot.shown[guide.run] ? height : NaN);
        });
        cursor(shot.step);
      };
    },

    phase(panel, live) {
      const [first, second] = panel.spec.names;
      const handle = makeHandle(panel, live, {
        name: "Point on the map: drag it, or move it with arrow keys",
        get: () => [live.values[first], live.values[second]],
        set: (u, v) => live.change({ [first]: u, [second]: v }),
      });
      return () => handle.move();
    },

    cloud(panel, live) {
      const { x, y, spec } = panel;
      const bars = live.model.rules.map((_, k) => panel.line(`run-${k}`));
      const curves = live.model.rules.map((_, k) => panel.line(`theory-${k}`));
      const theory = live.model.rules.map(({ label }) => spec.theory[label] && compile(spec.theory[label]));
      const width = (x.high - x.low) / spec.bins;
      live.notes.push((shot) => live.model.rules.map((rule, k) => {
        const { x: columns } = shot.runs[rule.label];
        const rest = Array.from(columns[spec.coordinate].slice(spec.burn));
        const mean = rest.reduce((sum, u) => sum + u, 0) / rest.length;
        const variance = rest.reduce((sum, u) => sum + (u - mean) ** 2, 0) / rest.length;
        const predicted = theory[k] ? theory[k](live.environment(k)) : NaN;
        const says = predicted >= 0 && Number.isFinite(predicted) ? `predicted ${format(predicted)}` : "no finite one predicted";
        return shot.shown[k] ? `${rule.label}: variance ${format(variance)} measured, ${says}` : null;
      }));
      return (shot) => live.model.rules.forEach((rule, k) => {
        const column = shot.runs[rule.label].x[spec.coordinate];
        const counts = new Float64Array(spec.bins);
        let total = 0;
        for (let t = spec.burn; t < column.length; t++) {
          if (!Number.isFinite(column[t])) continue;
          total += 1;
          const bin = Math.floor((column[t] - x.low) / width);
          if (bin >= 0 && bin < spec.bins) counts[bin] += 1;
        }
        let d = "";
        counts.forEach((count, i) => {
          const height = y.at(total ? count / total / width : 0).toFixed(1);
          d += `${i ? "L" : "M"}${x.at(x.low + i * width).toFixed(1)} ${height}H${x.at(x.low + (i + 1) * width).toFixed(1)}`;
        });
        setPath(bars[k], d);
        show(bars[k], shot.shown[k]);
        show(curves[k], shot.shown[k]);
        if (!theory[k]) return;
        const variance = theory[k](live.environment(k));
        const grid = (i) => x.low + (i / 160) * (x.high - x.low);
        const density = (u) => Math.exp(-(u ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
        setPath(curves[k], pathOf(161, (i) => x.at(grid(i)), (i) => y.at(density(grid(i)))));
      });
    },
  };

  Object.assign(PANELS, {
    gauges(panel, live) {
      const { x, y, spec } = panel;
      const bars = spec.bars.map((bar, row) => ({
        ...bar, row, path: panel.line(`bar-${row}`), value: compile(bar.js),
        first: firstStep(bar.names, live.model.rules[bar.run]),
        text: element(panel.front, "text", { class: "live-label" }),
      }));
      const marks = spec.marks.map((mark, k) => ({
        ...mark, path: panel.line(`mark-${k}`), value: compile(mark.js),
        text: element(panel.front, "text", { class: "live-label live-muted", "text-anchor": "middle" }),
      }));
      return (shot) => {
        for (const bar of bars) {
          const run = shot.runs[live.model.rules[bar.run].label], env = live.environment(bar.run);
          const value = bar.value(recall(env, run, Math.max(shot.step, bar.first), bar.coordinate));
          const visible = shot.shown[bar.run] && !Number.isNaN(value);
          const end = clamp(x.at(value), panel.frame.left, panel.frame.right), at = y.at(bar.row).toFixed(1);
          show(bar.path, visible);
          setPath(bar.path, `M${x.at(spec.base).toFixed(1)} ${at}H${end.toFixed(1)}`);
          show(bar.text, visible);
          bar.text.textContent = format(value);
          const crowded = end > panel.frame.right - 36;
          bar.text.setAttribute("text-anchor", crowded ? "end" : "start");
          bar.text.setAttribute("x", (end + (crowded ? -4 : 4)).toFixed(1));
          bar.text.setAttribute("y", (y.at(bar.row) + 3).toFixed(1));
        }
        for (const mark of marks) {
          const value = mark.value(live.environment(mark.run)), visible = x.holds(value);
          show(mark.path, visible);
          show(mark.text, visible);
          if (!visible) continue;
          setPath(mark.path, `M${x.at(value).toFixed(1)} ${panel.frame.top}V${panel.frame.bottom}`);
          mark.text.textContent = mark.label;
          mark.text.setAttribute("x", x.at(value).toFixed(1));
          mark.text.setAttribute("y", panel.frame.top + 9);
        }
      };
    },

    stems(panel, live) {
      const { x, y, spec } = panel;
      const stems = spec.stems.map((stem, n) => ({
        ...stem, path: panel.line(`stems-${n}`), weight: compile(stem.js),
        ghostly: stem.ghost && compile(stem.ghost),
        ghost: element(panel.layer, "path", { class: "live-ghost" }),
      }));
      const base = y.at(spec.base).toFixed(1);
      return (shot) => {
        for (const stem of stems) {
          const run = shot.runs[live.model.rules[stem.run].label], t = shot.step;
          const env = recall(live.environment(stem.run), run, t, spec.coordinate);
          const upright = (k, height) =>
            Number.isNaN(height) ? "" : `M${x.at(k).toFixed(1)} ${base}V${y.at(height).toFixed(1)}`;
          let d = "";
          for (let k = Math.max(1, t - spec.last + 1); k <= t; k++) {
            env.k = k;
            env.g_k = run.g[spec.coordinate][k - 1];
            env.dx_k = run.dx[spec.coordinate][k - 1];
            for (const name in run.state) env[`${name}_k`] = run.state[name][spec.coordinate][k - 1];
            d += upright(k, stem.weight(env));
          }
          setPath(stem.path, d);
          show(stem.path, shot.shown[stem.run]);
          show(stem.ghost, shot.shown[stem.run]);
          if (stem.ghostly) setPath(stem.ghost, upright(0, stem.ghostly(env)));
        }
      };
    },

    bars(panel, live) {
      const { x, y, svg, spec, frame } = panel, { steps } = live.model.spec;
      const bars = panel.line("bars"), zero = y.at(0).toFixed(1);
      const area = element(panel.front, "rect", { class: "live-draw", x: frame.left, y: frame.top,
        width: frame.right - frame.left, height: frame.bottom - frame.top, tabindex: "0", role: "slider",
        "aria-label": "Gradients: drag across the bars, or choose one with left and right and move it with up and down",
        "aria-valuemin": -spec.limit, "aria-valuemax": spec.limit });
      const cursor = element(panel.layer, "path", { class: "live-cursor" });
      let chosen = steps, last = null;
      const put = (k, height) => {
        const gradients = live.values.gradients.slice();
        const from = last === null ? k : last;
        for (let i = Math.min(from, k); i <= Math.max(from, k); i++) gradients[i - 1] = height;
        last = chosen = k;
        live.change({ gradients });
      };
      const at = (event) => {
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        const height = clamp(y.back(point.y), -spec.limit, spec.limit);
        const snapped = Math.abs(height) < 0.03 * spec.limit ? 0 : height;
        return [clamp(Math.round(x.back(point.x)), 1, steps), Number(snapped.toFixed(3))];
      };
      let drawing = false;
      live.listen(area, "pointerdown", (event) => {
        drawing = true;
        last = null;
        area.setPointerCapture(event.pointerId);
        put(...at(event));
      });
      live.listen(area, "pointermove", (event) => { if (drawing) put(...at(event)); });
      for (const end of ["pointerup", "pointercancel"]) {
        live.listen(area, end, () => { drawing = false; last = null; });
      }
      live.listen(area, "keydown", (event) => {
        const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const upward = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (!sideways && !upward) return;
        event.preventDefault();
        last = null;
        if (sideways) { chosen = clamp(chosen + sideways, 1, steps); live.change({}); return; }
        const share = event.shiftKey ? 0.01 : 0.1;
        const height = live.values.gradients[chosen - 1] + upward * share * spec.limit;
        put(chosen, Number(clamp(height, -spec.limit, spec.limit).toFixed(3)));
      });
      return ({ values }) => {
        setPath(bars, values.gradients.map((g, i) => `M${x.at(i + 1).toFixed(1)} ${zero}V${y.at(g).toFixed(1)}`).join(""));
        setPath(cursor, `M${x.at(chosen).toFixed(1)} ${frame.top}V${frame.bottom}`);
        area.setAttribute("aria-valuenow", values.gradients[chosen - 1]);
        area.setAttribute("aria-valuetext", `gradient ${chosen} of ${steps}: ${format(values.gradients[chosen - 1])}`);
      };
    },
  });

  /** 1 if a function reads what exists only once a step was taken, else 0. */
  function firstStep(names, rule) {
    return names.some((n) => ["x_before", "g", "dx"].includes(n) || n in rule.state) ? 1 : 0;
  }

  /** A vertical hair line at the scrubber's step. */
  function makeCursor(panel) {
    const { top, bottom } = panel.frame;
    const line = element(panel.layer, "path", { class: "live-cursor" });
    return (step) => setPath(line, `M${panel.x.at(step).toFixed(1)} ${top}V${bottom}`);
  }

  /** A checkbox per quantity, below its panel; `hidden` holds those switched off. */
  function makeSwitches(panel, live, labels, hidden) {
    const box = panel.svg.parentNode.appendChild(document.createElement("fieldset"));
    box.className = "live-runs live-switches";
    const legend = box.appendChild(document.createElement("legend"));
    legend.textContent = "Quantities shown";
    for (const name of labels) {
      const label = box.appendChild(document.createElement("label"));
      const { path } = panel.spec.lines.map((line, k) => ({ ...line, path: panel.line(`line-${k}`) }))
        .find((line) => line.label === name);
      label.style.setProperty("--c", path.style.stroke);
      const input = label.appendChild(document.createElement("input"));
      input.type = "checkbox";
      input.checked = true;
      label.append(` ${name}`);
      live.listen(input, "change", () => {
        hidden[input.checked ? "delete" : "add"](name);
        live.change({});
      });
    }
  }

  /** The arrows that explain a step: each coordinate's tail and head, from the traced functions. */
  function makeArrows(panel, live) {
    const arrows = [];
    live.model.rules.forEach((rule, k) => (panel.spec.arrows[rule.label] || []).forEach((arrow) => {
      const group = element(panel.layer, "g", { class: "live-arrow" });
      group.style.setProperty("--c", arrow.colour);
      arrows.push({ k, rule, group, shaft: element(group, "path"), text: element(group, "text"),
        label: arrow.label, tail: compile(arrow.tail), head: compile(arrow.head) });
    }));
    return ({ runs, step, shown }) => {
      const taken = []; // middle and width of the labels so far
      const crowded = ([x, y], width) => taken.some(([u, v, other]) =>
        Math.abs(x - u) < (width + other) / 2 && Math.abs(y - v) < 11);
      arrows.forEach((arrow) => {
        const run = runs[arrow.rule.label], env = live.environment(arrow.k);
        const ends = [0, 1].map((i) => {
          recall(env, run, step, i);
          return [arrow.tail(env), arrow.head(env)];
        });
        const [x0, x1] = ends[0].map(panel.x.at), [y0, y1] = ends[1].map(panel.y.at);
        const length = Math.hypot(x1 - x0, y1 - y0);
        const visible = step > 0 && shown[arrow.k] && length > 0.5;
        show(arrow.group, visible);
        if (!visible) return;
        const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length], size = Math.min(7, length);
        const barb = (side) => `${(x1 - size * (ux - side * 0.5 * uy)).toFixed(1)} ${(y1 - size * (uy + side * 0.5 * ux)).toFixed(1)}`;
        setPath(arrow.shaft, `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}M${barb(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}L${barb(-1)}`);
        const width = 5.5 * arrow.label.length, aside = 6 + (width / 2) * Math.abs(uy);
        const sides = [1, -1].map((side) => [(x0 + x1) / 2 - side * aside * uy, (y0 + y1) / 2 + side * 9 * ux]);
        const place = sides.find((side) => !crowded(side, width));
        show(arrow.text, place);
        if (!place) return;
        taken.push([...place, width]);
        arrow.text.textContent = arrow.label;
        arrow.text.setAttribute("x", place[0].toFixed(1));
        arrow.text.setAttribute("y", (place[1] + 3).toFixed(1));
      });
    };
  }

  /** Contours that follow the landscape's sliders; untouched until one of them moves. */
  function makeContours(panel, live) {
    const turns = live.model.spec.controls.some(({ name }) => name.startsWith("surface."));
    if (!turns || !live.alive) return () => {};
    const [width, height] = [73, 55], { x, y, spec } = panel;
    const group = panel.svg.querySelector('[id$="-contours"]');
    let paths = null, drawn = live.surfaceKey();
    return () => {
      const key = live.surfaceKey();
      if (key === drawn) return;
      drawn = key;
      if (!paths) {
        const look = group.querySelector("path").getAttribute("style");
        const clip = group.querySelector("path").getAttribute("clip-path");
        group.replaceChildren();
        paths = spec.levels.map(() => element(group, "path", { style: look, ...(clip && { "clip-path": clip }) }));
      }
      const toX = (i) => x.low + (i / (width - 1)) * (x.high - x.low);
      const toY = (j) => y.low + (j / (height - 1)) * (y.high - y.low);
      const heights = new Float64Array(width * height);
      for (let j = 0; j < height; j++) {
        for (let i = 0; i < width; i++) heights[j * width + i] = live.height([toX(i), toY(j)]);
      }
      spec.levels.forEach((level, n) => {
        const s = marchingSquares(heights, width, height, level);
        let d = "";
        for (let k = 0; k < s.length; k += 4) {
          d += `M${x.at(toX(s[k])).toFixed(1)} ${y.at(toY(s[k + 1])).toFixed(1)}L${x.at(toX(s[k + 2])).toFixed(1)} ${y.at(toY(s[k + 3])).toFixed(1)}`;
        }
        setPath(paths[n], d);
      });
    };
  }

  // ---- What happened, in words -----------------------------------------------------------------

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

  // ---- Bringing a figure to life ---------------------------------------------------------------

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

  function hydrate(root, kernel = null) {
    if (root.live) return root.live;
    const spec = JSON.parse(root.querySelector(".live-data").textContent);
    if (spec.computed && !kernel) { // only Python can move it: the picture stays as it is
      root.classList.add("live-still");
      root.dataset.liveReady = "";
      return null;
    }
    const model = makeModel(spec), undo = [];
    const find = (selector) => root.querySelector(selector);
    const all = (selector) => [...root.querySelectorAll(selector)];

    const live = {
      model, values: { ...spec.first }, notes: [], alive: !spec.computed, runs: {},
      listen(target, type, handler) {
        target.addEventListener(type, handler);
        undo.push(() => target.removeEventListener(type, handler));
      },
      atEnd: (act) => undo.push(act),
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
      change: (values) => { live.set(values); tell(); },
    };

    const panels = all(".live-panel").map((node, k) => {
      const panel = openPanel(node.querySelector("svg"), spec.panels[k]);
      panel.svg.setAttribute("role", "group");
      panel.svg.setAttribute("aria-label", panel.svg.querySelector("text") ? `Panel ${k + 1} of ${spec.panels.length}` : "Panel");
      return { node, surface: spec.panels[k].surface, draw: PANELS[spec.panels[k].kind](panel, live) };
    });
    const goal = spec.goal && { ...spec.goal, when: compile(spec.goal.js) };
    const inputs = all("[data-control]").map((input) => ({
      input, output: input.nextElementSibling,
      control: spec.controls.find(({ name }) => name === input.dataset.control),
    }));
    const scrubber = find("[data-step]"), play = find('[data-do="play"]'), choice = find("[data-surface]");

    /** Compute the runs anew when something they depend on has changed. */
    let computedFor = null;
    function refresh() {
      const { step, shown, ...rest } = live.values, key = JSON.stringify(rest);
      if (live.alive && key !== computedFor) {
        live.runs = model.compute(live.values);
        computedFor = key;
      } else if (!live.alive) {
        live.runs = fromKernel();
      }
    }

    function fromKernel() {
      const columns = kernel ? kernel.get("_computed") : {}, runs = {};
      const numbers = (list) => list.map((v) => (v === null ? NaN : v));
      for (const { label } of model.rules) {
        const c = columns[label];
        if (!c) return live.runs;
        const f = numbers(c.f), state = {};
        for (const name in c.state) state[name] = c.state[name].map(numbers);
        const x = c.x.map(numbers), divergedAt = f.findIndex((v, t) =>
          !Number.isFinite(v) || x.some((column) => !(Math.abs(column[t]) <= spec.diverged)));
        runs[label] = { x, f, g: c.g.map(numbers), dx: c.dx.map(numbers), state, divergedAt };
      }
      return runs;
    }

    function draw() {
      refresh();
      if (!Object.keys(live.runs).length) return;
      const { values, runs } = live;
      const shown = model.rules.map(({ label }) => values.shown.includes(label));
      const shot = { values, runs, step: values.step, shown };
      const now = model.surfaceIndex(values);
      for (const panel of panels) {
        const here = panel.surface === null || panel.surface === now;
        panel.node.hidden = !here;
        if (here) panel.draw(shot);
      }
      for (const { input, output, control } of inputs) {
        const value = values[control.name];
        input.value = tickOf(control, value);
        output.textContent = format(value);
        input.setAttribute("aria-valuetext", format(value));
      }
      scrubber.value = values.step;
      scrubber.nextElementSibling.textContent = String(values.step);
      all("[data-run]").forEach((box) => { box.checked = values.shown.includes(box.dataset.run); });
      if (choice) choice.value = values.surface;
      later(() => speak(shot));
    }

    /** Say what happened, once the hand rests. */
    let timer = null;
    const later = (act) => { clearTimeout(timer); timer = setTimeout(act, 250); };
    undo.push(() => clearTimeout(timer));

    function speak(shot) {
      const parts = [];
      model.rules.forEach((rule, k) => {
        if (!shot.shown[k]) return;
        const run = shot.runs[rule.label], at = goal ? reachedAt(live, goal, k, run) : -1;
        let text = sentenceFor(rule, run, spec.steps, spec.gradients);
        if (at >= 0) text += goal.at === "end" ? ", goal reached" : `, goal reached at step ${at}`;
        parts.push(text);
      });
      for (const note of live.notes) parts.push(...note(shot).filter(Boolean));
      find(".live-says").textContent = parts.length ? `${parts.join("; ")}.` : "Nothing is shown.";
      if (goal) {
        const done = model.rules.filter((rule, k) => shot.shown[k] &&
          reachedAt(live, goal, k, shot.runs[rule.label]) >= 0);
        find(".live-goal").classList.toggle("reached", done.length > 0);
        find(".live-goal span").textContent = done.length
          ? `✓ Reached by ${done.map((rule) => rule.label).join(", ")}.` : "Not yet.";
      }
    }

    /** Tell the kernel, at most every 80 ms; what it says in the meantime is older than the hand. */
    let telling = null;
    function tell() {
      if (!kernel || telling) return;
      telling = setTimeout(() => {
        telling = null;
        kernel.set("values", { ...live.values });
        kernel.save_changes();
      }, 80);
    }
    undo.push(() => clearTimeout(telling));

    live.set = (values) => { live.values = { ...live.values, ...values }; draw(); };
    live.get = () => ({
      values: { ...live.values },
      runs: Object.fromEntries(Object.entries(live.runs).map(([label, run]) => [label, {
        x: Array.from(run.f, (_, t) => run.x.map((column) => column[t])), f: Array.from(run.f),
      }])),
    });

    // Dials. Input events come faster than frames: the first is drawn at once, of the others before
    // a frame only the last.
    let frame = null, waiting = false;
    const request = (values) => {
      live.values = { ...live.values, ...values };
      waiting = frame !== null;
      if (waiting) return;
      draw();
      tell();
      frame = requestAnimationFrame(() => { frame = null; if (waiting) request({}); });
    };
    live.change = request;
    undo.push(() => cancelAnimationFrame(frame));
    for (const { input, control } of inputs) {
      live.listen(input, "input", () => request({ [control.name]: valueOf(control, Number(input.value)) }));
    }
    live.listen(scrubber, "input", () => { stop(); request({ step: Number(scrubber.value) }); });
    for (const box of all("[data-run]")) {
      live.listen(box, "change", () => request({
        shown: model.rules.map(({ label }) => label).filter((label) =>
          label === box.dataset.run ? box.checked : live.values.shown.includes(label)),
      }));
    }
    if (choice) live.listen(choice, "change", () => request({ surface: choice.value }));

    // Time. Playing takes about six seconds; who asked for less motion gets single steps instead.
    let playing = null;
    function stop() {
      cancelAnimationFrame(playing);
      playing = null;
      play.textContent = "Play";
    }
    undo.push(stop);
    function start() {
      const begin = live.values.step >= spec.steps ? 0 : live.values.step;
      const speed = Math.max(spec.steps / 6000, 0.008);
      let since = null;
      play.textContent = "Pause";
      const tick = (now) => {
        since = since ?? now;
        const step = Math.min(begin + Math.floor((now - since) * speed), spec.steps);
        if (step !== live.values.step) live.set({ step });
        if (step >= spec.steps) { stop(); tell(); } else playing = requestAnimationFrame(tick);
      };
      playing = requestAnimationFrame(tick);
    }
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) play.hidden = true;
    const by = (change) => { stop(); request({ step: clamp(live.values.step + change, 0, spec.steps) }); };
    const actions = {
      play: () => (playing === null ? start() : (stop(), tell())),
      back: () => by(-1),
      forward: () => by(1),
      reset: () => { stop(); request({ ...spec.first }); },
      link: async (button) => {
        const link = location.href.split("#")[0] + writeLink(spec, live.values);
        try {
          await navigator.clipboard.writeText(link);
          button.textContent = "Copied";
        } catch {
          history.replaceState(null, "", link); // no clipboard from a file: the address bar has it
          button.textContent = "In the address bar";
        }
        setTimeout(() => { button.textContent = "Copy link"; }, 2000);
      },
    };
    for (const button of all("[data-do]")) {
      live.listen(button, "click", () => actions[button.dataset.do](button));
    }

    if (kernel) {
      for (const node of all("input, select, button, [tabindex]")) {
        node.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes arrow keys and Enter
      }
      const hear = () => { if (!telling) { live.values = { ...live.values, ...kernel.get("values") }; draw(); } };
      kernel.on("change:values", hear);
      kernel.on("change:_computed", draw);
      undo.push(() => { kernel.off("change:values", hear); kernel.off("change:_computed", draw); });
      live.values = { ...live.values, ...kernel.get("values") };
    } else {
      const follow = () => {
        const found = parseLink(location.hash, model);
        if (Object.keys(found).length) {
          live.set(found);
          root.scrollIntoView();
        }
      };
      live.listen(window, "hashchange", follow);
      const linked = parseLink(location.hash, model);
      live.values = { ...live.values, ...linked };
      if (Object.keys(linked).length) root.scrollIntoView();
    }
    live.dispose = () => {
      undo.forEach((act) => act());
      all(".live-layer, .live-front, .live-switches").forEach((node) => node.remove());
      delete root.live;
      delete root.dataset.liveReady;
    };
    root.live = live;
    draw();
    root.dataset.liveReady = "";
    return live;
  }

  const hydrateAll = () => document.querySelectorAll("[data-live]").forEach((root) => hydrate(root));

  return { hydrate, hydrateAll, simulate, makeModel, parseLink, normals, marchingSquares, compile };
})();

if (typeof document !== "undefined" && document.currentScript) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", Live.hydrateAll);
  else Live.hydrateAll();
}
