// A clause has a permanent address: it is marked and can be seen when it is the target, and it can be cited.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, settle, until, visit, wide, widths } from "./support/browser.js";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, draft, filled, published, temporary } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** Targets of each kind: an item deep in a list, one with a positional address, a section, a subsection, a footnote, a law's article. */
const targets = {
  "chapters/controls.html": ["password-length", "password-rules", "access-control", "account-management", "asset-use.3"],
  "annexes/improvement-tracking.html": ["improvement-tracking"],
  "laws.html": ["csma.10", "rules"],
};

for (const [name, viewport] of Object.entries(widths)) {
  for (const scheme of ["light", "dark"]) {
    test(`the clause that the address names is marked and clear of the bar at ${name} px (${scheme})`, async () => {
      const page = await open(chromium, { viewport, scheme });
      const wrong = [];
      for (const [file, ids] of Object.entries(targets)) {
        for (const id of ids) {
          await visit(page, filled, `${file}#${id}`);
          const seen = await page.evaluate((id) => {
            const target = document.getElementById(id);
            if (!target) return { missing: true };
            const bar = document.querySelector(".bar").getBoundingClientRect();
            const first = (target.querySelector(".title, .text > p, dt, h1, h2") || target).getBoundingClientRect();
            const above = bar.top <= 0 ? bar.bottom : 0;
            const below = bar.top <= 0 ? innerHeight : bar.top;
            const marks = [target, ...target.querySelectorAll(":scope > h1, :scope > h2, :scope > h3, :scope > h4")].filter((element) => {
              const style = getComputedStyle(element);
              return style.boxShadow !== "none" || !["rgba(0, 0, 0, 0)", "transparent"].includes(style.backgroundColor);
            });
            return { top: Math.round(first.top), clear: first.top >= above - 1 && first.bottom <= below + 1, marked: marks.length > 0 };
          }, id);
          if (seen.missing) wrong.push(`${file}: no ${id}`);
          else if (!seen.clear) wrong.push(`${file}#${id} stands at ${seen.top} px, behind the bar or out of sight`);
          // A whole page needs no mark.
          else if (!seen.marked && !file.includes(id)) wrong.push(`${file}#${id} is not marked`);
        }
      }
      await page.close();
      nothing(wrong);
    });
  }
}

test("the mark of the target does not fade, and moves with the address", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html#password-length");
  const tint = (id) => page.evaluate((id) => getComputedStyle(document.getElementById(id)).boxShadow, id);
  const before = await tint("password-length");
  await new Promise((done) => setTimeout(done, 2_500));
  await page.evaluate(() => scrollBy(0, 400));
  await settle(page);
  assert.equal(await tint("password-length"), before);
  await page.evaluate(() => { location.hash = "password-change"; });
  await settle(page);
  assert.equal(await tint("password-length"), "none");
  assert.equal(await tint("password-change"), before);
  await page.close();
});

/** What is copied, by the clipboard or by the old command. */
const clipboard = () => Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } });
const noClipboard = () => {
  Object.defineProperty(navigator, "clipboard", { value: undefined });
  document.addEventListener("copy", () => {
    const area = document.activeElement;
    window.copied = "value" in area ? area.value.slice(area.selectionStart, area.selectionEnd) : String(getSelection());
  }, true);
};
const refusedClipboard = () => {
  Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("refused")) } });
  document.addEventListener("copy", () => { window.copied = document.activeElement.value; }, true);
};

const number = "玖、二、(二)、1、(1)";

for (const [how, before] of Object.entries({ "through the clipboard": clipboard, "by the old command where there is no clipboard": noClipboard, "by the old command where the clipboard refuses": refusedClipboard })) {
  test(`a clause's citation and link are copied ${how}, with the pointer, by key and with a finger`, async () => {
    const page = await open(chromium, { before });
    const citation = `示範機關資通安全維護計畫（草案），${number}\n${filled.url("chapters/controls.html#password-length")}`;
    const copied = async () => {
      await until(page, "something is copied", () => window.copied !== undefined);
      return page.evaluate(() => { const text = window.copied; window.copied = undefined; return text; });
    };
    const said = () => page.evaluate(() => document.querySelector("[role='status']").textContent);

    await visit(page, filled, "chapters/controls.html#password-length");
    await page.hover("#password-length > .text > p");
    await until(page, "the clause under the pointer shows its tools", () => document.querySelector("#password-length > .copy"));
    const across = await page.$("#password-length > .copy");
    const drawn = await across.evaluate((button) => ({ width: button.getBoundingClientRect().width, left: button.getBoundingClientRect().left, label: button.getAttribute("aria-label") }));
    assert.ok(drawn.width > 20 && drawn.left >= 0, JSON.stringify(drawn));
    assert.equal(drawn.label, "複製引註");
    await across.click();
    assert.equal(await copied(), citation);
    await until(page, "the page says so", () => document.querySelector("[role='status']").textContent !== "");
    assert.equal(await said(), `已複製：${citation.split("\n")[0]}`);

    // By key: the clause's link takes the focus, the next stop copies.
    await page.focus("#password-length > a.number");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "copy");
    await page.keyboard.press("Enter");
    assert.equal(await copied(), citation);
    assert.equal(await page.evaluate(() => document.activeElement.className), "copy", "the focus stays where it was");
    assert.equal(await page.evaluate(() => document.querySelectorAll("textarea").length), 0);
    assert.deepEqual(page.problems, []);
    await page.close();

    const touch = await open(chromium, { before, viewport: phone });
    await visit(touch, filled, "chapters/controls.html#password-length");
    await touch.tap("#password-length > a.number");
    await until(touch, "the clause's menu opens", () => document.querySelector(".clause-menu"));
    assert.equal(await touch.evaluate(() => document.querySelector(".clause-menu .of").textContent), number);
    await touch.tap(".clause-menu button");
    await until(touch, "something is copied", () => window.copied !== undefined);
    assert.equal(await touch.evaluate(() => window.copied), citation);
    await touch.keyboard.press("Escape");
    assert.equal(await touch.evaluate(() => document.querySelector(".clause-menu")), null);
    assert.deepEqual(touch.problems, []);
    await touch.close();
  });
}

test("a citation says which agency, plan and state it is of, and names chapter, section and annex alike", async () => {
  const cases = [
    [published, "chapters/controls.html", "account-management", "資通安全維護計畫（草案），玖、二、(二)"],
    [published, "chapters/controls.html", "controls", "資通安全維護計畫（草案），玖"],
    [filled, "chapters/references.html", "references", "示範機關資通安全維護計畫（草案），壹拾柒"],
    [filled, "chapters/controls.html", "access-control", "示範機關資通安全維護計畫（草案），玖、二"],
  ];
  for (const [site, file, id, expected] of cases) {
    const page = await open(chromium, { before: clipboard });
    await visit(page, site, file);
    await page.evaluate((id) => document.getElementById(id).querySelector("a.number").focus(), id);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, "something is copied", () => window.copied !== undefined);
    assert.equal(await page.evaluate(() => window.copied), `${expected}\n${site.url(`${file}#${id}`)}`);
    await page.close();
  }
});

test("where numbers begin anew in each part, a citation names the part", async () => {
  const project = temporary("parts");
  const content = path.join(project, "content");
  mkdirSync(path.join(content, "chapters"), { recursive: true });
  writeFileSync(path.join(content, "plan.yaml"), "title: 計畫\nparts: [{ title: 第一編 總則, chapters: [a] }, { title: 第二編 細則, chapters: [b] }]\n");
  for (const id of ["a", "b"]) writeFileSync(path.join(content, `chapters/${id}.md`), `---\ntitle: 甲\n---\n\n## 乙 {#${id}-s}\n\n文。\n`);
  const site = build("in parts", "--project", project);
  const page = await open(chromium, { before: clipboard });
  for (const [file, id, expected] of [
    ["chapters/a.html", "a-s", "計畫（草案），第一編 總則 壹、一"],
    ["chapters/b.html", "b-s", "計畫（草案），第二編 細則 壹、一"],
    ["print-2.html", "b", "計畫（草案），第二編 細則 壹"],
  ]) {
    await visit(page, site, file);
    await page.evaluate((id) => document.getElementById(id).querySelector("a.number").focus(), id);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await until(page, "something is copied", () => window.copied !== undefined);
    assert.equal((await page.evaluate(() => window.copied)).split("\n")[0], expected);
  }
  await page.close();
});

test("the citation's number is the clause's data-number, which every clause has and no other clause of the plan has", async () => {
  for (const site of [published, filled]) {
    const page = await open(chromium);
    await visit(page, site, "print.html");
    const clauses = await page.evaluate(() => [...document.querySelectorAll(".clause")].map((clause) => ({
      id: clause.id,
      number: clause.dataset.number,
      own: clause.querySelector(":scope > .number, :scope > :is(h1, h2, h3, h4) > .number, :scope > header :is(h1, h2) > .number")?.textContent,
      exclusive: clause.closest(".alternative") !== null || clause.previousElementSibling?.matches(".condition") === true,
    })));
    assert.ok(clauses.length > 400, `${clauses.length} clauses`);
    assert.deepEqual(clauses.filter(({ id, number, own }) => !id || !number || !own), []);
    const seen = new Set();
    const twice = clauses.filter(({ number, exclusive }) => !exclusive && seen.size === seen.add(number).size);
    assert.deepEqual(twice.map(({ number }) => number), []);
    // The number as text ends the number as cited.
    const plain = (text) => text.replace(/[、.\s]+$/u, "");
    assert.deepEqual(clauses.filter(({ number, own }) => !plain(number).endsWith(plain(own))), []);
    await page.close();
  }
});

test("nothing stands between a clause's number and its words when it is selected and copied", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html");
  await page.hover("#password-length > .text > p");
  await until(page, "the clause under the pointer shows its tools", () => document.querySelector("#password-length > .copy"));
  const text = await page.evaluate(() => {
    getSelection().selectAllChildren(document.getElementById("password-length"));
    return String(getSelection()).replace(/\s+/g, "");
  });
  assert.equal(text, "(1)通行碼長度8碼以上。");
  await page.close();
});

test("in the draft view a clause says where it stands in the sources", async () => {
  const page = await open(chromium, { before: clipboard });
  await visit(page, draft, "chapters/controls.html");
  await page.hover("#password-length > .text > p");
  await until(page, "the clause under the pointer shows its source", () => document.querySelector("#password-length > .source"));
  // It stands under the other tool and reaches into the line of the next clause.
  await page.hover("#password-length > .source");
  await settle(page);
  assert.ok(await page.$("#password-length > .source"), "the tools stay with their clause while one of them is pointed at");
  await page.click("#password-length > .source");
  await until(page, "something is copied", () => window.copied !== undefined);
  assert.match(await page.evaluate(() => window.copied), /^content\/chapters\/controls\.md:\d+$/);
  await page.close();
});

test("the tools let go of a clause once its citation was copied, and are gone where there is room for the menu alone", async () => {
  const page = await open(chromium, { before: clipboard });
  await visit(page, filled, "chapters/controls.html");
  await page.hover("#password-length > .text > p");
  await until(page, "the clause under the pointer shows its tools", () => document.querySelector("#password-length > .copy"));
  await page.click("#password-length > .copy");
  await until(page, "the citation is copied", () => window.copied !== undefined);
  await page.hover("#password-change > .text > p");
  await until(page, "the next clause shows them", () => document.querySelector("#password-change > .copy") && !document.querySelector("#password-length > .copy"));
  await page.setViewport({ width: 720, height: 600 });
  await page.hover("#password-length > .text > p");
  await until(page, "a narrow page shows none", () => !document.querySelector(".copy"));
  await page.close();
});

test("where a number opens the clause's menu, a key opens it too and the focus goes there", async () => {
  const page = await open(chromium, { viewport: { width: 720, height: 600 } });
  await visit(page, filled, "chapters/controls.html");
  for (let round = 0; round < 2; round += 1) {
    await page.focus("#password-length > a.number");
    await page.keyboard.press("Enter");
    await settle(page);
    const at = await page.evaluate(() => [Boolean(document.activeElement.closest(".clause-menu")), location.hash, Boolean(document.querySelector("#password-length:target"))]);
    assert.deepEqual(at, [true, "#password-length", true]);
    await page.keyboard.press("Escape");
    assert.ok(await page.evaluate(() => document.activeElement.matches("#password-length > a.number")), "Esc gives the focus back");
  }
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await until(page, "the citation is copied", () => document.querySelector(".status").textContent);
  assert.deepEqual(await page.evaluate(() => [document.querySelector(".clause-menu"), document.activeElement.matches("#password-length > a.number")]), [null, true], "so does copying");
  await page.close();
});

test("a clause's menu stands at the foot of the window, or on the bar where that is there, and leaves its clause in view", async () => {
  const page = await open(chromium);
  for (const [width, height] of [[740, 360], [820, 1180], [800, 700], [320, 200], [375, 812]]) {
    await page.setViewport({ width, height, hasTouch: true });
    await visit(page, filled, "chapters/controls.html");
    await page.focus("#password-length > a.number");
    await page.keyboard.press("Enter");
    await settle(page);
    const [below, covered] = await page.evaluate(() => {
      const [menu, bar, clause] = [".clause-menu", ".bar", "#password-length"].map((one) => document.querySelector(one).getBoundingClientRect());
      const foot = bar.bottom > innerHeight - 1 ? bar.top : innerHeight;
      return [Math.round(foot - menu.bottom), clause.bottom > menu.top || clause.bottom < 0];
    });
    assert.deepEqual([Math.abs(below) < 4, covered], [true, false], `${width} × ${height}: ${below} px`);
  }
  await page.close();
});

test("what is selected is seen in the clause that the address names, light and dark", async () => {
  for (const scheme of ["light", "dark"]) {
    const page = await open(chromium, { scheme });
    await visit(page, filled, "chapters/controls.html#password-length");
    const [clause, selection] = await page.evaluate(() => {
      const target = document.querySelector(":target");
      return [getComputedStyle(target).backgroundColor, getComputedStyle(target.querySelector(".text > p"), "::selection").backgroundColor];
    });
    assert.notEqual(selection, clause);
    await page.close();
  }
});

test("tables, code and quotations have their lines inside an item as well", async () => {
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html");
  const lines = await page.evaluate(() => {
    const text = document.querySelector("#password-length > .text");
    text.insertAdjacentHTML("beforeend", "<table class=table><tr><td>甲</td></tr></table><pre class=code><code>乙</code></pre><blockquote>丙</blockquote>");
    const edge = (selector, side) => getComputedStyle(text.querySelector(selector))[side];
    return [edge("td", "borderTopStyle"), edge("pre", "borderTopStyle"), edge("blockquote", "borderLeftStyle")];
  });
  assert.deepEqual(lines, ["solid", "solid", "solid"]);
  await page.close();
});

test("what confirms a copy stands ready while it is empty, without a box, and has the width of a phone once it speaks", async () => {
  const page = await open(chromium, { viewport: { ...phone, width: 360 }, before: clipboard });
  await visit(page, filled, "chapters/controls.html#password-length");
  const status = () => page.$eval(".status", (element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    return { display: getComputedStyle(element).display, left, right, width, height, text: element.textContent };
  });
  const empty = await status();
  assert.deepEqual([empty.display, empty.width * empty.height, empty.text], ["block", 0, ""]);
  await page.tap("#password-length > a.number");
  await page.tap(".clause-menu button");
  await until(page, "the page says so", () => document.querySelector(".status").textContent !== "");
  const spoken = await status();
  assert.ok(spoken.width > 280 && spoken.left >= 8 && spoken.right <= 352 && Math.abs(spoken.left + spoken.right - 360) < 2, JSON.stringify(spoken));
  await page.close();
});
