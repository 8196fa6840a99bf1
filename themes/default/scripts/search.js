/* The search as readers meet it: a dialog with one field and the results below it, opened by `/`, Ctrl or ⌘ + K, or the bar's link, and
   what a result leads to: its clause in view and every hit on the page marked. The engine and the index are loaded when they are first
   needed, or a pointer is on its way, as scripts, which also works over file://. Every word comes from the page. */
(function () {
  "use strict";

  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector(".finder"));
  if (!dialog) return;
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("#_results"));
  const status = /** @type {HTMLElement} */ (dialog.querySelector(".finder-status"));
  const words = /** @type {Record<string, string>} */ (dialog.dataset);
  const root = words.root;
  const snippetLength = 70;

  // ---- Scripts of the index: each calls the one global function with its name and its data ----

  /** @type {Record<string, any>} */
  const received = {};
  /** @type {any} */ (window).planpressSearch = (/** @type {string} */ name, /** @type {any} */ data) => received[name] = data;

  /** @param {string} address @returns {Promise<unknown>} */
  const run = (address) => new Promise((done, failed) => {
    const script = Object.assign(made("", "", "script"), { src: address, onload: done, onerror: failed });
    dialog.append(script);
    script.remove();
  });

  /** Loads one script of the index, as of a version, so that a copy of another edition is never used. @param {string} name @param {string | number} version */
  const load = (name, version) => run(`${root}search/${name}.js?v=${version}`).then(() => received[name]);

  /** Which version of the index is there, as far as that is known. @type {any} */
  let newest;
  /** Its scripts to begin with. @type {any} */
  let first;
  /** Asks for that: the small script that says so is never taken from a cache. */
  const renew = () => load("version", Date.now()).then((now) => [newest, first] = now, () => {});
  // With the page, so that no search waits for it.
  renew();

  /** What answers a query. @type {any} */
  let engine;
  /** Which version it answers for. @type {any} */
  let current;

  /** What the engine for the newest version that is known says. What it needs is all on its way at once. @param {string} query */
  async function answerTo(query) {
    const [terms, rank, whole, shards] = words.engine.split(" ");
    if (!newest) await renew();
    const version = newest;
    if (current !== version) {
      const from = (/** @type {string} */ name) => load(name, version);
      // A large plan has a map, too.
      const [[data, map]] = await Promise.all([Promise.all(first.map(from)), ...[terms, rank, first[1] ? shards : whole].map(run)]);
      engine = planpressEngine(from, data, map);
      current = version;
    }
    return engine(query);
  }

  /** @type {(event: string, listener: (event: any) => void, target?: EventTarget) => void} */
  const on = (event, listener, target = document) => target.addEventListener(event, listener);

  // ---- Results ----

  /** @param {string} template @param {Record<string, string | number>} values */
  const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => /** @type {any} */ (values[name]));

  const say = (/** @type {string} */ text) => status.textContent = text;

  /** An element, a span if nothing else is said. */
  function made(className = "", text = "", tag = "span") {
    return Object.assign(document.createElement(tag), { className, textContent: text });
  }

  /** The text around the first hit, with the hits marked. @param {string} text @param {[number, number][]} ranges */
  function snippet(text, ranges) {
    const shown = made("snippet");
    ranges.sort(([a], [b]) => a - b);
    // What has two units of 16 bits, a rare name for one, is not cut between them.
    const whole = (/** @type {number} */ at) => text.charCodeAt(at) >> 10 === 55 ? at + 1 : at;
    // Where nearly all of it fits, it begins at the beginning.
    const start = whole(text.length > snippetLength && ranges[0]?.[0] > 28 ? ranges[0][0] - 20 : 0);
    const end = whole(start + snippetLength);
    let at = start;
    if (start) shown.append("…");
    for (const [begins, ends] of ranges) {
      const from = Math.max(at, begins);
      const to = Math.min(ends, end);
      if (from >= to) continue;
      shown.append(text.slice(at, from), made("", text.slice(from, to), "mark"));
      at = to;
    }
    shown.append(text.slice(at, end), end < text.length ? "…" : "");
    return shown;
  }

  /** @param {any} entry */
  function place(entry) {
    const titles = [];
    for (let at = entry.parent; at; at = at.parent) if (at.field < 4) titles.unshift(at.text);
    return [entry.page.part, ...titles].filter(Boolean).join(" › ");
  }

  /** @param {any} result @param {number} at @param {string} query */
  function option({ entry, ranges }, at, query) {
    const link = Object.assign(made(entry.field < 4 ? "heading" : "", "", "a"), {
      id: `_result-${at}`,
      role: "option",
      ariaSelected: /** @type {any} */ (false),
      tabIndex: -1,
      href: `${root}${entry.page.path}?q=${encoded(query)}#${encoded(entry.anchor)}`,
    });
    const head = made("head");
    head.append(made("number", entry.number), " ", made("place", place(entry)));
    link.append(head, " ", snippet(entry.text, ranges));
    return link;
  }

  const encoded = encodeURIComponent;

  /** The chosen option. @type {any} */
  let active;

  /** @param {Element | null} next */
  function activate(next) {
    if (active) active.ariaSelected = false;
    active = next;
    if (active) active.ariaSelected = true;
    // No option has an empty id: nothing is chosen then.
    input.setAttribute("aria-activedescendant", active?.id || "");
  }

  /** @param {any} answer @param {string} query */
  function show(answer, query) {
    const results = answer?.results || [];
    list.scrollTop = 0;
    list.replaceChildren(...results.map((/** @type {any} */ result, /** @type {number} */ at) => option(result, at, query)));
    input.ariaExpanded = /** @type {any} */ (!!results[0]);
    activate(list.firstElementChild);
    say(!answer ? words.start : !results[0] ? filled(words.none, { text: snippet(query, []).textContent }) : [
      ...(answer.corrected || []).map((/** @type {string[]} */ [text, title]) => filled(words.corrected, { text, title })),
      answer.partial && words.partial,
      filled(answer.total > results.length ? words.more : words.found, { n: results.length }),
    ].filter(Boolean).join(" "));
  }

  let asked = 0;
  /** Whether the reader wants to go to the first result, which is not there yet. @type {any} */
  let entered;
  async function search() {
    // One question at a time: whoever is at it asks what is there when it has come to its end.
    if ((asked += 1) > 1) return;
    for (let turn; turn !== asked;) {
      turn = asked;
      const query = input.value.trim();
      try {
        const answer = await answerTo(query);
        if (turn === asked) {
          show(answer, query);
          if (entered && dialog.open) active?.click();
        }
      } catch {
        // A script that did not come is asked for anew the next time.
        current = 0;
        say(words.failed);
      }
    }
    asked = entered = 0;
  }

  // ---- Opening and keys ----

  /** @param {MouseEvent | KeyboardEvent} event */
  const modified = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;

  /** @param {Event} event whether it is about the link to the search */
  const leads = (event) => /** @type {Element} */ (event.target).closest?.(".bar .search");

  /** @param {Event} event */
  function open(event) {
    const before = newest;
    event.preventDefault();
    if (!dialog.open) {
      // What has to be read is on its way while the dialog is laid out.
      search();
      dialog.showModal();
      input.select();
    }
    // The plan may have been published anew since the page was opened, or while the dialog is.
    renew().then(() => /** @type {any} */ (newest !== before && search()));
  }

  on("click", (event) => {
    if (leads(event) && !modified(event)) open(event);
  });
  // A pointer on its way to it: what has to be read is there when it is pressed.
  on("pointerover", (event) => leads(event) && search());
  on("keydown", (event) => {
    if (/^k$/i.test(event.key) && (event.ctrlKey || event.metaKey)) open(event);
  });

  for (const name of ["input", "compositionend"]) on(name, (event) => event.isComposing || search(), input);

  on("keydown", (event) => {
    // What an input method needs is not ours.
    if (event.isComposing || event.keyCode === 229 || modified(event)) return;
    entered = asked && event.key === "Enter";
    if (!active || asked) return;
    const to = /** @type {Record<string, Element | null>} */ ({
      ArrowDown: active.nextElementSibling || active,
      ArrowUp: active.previousElementSibling || active,
      Home: list.firstElementChild,
      End: list.lastElementChild,
      Enter: active,
    })[event.key];
    if (!to) return;
    event.preventDefault();
    if (event.key === "Enter") return active.click();
    activate(to);
    to.scrollIntoView({ block: "nearest" });
  }, input);
  on("click", (event) => {
    if (/** @type {Element} */ (event.target).closest(".finder-close,a") && !modified(event)) dialog.close();
  }, dialog);
  // Pressed beside it: words that are selected may end there.
  on("mousedown", (event) => event.target === dialog && dialog.close(), dialog);

  // ---- Where a result leads to ----

  /** The pieces of the page's text that patterns find; nothing is found across blocks, and footnote marks do not count. @param {RegExp[]} patterns */
  function hits(patterns) {
    const textNodes = 4;
    const walker = document.createTreeWalker(/** @type {Element} */ (document.querySelector("main")), textNodes);
    const nodes = /** @type {[Text, number][]} */ ([]);
    let text = "";
    let block;
    while (walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode);
      const parent = /** @type {Element} */ (node.parentElement);
      if (parent.closest(".footnote-mark,.sr-only,.backlinks,.turn,.number,[hidden]")) continue;
      const own = parent.closest("p,li,td,th,dt,dd,pre,.title,.label,.entry");
      if (own !== block) text += "\0";
      block = own;
      nodes.push([node, text.length]);
      text += node.data;
    }
    return patterns.flatMap((pattern) => [...text.matchAll(pattern)]).flatMap((hit) => nodes
      .map(([node, start]) => /** @type {[Text, number, number]} */ ([node, Math.max(hit.index - start, 0), Math.min(hit.index + hit[0].length - start, node.length)]))
      .filter(([, from, to]) => from < to));
  }

  async function land() {
    const query = new URLSearchParams(location.search).get("q");
    if (!query) return;
    input.value = query;
    const { patterns } = await answerTo(query);
    const native = CSS.highlights;
    // From the end, so that what is still to be marked keeps its place.
    const ranges = hits(patterns).sort(([, a], [, b]) => b - a).map(([node, from, to]) => {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      if (!native && !node.parentElement?.closest("mark")) range.surroundContents(made("hit", "", "mark"));
      return range;
    });
    native?.set("search", new Highlight(...ranges));
  }
  // An index that cannot be read takes nothing from the page.
  land().catch(() => {});
})();
