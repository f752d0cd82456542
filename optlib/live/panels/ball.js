/* Balls on a curve: the twin of ball.py. */

PANELS.ball = function ball(panel, live) {
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
};
