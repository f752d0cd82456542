/* When a page's figures come to life: what is near the reader at once, the rest while it rests. */

const restful = typeof requestIdleCallback === "function"
  ? (act) => requestIdleCallback(act) : (act) => setTimeout(act, 100);

/** Hydrate figures as they come near, the one that the address names first. */
function hydrateNear() {
  const roots = [...document.querySelectorAll("[data-live]")];
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      hydrate(target);
    }
  }, { rootMargin: "50% 0px" });
  for (const root of roots) near.observe(root);

  const named = () => {
    const id = location.hash.slice(1).split(/[?/]/)[0];
    const root = roots.find((one) => one.id === id || one.dataset.formerly === id);
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
