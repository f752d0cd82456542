/* Paper is white, and nothing moves on it: a page in dark mode is printed in light, an animation as
 * its poster with its words. Afterwards all is as it was. */
(() => {
  const root = document.documentElement;
  /** @type {(() => void)[]} */
  const undo = [];
  addEventListener("beforeprint", () => {
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    undo.push(() => { root.dataset.theme = theme; });
    /** @type {NodeListOf<HTMLVideoElement>} */
    const videos = document.querySelectorAll(".animation video[poster]");
    for (const video of videos) {
      const still = Object.assign(new Image(), { src: video.poster, alt: "" });
      video.after(still);
      undo.push(() => still.remove());
    }
    /** @type {NodeListOf<HTMLDetailsElement>} */
    const closed = document.querySelectorAll(".animation details:not([open])");
    for (const words of closed) {
      words.open = true;
      undo.push(() => { words.open = false; });
    }
  });
  addEventListener("afterprint", () => {
    while (undo.length) undo.pop()?.();
  });
})();
