/* Marks that several panels share: balls, dots on steps, the hair line at the scrubber. */

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
