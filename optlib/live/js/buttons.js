/* The buttons under a figure. */

/**
 * @param {Live} live
 * @param {{ stop(): void, toggle(): void, by(change: number): void }} time
 */
function bindButtons(live, time) {
  /** @type {Record<string, (button: HTMLElement) => void>} */
  const actions = {
    play: time.toggle,
    back: () => time.by(-1),
    forward: () => time.by(1),
    reset: () => {
      time.stop();
      live.change({ ...live.spec.first });
    },
    link: (button) => (live.kernel ? copyPython(live, button) : copyLink(live, button)),
  };
  for (const button of live.all("[data-do]")) {
    live.listen(button, "click", () => actions[button.dataset.do ?? ""]?.(button));
  }
  if (live.kernel) live.find('[data-do="link"]').textContent = "Copy values";
}

/**
 * @param {Live} live
 * @param {HTMLElement} button
 */
async function copyLink(live, button) {
  const link = location.href.split("#")[0] + writeLink(live.spec, live.values);
  try {
    await navigator.clipboard.writeText(link);
    answer(live, button, "Copied");
  } catch {
    history.replaceState(null, "", link); // no clipboard from a file: the address bar has it
    answer(live, button, "In the address bar");
  }
}

/**
 * In a notebook nobody reads a page's address: what is of use there is a line of Python.
 * @param {Live} live
 * @param {HTMLElement} button
 */
async function copyPython(live, button) {
  const python = writePython(live.spec, live.values);
  try {
    await navigator.clipboard.writeText(python);
    answer(live, button, "Copied");
  } catch {
    answer(live, button, python);
  }
}

/**
 * Say on the button, and to a screen reader, what became of it.
 * @param {Live} live
 * @param {HTMLElement} button
 * @param {string} text
 */
function answer(live, button, text) {
  const before = button.dataset.before ??= button.textContent ?? "", told = live.find("[data-told]");
  button.textContent = told.textContent = text;
  setTimeout(() => {
    button.textContent = before;
    told.textContent = "";
  }, 2000);
}
