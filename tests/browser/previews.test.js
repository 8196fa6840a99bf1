// What a reference points at can be read without leaving the page.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { build, draft, filled, published, temporary } from "./support/sites.js";

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

/** Letters and figures alone: what a text says. */
const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

test("no preview says only what its link says", async () => {
  const page = await open(chromium);
  const wrong = [];
  for (const site of [published, draft, filled]) {
    for (const name of site.pages.filter((name) => /^(chapters|annexes)\//.test(name))) {
      await visit(page, site, name);
      for (const [link, preview] of await page.$$eval("main a[data-preview]", (links) => links.map((link) => [link.textContent, link.dataset.preview]))) {
        if (letters(link) === letters(preview)) wrong.push(`${site.name} ${name}: ${link}`);
      }
    }
  }
  await page.close();
  nothing(wrong);
});

test("a chapter is previewed by its sections, a section without words of its own by its first items, on its own page too; what has neither shows nothing", async () => {
  const project = temporary("beginnings");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a, b]\n");
  const references = "見[[a]]、[[list]]、[[deep]]、[[words]]、[[sub]]、[[table]]、[[table|該表]]、[[list.2]]。\n";
  const table = "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n";
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲章\n---\n\n本章如下。\n\n## 條列 {#list}\n\n1. 第一點。[^n]\n\n   第一點之二。\n2. 第二點：\n   1. 目。\n3. 第三點。\n\n[^n]: 註。\n\n## 上層 {#deep}\n\n### 下層 {#sub}\n\n${"長".repeat(100)}\n\n### 下層二 {#sub-two}\n\n文字。\n\n## 文字 {#words}\n\n自己的話。\n\n1. 其他。\n\n## 表 {#table}\n\n${table}\n## 參照 {#here}\n\n${references}`);
  writeFileSync(path.join(project, "content/chapters/b.md"), `---\ntitle: 乙章\n---\n\n## 節 {#there}\n\n${references}`);
  const site = build("beginnings", "--project", project);
  const expected = [
    "壹　甲章　一、條列；二、上層；三、文字；四、表；五、參照",
    "壹、一　條列　1. 第一點；2. 第二點：",
    "壹、二　上層　(一) 下層；(二) 下層二",
    "壹、三　文字　自己的話。",
    `壹、二、(一)　下層　${"長".repeat(90)}…`,
    "",
    "壹、四　表",
    "壹、一、2　第二點：",
  ];
  const page = await open(chromium);
  await visit(page, site, "chapters/b.html");
  assert.deepEqual(await page.$$eval("main p a.reference", (links) => links.map((link) => link.dataset.preview ?? "")), expected);
  await visit(page, site, "chapters/a.html");
  const links = await page.$$("#here > p > a.reference");
  assert.equal(links.length, expected.length);
  const shown = [];
  for (const link of links) {
    await page.evaluate(() => document.activeElement.blur());
    // The focus comes by key, as `:focus-visible` asks.
    await page.keyboard.press("Shift");
    await link.focus();
    await settle(page);
    shown.push(await page.$eval(".preview", (box) => (box.hidden ? "" : box.textContent)));
  }
  // The mark of a footnote is part of the words on the page.
  assert.deepEqual(shown.map((text) => text.replace("第一點。1", "第一點")), expected);
  await page.close();
});
