/* A map of two dials: the twin of phase.py. */

PANELS.phase = function phase(panel, live) {
  const [first, second] = panel.spec.names;
  const handle = makeHandle(panel, live, {
    name: "Point on the map: drag it, or move it with arrow keys",
    get: () => [live.values[first], live.values[second]],
    set: (u, v) => live.change({ [first]: u, [second]: v }),
  });
  return () => handle.move();
};
