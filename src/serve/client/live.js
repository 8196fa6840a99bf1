// Follows the plan while it is edited: keeps this page up to date without losing the reader's place, and shows what is wrong and open.

// First of all: it remembers the page as it was sent.
import { flash, keep, place, sent } from "./swap.js";
import { listen } from "./stream.js";
import { showOffline, showOpenPoints, showProblems } from "./panels.js";

const stored = "planpress-place";

/* ---- After a reload the same clause stands at the same place ---- */

addEventListener("load", () => {
  try {
    const places = JSON.parse(sessionStorage.getItem(stored) || "null");
    sessionStorage.removeItem(stored);
    if (places) keep(places);
  } catch { /* no storage: the browser's own memory of the place must do */ }
});

function reload(address) {
  try {
    sessionStorage.setItem(stored, JSON.stringify(place().filter(({ id }) => id).map(({ id, top }) => ({ id, top }))));
  } catch { /* as above */ }
  if (address) location.replace(address);
  else location.reload();
}

/* ---- Bringing this page up to date, one change after the other ---- */

let busy = false;
let again = false;
let changed = new Set();

async function update() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      await fetchAndSwap();
    } while (again);
  } catch {
    /* The server is gone; the stream tells when it is back, and this begins again then. */
  } finally {
    busy = false;
  }
}

async function fetchAndSwap() {
  const ids = changed;
  changed = new Set();
  const response = await fetch(location.pathname, { headers: { "If-None-Match": `"${sent.tag}"` }, cache: "no-store" });
  if (response.status === 304) { await response.arrayBuffer(); return; }
  // The page is gone and its clauses stand elsewhere, or there is a page where none was.
  if (response.redirected) return reload(response.url + location.hash);
  if (!response.ok) {
    if (sent.tag) reload();
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!sent.tag || !sent.accepts(fresh)) return reload();
  const places = place();
  // The browser would hold on to something of its own choice.
  document.documentElement.style.overflowAnchor = "none";
  try {
    sent.become(fresh);
  } catch {
    return reload();
  }
  // The theme places notes and marks the outline anew.
  window.dispatchEvent(new Event("resize"));
  keep(places);
  flash(ids);
  requestAnimationFrame(() => { document.documentElement.style.overflowAnchor = ""; });
}

const here = () => decodeURIComponent(location.pathname).replace(/^\/$/, "/index.html").slice(1);

listen(here(), {
  open() {
    showOffline(false);
    update();
  },
  lost() {
    showOffline(true);
  },
  reload({ pages, clauses }) {
    // A page that is not there yet has no tag: any change may bring it.
    if (sent.tag && !pages.includes(here())) return;
    for (const id of clauses) changed.add(id);
    update();
  },
  diagnostics: showProblems,
  "open-points": showOpenPoints,
});
