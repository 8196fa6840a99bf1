// Follows the plan while it is edited: keeps this page up to date without losing the reader's place, and shows what is wrong and open.

// First of all: it remembers the page as it was sent.
import { flash, keep, place, sent } from "./swap.js";
import { listen } from "./stream.js";
import { showOffline, showOpenPoints, showProblems } from "./panels.js";

const stored = "planpress-place";
/** The place that the address names. */
const target = "target";

/* ---- After a reload the same clause stands at the same place ---- */

addEventListener("load", () => {
  try {
    const places = JSON.parse(sessionStorage.getItem(stored) || "null");
    sessionStorage.removeItem(stored);
    if (places === target) document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
    else if (places) keep(places);
  } catch { /* no storage: the browser's own memory of the place must do */ }
  // Not before the browser has passed by what it would have restored.
  requestAnimationFrame(() => setTimeout(() => { history.scrollRestoration = "auto"; }));
});

function reload(address) {
  try {
    // A page that had nothing to show has no place to come back to; the browser would come back to its beginning.
    if (!sent.tag) history.scrollRestoration = "manual";
    const places = sent.tag ? place().filter(({ id }) => id).map(({ id, top }) => ({ id, top })) : target;
    sessionStorage.setItem(stored, JSON.stringify(places));
  } catch { /* as above */ }
  if (address) location.replace(address);
  else location.reload();
}

/* ---- Bringing this page up to date, one change after the other ---- */

let busy = false;
let again = false;
let changed = new Set();
let came = null;

async function update() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      await swap();
    } while (again);
  } catch {
    /* The server is gone; the stream tells when it is back, and this begins again then. */
  } finally {
    busy = false;
  }
}

/** The newest text of this page: what came along with the event, else what the server has. `null` when nothing changed or the page is gone. */
async function newest() {
  if (came !== null) {
    const html = came;
    came = null;
    return html;
  }
  const response = await fetch(location.pathname, { headers: { "If-None-Match": `"${sent.tag}"` }, cache: "no-store", priority: "high" });
  const html = await response.text();
  if (response.status === 304) return null;
  if (response.ok && !response.redirected) return html;
  // A server that was started with a mistake in the plan has no page at all yet; what is shown is better than none.
  if (response.status === 503) return null;
  // The page is gone and its clauses stand elsewhere, or it is gone for good; a page that never was may still come.
  if (response.redirected) reload(response.url + location.hash);
  else if (document.body.dataset.status !== String(response.status)) reload();
  return null;
}

async function swap() {
  const html = await newest();
  if (html === null) return;
  const ids = changed;
  changed = new Set();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!sent.tag || !sent.accepts(fresh)) return reload();
  const places = place();
  // The browser would hold on to something of its own choice.
  document.documentElement.style.overflowAnchor = "none";
  try {
    sent.become(fresh);
  } catch {
    return reload();
  }
  keep(places);
  flash(ids);
  // With the words on the screen the theme places notes and marks the outline anew.
  requestAnimationFrame(() => setTimeout(() => {
    window.dispatchEvent(new Event("resize"));
    document.documentElement.style.overflowAnchor = "";
  }));
}

/** A search that is open looks whether its index is still the newest when its key is pressed once more. */
function searchAgain() {
  if (document.querySelector(".finder[open]")) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
}

const here = () => decodeURIComponent(location.pathname).replace(/^\/$/, "/index.html").slice(1);

listen(here(), {
  open() {
    showOffline(false);
    update();
    searchAgain();
  },
  lost() {
    showOffline(true);
  },
  page({ html }) {
    came = html;
  },
  reload({ pages, clauses }) {
    searchAgain();
    // A page that is not there yet has no tag: any change may bring it.
    if (sent.tag && !pages.includes(here())) return;
    for (const id of clauses) changed.add(id);
    update();
  },
  diagnostics: showProblems,
  "open-points": showOpenPoints,
});
