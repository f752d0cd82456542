// @ts-check
/* What is too wide for its page scrolls within itself: here it says so, to the eye by a shadow at
 * the edge behind which there is more (navigation.css), to the keyboard and to a screen reader as a
 * group with a name that can be focused. */
(() => {
  const KINDS = {
    "pre": "Code or output",
    ".katex-display": "Formula",
    "td .math": "Formula",
    ".pst-scrollable-table-container": "Table",
    ".cell_output > .output": "Output",
  };

  /**
   * The sides on which an element holds more than it shows: "", "left", "right" or "left right".
   * @param {{scrollLeft: number, scrollWidth: number, clientWidth: number}} box
   */
  const more = ({ scrollLeft, scrollWidth, clientWidth }) => [
    scrollLeft > 1 ? "left" : "",
    scrollLeft + clientWidth < scrollWidth - 1 ? "right" : "",
  ].join(" ").trim();

  /** @param {HTMLElement} box @param {string} name */
  function update(box, name) {
    const sides = more(box);
    if (sides === (box.dataset.more ?? "")) return;
    if (sides) {
      box.dataset.more = sides;
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `${name}, scrolls sideways`);
    } else {
      delete box.dataset.more;
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    }
  }

  const start = () => {
    /** @type {Map<Element, string>} */
    const names = new Map();
    for (const [selector, name] of Object.entries(KINDS)) {
      for (const box of document.querySelectorAll(`.bd-article :is(${selector})`)) {
        if (box.closest(".live, .quiz")) continue;
        names.set(box, name);
        box.addEventListener("scroll", () => update(/** @type {HTMLElement} */ (box), name),
          { passive: true });
      }
    }
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        update(/** @type {HTMLElement} */ (target), /** @type {string} */ (names.get(target)));
      }
    });
    for (const box of names.keys()) watch.observe(box);
  };
  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start);
})();
