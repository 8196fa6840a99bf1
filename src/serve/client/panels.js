// What the editor is told beside the page: errors in the content, and what is still open. Both stand in a shadow tree of their own, so that
// neither the page's styles nor its text know of them, and neither is printed.

import { refill } from "./entries.js";
import words from "./words.js";

const host = document.createElement("planpress-preview");
host.lang = words.language;
const root = host.attachShadow({ mode: "open" });
document.documentElement.append(host);

const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = "/_planpress/live.css";
root.append(sheet);

/** An element with attributes, properties that begin with `on`, and children. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const status = make("p", { class: "status", role: "status" });
root.append(status);

/* ---- Copying file:line ---- */

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Seen from another machine the page is not trusted with the clipboard; the old command still works.
    const area = make("textarea", { readonly: "" });
    area.value = text;
    root.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  status.textContent = words.copied.replace("{place}", text);
  setTimeout(() => { status.textContent = ""; }, 4000);
}

function placeButton(place) {
  return make("button", { type: "button", class: "place", title: words.copyPlace, onclick: () => copy(place) }, place);
}

/* ---- Errors ---- */

const heading = make("h2", { role: "alert" });
const close = make("button", { type: "button", class: "close", onclick: fold }, words.close);
const errorList = make("ol");
const problems = make("section", { class: "problems", "aria-label": words.problems, hidden: "" }, make("header", {}, heading, close), errorList);
// As long as there are errors, a panel that was closed can be opened again.
const reopen = make("button", { type: "button", class: "reopen", hidden: "", onclick: unfold });
root.append(reopen, problems);

function fold() {
  const had = problems.contains(root.activeElement);
  problems.hidden = true;
  reopen.hidden = false;
  if (had) reopen.focus();
}

function unfold() {
  problems.hidden = false;
  reopen.hidden = true;
  close.focus();
}

// A page that says that there is none shows nothing that could have stayed.
const sentence = document.body.matches(".planpress-message") ? words.errorsAlone : words.errors;

/** Shows errors; warnings alone leave the page as it is. `excerpts` has for each finding the marked line in three pieces, or `null`. */
export function showProblems({ diagnostics, excerpts }) {
  const errors = diagnostics.map((finding, at) => ({ ...finding, excerpt: excerpts[at] })).filter(({ severity }) => severity === "error");
  problems.hidden = errors.length === 0;
  reopen.hidden = true;
  reopen.textContent = words.errorsAlone.replace("{n}", errors.length);
  heading.textContent = problems.hidden ? "" : sentence.replace("{n}", errors.length);
  const entries = errors.map((error) => {
    const { rule, message, file, line } = error;
    return { element: problem(error), names: [JSON.stringify(error), [rule, message, file].join("\n"), [file, line].join("\n")] };
  });
  refill(errorList, problems, entries.map(({ element }) => element), entries);
}

function problem({ rule, message, help, file, line, column, excerpt, related }) {
  const place = (at) => placeButton(`${at.file}:${at.line}:${at.column}`);
  return make("li", {},
    make("p", { class: "message" }, make("span", { class: "severity" }, words.error), " ", message, " ", make("code", { class: "rule" }, rule)),
    file ? make("p", {}, place({ file, line, column })) : null,
    excerpt ? make("pre", {}, excerpt[0], make("mark", {}, excerpt[1]), excerpt[2]) : null,
    help ? make("p", { class: "help" }, words.help, help) : null,
    ...related.map((other) => make("p", { class: "related" }, other.message, " ", place(other))),
  );
}

addEventListener("keydown", (event) => {
  // One that ends a composition, or closes a dialog of the page, is not meant for what lies below; one that is, closes what lies on top.
  if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
  if (!problems.hidden) fold();
  else if (openPoints.open) {
    if (list.contains(root.activeElement)) summary.focus();
    openPoints.open = false;
  }
});

/* ---- The server ---- */

const offline = make("p", { class: "offline", role: "status", hidden: "" }, words.offline);
root.append(offline);
let waiting = 0;

/** Says that the server is gone, once it has been for a moment; it is told again and again while it lasts. */
export function showOffline(gone) {
  if (gone) {
    waiting ||= setTimeout(() => { offline.hidden = false; }, 1500);
    return;
  }
  clearTimeout(waiting);
  waiting = 0;
  offline.hidden = true;
}

/* ---- What is open ---- */

const summary = make("summary");
const list = make("div", { class: "list", role: "group", "aria-label": words.list });
const openPoints = make("details", { class: "open-points", hidden: "" }, summary, list);
root.append(openPoints);

const kinds = [["blank", words.blanks], ["alternative", words.alternatives], ["warning", words.warnings], ["reminder", words.reminders]];

/** Shows what is open, in drafts: `{ total, reminders, points: [{ kind, words, number, href, place }] }`; a published view has `null`. */
export function showOpenPoints(open) {
  openPoints.hidden = open === null;
  if (open === null) return;
  const label = open.total === 0 ? words.nothingOpen : words.open.replace("{n}", open.total);
  summary.textContent = open.reminders === 0 ? label : `${label} · ${words.reminders} ${open.reminders}`;
  const entries = open.points.map((point) => {
    const { kind, words: text, href, place } = point;
    return { kind, element: openPoint(point), names: [JSON.stringify(point), [kind, text, href].join("\n"), [kind, place].join("\n")] };
  });
  const lists = kinds.flatMap(([kind, title]) => {
    const elements = entries.filter((entry) => entry.kind === kind).map(({ element }) => element);
    return elements.length === 0 ? [] : [make("h3", {}, `${title} ${elements.length}`), make("ul", {}, ...elements)];
  });
  const rest = open.total + open.reminders - open.points.length;
  if (rest > 0) lists.push(make("p", {}, words.more.replace("{n}", rest)));
  refill(list, list, lists, entries);
}

function openPoint({ words: text, number, href, place }) {
  const label = [number, text].filter(Boolean).join("　");
  const link = href ? make("a", { href: `/${href}`, onclick: () => { openPoints.open = false; } }, label) : make("span", {}, label);
  return make("li", {}, link, " ", place ? placeButton(place) : null);
}
