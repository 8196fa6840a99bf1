// Footnotes: beside their marks on wide pages, opened in place on narrower ones, at the chapter's end without scripts.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, middle, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { build, draft, filled, published, temporary } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** The pages of a site that have footnotes. */
async function annotated(page, site) {
  const found = [];
  for (const name of site.pages.filter((name) => name.startsWith("chapters/"))) {
    await visit(page, site, name);
    if (await page.$(".footnote-mark")) found.push(name);
  }
  assert.ok(found.length >= 3, `only ${found} have footnotes`);
  return found;
}

test("footnotes are numbered through the whole plan in the order of their marks, and every mark has its note", async () => {
  const page = await open(chromium);
  for (const site of [published, filled]) {
    await visit(page, site, "print.html");
    const notes = await page.evaluate(() => ({
      marks: [...document.querySelectorAll(".footnote-mark > a")].map((mark) => [mark.textContent, mark.hash]),
      notes: [...document.querySelectorAll(".footnote")].map((note) => [note.querySelector(".number").textContent, `#${note.id}`]),
    }));
    assert.ok(notes.notes.length >= 10, `${notes.notes.length} notes`);
    assert.deepEqual(notes.notes.map(([number]) => Number(number)), notes.notes.map((_, index) => index + 1));
    const first = notes.marks.filter(([number], index) => notes.marks.findIndex(([other]) => other === number) === index);
    assert.deepEqual(first, notes.notes);
  }
  await page.close();
});

for (const site of [draft, filled]) {
  test(`on wide pages of the ${site.name} site every note and comment stands in the margin at its mark, and none covers another or the contents`, async () => {
    const page = await open(chromium);
    const wrong = [];
    for (const name of site.pages.filter((name) => name.startsWith("chapters/"))) {
      await visit(page, site, name);
      for (const width of [1200, 1440, 1920]) {
        await page.setViewport({ width, height: 900 });
        await settle(page);
        wrong.push(...(await page.evaluate(() => {
          const found = [];
          const text = document.querySelector("main .opening").getBoundingClientRect();
          const boxes = [...document.querySelectorAll(".footnote, .comment.aside, .toc, .toc-again")].map((element) => {
            const box = element.getBoundingClientRect();
            return { element, what: element.id || element.className, left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY };
          });
          for (const [index, one] of boxes.entries()) {
            if (one.left < text.right) found.push(`${one.what} covers the text`);
            if (one.right > innerWidth) found.push(`${one.what} sticks out`);
            for (const other of boxes.slice(index + 1))
              if (one.top < other.bottom - 1 && other.top < one.bottom - 1) found.push(`${one.what} (${Math.round(one.top)}–${Math.round(one.bottom)}) covers ${other.what} (${Math.round(other.top)}–${Math.round(other.bottom)})`);
          }
          for (const note of document.querySelectorAll(".footnote")) {
            const mark = document.querySelector(`.footnote-mark > a[href='#${note.id}']`);
            const distance = note.getBoundingClientRect().top - mark.getBoundingClientRect().top;
            // A note may be pushed down by the notes above it, never up.
            if (distance < -12) found.push(`${note.id} stands ${Math.round(-distance)} px above its mark`);
          }
          const page = document.querySelector("main").getBoundingClientRect().bottom + scrollY;
          for (const box of boxes) if (box.bottom > page + 1) found.push(`${box.what} runs below the text`);
          return found;
        })).map((line) => `${name} at ${width} px: ${line}`));
      }
    }
    await page.close();
    nothing(wrong);
  });
}

test("on a wide page a mark leads to its note in the margin and the note back to its mark, without scrolling", async () => {
  const page = await open(chromium);
  const wrong = [];
  for (const name of await annotated(page, filled)) {
    await visit(page, filled, name);
    for (const id of await page.$$eval(".footnote-mark > a", (marks) => marks.map((mark) => mark.id))) {
      const steps = await page.evaluate(async (id) => {
        const mark = document.getElementById(id);
        mark.scrollIntoView({ block: "center" });
        const before = scrollY;
        mark.click();
        const note = document.activeElement;
        const shown = note.getBoundingClientRect();
        const lit = getComputedStyle(note).boxShadow !== "none";
        const back = note.querySelector(".footnote-back");
        back?.click();
        return { note: note.id === mark.hash.slice(1), shown: shown.top < innerHeight && shown.bottom > 0, lit, back: document.activeElement === mark, still: Math.abs(scrollY - before) < 2 };
      }, id);
      for (const [step, done] of Object.entries(steps)) if (!done) wrong.push(`${name}: ${id}: not ${step}`);
    }
  }
  await page.close();
  nothing(wrong);
});

test("a mark whose note stands below the window leads to it all the same, and the note back to its mark", async () => {
  const project = temporary("many-notes");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n${numbers.map((n) => `詞[^${n}]`).join("、")}。\n\n${numbers.map((n) => `[^${n}]: ${"註腳之文字".repeat(6)}。\n`).join("\n")}`);
  const site = build("many-notes", "--project", project);
  const page = await open(chromium);
  await visit(page, site, "chapters/a.html");
  const seen = () => page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return [document.activeElement.id, top >= document.querySelector(".bar").offsetHeight && bottom <= innerHeight];
  });
  const mark = (await page.$$(".footnote-mark > a")).at(-1);
  const [from, to] = await mark.evaluate((link) => [link.id, link.hash.slice(1)]);
  await mark.click();
  assert.deepEqual(await seen(), [to, true]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.deepEqual(await seen(), [from, true]);
  await page.close();
});

for (const [what, viewport] of Object.entries({ middle, phone })) {
  test(`on ${what} widths a mark opens its note in place, right after its paragraph, Esc or the button closes it and gives the focus back`, async () => {
    const page = await open(chromium, { viewport });
    const wrong = [];
    for (const name of await annotated(page, filled)) {
      await visit(page, filled, name);
      for (const id of await page.$$eval(".footnote-mark > a", (marks) => marks.map((mark) => mark.id))) {
        const mark = await page.$(`[id='${id}']`);
        await mark.evaluate((element) => element.scrollIntoView({ block: "center" }));
        await mark.click();
        const open = await page.evaluate((id) => {
          const mark = document.getElementById(id);
          const note = document.activeElement;
          const source = document.getElementById(mark.hash.slice(1)).querySelector(".text");
          const [at, from] = [note.getBoundingClientRect(), (mark.closest(".table-scroll, .fields") || mark.closest("p, h2, h3, h4, li") || mark).getBoundingClientRect()];
          return {
            opened: note.matches(".note-in-place"),
            words: note.querySelector(".text")?.textContent === source.textContent,
            near: at.top >= from.top && at.top - from.bottom < 24,
            fits: at.left >= 0 && at.right <= innerWidth,
            told: mark.getAttribute("aria-expanded") === "true",
            still: !location.hash,
          };
        }, id);
        for (const [step, done] of Object.entries(open)) if (!done) wrong.push(`${name}: ${id}: not ${step}`);
        await page.keyboard.press("Escape");
        if (!(await page.evaluate((id) => document.activeElement.id === id && !document.querySelector(".note-in-place"), id))) wrong.push(`${name}: ${id}: Esc does not close the note`);
        await mark.click();
        await page.evaluate(() => document.querySelector(".note-in-place .note-close")?.click());
        if (!(await page.evaluate((id) => document.activeElement.id === id && !document.querySelector(".note-in-place"), id))) wrong.push(`${name}: ${id}: the button does not close the note`);
        // From the foot of the screen, where there is no room below.
        await mark.evaluate((element) => element.scrollIntoView({ block: "end" }));
        await mark.click();
        const [top, bottom] = await page.$eval(".note-in-place", (note) => [note.getBoundingClientRect().top, innerHeight - note.getBoundingClientRect().bottom]);
        if (top < 0 || bottom < 0) wrong.push(`${name}: ${id}: the note is out of view, ${top} below the top and ${bottom} above the foot`);
        await mark.click();
        if (await page.$(".note-in-place")) wrong.push(`${name}: ${id}: a second press does not close the note`);
      }
    }
    await page.close();
    nothing(wrong);
  });
}

test("marks side by side are two: each opens its own note, and they are copied apart; what is in a cell or a label opens where it can be read", async () => {
  const project = temporary("side-by-side");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  const table = "| 甲 | 乙 | 丙 | 丁 |\n|---|---|---|---|\n| 值[^x] | 值 | 值 | 值 |";
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n辦理[^x][^y]。\n\n${table}\n\n:::fields\n\n- 欄[^y]\n\n:::\n\n[^x]: ${"註腳之文字".repeat(6)}。\n\n[^y]: 另一註腳。\n`);
  const site = build("side-by-side", "--project", project);
  const page = await open(chromium, { viewport: phone });
  await visit(page, site, "chapters/a.html");
  assert.equal(await page.evaluate(() => {
    getSelection().selectAllChildren(document.querySelector("#s > p"));
    return String(getSelection());
  }), "辦理1、2。");
  const wrong = [];
  for (const mark of await page.$$(".footnote-mark > a")) {
    await mark.tap();
    const [id, to] = await mark.evaluate((link) => [link.id, document.activeElement.id]);
    if (to !== `${id}-note`) wrong.push(`${id} opens ${to}`);
    const width = await page.$eval(".note-in-place .text", (text) => text.offsetWidth);
    if (width < 200) wrong.push(`the note of ${id} has ${width} px`);
    await page.keyboard.press("Escape");
  }
  nothing(wrong.concat(page.problems));
  assert.equal(new Set(await page.$$eval(".footnote-back", (links) => links.map((link) => link.ariaLabel))).size, 4, "the ways back have names of their own");
  await page.close();
});

test("the address of a note leads to the note where it stands beside the text, and so do addresses after it", async () => {
  const page = await open(chromium);
  for (const name of await annotated(page, filled)) {
    await visit(page, filled, name);
    const notes = await page.$$eval(".footnote", (all) => all.map((note) => note.id));
    for (const id of [notes.at(0), notes.at(-1)]) {
      await page.evaluate((hash) => { location.hash = hash; }, id);
      await until(page, `${name}#${id} is in view`, () => {
        const { top, bottom } = document.querySelector(".footnote:target").getBoundingClientRect();
        return top >= document.querySelector(".bar").offsetHeight && bottom <= innerHeight;
      });
      await visit(page, filled, `${name}#${id}`);
      await until(page, `${name}#${id} is in view at once`, () => {
        const { top, bottom } = document.querySelector(".footnote:target").getBoundingClientRect();
        return top >= document.querySelector(".bar").offsetHeight && bottom <= innerHeight;
      });
    }
  }
  await page.close();
});

test("a window that grows takes open notes back to the margin", async () => {
  const page = await open(chromium, { viewport: middle });
  const [name] = await annotated(page, filled);
  await visit(page, filled, name);
  await page.click(".footnote-mark > a");
  assert.ok(await page.$(".note-in-place"));
  await page.setViewport(wide);
  await until(page, "the note stands in the margin", () => !document.querySelector(".note-in-place") && document.querySelector(".in-margin .footnote"));
  await page.close();
});

test("without scripts a mark leads to its note at the chapter's end and the note leads back", async () => {
  const page = await open(chromium, { script: false });
  const names = await annotated(page, published);
  const wrong = [];
  for (const name of names) {
    await visit(page, published, name);
    const marks = await page.$$eval(".footnote-mark > a", (marks) => marks.map((mark) => [mark.id, mark.hash]));
    for (const [id, hash] of marks.slice(0, 3)) {
      await visit(page, published, name + hash);
      const seen = await page.evaluate((hash) => {
        const note = document.querySelector(hash);
        const box = note.getBoundingClientRect();
        return { shown: box.top >= 0 && box.bottom <= innerHeight, lit: getComputedStyle(note).boxShadow !== "none", atEnd: note.closest(".footnotes") !== null };
      }, hash);
      for (const [step, done] of Object.entries(seen)) if (!done) wrong.push(`${name}: ${hash}: not ${step}`);
      await page.click(`${hash} > .footnote-back`);
      const back = await page.evaluate((id) => {
        const box = document.getElementById(id).getBoundingClientRect();
        return decodeURIComponent(location.hash.slice(1)) === id && box.top >= 0 && box.bottom <= innerHeight;
      }, id);
      if (!back && marks.filter(([, other]) => other === hash).length === 1) wrong.push(`${name}: ${hash}: does not lead back`);
    }
  }
  await page.close();
  nothing(wrong);
});
