if (typeof document !== "undefined" && document.currentScript) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", Live.hydrateAll);
  else Live.hydrateAll();
}
