/* Axes, paths and SVG elements: what every panel draws with. */

const SVG = "http://www.w3.org/2000/svg";
const FAR = 5000; // beyond this many points outside the picture a line may as well end

/**
 * @param {Element} parent
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
const element = (parent, name, attributes = {}) => {
  const node = /** @type {SVGElement} */ (parent.ownerDocument.createElementNS(SVG, name));
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  parent.appendChild(node);
  return node;
};

/**
 * An axis as functions: value to SVG coordinate, and back.
 * @param {AxisSpec} spec
 * @returns {Axis}
 */
function makeAxis({ scale, a, b, low, high }) {
  const { to, from } = SCALES[scale];
  return {
    low, high, scale,
    at: (value) => {
      const u = a * to(scale === "log" ? Math.max(value, low * 1e-3) : value) + b;
      return u > FAR ? FAR : u < -FAR ? -FAR : u;
    },
    back: (u) => clamp(from((u - b) / a), low, high),
    nudge: (value, share) => clamp(from(to(value) + share * (to(high) - to(low))), low, high),
    holds: (value) => value >= low && value <= high,
  };
}

/**
 * Tenths as text: looked up, as writing decimals is most of a drawing's work.
 * @type {string[]}
 */
const TENTHS = new Array(10000);
const spell = (/** @type {number} */ k) =>
  (k >= 0 && k < TENTHS.length ? (TENTHS[k] ??= String(k / 10)) : String(k / 10));

/**
 * A path through points; what is not a number leaves a gap, and standing still adds nothing.
 * @param {number} count
 * @param {(t: number) => number} xAt
 * @param {(t: number) => number} yAt
 */
function pathOf(count, xAt, yAt, first = 0) {
  let d = "", pen = "M", i = 0, j = 0;
  for (let t = first; t < count; t++) {
    const x = xAt(t), y = yAt(t);
    if (x !== x || y !== y) { pen = "M"; continue; }
    const toI = Math.round(x * 10), toJ = Math.round(y * 10);
    if (pen === "L" && toI === i && toJ === j) continue;
    d += pen + spell(toI) + " " + spell(toJ);
    pen = "L";
    i = toI;
    j = toJ;
  }
  return d;
}

/**
 * What a panel starts from: its SVG, axes, and the lines that matplotlib left for it.
 * @param {SVGSVGElement} svg
 * @param {PanelSpec} spec
 * @returns {Panel}
 */
function openPanel(svg, spec) {
  const x = makeAxis(spec.x), y = makeAxis(spec.y);
  const [left, right] = [x.at(spec.x.low), x.at(spec.x.high)].sort((a, b) => a - b);
  const [top, bottom] = [y.at(spec.y.low), y.at(spec.y.high)].sort((a, b) => a - b);
  const clip = svg.querySelector("clipPath");
  /** @type {Record<string, string>} */
  const clipped = clip ? { "clip-path": `url(#${clip.id})` } : {};
  const layer = element(svg, "g", { class: "live-layer", ...clipped });
  const front = element(svg, "g", { class: "live-front" });
  const line = (/** @type {string} */ gid) => {
    const group = svg.querySelector(`[id$="-${gid}"]`);
    return group && (/** @type {SVGElement | null} */ (group.querySelector("path")) ||
      element(group, "path", { fill: "none" }));
  };
  return { svg, spec, x, y, frame: { left, right, top, bottom }, layer, front, line };
}

/**
 * @param {Element | null} path
 * @param {string} d
 */
const setPath = (path, d) => path?.setAttribute("d", d);

/**
 * @param {SVGElement | HTMLElement | null} node
 * @param {boolean} visible
 */
const show = (node, visible) => { if (node) node.style.display = visible ? "" : "none"; };

/**
 * `act`, done only when one of the things that it depends on is not what it was the last time.
 * @template {any[]} A
 * @param {(...rest: A) => void} act
 */
function onChange(act) {
  /** @type {any[] | null} */
  let last = null;
  return (/** @type {any[]} */ depends, /** @type {A} */ ...rest) => {
    if (last?.every((each, k) => Object.is(each, depends[k]))) return;
    last = depends;
    act(...rest);
  };
}
