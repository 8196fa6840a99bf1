// A list that is filled anew while somebody is in it: what they look at stays where it is, and the focus on its entry, or on the next where
// that is gone.

import { align } from "./align.js";

const before = new WeakMap();
const keys = [0, 1, 2].map((at) => ({ names }) => names[at]);
const controls = (element) => [...element.querySelectorAll("a, button")];
const topOf = ({ element }) => element.getBoundingClientRect().top;

/** Replaces what a list holds. `entries` are `{ element, names }`, an entry's names from the one that says all of it to the loosest; `box` is what scrolls. */
export function refill(list, box, content, entries) {
  const pairs = align(before.get(list) ?? [], entries, keys);
  before.set(list, entries);
  const active = list.getRootNode().activeElement;
  const at = pairs.findIndex(([old]) => old && active && old.element.contains(active));
  const control = at < 0 ? 0 : controls(pairs[at][0].element).indexOf(active);
  const { top, bottom } = box.getBoundingClientRect();
  const seen = (pair) => pair?.[0] && pair[1] && topOf(pair[0]) < bottom && pair[0].element.getBoundingClientRect().bottom > top;
  // At the beginning of a list it is the beginning that is looked at; else what has the focus, or what is seen first.
  const held = box.scrollTop > 0 && [pairs[at], ...pairs].find(seen);
  const stood = held && topOf(held[0]);
  list.replaceChildren(...content);
  if (held) box.scrollTop += topOf(held[1]) - stood;
  if (at < 0) return;
  const next = [...pairs.slice(at), ...pairs.slice(0, at).reverse()].flatMap(([, fresh]) => (fresh ? [controls(fresh.element)] : [])).find((of) => of.length > 0);
  const target = next ? next[Math.min(control, next.length - 1)] : box.closest("details")?.querySelector("summary");
  target?.focus({ preventScroll: true });
}
