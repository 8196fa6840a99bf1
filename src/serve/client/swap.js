// Brings a page up to date in place. The page as it was sent is kept beside the one on the screen, which scripts have changed since; what
// differs between the sent page and the new one is changed on the screen, and nothing else.

import { align } from "./align.js";

/** The page as it was sent, and for each of its nodes the one on the screen. */
class Sent {
  constructor(document) {
    this.live = new WeakMap();
    this.root = document.documentElement.cloneNode(true);
    // The reader's own choice was made before this runs, and was not sent.
    this.root.removeAttribute("data-scheme");
    this.know(this.root, document.documentElement);
  }

  know(sent, live) {
    this.live.set(sent, live);
    let other = live.firstChild;
    for (const child of sent.childNodes) {
      this.know(child, other);
      other = other.nextSibling;
    }
  }

  get tag() {
    return this.root.querySelector("script[data-tag]")?.dataset.tag;
  }

  /** Whether the page can be changed in place: a script that changed must run from the beginning. */
  accepts(fresh) {
    const scripts = (root) => [...root.querySelectorAll("script[src]")].map((script) => script.getAttribute("src")).join(" ");
    return scripts(this.root) === scripts(fresh.documentElement) && this.root.querySelector("body").className === fresh.body.className;
  }

  /** Makes the page on the screen the new one. Throws when the screen is not what it should be. */
  become(fresh) {
    this.element(this.root, fresh.documentElement);
  }

  element(sent, fresh) {
    if (sent.isEqualNode(fresh)) return;
    const live = this.live.get(sent);
    if (!live || !live.isConnected) throw new Error("the page on the screen is another");
    for (const { name } of [...sent.attributes]) {
      if (fresh.hasAttribute(name)) continue;
      sent.removeAttribute(name);
      live.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (sent.getAttribute(name) === value) continue;
      if (name === "href" && sent.matches("link[rel='stylesheet']")) return this.style(sent, live, value);
      sent.setAttribute(name, value);
      live.setAttribute(name, value);
    }
    this.children(sent, fresh, live);
  }

  children(sent, fresh, live) {
    let after = null;
    // From the end, so that what follows is in its place already.
    for (const [old, next] of align([...sent.childNodes], [...fresh.childNodes]).reverse()) {
      if (!next) {
        this.live.get(old).remove();
        old.remove();
      } else if (!old) {
        const copy = sent.ownerDocument.importNode(next, true);
        const shown = live.ownerDocument.importNode(next, true);
        sent.insertBefore(copy, after);
        live.insertBefore(shown, after && this.live.get(after));
        this.know(copy, shown);
        after = copy;
      } else {
        if (old.nodeType === Node.ELEMENT_NODE) this.element(old, next);
        else if (old.data !== next.data) {
          old.data = next.data;
          this.live.get(old).data = next.data;
        }
        after = old;
      }
    }
  }

  /** A style sheet is replaced only once the new one is there, so that the page is never without. */
  style(sent, live, href) {
    const next = live.cloneNode();
    next.setAttribute("href", href);
    sent.setAttribute("href", href);
    this.live.set(sent, next);
    const done = () => live.remove();
    next.addEventListener("load", () => { done(); window.dispatchEvent(new Event("resize")); });
    next.addEventListener("error", done);
    live.after(next);
  }
}

/** Taken before anything else runs, so that nothing that scripts add is mistaken for the page's own. */
export const sent = new Sent(document);

/** The clause that the reader is looking at, and where it stands on the screen. */
export function place() {
  const line = Math.min(innerHeight * 0.3, 260);
  // The innermost of those that reach the line; above the first, the page's own beginning.
  let held = null;
  for (const clause of document.querySelectorAll(".clause[id]")) {
    const box = clause.getBoundingClientRect();
    if (box.top > line) break;
    if (box.bottom >= line || !held) held = clause;
  }
  // The part of it that stands at the line, so that an edit further up in a long clause does not move what is being read.
  const inner = held && [...held.querySelectorAll("p, h1, h2, h3, h4, tr, li")].find((part) => part.getBoundingClientRect().bottom >= line);
  return [inner, held].filter(Boolean).map((element) => ({ element, id: element.id, top: element.getBoundingClientRect().top }));
}

/** Puts it back where it stood. */
export function keep(places) {
  if (scrollY === 0) return;
  for (const { element, id, top } of places) {
    const now = element?.isConnected ? element : id && document.getElementById(id);
    if (!now) continue;
    scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
    return;
  }
}

/** Lets the changed clauses light up. */
export function flash(ids) {
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const light = "color-mix(in srgb, Highlight 28%, transparent)";
  for (const id of ids) {
    const clause = document.getElementById(id);
    const own = clause && (clause.querySelector(":scope > .text, :scope > :is(h2, h3, h4), :scope > .opening") || clause);
    own?.animate([{ backgroundColor: light }, { backgroundColor: quiet ? light : "transparent" }], { duration: 1600, easing: "ease-out", id: "planpress-changed" });
  }
}
