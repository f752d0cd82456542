/* Paper is white, and nothing moves on it: a page in dark mode is printed in light, an animation as
 * its poster with its words. Afterwards all is as it was. */
(() => {
  const root = document.documentElement;
  const undo = [];
  addEventListener("beforeprint", () => {
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    undo.push(() => { root.dataset.theme = theme; });
    for (const video of document.querySelectorAll(".animation video[poster]")) {
      const still = Object.assign(new Image(), { src: video.poster, alt: "" });
      video.after(still);
      undo.push(() => still.remove());
    }
    for (const words of document.querySelectorAll(".animation details:not([open])")) {
      words.open = true;
      undo.push(() => { words.open = false; });
    }
  });
  addEventListener("afterprint", () => {
    while (undo.length) undo.pop()();
  });
})();
