// @ts-check
/* Search of the book's sections, on the search page. MiniSearch ranks; here words and symbols are
 * brought to one spelling (`fold`), the line with the hit is found, and the list is drawn. */
(() => {
  /** @typedef {{id: number, page: string, address: string, title: string, level: number,
   *             text: string}} Section */
  /** @typedef {{section: Section, words: {text: string, hit: boolean}[]}} Hit */

  const GREEK = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", η: "eta",
    θ: "theta", ϑ: "theta", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", π: "pi", ρ: "rho",
    σ: "sigma", τ: "tau", φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", "√": "sqrt",
    "∇": "nabla", "∞": "infinity",
  };
  const NAMES = [...new Set(Object.values(GREEK))].join("|");
  /** One spelling for each of these; phrases stay findable by their own words too. */
  const WORDS = { eps: "epsilon", varepsilon: "epsilon", lr: "eta", step_size: "eta" };
  const PHRASES = /** @type {[RegExp, string][]} */ ([
    [/\blearning[ _-]?rates?\b/g, "eta"],
    [/\bsquare roots?\b/g, "sqrt"],
    [/\brms[ _-]prop\b/g, "rmsprop"],
    [/\bada[ _-]grad\b/g, "adagrad"],
    [/\bzig[ _-]zag/g, "zigzag"],
    [/\bheavy[ _-]ball\b/g, "heavyball"],
  ]);
  const LIMIT = 30;
  const EXCERPT = 30;  // words

  /**
   * A text in the one spelling that search knows: small letters, Greek letters by name, indices
   * joined (`β₂`, `β_2`, `\beta_{2}` and `beta 2` are `beta2`), `v̂` as `vhat`.
   * @param {string} text
   * @param {boolean} asked whether it is a question, in which a phrase stands for its symbol alone
   */
  function fold(text, asked = false) {
    let folded = text
      .replace(/[²³¹\u2070-\u207f\u1d2c-\u1d6a\u2090-\u209c]/g, " ")  // powers; indices t, i
      .normalize("NFKD").toLowerCase()
      .replace(/\\(?:wide)?hat\s*\{?\s*([a-z])\s*\}?|\b([a-z])[ _-]hat\b/g,
        (_, tex, plain) => `${tex ?? plain}hat`)
      .replace(/([a-z])\u0302/g, "$1hat")
      .replace(/\p{M}/gu, "")
      .replace(/[\p{Script=Greek}√∇∞]/gu, (letter) => ` ${GREEK[
        /** @type {keyof typeof GREEK} */ (letter)] ?? letter} `)
      .replace(new RegExp(`\\b(${NAMES})[\\s_{]{0,3}(\\d)(?![\\d.])`, "g"), "$1$2");
    for (const [phrase, symbol] of PHRASES) {
      folded = folded.replace(phrase, (words) => (asked ? symbol : `${symbol} ${words}`));
    }
    return folded;
  }

  /** @param {string} text @param {boolean} asked */
  const terms = (text, asked = false) =>
    (fold(text, asked).match(/\d+(?:\.\d+)?(?:e-?\d+)?(?![\p{L}])|[\p{L}\d]+/gu) ?? [])
      .map((word) => WORDS[/** @type {keyof typeof WORDS} */ (word)] ?? word);

  /** A chapter counts more than another page, a page more than a section. @param {Section} section */
  const importance = ({ level, title }) => (level > 1 ? 1 : /^\d/.test(title) ? 2 : 1.4);

  /** @param {Section[]} sections */
  function makeIndex(sections) {
    // @ts-ignore: MiniSearch is a script of its own
    const index = new MiniSearch({
      fields: ["title", "text"],
      tokenize: (/** @type {string} */ text) => terms(text),
      processTerm: (/** @type {string} */ term) => term,
      searchOptions: {
        tokenize: (/** @type {string} */ text) => terms(text, true),
        boost: { title: 6 },
        boostDocument: (/** @type {number} */ id) => importance(sections[id]),
        prefix: (/** @type {string} */ term) => term.length > 2 && !/\d/.test(term),
        fuzzy: (/** @type {string} */ term) => (term.length > 4 && !/\d/.test(term) ? 0.2 : false),
        weights: { fuzzy: 0.2, prefix: 0.4 },
      },
    });
    index.addAll(sections);
    return index;
  }

  /**
   * The words of `text` around its densest run of hits, each marked as a hit or not.
   * @param {string} text
   * @param {Set<string>} found terms that the search has matched
   */
  function excerpt(text, found) {
    const words = text.split(" ");
    const isHit = words.map((word) => terms(word).some((term) => found.has(term)));
    words.forEach((word, k) => {  // a phrase is two words, and a hit only together
      if (k + 1 < words.length && !isHit[k] && !isHit[k + 1]
        && terms(`${word} ${words[k + 1]}`).some((term) => found.has(term))) {
        isHit[k] = isHit[k + 1] = true;
      }
    });
    let start = Math.max(0, isHit.indexOf(true)), best = 0;
    isHit.forEach((hit, k) => {
      if (!hit) return;
      const here = isHit.slice(k, k + EXCERPT).filter(Boolean).length;
      if (here > best) [start, best] = [k, here];
    });
    start = Math.max(0, Math.min(start - 6, words.length - EXCERPT));
    const cut = words.slice(start, start + EXCERPT)
      .map((word, k) => ({ text: word, hit: isHit[start + k] }));
    if (start > 0) cut.unshift({ text: "…", hit: false });
    if (start + EXCERPT < words.length) cut.push({ text: "…", hit: false });
    return cut;
  }

  /**
   * Sections that hold all words asked for, best first; if there are none, any of the words.
   * @param {any} index @param {Section[]} sections @param {string} query
   * @returns {Hit[]}
   */
  function find(index, sections, query) {
    let results = index.search(query, { combineWith: "AND" });
    if (!results.length) results = index.search(query, { combineWith: "OR" });
    return results.map((/** @type {{id: number, terms: string[]}} */ { id, terms: matched }) => ({
      section: sections[id],
      words: excerpt(sections[id].text, new Set(matched)),
    }));
  }

  /**
   * Words of the book that are spelled like those asked for.
   * @param {any} index @param {string} query
   * @returns {string[]}
   */
  const suggestions = (index, query) => [...new Set(
    terms(query, true).flatMap((term) => index.search(term, { fuzzy: 0.4, prefix: true })
      .slice(0, 5).flatMap((/** @type {{terms: string[]}} */ hit) => hit.terms)),
  )].slice(0, 4);

  Object.assign(globalThis, { Search: { fold, terms, makeIndex, excerpt, find, suggestions } });
  if (typeof document === "undefined") return;

  /**
   * @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} inside
   */
  function element(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  }

  /** @param {Hit} hit */
  const row = ({ section, words }) => element("li", {},
    element("a", { href: section.address }, section.title),
    ...(section.level > 1 ? [element("span", { class: "search-page" }, section.page)] : []),
    element("p", {}, ...words.flatMap(({ text, hit }) =>
      [hit ? element("mark", {}, text) : text, " "])));

  const start = () => {
    const input = /** @type {HTMLInputElement} */ (
      document.querySelector(".search-page-body input[type=search]"));
    const list = /** @type {HTMLElement} */ (document.getElementById("search-results"));
    const says = /** @type {HTMLElement} */ (document.getElementById("search-says"));
    // @ts-ignore: a script of its own
    const sections = /** @type {Section[]} */ (globalThis.SEARCH_SECTIONS);
    const index = makeIndex(sections);

    /** @param {string} query */
    const show = (query) => {
      const hits = query.trim() ? find(index, sections, query) : [];
      list.replaceChildren(...hits.slice(0, LIMIT).map(row));
      if (!query.trim()) {
        says.textContent = "A word, a rule or a symbol: momentum, RMSProp, β₂ or beta2.";
      } else if (hits.length) {
        const all = hits.length === 1 ? "1 section" : `${hits.length} sections`;
        says.textContent = hits.length > LIMIT ? `${all}; the best ${LIMIT}:` : `${all}:`;
      } else {
        const near = suggestions(index, query);
        says.replaceChildren(`Nothing found for “${query.trim()}”. `,
          ...(near.length ? ["Did you mean ", ...near.flatMap((word, k) => [k ? ", " : "",
            element("a", { href: `?q=${encodeURIComponent(word)}` }, word)]), "?"]
            : ["Try fewer or other words, or a symbol by name: beta2, epsilon, eta."]));
      }
    };

    let timer = 0;
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(input.value), 120);
    });
    show(input.value);
    input.focus();
  };
  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start);
})();
