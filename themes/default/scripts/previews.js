/* A preview of what a reference points at, on hover and on focus. It can be pointed at, Esc closes it,
   and it stands under or over the reference, never on it. */
(function () {
  "use strict";

  const box = document.createElement("div");
  box.className = "preview";
  box.id = "_preview";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  (document.getElementById("_content") || document.body).append(box);

  const pause = 350;
  let shown = null;
  let timer = 0;

  function hide() {
    clearTimeout(timer);
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  /* A place on this page needs no text of its own in the link: its number and first words are here to be read, or those of its sections
     or first items if it has none. What says no more than the link is not shown. */
  function wordsOf(link) {
    if (link.dataset.preview) return link.dataset.preview;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target || !target.matches(".clause")) return "";
    const title = target.querySelector(":scope > :is(h2, h3, h4) > .title, :scope > .opening .title");
    const own = target.querySelector(title ? ":scope > p:not([class])" : ":scope > .text > p");
    const sections = [...target.querySelectorAll(":scope > section > :is(h2, h3, h4)")];
    const items = [...target.querySelectorAll(":scope > .items > li, :scope > .text > .items > li")].slice(0, 2);
    const isChapter = target.matches(".level-1");
    const text = own && !(isChapter && sections.length) ? own.textContent
      : sections.length ? listed(sections, ".title") : listed(items, ".text > p");
    const first = text.slice(0, 90) + (text.length > 90 ? "…" : "");
    const said = [target.dataset.number, title && title.textContent, first].filter(Boolean).join("　");
    return first || letters(said) !== letters(link.textContent) ? said : "";
  }

  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

  /* Clauses as a list in one line, each with its number. */
  function listed(clauses, selector) {
    const lines = clauses.map((clause) => {
      const number = clause.querySelector(":scope > .number").textContent;
      const words = clause.querySelector(":scope > " + selector);
      return number + (number.charCodeAt(number.length - 1) < 128 ? " " : "") + (words ? words.textContent : "");
    });
    return lines.map((line, at) => at < lines.length - 1 ? line.replace(/[。；，：.;,:]+$/, "") : line).join(document.body.dataset.list);
  }

  function place(link) {
    const lines = [...link.getClientRects()];
    const first = lines[0];
    const last = lines[lines.length - 1];
    const gap = 6;
    const below = last.bottom + gap;
    const bar = document.querySelector(".bar").getBoundingClientRect();
    const top = bar.top < 1 ? bar.bottom : 0;
    const bottom = bar.top < 1 ? window.innerHeight : bar.top;
    const over = below + box.offsetHeight > bottom && first.top - gap - box.offsetHeight > top;
    const y = over ? first.top - gap - box.offsetHeight : below;
    const x = Math.min(over ? first.left : last.left, document.documentElement.clientWidth - box.offsetWidth - 16);
    // Its place counts from what it is laid out in, which on wide pages is not the page.
    const from = box.offsetParent.getBoundingClientRect();
    box.style.left = Math.max(x, 16) - from.left + "px";
    box.style.top = y - from.top + "px";
  }

  function show(link) {
    if (shown === link) return;
    hide();
    box.textContent = wordsOf(link);
    if (!box.textContent) return;
    box.hidden = false;
    place(link);
    link.setAttribute("aria-describedby", box.id);
    shown = link;
  }

  const linkAt = (event) => event.target.closest && event.target.closest("a[data-preview], main a.reference[href^='#']");

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event);
    clearTimeout(timer);
    if (link) timer = setTimeout(() => show(link), pause);
    else if (shown && !box.contains(event.target)) timer = setTimeout(hide, pause);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link && link.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  window.addEventListener("resize", hide);
})();
