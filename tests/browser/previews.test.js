// What a reference points at can be read without leaving the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { filled } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

const pages = ["chapters/controls.html", "chapters/organisation.html", "chapters/continual-improvement.html", "annexes/asset-register.html"];
const linkSelector = "main a[data-preview]";

/** How the preview stands to the link it belongs to. */
function standing(index) {
  const link = document.querySelectorAll("main a[data-preview]")[index];
  const box = document.querySelector(".preview");
  const at = box.getBoundingClientRect();
  const lines = [...link.getClientRects()];
  return {
    open: !box.hidden && at.width > 0,
    words: box.textContent === link.dataset.preview && box.textContent.length > 2,
    described: link.getAttribute("aria-describedby") === box.id,
    clear: lines.every((line) => at.top >= line.bottom - 1 || at.bottom <= line.top + 1 || at.left >= line.right || at.right <= line.left),
    fits: at.left >= 0 && at.right <= innerWidth && at.top >= 0 && at.bottom <= innerHeight,
    onTop: box.contains(document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2)),
  };
}

test("a preview opens on hover, beside the reference and never on it, stays while it is pointed at, and closes on Esc", async () => {
  const page = await open(chromium);
  const wrong = [];
  for (const name of pages) {
    await visit(page, filled, name);
    const links = await page.$$(linkSelector);
    assert.ok(links.length > 0, `${name} has no references`);
    for (const [index, link] of links.slice(0, 6).entries()) {
      // In the middle of the window there is room below it, at the end there is none.
      await link.evaluate((element, block) => element.scrollIntoView({ block }), index % 2 ? "end" : "center");
      await page.mouse.move(1, 400);
      // The middle of a link in two lines may lie beside it.
      const line = await link.evaluate((element) => { const { left, top, width, height } = element.getClientRects()[0]; return { x: left + width / 2, y: top + height / 2 }; });
      await page.mouse.move(line.x, line.y);
      await until(page, `${name}: the preview of reference ${index + 1} opens`, () => !document.querySelector(".preview").hidden);
      const seen = await page.evaluate(standing, index);
      for (const [step, done] of Object.entries(seen)) if (!done) wrong.push(`${name}: reference ${index + 1}: not ${step}`);
      // To the preview and back: it stays.
      const box = await (await page.$(".preview")).boundingBox();
      await page.mouse.move(box.x + Math.min(20, box.width / 2), box.y + box.height / 2, { steps: 4 });
      await new Promise((done) => setTimeout(done, 600));
      if (await page.evaluate(() => document.querySelector(".preview").hidden)) wrong.push(`${name}: reference ${index + 1}: the preview goes away while it is pointed at`);
      await page.keyboard.press("Escape");
      if (!(await page.evaluate(() => document.querySelector(".preview").hidden))) wrong.push(`${name}: reference ${index + 1}: Esc does not close the preview`);
    }
  }
  await page.close();
  nothing(wrong);
});

test("a preview goes away when the pointer leaves, and passing over a reference opens none", async () => {
  const page = await open(chromium);
  await visit(page, filled, pages[0]);
  const link = await page.$(linkSelector);
  await link.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const { x, y } = await link.evaluate((element) => { const line = element.getClientRects()[0]; return { x: line.left + 4, y: line.top + line.height / 2 }; });
  await page.mouse.move(x, y);
  await page.mouse.move(5, 400);
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(await page.evaluate(() => document.querySelector(".preview").hidden), true);
  await page.mouse.move(x, y);
  await until(page, "the preview opens", () => !document.querySelector(".preview").hidden);
  await page.mouse.move(5, 400);
  await until(page, "the preview goes away", () => document.querySelector(".preview").hidden);
  await page.close();
});

test("a preview opens when a reference takes the focus by key, and closes when it moves on", async () => {
  const page = await open(chromium);
  const wrong = [];
  for (const name of pages) {
    await visit(page, filled, name);
    const count = Math.min(6, (await page.$$(linkSelector)).length);
    for (let index = 0; index < count; index += 1) {
      // The focus comes by key, as `:focus-visible` asks.
      await page.evaluate((selector, index) => {
        const link = document.querySelectorAll(selector)[index];
        link.scrollIntoView({ block: "center" });
        const all = [...document.querySelectorAll("a[href], button, [tabindex='0']")].filter((element) => element.tabIndex >= 0 && element.checkVisibility());
        all[all.indexOf(link) - 1].focus({ preventScroll: true });
      }, linkSelector, index);
      await page.keyboard.press("Tab");
      // The tools of the clause whose link had the focus may come first.
      for (let more = 0; more < 2 && (await page.evaluate(() => document.activeElement.matches(".copy"))); more += 1) await page.keyboard.press("Tab");
      if (!(await page.evaluate((selector, index) => document.activeElement === document.querySelectorAll(selector)[index], linkSelector, index))) {
        wrong.push(`${name}: reference ${index + 1} does not take the focus`);
        continue;
      }
      await settle(page);
      const seen = await page.evaluate(standing, index);
      for (const [step, done] of Object.entries(seen)) if (!done) wrong.push(`${name}: reference ${index + 1}: not ${step}`);
      await page.keyboard.press("Escape");
      if (!(await page.evaluate(() => document.querySelector(".preview").hidden))) wrong.push(`${name}: reference ${index + 1}: Esc does not close the preview`);
    }
    await page.keyboard.press("Tab");
    await page.evaluate(() => document.querySelector(".brand").focus());
    if (!(await page.evaluate(() => document.querySelector(".preview").hidden))) wrong.push(`${name}: the preview stays after the focus left`);
  }
  await page.close();
  nothing(wrong);
});

test("a finger follows a reference at once", async () => {
  const page = await open(chromium, { viewport: phone });
  await visit(page, filled, pages[0]);
  const href = await page.$eval(linkSelector, (link) => { link.scrollIntoView({ block: "center" }); return link.href; });
  await page.tap(linkSelector);
  await until(page, "the reference is followed", (href) => location.href === href, href);
  await page.close();
});

test("a preview says where the reference leads: the number and the words of the clause", async () => {
  const page = await open(chromium, { viewport: wide });
  const wrong = [];
  const texts = new Map();
  await visit(page, filled, "print.html");
  for (const [id, text] of await page.evaluate(() => [...document.querySelectorAll(".clause")].map((clause) => [clause.id, [clause.dataset.number, clause.textContent]]))) texts.set(id, text);
  for (const name of pages) {
    await visit(page, filled, name);
    for (const [hash, preview] of await page.$$eval(linkSelector, (links) => links.map((link) => [decodeURIComponent(link.hash.slice(1)), link.dataset.preview]))) {
      const text = hash && texts.get(hash);
      if (!text) continue;
      const [number, words] = text;
      const [said, ...rest] = preview.split("　");
      const plain = (string) => string.replace(/\s+|…/g, "");
      if (said !== number) wrong.push(`${name}: ${hash}: says ${said}, is ${number}`);
      for (const part of rest) if (!plain(words).includes(plain(part).slice(0, 12))) wrong.push(`${name}: ${hash}: says ${part}`);
    }
  }
  await page.close();
  nothing(wrong);
});
