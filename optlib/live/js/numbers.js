/* Numbers: the scales of sliders, how a number is written, the noise of noise.py. */

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * How sliders spread their values: `to` a scale on which equal moves are equal, and back.
 * @type {Record<Scale, { to: (v: number) => number, from: (u: number) => number }>}
 */
const SCALES = {
  linear: { to: (v) => v, from: (u) => u },
  log: { to: Math.log10, from: (u) => 10 ** u },
  decay: { to: (v) => -Math.log10(1 - v), from: (u) => 1 - 10 ** -u },
};

/**
 * Where a value stands on its slider.
 * @param {ControlSpec} control
 * @param {number} value
 */
const tickOf = (control, value) => {
  const { to } = SCALES[control.scale], low = to(control.low);
  return Math.round(((to(value) - low) / (to(control.high) - low)) * control.ticks);
};

/**
 * @param {ControlSpec} control
 * @param {number} tick
 */
const valueOf = (control, tick) => {
  if (tick <= 0) return control.low;
  if (tick >= control.ticks) return control.high;
  const { to, from } = SCALES[control.scale], low = to(control.low);
  const value = from(low + (tick / control.ticks) * (to(control.high) - low));
  return Number(value.toPrecision(12));
};

/**
 * Three significant digits, with a true minus and no needless zeros.
 * @param {number} value
 */
const format = (value) => {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "−infinite";
  const size = Math.abs(value);
  const close = size > 0.9 && size < 1 ? 4 : 3;
  const text = size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(1) : String(Number(value.toPrecision(close)));
  return text.replace("-", "−").replace("e+", "e").replace("e-", "e−");
};

/** @param {number} counter */
const scramble = (counter) => {
  let k = counter >>> 0;
  k = Math.imul(k ^ (k >>> 16), 0x21f0aaad);
  k = Math.imul(k ^ (k >>> 15), 0x735a2d97);
  return (k ^ (k >>> 15)) >>> 0;
};

/**
 * The standard normal numbers of noise.py.
 * @param {number} seed
 * @param {number} count
 */
const normals = (seed, count) => {
  const base = scramble(seed), numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const first = (scramble(base + 2 * i) + 0.5) / 2 ** 32;
    const second = (scramble(base + 2 * i + 1) + 0.5) / 2 ** 32;
    numbers[i] = Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
  }
  return numbers;
};
