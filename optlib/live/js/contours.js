/* Contours of a landscape that turns. */

/**
 * Where contours of these heights, lowest first, cross a grid: `segment(n, x1, y1, x2, y2)` for
 * each piece of the n-th, in grid units.
 * @param {ArrayLike<number>} heights
 * @param {number} width
 * @param {number} height
 * @param {number[]} levels
 * @param {(n: number, x1: number, y1: number, x2: number, y2: number) => void} segment
 */
function marchingSquares(heights, width, height, levels, segment) {
  const at = new Float64Array(8); // up to four crossings of a cell's sides
  for (let j = 0; j + 1 < height; j++) {
    for (let i = 0; i + 1 < width; i++) {
      const k = j * width + i;
      const a = heights[k], b = heights[k + 1], d = heights[k + width], c = heights[k + width + 1];
      const low = Math.min(a, b, c, d), high = Math.max(a, b, c, d);
      for (let n = 0; n < levels.length && levels[n] <= high; n++) {
        const level = levels[n];
        if (level <= low) continue;
        let found = 0;
        if (a < level !== b < level) { at[found++] = i + (level - a) / (b - a); at[found++] = j; }
        if (b < level !== c < level) { at[found++] = i + 1; at[found++] = j + (level - b) / (c - b); }
        if (d < level !== c < level) { at[found++] = i + (level - d) / (c - d); at[found++] = j + 1; }
        if (a < level !== d < level) { at[found++] = i; at[found++] = j + (level - a) / (d - a); }
        segment(n, at[0], at[1], at[2], at[3]);
        if (found > 4) segment(n, at[4], at[5], at[6], at[7]);
      }
    }
  }
}

/**
 * The contours of a shot's landscape as a path for every height.
 * @param {Panel} panel
 * @param {Shot} shot
 */
function contourPaths({ x, y, spec }, { surface, p }) {
  const [width, height] = spec.grid, run = /** @type {SurfaceFunction} */ (surface.run);
  const heights = new Float64Array(width * height), point = [0, 0], slope = [0, 0];
  for (let j = 0; j < height; j++) {
    point[1] = y.low + (j / (height - 1)) * (y.high - y.low);
    for (let i = 0; i < width; i++) {
      point[0] = x.low + (i / (width - 1)) * (x.high - x.low);
      heights[j * width + i] = run(p, point, slope);
    }
  }
  const left = 10 * x.at(x.low), perColumn = (10 * x.at(x.high) - left) / (width - 1);
  const bottom = 10 * y.at(y.low), perRow = (10 * y.at(y.high) - bottom) / (height - 1);
  const paths = /** @type {string[]} */ (spec.levels.map(() => ""));
  const tenth = (/** @type {number} */ u) => spell(Math.round(u));
  marchingSquares(heights, width, height, spec.levels, (n, x1, y1, x2, y2) => {
    if (x1 + y1 + x2 + y2 !== x1 + y1 + x2 + y2) return; // beside an infinite height
    paths[n] += `M${tenth(left + x1 * perColumn)} ${tenth(bottom + y1 * perRow)}` +
      `L${tenth(left + x2 * perColumn)} ${tenth(bottom + y2 * perRow)}`;
  });
  return paths;
}

/**
 * Contours that follow the landscape's dials; those of matplotlib until one of them moves.
 * @param {Panel} panel
 * @param {Live} live
 * @returns {Drawer}
 */
function makeContours(panel, live) {
  const turns = live.spec.controls.some(({ name }) => name.startsWith("surface."));
  const group = panel.svg.querySelector('[id$="-contours"]');
  const first = group?.querySelector("path");
  if (!turns || !live.alive || !group || !first) return () => {};
  const look = first.getAttribute("style") ?? "", clip = first.getAttribute("clip-path");
  /** @type {SVGElement[] | null} */
  let paths = null;
  const { spec, model } = live, index = panel.spec.surface;
  const mine = index === null ? {} : { surface: spec.surfaces[index].name };
  let drawn = model.surfaceKey({ ...spec.first, ...mine }); // what matplotlib drew
  return (shot) => {
    if (shot.surfaceKey === drawn) return;
    drawn = shot.surfaceKey;
    if (!paths) {
      group.replaceChildren();
      paths = panel.spec.levels.map(() =>
        element(group, "path", { style: look, ...(clip ? { "clip-path": clip } : {}) }));
    }
    contourPaths(panel, shot).forEach((d, n) => setPath(/** @type {SVGElement[]} */ (paths)[n], d));
  };
}
