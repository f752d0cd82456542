/* Paper is white: a page in dark mode is printed in light, and is dark again afterwards. */
(() => {
  const root = document.documentElement;
  let before;
  addEventListener("beforeprint", () => { before = root.dataset.theme; root.dataset.theme = "light"; });
  addEventListener("afterprint", () => { root.dataset.theme = before; });
})();
