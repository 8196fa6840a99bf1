/* The tools of a clause: its permanent link and 複製引註, at the left margin of the line under the pointer or the focus;
   under a finger they are in the clause's own menu. Every word comes from the page, none stands in the text of a clause. */
(function () {
  "use strict";

  const words = document.body.dataset;
  const main = document.getElementById("_content");
  const status = document.querySelector(".status");
  const touch = window.matchMedia("(max-width: 59.99em), (pointer: coarse)");

  document.documentElement.classList.add("scripted");
  for (const part of document.querySelectorAll(".scripted[hidden]")) part.hidden = false;
  for (const button of document.querySelectorAll(".print-button")) button.addEventListener("click", () => window.print());

  /* The number of a clause is the link to it. */
  function numberOf(clause) {
    return clause.querySelector(":scope > a.number, :scope > :is(h2, h3, h4) > a.number, :scope > .opening > * > a.number");
  }

  function clauseOf(target) {
    const number = target.closest("a.number");
    const clause = number && number.closest(".clause");
    return clause && numberOf(clause) === number ? clause : null;
  }

  function addressOf(clause) {
    // Without what was searched for: the address is the clause's, and of an approved edition its number belongs to it.
    const edition = words.edition ? "?edition=" + encodeURIComponent(words.edition) : "";
    return location.href.split(/[?#]/)[0] + edition + "#" + clause.id;
  }

  /* ---- Copying ---- */

  /* An intranet on plain http has no navigator.clipboard, and a share may refuse it: then the old command still works. */
  function copyByCommand(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr-only";
    area.setAttribute("readonly", "");
    (document.querySelector("dialog[open]") || document.body).append(area);
    const before = document.activeElement;
    area.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* reported below */ }
    area.remove();
    if (before) before.focus({ preventScroll: true });
    return done;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByCommand(text);
    }
  }

  let quiet;
  function say(message) {
    status.textContent = message;
    clearTimeout(quiet);
    quiet = setTimeout(() => { status.textContent = ""; }, 6000);
  }

  async function copyAndSay(text) {
    say(await copy(text) ? words.copied.replace("{text}", text.split("\n")[0]) : words.copyFailed);
  }

  function copyCitation(clause) {
    const { number, page } = clause.dataset;
    /* Numbers begin anew in each part. */
    const part = clause.closest("[data-part]")?.dataset.part;
    const cited = part ? `${part} ${number}` : number;
    const onPaper = page && words.paper ? words.citationSeparator + words.paper.replace("{n}", page) : "";
    return copyAndSay(words.citation + words.citationSeparator + cited + onPaper + "\n" + addressOf(clause));
  }

  /* ---- With a pointer or the keyboard ---- */

  function button(className, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.setAttribute("aria-label", label);
    made.dataset.label = label;
    made.addEventListener("click", act);
    /* A pointer takes no focus along, which would hold the tools at their clause. */
    made.addEventListener("mousedown", (event) => event.preventDefault());
    return made;
  }

  let current = null;
  const copyButton = button("copy", words.copy, () => copyCitation(current));
  /* Draft view only: where the clause stands in the sources. */
  const sourceButton = button("copy source", words.copySource || "", () => copyAndSay(current.dataset.source));
  const tools = [copyButton, sourceButton];
  const toolHasFocus = () => tools.includes(document.activeElement);

  function showTools(clause) {
    if (touch.matches) clause = null;
    if (clause === current) return;
    const number = clause && numberOf(clause);
    if (clause && !number) return;
    if (current) current.classList.remove("tools");
    for (const tool of tools) tool.remove();
    current = clause;
    if (!clause) return;
    clause.classList.add("tools");
    number.after(copyButton);
    const source = clause.dataset.source;
    if (!source) return;
    sourceButton.dataset.label = words.sourceLine.replace("{n}", source.split(":").pop());
    sourceButton.title = source;
    copyButton.after(sourceButton);
  }

  /* The clause is the one on the pointer's line, not under the pointer itself, so that the way to the margin does not lose it.
     A tool that reaches into the next line stays with its clause while it is pointed at. */
  function clauseOnLine(event) {
    if (tools.includes(event.target)) return current;
    const text = event.target.closest && event.target.closest(".chapter, .annex");
    if (!text) return null;
    const edge = text.getBoundingClientRect().right - 8;
    const met = document.elementFromPoint(edge, event.clientY);
    return met && text.contains(met) ? met.closest(".clause") : null;
  }

  let waiting = false;
  main.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || waiting || toolHasFocus()) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      showTools(clauseOnLine(event));
    });
  });
  main.addEventListener("pointerleave", () => {
    if (!toolHasFocus()) showTools(null);
  });
  main.addEventListener("focusin", (event) => {
    const clause = clauseOf(event.target);
    if (clause) showTools(clause);
    else if (!tools.includes(event.target)) showTools(null);
  });

  /* ---- Under a finger: the number opens the clause's menu ---- */

  let menu = null;
  function closeMenu(returnFocus) {
    if (!menu) return;
    const opener = menu.opener;
    menu.box.remove();
    menu = null;
    if (returnFocus) opener.focus({ preventScroll: true });
  }

  function openMenu(clause) {
    closeMenu(false);
    const box = document.createElement("div");
    box.className = "clause-menu";
    box.setAttribute("role", "group");
    const of = document.createElement("span");
    of.className = "of";
    of.textContent = clause.dataset.number;
    box.setAttribute("aria-label", of.textContent);
    const copyIt = button("", words.copy, () => copyCitation(clause));
    copyIt.textContent = words.copy;
    const close = button("", words.close, () => closeMenu(true));
    close.textContent = words.close;
    box.append(of, copyIt, close);
    main.append(box);
    menu = { box, opener: numberOf(clause) };
    copyIt.focus({ preventScroll: true });
  }

  main.addEventListener("click", (event) => {
    const clause = clauseOf(event.target);
    if (!clause || !touch.matches || event.ctrlKey || event.metaKey || event.shiftKey) return closeMenu(menu && menu.box.contains(event.target));
    // Following the link takes the focus away, so that is done first.
    event.preventDefault();
    location.hash = clause.id;
    openMenu(clause);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenu(true);
  });
})();
