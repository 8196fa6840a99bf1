/* Where the reader is: marks the current clause in the outline and in the page's contents while scrolling,
   and keeps the outline where the reader left it from page to page. */
(function () {
  "use strict";

  const navigation = document.getElementById("_navigation");
  const outline = document.querySelector(".outline");
  if (!navigation || !outline) return;

  const sameFile = (link) => link.pathname === location.pathname && link.hash.length > 1;
  const targetOf = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));

  /* The contents may be shown again between two margin notes, so links are looked up by address each time. */
  function spied(selector) {
    const links = [...document.querySelectorAll(selector)].filter(sameFile);
    return links.map((link) => ({ link, target: targetOf(link) })).filter((entry) => entry.target);
  }

  function bringIntoView(box, link) {
    if (!box || box.scrollHeight <= box.clientHeight) return;
    const inner = link.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    if (inner.top < outer.top + 40) box.scrollTop += inner.top - outer.top - 40;
    else if (inner.bottom > outer.bottom - 40) box.scrollTop += inner.bottom - outer.bottom + 40;
  }

  function mark(selector) {
    /* Below the bar and a little more: what was chosen stands there. At the page's end it may stand lower. */
    const line = 110;
    const atEnd = window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 2;
    const entries = spied(selector);
    let current = null;
    for (const { target } of entries) {
      if (target.getBoundingClientRect().top <= line || (atEnd && target.matches(":target"))) current = target;
    }
    for (const { link, target } of entries) {
      const is = target === current;
      if (is === link.hasAttribute("aria-current")) continue;
      if (!is) { link.removeAttribute("aria-current"); continue; }
      link.setAttribute("aria-current", "location");
      if (!outline.matches(":hover")) bringIntoView(link.closest(".toc-card, .outline"), link);
    }
  }

  let waiting = false;
  function follow() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark(".toc-card a");
      mark(".outline .current ol a");
    });
  }
  document.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", follow);

  /* A share opened over file:// may have no storage: then the outline simply opens at the current chapter. */
  const key = "planpress-outline";
  try {
    outline.scrollTop = Number(sessionStorage.getItem(key)) || 0;
    window.addEventListener("pagehide", () => sessionStorage.setItem(key, String(outline.scrollTop)));
  } catch { /* no storage */ }
  const here = outline.querySelector("[aria-current='page']");
  if (here) bringIntoView(outline, here);
  follow();

  /* As a menu: it opens at the current chapter and closes once a place on this page was chosen. */
  navigation.addEventListener("toggle", (event) => {
    if (event.newState === "open" && here && !navigation.querySelector(".toc")) here.scrollIntoView({ block: "center" });
  });
  navigation.addEventListener("click", (event) => {
    if (event.target.closest("a") && navigation.matches(":popover-open")) navigation.hidePopover();
  });
  /* Who goes on by key beyond its last link does not go on behind it. A button that is pressed takes no such focus: it closes the menu itself. */
  document.addEventListener("focusin", ({ target }) => {
    if (navigation.matches(":popover-open") && !navigation.contains(target) && target.matches(":focus-visible")) navigation.hidePopover();
  });
})();
