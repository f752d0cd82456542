if (typeof document !== "undefined" && document.currentScript) {
  Live.followProse(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", Live.hydrateNear);
  else Live.hydrateNear();
}
