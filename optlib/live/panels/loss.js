/* The loss over time: the twin of loss.py. */

PANELS.loss = function loss(panel, live) {
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
};
