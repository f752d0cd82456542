/* Dragging, by mouse, pen or finger: what handles and drawing areas share. */

/**
 * Where an event is, in a panel's own coordinates.
 * @param {SVGGraphicsElement} svg
 * @param {MouseEvent} event
 */
const pointOf = (svg, event) => new DOMPoint(event.clientX, event.clientY)
  .matrixTransform(svg.getScreenCTM()?.inverse());

/**
 * Whether a point lies within a panel's axes.
 * @param {Panel} panel
 * @param {DOMPoint} point
 */
const inFrame = ({ frame }, point) => point.x >= frame.left && point.x <= frame.right &&
  point.y >= frame.top && point.y <= frame.bottom;

/**
 * Let a node be dragged: `begin` and `move` get events, `end` ends it, however it ends. Returns a
 * function that takes hold with an event from elsewhere.
 *
 * A finger on the node drags and does not scroll: browsers heed `touch-action` on an SVG as a whole
 * only, not on what is in it, so the touch is prevented where it starts.
 * @param {Live} live
 * @param {SVGElement} node
 * @param {{ begin(event: PointerEvent): void, move(event: PointerEvent): void,
 *   end?(event: PointerEvent): void }} acts
 */
function makeDraggable(live, node, { begin, move, end = () => {} }) {
  /** @type {number | null} */
  let pointer = null;
  const finish = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end(event);
  };

  /**
   * Take hold: of the first finger or the main button only.
   * @param {PointerEvent} event
   */
  const grab = (event) => {
    if (pointer !== null || event.button !== 0 || !event.isPrimary) return;
    pointer = event.pointerId;
    node.setPointerCapture(pointer);
    node.focus({ preventScroll: true });
    event.preventDefault();
    begin(event);
  };

  live.listen(node, "touchstart", (event) => event.preventDefault(), { passive: false });
  live.listen(node, "pointerdown", grab);
  live.listen(node, "pointermove", (event) => { if (event.pointerId === pointer) move(event); });
  for (const how of ["pointerup", "pointercancel", "lostpointercapture"]) live.listen(node, how, finish);
  return grab;
}
