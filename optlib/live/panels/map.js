/* Paths on contours: the twin of map.py. */

PANELS.map = function map(panel, live) {
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
};

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
