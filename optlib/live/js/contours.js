/* Contours of a landscape that turns. */

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
