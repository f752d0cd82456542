if (typeof document !== "undefined" && document.currentScript) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", Live.hydrateNear);
  else Live.hydrateNear();
}
