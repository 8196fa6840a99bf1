// Scripts help, but nothing needs one: every word can be read, every page reached.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, middle, nothing, open, phone, visit, wide } from "./support/browser.js";
import { draft, published } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** Words of the text that nobody can see. */
function hidden() {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent.trim();
    const parent = node.parentElement;
    // A chapter's 「、」 is read aloud and printed; script-only controls stay hidden.
    if (!words || parent.closest(".sr-only, .suffix, .scripted[hidden], .watermark")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const seen = parent.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
    if (!seen || box.width === 0 || box.height === 0) found.push(`${parent.localName}.${parent.className}: ${words.slice(0, 30)}`);
  }
  return found;
}

for (const [name, viewport] of Object.entries({ wide, phone })) {
  test(`without scripts every word of every page is visible (${name})`, async () => {
    const page = await open(chromium, { script: false, viewport });
    const wrong = [];
    for (const file of draft.pages) {
      await visit(page, draft, file);
      wrong.push(...(await page.evaluate(hidden)).map((line) => `${file}: ${line}`));
      wrong.push(...page.problems.map((line) => `${file}: ${line}`));
    }
    await page.close();
    nothing(wrong);
  });
}

test("without scripts the outline stands open on wide pages and behind a working button on narrower ones", async () => {
  for (const viewport of [wide, middle, phone]) {
    const page = await open(chromium, { script: false, viewport });
    await visit(page, published, "chapters/controls.html");
    const shown = () => page.evaluate(() => document.querySelector(".outline a").checkVisibility());
    if (viewport !== wide) {
      assert.equal(await shown(), false);
      await page.click(".menu");
    }
    assert.equal(await shown(), true, `the outline cannot be reached at ${viewport.width} px`);
    const links = await page.$$eval(".outline a", (links) => links.map((link) => link.href));
    for (const name of published.pages.filter((name) => /^(chapters|annexes)\//.test(name))) assert.ok(links.includes(published.url(name)), `the outline lacks ${name}`);
    await page.close();
  }
});

test("without scripts search leads to the whole text, and nothing that needs a script is shown", async () => {
  const page = await open(chromium, { script: false });
  for (const name of ["index.html", "chapters/controls.html", "annexes/asset-register.html", "print.html"]) {
    await visit(page, published, name);
    const [search, dead] = await page.evaluate(() => [
      document.querySelector(".search").href,
      [...document.querySelectorAll("button, input, [role='button']")].filter((control) => control.checkVisibility() && !control.hasAttribute("popovertarget")).map((control) => control.className),
    ]);
    assert.ok(search.startsWith(published.url("print.html") + "#"), search);
    assert.deepEqual(dead, []);
  }
  await page.close();
});
