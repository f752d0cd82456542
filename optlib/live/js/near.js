/* When a page's figures come to life: what is near the reader at once, the rest while it rests. */

const restful = typeof requestIdleCallback === "function"
  ? (/** @type {() => void} */ act) => requestIdleCallback(act)
  : (/** @type {() => void} */ act) => setTimeout(act, 100);

/** Hydrate figures as they come near, the one that the address names first. */
function hydrateNear() {
  const roots = figuresOf(document);
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      hydrate(/** @type {LiveRoot} */ (target));
    }
  }, { rootMargin: "50% 0px" });
  for (const root of roots) near.observe(root);

  const named = () => {
    const root = figureNamed(document, location.hash);
    if (root) hydrate(root);
  };
  named();
  addEventListener("hashchange", named);
  addEventListener("beforeprint", hydrateAll);

  const next = () => {
    const root = roots.find((one) => !("liveReady" in one.dataset));
    if (!root) return;
    hydrate(root);
    restful(next);
  };
  if (document.readyState === "complete") restful(next);
  else addEventListener("load", () => restful(next));
}
