// @ts-check
/* The buttons for chapters and for the contents of a page, and the mark in the contents.
 *
 * The theme opens each menu as a dialog on a narrow screen, and folds the chapters away on a wide
 * one. Here: the dialogs get names and a button that closes them, focus comes back to where it was,
 * and a link within the page closes the dialog it stands in. */
(() => {
  /**
   * The index of the section that is read: the last whose heading stands above `line`, or -1.
   * @param {number[]} tops distances of headings from the screen's upper edge, in px
   * @param {number} line
   */
  const sectionAt = (tops, line) => tops.reduce((last, top, k) => (top <= line ? k : last), -1);

  /**
   * Where a heading counts as reached: a third of the screen, moving to its lower edge over the
   * last screen of a page, whose sections could not be reached else.
   * @param {number} height of the screen, in px
   * @param {number} left how far the page can still be scrolled, in px
   */
  const readingLine = (height, left) => height * (0.3 + 0.7 * Math.max(0, 1 - left / height));

  /** @param {string} kind @param {string} name */
  function menu(kind, name) {
    const button = /** @type {HTMLElement | null} */ (document.querySelector(`.${kind}-toggle`));
    const sidebar = document.getElementById(`pst-${kind}-sidebar`);
    const dialog = /** @type {HTMLDialogElement | null} */ (
      document.getElementById(`pst-${kind}-sidebar-modal`));
    if (!button || !sidebar || !dialog) return;
    dialog.setAttribute("aria-label", name);
    const close = Object.assign(document.createElement("button"), {
      type: "button", className: "menu-close", textContent: "Close", onclick: () => dialog.close(),
    });
    sidebar.prepend(close);
    /** @type {HTMLElement | null} */
    let chosen = null;

    const wide = matchMedia("(min-width: 992px)");
    const say = () => {
      const unfolded = wide.matches && !sidebar.classList.contains("pst-sidebar-hidden");
      button.setAttribute("aria-expanded", String(dialog.open || (kind === "primary" && unfolded)));
    };
    // The theme's listeners take the focus away and let no other listener of the button run.
    document.addEventListener("click", (event) => {
      if (!button.contains(/** @type {Node} */ (event.target))) return;
      setTimeout(() => {
        if (!dialog.open) button.focus();
        say();
      });
    }, true);
    dialog.addEventListener("close", () => {
      (chosen ?? button).focus({ preventScroll: true });
      chosen = null;
      say();
    });
    dialog.addEventListener("click", (event) => {
      const link = /** @type {Element} */ (event.target).closest("a");
      if (!link?.hash || link.pathname !== location.pathname) return;
      const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      chosen = /** @type {HTMLElement | null} */ (section?.querySelector("h1, h2, h3, h4") ?? null);
      chosen?.setAttribute("tabindex", "-1");
      dialog.close();
    });
    wide.addEventListener("change", () => (dialog.open ? dialog.close() : say()));
    say();
  }

  /** @param {HTMLElement} nav */
  function markSections(nav) {
    const links = /** @type {HTMLAnchorElement[]} */ ([...nav.querySelectorAll('a[href^="#"]')]);
    const sections = links.map((a) => document.getElementById(decodeURIComponent(a.hash.slice(1))));
    /** @type {HTMLAnchorElement | undefined} */
    let chosen;
    let waiting = false;

    const mark = () => {
      waiting = false;
      const left = document.documentElement.scrollHeight - innerHeight - scrollY;
      const tops = sections.map((s) => s?.getBoundingClientRect().top ?? Infinity);
      const here = chosen ?? links[sectionAt(tops, readingLine(innerHeight, left))];
      for (const link of links) {
        link.classList.toggle("active", link === here);
        if (link === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        link.closest(".toc-entry")?.classList.toggle("active", link === here);
      }
      for (let item = here?.closest(".toc-entry") ?? null; item;
        item = item.parentElement?.closest(".toc-entry") ?? null) item.classList.add("active");
    };
    const later = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(mark);
    };
    /** @param {string} hash */
    const choose = (hash) => {
      chosen = links.find((a) => a.hash === hash);
      later();
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later, { passive: true });
    addEventListener("hashchange", () => choose(location.hash));
    document.addEventListener("click", (event) => {
      const link = /** @type {Element} */ (event.target).closest?.('a[href^="#"]');
      if (link) choose(/** @type {HTMLAnchorElement} */ (link).hash);
    });
    // What was chosen holds until the reader's own hand moves on.
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(kind, (event) => {
        if (!/** @type {Element} */ (event.target).closest?.("a")) chosen = undefined;
      }, { passive: true });
    }
    choose(location.hash);
  }

  // The theme's own scripts are deferred, too: after all of them.
  const start = () => {
    menu("primary", "Chapters");
    menu("secondary", "Contents of this page");
    const nav = document.getElementById("page-contents");
    if (nav) markSections(nav);
  };
  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start);
})();
