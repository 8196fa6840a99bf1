// Everything can be reached and done by key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, middle, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { draft, filled, kinds } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

const place = (page) => decodeURIComponent(page.url()).split("/").slice(-2).join("/");

async function turn(page, key, expected) {
  await page.keyboard.press(key);
  await until(page, `${key} leads to ${expected}`, (end) => decodeURIComponent(location.href).endsWith(end) && document.readyState === "complete", expected);
}

test("] and [ turn to the next and the previous chapter, at the ends they do nothing", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/legal-basis.html");
  await turn(page, "]", "chapters/scope.html");
  await turn(page, "]", "chapters/core-business.html");
  await turn(page, "[", "chapters/scope.html");
  await turn(page, "[", "chapters/legal-basis.html");
  await page.keyboard.press("[");
  await settle(page);
  assert.equal(place(page), "chapters/legal-basis.html");
  await page.goBack();
  assert.equal(place(page), "chapters/scope.html", "Back goes back");
  await page.close();
});

test("/ opens the search, and without scripts its link leads to where the whole text can be searched", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/scope.html");
  await page.keyboard.press("/");
  await until(page, "the field has the focus", () => document.querySelector(".finder").open && document.activeElement.matches("[role='combobox']"));
  await page.close();
  const still = await open(chromium, { script: false });
  await visit(still, filled, "chapters/scope.html");
  await Promise.all([still.waitForNavigation(), still.click(".bar .search")]);
  assert.match(still.url(), /print\.html#_find$/);
  await still.close();
});

test("? opens the help, Esc closes it and gives the focus back, and the keys can be switched off for good", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/scope.html");
  const help = () => page.evaluate(() => document.querySelector(".help").open);
  await page.focus(".skip");
  await page.keyboard.press("?");
  assert.equal(await help(), true);
  // A key of the page does nothing while the help is open.
  await page.keyboard.press("]");
  await settle(page);
  assert.equal(place(page), "chapters/scope.html");
  await page.keyboard.press("Escape");
  assert.equal(await help(), false);
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");

  await page.click(".help-button");
  assert.equal(await help(), true);
  await page.click(".keys-enabled");
  await page.click(".help-close");
  assert.equal(await help(), false);
  for (const key of ["]", "/", "?"]) await page.keyboard.press(key);
  await settle(page);
  assert.equal(place(page), "chapters/scope.html");
  assert.equal(await help(), false);
  await visit(page, filled, "chapters/core-business.html");
  await page.keyboard.press("]");
  await settle(page);
  assert.equal(place(page), "chapters/core-business.html", "the choice does not last from page to page");
  await page.close();
});

test("a key does nothing while Ctrl, Alt or Meta is held, or while text is composed", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/scope.html");
  for (const held of ["Control", "Alt", "Meta"]) {
    await page.keyboard.down(held);
    await page.keyboard.press("]");
    await page.keyboard.up(held);
  }
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "]", isComposing: true, bubbles: true })));
  await settle(page);
  assert.equal(place(page), "chapters/scope.html");
  await page.close();
});

for (const [name, viewport] of Object.entries({ wide, phone })) {
  test(`Tab begins at the skip link, which leads to the text, goes in reading order and always shows where it is (${name})`, async () => {
    const page = await open(chromium, { viewport });
    const wrong = [];
    for (const file of [...kinds, "print.html"]) {
      await visit(page, draft, file);
      await page.keyboard.press("Tab");
      await until(page, "the skip link slides in", () => document.activeElement.getAnimations().length === 0);
      const first = await page.evaluate(() => {
        const box = document.activeElement.getBoundingClientRect();
        return { skip: document.activeElement.matches(".skip"), shown: box.top >= 0 && box.left >= 0 && box.width > 20 && box.height > 20 };
      });
      if (!first.skip || !first.shown) wrong.push(`${file}: the first stop is the skip link, shown: ${JSON.stringify(first)}`);
      await page.keyboard.press("Enter");
      await settle(page);
      if ((await page.evaluate(() => document.activeElement.localName)) !== "main") wrong.push(`${file}: the skip link does not lead to the text`);

      await visit(page, draft, file);
      await page.evaluate(() => { window.stops = []; });
      // The print page and long chapters have hundreds of stops of the same kinds.
      for (let stop = 0; stop < 90; stop += 1) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(() => {
          const element = document.activeElement;
          // The tools of a clause travel from one to the next.
          const travels = element.matches(".copy");
          if (element === document.body || (!travels && window.stops.includes(element))) return { end: true };
          const before = window.stops.at(-1);
          if (!travels) window.stops.push(element);
          for (const animation of document.getAnimations()) animation.finish();
          const box = element.getBoundingClientRect();
          const style = getComputedStyle(element);
          const shadow = style.boxShadow !== "none";
          const seen = (parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none") || shadow;
          const lineBox = element.getClientRects()[0] || box;
          // Points along the part of each line that is in view.
          const clamp = (value, most) => Math.min(Math.max(value, 2), most - 2);
          const at = [...element.getClientRects()].flatMap((line) => [0.1, 0.3, 0.5, 0.7, 0.9].map((part) =>
            document.elementFromPoint(clamp(line.left + line.width / 2, innerWidth), clamp(line.top, innerHeight) + part * (clamp(line.bottom, innerHeight) - clamp(line.top, innerHeight)))));
          return {
            what: `${element.localName}.${element.className} 「${element.textContent.trim().slice(0, 12) || element.getAttribute("aria-label")}」`,
            name: Boolean(element.textContent.trim() || element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.labels?.length),
            seen,
            opaque: style.opacity !== "0",
            uncovered: at.some((top) => top && (top === element || element.contains(top) || top.contains(element))),
            inView: lineBox.bottom > 0 && lineBox.top < innerHeight && box.right > 0 && box.left < innerWidth,
            inOrder: !before || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
          };
        });
        if (found.end) break;
        for (const key of ["name", "seen", "opaque", "uncovered", "inView", "inOrder"])
          if (!found[key]) wrong.push(`${file}: not ${key}: stop ${stop + 1}, ${found.what}`);
      }
    }
    await page.close();
    nothing(wrong);
  });
}

test("who goes back into the bar by Shift + Tab stays where the text was being read", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html");
  await page.evaluate(() => scrollTo({ top: 3000, behavior: "instant" }));
  await page.focus(".outline a");
  await page.keyboard.down("Shift");
  for (const stop of ["search", "brand", "region"]) {
    await page.keyboard.press("Tab");
    assert.deepEqual(await page.evaluate(() => [document.activeElement.className, scrollY]), [stop, 3000]);
  }
  await page.keyboard.up("Shift");
  await page.close();
});

test("the entry of the contents that was chosen is the one that is marked", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html");
  const hashes = await page.$$eval(".toc-card a", (links) => links.map((link) => link.hash));
  assert.ok(hashes.length > 20);
  for (const hash of hashes) {
    await page.evaluate((hash) => document.querySelector(`.toc-card a[href$="${hash}"]`).click(), hash);
    await until(page, `${hash} is marked`, (hash) => document.querySelector(".toc-card [aria-current]")?.hash === hash, hash);
  }
  await page.close();
});

for (const [name, viewport] of Object.entries({ middle, phone })) {
  test(`Tab beyond the menu's last link closes it, Shift + Tab before its first control as well, and its button still opens and closes it (${name})`, async () => {
    const page = await open(chromium, { viewport: { ...viewport, hasTouch: false, isMobile: false } });
    await visit(page, filled, "chapters/controls.html");
    const state = () => page.evaluate(() => {
      const menu = document.querySelector(".navigation");
      return { open: menu.matches(":popover-open"), inside: menu.contains(document.activeElement), on: document.activeElement.className };
    });
    await page.focus(".menu");
    await page.keyboard.press("Enter");
    let stops = 0;
    for (; (await state()).open; stops += 1) {
      await page.keyboard.press("Tab");
      const { open: isOpen, inside } = await state();
      assert.equal(isOpen, inside, `stop ${stops}`);
    }
    assert.ok(stops > 40, `${stops} stops`);
    await page.focus(".menu");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.deepEqual(await state(), { open: true, inside: true, on: "close" });
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    assert.deepEqual(await state(), { open: false, inside: false, on: "menu" });
    await page.click(".menu");
    assert.equal((await state()).open, true);
    // On a phone the menu covers it.
    if (viewport === middle) {
      await page.click(".menu");
      assert.equal((await state()).open, false);
    }
    await page.close();
  });
}

test("a table that scrolls takes the focus, has a name and scrolls by arrow keys", async () => {
  const page = await open(chromium, { viewport: { ...phone, hasTouch: false, isMobile: false } });
  await visit(page, filled, "annexes/asset-register.html");
  const box = await page.$(".table-scroll");
  await box.focus();
  assert.equal(await box.evaluate((element) => Boolean(element.getAttribute("aria-label")) && element.getAttribute("role") === "group"), true);
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowRight");
  await until(page, "the table scrolls", () => document.querySelector(".table-scroll").scrollLeft > 0);
  await page.close();
});
