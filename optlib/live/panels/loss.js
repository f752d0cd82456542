/* The loss over time: the twin of loss.py. */

PANELS.loss = function loss(panel, live) {
  const { x, y } = panel;
  const lines = live.model.rules.map((_, k) => panel.line(`run-${k}`));
  const curves = makeRunLines(lines, (_, t) => x.at(t), (run, t) => y.at(run.f[t]));
  const cursor = makeCursor(panel);
  return (shot) => {
    curves(shot, live.spec.steps + 1);
    cursor([shot.step], shot.step);
  };
};
