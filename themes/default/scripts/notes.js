/* Footnotes and drafting comments: beside their marks in the right margin where the page has one, without overlap;
   elsewhere a mark opens its note in place under the paragraph. Without this script the notes stand at the chapter's end.
   Nothing is moved in the document, only placed, so that reading order and copied text stay as they are. */
(function () {
  "use strict";

  const words = document.body.dataset;
  const article = document.querySelector(".chapter, .annex");
  if (!article) return;

  const wide = window.matchMedia("(min-width: 75em)");
  const toc = document.querySelector(".toc");
  const gapBetweenNotes = 14;
  const noteOf = (mark) => document.getElementById(mark.hash.slice(1));
  /* Looked up each time: a preview changes the page in place. */
  const marks = () => [...article.querySelectorAll(".footnote-mark > a")].filter(noteOf);
  const comments = () => [...article.querySelectorAll(".comment")].filter((comment) => !comment.closest("table, .fields, h1, h2, h3, h4"));
  /* A note cited twice stands beside its first mark. */
  function notesWithMarks() {
    const seen = new Set();
    return marks().map((mark) => ({ box: noteOf(mark), mark })).filter(({ box }) => !seen.has(box) && seen.add(box));
  }
  const inMargin = () => article.classList.contains("in-margin");

  /* ---- In the margin ---- */

  /* The page's contents share the column with the notes: they fill each gap that is long enough, the first gap for certain. */
  function placeContents(notes, top, bottom) {
    for (const again of document.querySelectorAll(".toc-again")) again.remove();
    const card = toc && toc.querySelector(".toc-card");
    if (!card) return;
    const need = card.offsetHeight + 24;
    /* A second copy must not come into view while the one before it is still there. */
    const screen = window.innerHeight;
    let shownUntil = 0;
    const ends = [...notes.map((note) => note.top), bottom];
    const starts = [top, ...notes.map((note) => note.bottom)];
    starts.forEach((free, index) => {
      const start = index === 0 ? free : Math.max(free, shownUntil + screen);
      const length = ends[index] - start - 16;
      if (index > 0 && length < need) return;
      shownUntil = start + length;
      if (index === 0) {
        toc.style.height = notes.length ? Math.max(length, need) + "px" : "";
      } else {
        const again = document.createElement("div");
        again.className = "toc-again";
        again.setAttribute("aria-hidden", "true");
        again.append(card.cloneNode(true));
        again.querySelector("h2").removeAttribute("id");
        for (const link of again.querySelectorAll("a")) link.tabIndex = -1;
        again.style.top = start - top + "px";
        again.style.height = length + "px";
        toc.after(again);
      }
    });
  }

  function place() {
    const on = wide.matches && article.matches(".chapter");
    article.classList.toggle("in-margin", on);
    const aside = comments();
    for (const comment of aside) comment.classList.toggle("aside", on);
    if (toc) toc.style.height = "";
    article.style.minHeight = "";
    const placed = [...notesWithMarks(), ...aside.map((box) => ({ box, mark: box }))];
    for (const { box } of placed) box.style.top = "";
    if (!on) {
      for (const again of document.querySelectorAll(".toc-again")) again.remove();
      return;
    }
    for (const open of article.querySelectorAll(".note-in-place")) open.remove();

    const origin = article.getBoundingClientRect().top;
    const card = toc && toc.querySelector(".toc-card");
    /* Without `top` a comment stands at the line it belongs to, which is where it is wanted. */
    for (const entry of placed) {
      entry.wanted = entry.mark.getBoundingClientRect().top - origin - (entry.mark === entry.box ? 0 : 4);
      entry.height = entry.box.offsetHeight;
    }
    placed.sort((a, b) => a.wanted - b.wanted);
    const tocTop = toc ? toc.getBoundingClientRect().top - origin : 0;
    let free = card ? tocTop + card.offsetHeight + 24 : 0;
    for (const entry of placed) {
      entry.top = Math.max(entry.wanted, free);
      entry.bottom = entry.top + entry.height;
      free = entry.bottom + gapBetweenNotes;
      entry.box.style.top = entry.top + "px";
    }
    if (free > article.offsetHeight) article.style.minHeight = free + "px";
    placeContents(placed, tocTop, tocTop + (toc ? toc.offsetHeight : 0));
  }

  /* What is in view stays where it is; the focus alone would also move that. */
  function show(place) {
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  /* ---- In place ---- */

  function closeNote(mark, note) {
    note.remove();
    mark.removeAttribute("aria-expanded");
    show(mark);
  }

  function openNote(mark) {
    const id = mark.id + "-note";
    const open = document.getElementById(id);
    if (open) return closeNote(mark, open);
    const number = mark.textContent;
    const label = words.note.replace("{n}", number);
    const note = document.createElement("div");
    note.className = "note-in-place";
    note.id = id;
    note.tabIndex = -1;
    note.setAttribute("role", "note");
    note.setAttribute("aria-label", label);
    const source = noteOf(mark);
    const text = source.querySelector(".text").cloneNode(true);
    for (const inner of text.querySelectorAll("[id]")) inner.removeAttribute("id");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "note-close";
    close.textContent = words.close;
    close.addEventListener("click", () => closeNote(mark, note));
    note.append(source.querySelector(".number").cloneNode(true), text, close);
    note.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeNote(mark, note);
    });
    /* A cell or the box of a form is too narrow to read it in. */
    const before = mark.closest(".table-scroll, .fields, .signatures") || mark.closest("p, h2, h3, h4");
    if (before) before.after(note);
    else mark.closest("dd, .text, li").append(note);
    mark.setAttribute("aria-expanded", "true");
    /* A paragraph at the foot of the screen has its end below it. */
    show(note);
  }

  article.addEventListener("click", (event) => {
    const mark = event.target.closest(".footnote-mark > a");
    if (mark && noteOf(mark)) {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      if (!inMargin()) return openNote(mark);
      const note = noteOf(mark);
      for (const other of article.querySelectorAll(".footnote.here")) other.classList.remove("here");
      note.classList.add("here");
      note.tabIndex = -1;
      /* Of many marks on one line, the last have their notes far below. */
      show(note);
    }
    const back = event.target.closest(".footnote-back");
    if (!back || !inMargin()) return;
    event.preventDefault();
    show(document.getElementById(back.hash.slice(1)));
  });

  place();
  window.addEventListener("resize", place);
  // Firefox tells of the new size before the query above has changed its mind.
  wide.addEventListener("change", place);
  /* An address may be a note's, which has left the place that the browser went to. */
  function arrive() {
    place();
    const note = inMargin() && article.querySelector(".footnote:target");
    if (note) note.scrollIntoView({ block: "center" });
  }
  window.addEventListener("load", arrive);
  window.addEventListener("hashchange", arrive);
})();
