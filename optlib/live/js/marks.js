/* Marks that several panels share: lines of runs, balls, dots on steps, the hair line at the step. */

const FEW = 150; // steps that can be told apart as dots

/**
 * A line for every rule, drawn anew only when its run, how far it is drawn or its being shown is
 * another one: `draw(shot, count)`.
 * @param {(SVGElement | null)[]} paths
 * @param {(run: Run, t: number) => number} xOf
 * @param {(run: Run, t: number) => number} yOf
 */
function makeRunLines(paths, xOf, yOf) {
  const drawers = paths.map((path) => onChange((
    /** @type {Run} */ run, /** @type {boolean} */ shown, /** @type {number} */ count,
  ) => {
    show(path, shown);
    if (shown) setPath(path, pathOf(count, (t) => xOf(run, t), (t) => yOf(run, t)));
  }));
  return (/** @type {Shot} */ shot, /** @type {number} */ count) => shot.rules.forEach(
    ({ run, shown }, k) => drawers[k]([run, shown, count], run, shown, count));
}

/**
 * Balls that mark where each run is at the scrubber's step.
 * @param {Panel} panel
 * @param {Live} live
 * @param {(run: Run, t: number) => number} xOf
 * @param {(run: Run, t: number) => number} yOf
 */
function makeBalls(panel, live, xOf, yOf) {
  const drawers = live.model.rules.map(({ colour }) => {
    const ball = element(panel.layer, "circle", { class: "live-ball", r: 4.5 });
    ball.style.fill = colour;
    return onChange((/** @type {boolean} */ visible, /** @type {number} */ x, /** @type {number} */ y) => {
      show(ball, visible);
      if (!visible) return;
      ball.setAttribute("cx", x.toFixed(1));
      ball.setAttribute("cy", y.toFixed(1));
    });
  });
  return (/** @type {Shot} */ shot) => shot.rules.forEach(({ run, shown }, k) => {
    const x = xOf(run, shot.step), y = yOf(run, shot.step);
    const visible = shown && x === x && y === y;
    drawers[k]([visible, x, y], visible, x, y);
  });
}

/**
 * Dots on the steps of a path, as long as they are few enough to be told apart.
 * @param {Panel} panel
 * @param {Live} live
 * @param {(run: Run, t: number) => number} xOf
 * @param {(run: Run, t: number) => number} yOf
 */
function makeDots(panel, live, xOf, yOf) {
  const drawers = live.model.rules.map(({ colour }) => {
    const path = element(panel.layer, "path", { class: "live-dots" });
    path.style.stroke = colour;
    return onChange((/** @type {Run} */ run, /** @type {boolean} */ few, /** @type {number} */ step) => {
      let d = "";
      for (let t = 0; few && t <= step; t++) {
        const x = xOf(run, t), y = yOf(run, t);
        if (x === x && y === y) d += `M${spell(Math.round(x * 10))} ${spell(Math.round(y * 10))}h0`;
      }
      setPath(path, d);
    });
  });
  return (/** @type {Shot} */ shot) => shot.rules.forEach(({ run, shown }, k) => {
    const few = shown && shot.step <= FEW;
    drawers[k]([run, few, shot.step], run, few, shot.step);
  });
}

/**
 * A vertical hair line at the scrubber's step.
 * @param {Panel} panel
 */
function makeCursor(panel) {
  const { top, bottom } = panel.frame;
  const line = element(panel.layer, "path", { class: "live-cursor" });
  return onChange((/** @type {number} */ step) =>
    setPath(line, `M${panel.x.at(step).toFixed(1)} ${top}V${bottom}`));
}
