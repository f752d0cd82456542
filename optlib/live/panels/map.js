/* Paths on contours: the twin of map.py. */

PANELS.map = function map(panel, live) {
  const { x, y } = panel;
  const lines = live.model.rules.map((rule, k) => {
    const line = panel.line(`run-${k}`) || element(panel.layer, "path", { class: "live-line" });
    line.style.stroke = rule.colour;
    return line;
  });
  const xOf = (/** @type {Run} */ run, /** @type {number} */ t) => x.at(run.x[0][t]);
  const yOf = (/** @type {Run} */ run, /** @type {number} */ t) => y.at(run.x[1][t]);
  const contours = makeContours(panel, live);
  const paths = makeRunLines(lines, xOf, yOf);
  const dots = makeDots(panel, live, xOf, yOf), balls = makeBalls(panel, live, xOf, yOf);
  const arrows = makeArrows(panel, live);
  const handle = startHandle(panel, live);
  return (shot) => {
    contours(shot);
    paths(shot, shot.step + 1);
    dots(shot);
    balls(shot);
    arrows(shot);
    handle.move();
  };
};

/**
 * The arrows that explain a step: each coordinate's tail and head, from the traced functions.
 * @param {Panel} panel
 * @param {Live} live
 * @returns {Drawer}
 */
function makeArrows(panel, live) {
  const arrows = live.model.rules.flatMap((rule, k) =>
    (/** @type {ArrowSpec[]} */ (panel.spec.arrows[rule.label] ?? [])).map((arrow) => {
      const group = element(panel.layer, "g", { class: "live-arrow" });
      group.style.setProperty("--c", arrow.colour);
      return { k, group, shaft: element(group, "path"), text: element(group, "text"),
        label: arrow.label, tail: live.compile(arrow.tail), head: live.compile(arrow.head) };
    }));
  const point = (/** @type {number} */ x, /** @type {number} */ y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return ({ rules, step }) => {
    /** @type {[number, number, number][]} */
    const taken = []; // middle and width of the labels so far
    const crowded = (/** @type {number[]} */ [x, y], /** @type {number} */ width) =>
      taken.some(([u, v, other]) => Math.abs(x - u) < (width + other) / 2 && Math.abs(y - v) < 11);
    for (const arrow of arrows) {
      const rule = rules[arrow.k];
      const ends = [0, 1].map((i) => {
        const environment = recaller(rule, i)(step);
        return [arrow.tail(environment), arrow.head(environment)];
      });
      const [x0, x1] = ends[0].map(panel.x.at), [y0, y1] = ends[1].map(panel.y.at);
      const length = Math.hypot(x1 - x0, y1 - y0);
      const visible = step > 0 && rule.shown && length > 0.5;
      show(arrow.group, visible);
      if (!visible) continue;
      const ux = (x1 - x0) / length, uy = (y1 - y0) / length, size = Math.min(7, length);
      const barb = (/** @type {number} */ side) =>
        point(x1 - size * (ux - side * 0.5 * uy), y1 - size * (uy + side * 0.5 * ux));
      setPath(arrow.shaft,
        `M${point(x0, y0)}L${point(x1, y1)}M${barb(1)}L${point(x1, y1)}L${barb(-1)}`);
      const width = 5.5 * arrow.label.length, aside = 6 + (width / 2) * Math.abs(uy);
      const sides = [1, -1].map((side) =>
        [(x0 + x1) / 2 - side * aside * uy, (y0 + y1) / 2 + side * 9 * ux]);
      const place = sides.find((side) => !crowded(side, width));
      show(arrow.text, Boolean(place));
      if (!place) continue;
      taken.push([place[0], place[1], width]);
      arrow.text.textContent = arrow.label;
      arrow.text.setAttribute("x", place[0].toFixed(1));
      arrow.text.setAttribute("y", (place[1] + 3).toFixed(1));
    }
  };
}
