/* Dragging, by mouse, pen or finger: what handles and drawing areas share. */

/** Where an event is, in a panel's own coordinates. */
const pointOf = (svg, event) => new DOMPoint(event.clientX, event.clientY)
  .matrixTransform(svg.getScreenCTM().inverse());

/** Whether a point lies within a panel's axes. */
const inFrame = ({ frame }, point) => point.x >= frame.left && point.x <= frame.right &&
  point.y >= frame.top && point.y <= frame.bottom;

/** Let a node be dragged: `begin` and `move` get events, `end` ends it, however it ends.
 *
 * A finger on the node drags and does not scroll: browsers heed `touch-action` on an SVG as a whole
 * only, not on what is in it, so the touch is prevented where it starts.
 */
function makeDraggable(live, node, { begin, move, end = () => {} }) {
  let pointer = null;
  const finish = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end(event);
  };
  live.listen(node, "touchstart", (event) => event.preventDefault(), { passive: false });
  live.listen(node, "pointerdown", (event) => grab(event));
  live.listen(node, "pointermove", (event) => { if (event.pointerId === pointer) move(event); });
  for (const how of ["pointerup", "pointercancel", "lostpointercapture"]) live.listen(node, how, finish);

  /** Take hold: of the first finger or the main button only. */
  function grab(event) {
    if (pointer !== null || event.button !== 0 || !event.isPrimary) return;
    pointer = event.pointerId;
    node.setPointerCapture(pointer);
    node.focus({ preventScroll: true });
    event.preventDefault();
    begin(event);
  }
  return grab;
}
