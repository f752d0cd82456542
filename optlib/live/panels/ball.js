/* Balls on a curve: the twin of ball.py. */

PANELS.ball = function ball(panel, live) {
  const { x, y, spec } = panel;
  const curve = panel.line("curve");
  const lines = live.model.rules.map((_, k) => panel.line(`run-${k}`));
  const xOf = (/** @type {Run} */ run, /** @type {number} */ t) => x.at(run.x[0][t]);
  const yOf = (/** @type {Run} */ run, /** @type {number} */ t) => y.at(run.f[t]);
  const dots = makeDots(panel, live, xOf, yOf), balls = makeBalls(panel, live, xOf, yOf);
  const handle = startHandle(panel, live, "x");
  const trails = lines.map((line) => onChange((
    /** @type {RuleShot} */ { run, shown }, /** @type {number} */ step,
  ) => {
    show(line, shown && step <= FEW);
    setPath(line, pathOf(step + 1, (t) => xOf(run, t), (t) => yOf(run, t)));
  }));
  const landscape = onChange((/** @type {Shot} */ shot) => {
    const at = (/** @type {number} */ i) => x.low + (i / (spec.points - 1)) * (x.high - x.low);
    setPath(curve, pathOf(spec.points, (i) => x.at(at(i)), (i) => y.at(heightAt(shot, [at(i)]))));
  });
  return (shot) => {
    if (live.alive) landscape([shot.surfaceKey], shot);
    shot.rules.forEach((rule, k) =>
      trails[k]([rule.run, rule.shown, shot.step], rule, shot.step));
    dots(shot);
    balls(shot);
    handle.move();
  };
};
