// @ts-check
/* Paper is white, nothing moves on it and nothing can be pressed. Before printing: a dark page turns
 * light, an animation becomes its last picture with its words, a live figure says the values it was drawn
 * with, and answers move to the end. Afterwards all is as it was. */
(() => {
  const ANSWERS = /^\s*(the\s+)?(answers?|hints?|solutions?)\b/i;

  /** @param {unknown} value @returns {string} */
  const spoken = (value) => {
    if (typeof value === "number") return String(Number(value.toPrecision(3))).replace("-", "−");
    if (Array.isArray(value)) return `(${value.map(spoken).join(", ")})`;
    return String(value);
  };

  /**
   * The values a live figure was drawn with, as one line: "step 40 of 60; η = 0.1; start (1, 2)".
   * @param {Record<string, any>} values @param {Record<string, any>} spec the figure's data
   */
  function valuesLine(values, spec) {
    const labels = new Map((spec.controls ?? []).map((/** @type {any} */ c) => [c.name, c.label]));
    const parts = [];
    if ("step" in values) parts.push(`step ${values.step} of ${spec.steps}`);
    for (const [name, value] of Object.entries(values)) {
      if (labels.has(name)) parts.push(`${labels.get(name) ?? name} = ${spoken(value)}`);
      else if (name === "surface") parts.push(`landscape: ${value}`);
      else if (name === "start") parts.push(`start ${spoken(value.length > 1 ? value : value[0])}`);
    }
    const hidden = (spec.runs ?? []).map((/** @type {any} */ r) => r.label)
      .filter((/** @type {string} */ label) => values.shown && !values.shown.includes(label));
    if (hidden.length) parts.push(`without ${hidden.join(", ")}`);
    return parts.join("; ");
  }

  Object.assign(globalThis, { Paper: { spoken, valuesLine } });
  if (typeof document === "undefined") return;

  /** @type {(() => void)[]} */
  const undo = [];

  /** @param {string} tag @param {string} className @param {(Node | string)[]} inside */
  function element(tag, className, ...inside) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...inside);
    return made;
  }

  /** @param {Node} made @param {(made: Node) => void} place */
  function add(made, place) {
    place(made);
    undo.push(() => made.parentNode?.removeChild(made));
  }

  /** @param {Element} moved @param {Element} to */
  function move(moved, to) {
    const mark = document.createComment("");
    moved.before(mark);
    to.append(moved);
    undo.push(() => mark.replaceWith(moved));
  }

  function turnLight() {
    const root = document.documentElement, theme = root.dataset.theme;
    root.dataset.theme = "light";
    undo.push(() => { root.dataset.theme = theme; });
  }

  function stopAnimations() {
    for (const video of document.querySelectorAll(".animation video[poster]")) {
      const { poster, dataset } = /** @type {HTMLVideoElement} */ (video);
      const last = Object.assign(new Image(), { src: dataset.last ?? poster, alt: "" });
      add(last, (still) => video.after(still));
    }
    for (const words of document.querySelectorAll(".animation details:not([open])")) {
      words.setAttribute("open", "");
      undo.push(() => words.removeAttribute("open"));
    }
  }

  function writeValues() {
    for (const root of document.querySelectorAll("[data-live]")) {
      const data = root.querySelector("script.live-data");
      if (!data) continue;
      const spec = JSON.parse(data.textContent ?? "{}");
      const values = /** @type {any} */ (root).live?.get().values ?? spec.first ?? {};
      const line = element("p", "print-values", `Drawn with ${valuesLine(values, spec)}.`);
      add(line, () => (root.querySelector(".live-panels") ?? root).after(line));
    }
  }

  /** The right answer of a quiz question, as "Right. Because …". @param {Element} question */
  function reasonOf(question) {
    const says = question.getAttribute("data-says");
    if (says) return JSON.parse(says)[0][2];
    const right = question.querySelector(".says.right");
    const chosen = right?.previousElementSibling?.textContent?.trim() ?? "";
    return `${chosen} ${right?.textContent?.trim() ?? ""}`;
  }

  /** @param {Element} from */
  const headingOf = (from) => {
    const heading = from.closest("section")?.querySelector("h1, h2, h3, h4");
    return (heading?.textContent ?? "").replace(/#$/, "").trim();
  };

  function moveAnswers() {
    const article = document.querySelector(".bd-article > section, .bd-article");
    const list = document.createElement("ol");
    for (const box of document.querySelectorAll(".bd-article .admonition.dropdown, .quiz fieldset")) {
      const item = document.createElement("li");
      const number = list.childElementCount + 1;
      if (box.matches("fieldset")) {
        const question = box.querySelector("legend")?.textContent ?? "";
        item.append(element("p", "", element("b", "", question)), element("p", "", reasonOf(box)));
        add(element("p", "print-pointer", `Answer ${number}, at the end.`), (p) => box.append(p));
      } else {
        const title = box.querySelector(".admonition-title");
        const name = title?.textContent?.trim() ?? "";
        if (!ANSWERS.test(name)) continue;
        const kind = /hint/i.test(name) ? "Hint" : "Answer";
        item.append(element("p", "", element("b", "", `${kind}: ${headingOf(box)}`)));
        const inside = element("div", "");
        add(element("p", "print-pointer", `${kind} ${number}, at the end.`), (p) => box.before(p));
        for (const part of [...box.children]) if (part !== title) move(part, inside);
        item.append(inside);
        box.classList.add("print-moved");
        undo.push(() => box.classList.remove("print-moved"));
      }
      list.append(item);
    }
    if (list.childElementCount === 0) return;
    const answers = element("section", "print-answers", element("h2", "", "Hints and answers"), list);
    add(answers, () => article?.append(answers));
  }

  addEventListener("beforeprint", () => {
    if (undo.length) return;
    turnLight();
    stopAnimations();
    writeValues();
    moveAnswers();
  });
  addEventListener("afterprint", () => {
    while (undo.length) undo.pop()?.();
  });
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-print]")) print();
  });
})();
