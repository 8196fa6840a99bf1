// Pages fit every width: nothing but a table's own box scrolls sideways, and nothing is cut off.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, nothing, open, settle, visit, widths } from "./support/browser.js";
import { pages as amendments } from "./support/amended.js";
import { build, draft, filled, kinds, projects, published, temporary } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** What sticks out of the page at the present width, and tables that cannot be reached by scrolling their own box. */
function overflow() {
  const found = [];
  const page = document.documentElement;
  const width = page.clientWidth;
  if (page.scrollWidth > width) found.push(`scrolls sideways: ${page.scrollWidth} px in ${width} px`);
  const inBox = (element) => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (["auto", "scroll"].includes(style.overflowX) && box !== document.body && box !== page) return true;
      // Text meant for screen readers alone, and a title shortened on purpose, are cut by their own box.
      if (["hidden", "clip"].includes(style.overflowX) && box.getBoundingClientRect().right <= width + 1) return true;
      if (style.position === "fixed") return false;
    }
    return false;
  };
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || element.closest(".sr-only, .suffix, .skip, .watermark, [hidden]")) continue;
    if ((box.right > width + 1 || box.left < -1) && !inBox(element)) {
      found.push(`sticks out: ${element.localName}.${element.className} ${Math.round(box.left)}–${Math.round(box.right)} ${element.textContent.trim().slice(0, 20)}`);
      if (found.length > 5) break;
    }
  }
  for (const box of document.querySelectorAll(".table-scroll")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    if (!box.closest("[tabindex='0']")) found.push("a table that scrolls cannot be reached by key");
    box.scrollLeft = 1e6;
    const last = box.querySelector("tr:last-child > :last-child").getBoundingClientRect();
    if (last.right > box.getBoundingClientRect().right + 1) found.push("the last column of a table cannot be scrolled to");
    const first = box.querySelector("thead th:first-child");
    if (first && first.getBoundingClientRect().left > box.getBoundingClientRect().left + 2) found.push("the first column does not stay");
    if (first && first.getBoundingClientRect().width > box.clientWidth * 0.6 + 1) found.push("the first column of a table leaves the others no room beside it");
    box.scrollLeft = 0;
  }
  return found;
}

const amended = { name: "amended", pages: amendments };

for (const site of [draft, filled, amended]) {
  test(`no page of the ${site.name} site scrolls sideways at 320, 375, 768, 1024 and 1440 px; tables scroll in their own box`, async () => {
    const page = await open(chromium, { viewport: widths[1440] });
    const found = [];
    for (const [of, name] of site.pages.map((entry) => (site === amended ? entry : [site, entry]))) {
      await page.setViewport(widths[1440]);
      await visit(page, of, name);
      for (const [width, viewport] of Object.entries(widths).reverse()) {
        // Turning touch on would load the page again; the narrow layouts go by width alone.
        await page.setViewport({ ...viewport, hasTouch: false, isMobile: false });
        await settle(page);
        found.push(...(await page.evaluate(overflow)).map((line) => `${name} at ${width} px: ${line}`));
      }
    }
    await page.close();
    nothing(found);
  });
}

test("on a phone a finger finds every control: bar, menu and number links are at least 24 px, and the bar stands at the bottom", async () => {
  const page = await open(chromium, { viewport: widths[375] });
  const found = [];
  for (const name of kinds) {
    await visit(page, draft, name);
    found.push(...(await page.evaluate(overflow)).map((line) => `${name}: ${line}`));
    found.push(...(await page.evaluate(() => {
      const small = [];
      for (const control of document.querySelectorAll("button, .bar a, a.number, summary, input")) {
        const box = control.getBoundingClientRect();
        if (box.width === 0 || getComputedStyle(control).visibility === "hidden") continue;
        // A title that is a link in the bar's line is text; the others are targets.
        if (!control.matches(".brand, .help-button") && (box.width < 24 || box.height < 24)) small.push(`${control.className} is ${Math.round(box.width)} × ${Math.round(box.height)} px`);
      }
      const bar = document.querySelector(".bar").getBoundingClientRect();
      if (Math.abs(bar.bottom - window.innerHeight) > 1) small.push(`the bar ends at ${bar.bottom} of ${window.innerHeight} px`);
      return [...new Set(small)];
    })).map((line) => `${name}: ${line}`));
  }
  await page.close();
  nothing(found);
});

test("on a phone the menu closes from a line of its own at its foot, which covers no part of a title, and no page at the end", async () => {
  const page = await open(chromium, { viewport: widths[375] });
  await visit(page, filled, "chapters/controls.html");
  await page.tap(".menu");
  await settle(page);
  const [menu, close, last] = await page.evaluate(() => {
    const box = document.querySelector(".navigation");
    box.scrollTop = 1e6;
    return [box, box.querySelector(".close"), [...box.querySelectorAll(".outline-pages a")].at(-1)].map((element) => element.getBoundingClientRect().toJSON());
  });
  assert.deepEqual([close.left, close.right, close.bottom], [menu.left, menu.right, menu.bottom]);
  assert.ok(last.bottom <= close.top, `${last.bottom} and ${close.top}`);
  await page.close();
});

test("a phone shows at most four steps of indent and leaves at least ten Han for the text of any clause", async () => {
  const page = await open(chromium, { viewport: widths[320] });
  const found = [];
  for (const name of filled.pages.filter((name) => name.startsWith("chapters/"))) {
    await visit(page, filled, name);
    found.push(...(await page.evaluate(() => [...document.querySelectorAll(".items .text > p")]
      .map((text) => ({ text, width: text.getBoundingClientRect().width }))
      .filter(({ text, width }) => width < 10 * parseFloat(getComputedStyle(text).fontSize))
      .map(({ text, width }) => `${Math.round(width)} px: ${text.closest(".clause").dataset.number}`))).map((line) => `${name}: ${line}`));
  }
  await page.close();
  nothing(found);
});

test("on a phone the statutory items need no scrolling, and names in the ledger and the list of open points have more room than figures", async () => {
  const page = await open(chromium, { viewport: { ...widths[375], width: 360 } });
  await visit(page, draft, "coverage.html");
  assert.equal(await page.$eval(".table-scroll", (box) => box.scrollWidth - box.clientWidth), 0);
  const width = (selector) => page.$eval(selector, (cell) => cell.getBoundingClientRect().width / parseFloat(getComputedStyle(cell).fontSize));
  await visit(page, draft, "annexes.html");
  assert.ok(await width(".ledger td") > 8.5, `${await width(".ledger td")}`);
  await visit(page, draft, "status.html");
  const [name, figure] = [await width("tbody th"), await width("tbody td")];
  assert.ok(name > 8.5 && figure < name / 2, `${name} and ${figure}`);
  await page.close();
});

test("however wide the first column of a table would be, every other can be read whole beside it on a phone and at 400 %", async () => {
  const sentence = "資通系統之管理者應定期檢視使用者帳號及權限，並停用逾期未使用之帳號，檢視紀錄送資訊單位備查";
  const long = ["`HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows`", "security-contact-mailbox@department.agency.gov.tw"];
  const tables = [
    ["應辦事項", "期限", [[sentence, "每半年"]]],
    ["設定", "值", long.map((words) => [words, "1"])],
    ["值", "設定", long.map((words) => ["1", words])],
    ["事項", "單位", "期限", [[sentence, "資訊單位", "每半年"], [long[1], sentence, "每年"]]],
    ["事項", "單位", "期限", "紀錄", "備註", [[sentence, "資訊單位", "每半年", sentence, "無"], [long[1], "人事單位", "每年", "簽到表", sentence]]],
  ];
  const markdown = tables.map((columns) => {
    const line = (cells) => `| ${cells.join(" | ")} |\n`;
    const titles = columns.slice(0, -1);
    return line(titles) + line(titles.map(() => "---")) + columns.at(-1).map(line).join("");
  });
  const project = temporary("tables");
  for (const folder of ["chapters", "data"]) mkdirSync(path.join(project, "content", folder), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  writeFileSync(path.join(project, "content/data/work.yaml"), `fields:\n  - { name: a, title: 事項, width: 8 }\n  - { name: b, title: 期限, width: 2 }\n  - { name: c, title: 備註, width: 5 }\nrows:\n  - { a: ${sentence}, b: 每年, c: 無 }\n`);
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n${markdown.join("\n")}\n:::table work\n\n:::\n\n1. 項：\n   1. 目：\n\n${markdown.join("\n").replace(/^(?=.)/gm, "      ")}`);
  const site = build("tables", "--project", project);
  const found = [];
  const page = await open(chromium);
  for (const viewport of [{ ...widths[375], width: 360 }, { width: 320, height: 256, deviceScaleFactor: 4 }, widths[1440]]) {
    await page.setViewport(viewport);
    await visit(page, site, "chapters/a.html");
    const count = await page.$$eval(".table-scroll", (boxes) => boxes.length);
    assert.equal(count, 2 * tables.length + 1);
    found.push(...(await page.evaluate(overflow)).map((line) => `at ${viewport.width} px: ${line}`));
    found.push(...(await page.evaluate(() => [...document.querySelectorAll(".table-scroll")].flatMap((box, at) => {
      const room = box.getBoundingClientRect();
      return [...box.querySelectorAll("tbody tr:first-child > :not(:first-child)")].filter((cell) => {
        const first = cell.parentElement.firstElementChild.getBoundingClientRect().width;
        box.scrollLeft = cell.offsetLeft - first;
        const seen = cell.getBoundingClientRect();
        return seen.left < room.left + first - 1 || (seen.width <= room.width - first && seen.right > room.right + 1);
      }).map((cell) => `table ${at + 1}: ${cell.textContent} stays hidden`);
    }))).map((line) => `at ${viewport.width} px: ${line}`));
  }
  await page.setViewport({ ...widths[375], width: 360 });
  await settle(page);
  const scrolls = await page.$eval(".table-scroll", (box) => box.scrollWidth - box.clientWidth);
  await page.close();
  nothing(found);
  assert.equal(scrolls, 0, "two columns share the line");
});

test("a table with columns out of view has a shade at its edge until they are in view, in all colours; a landscape form takes the width of a large screen instead", async () => {
  const project = temporary("registers");
  for (const folder of ["chapters", "annexes", "data"]) mkdirSync(path.join(project, "content", folder), { recursive: true });
  const columns = Array.from("甲乙丙丁戊己庚辛壬癸", (title, at) => `  - { name: c${at}, title: ${title}, width: 3 }\n`);
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\nannexes: [b]\n");
  writeFileSync(path.join(project, "content/data/assets.yaml"), `fields:\n${columns.join("")}`);
  writeFileSync(path.join(project, "content/data/few.yaml"), `fields:\n${columns.slice(0, 3).join("")}`);
  writeFileSync(path.join(project, "content/chapters/a.md"), "---\ntitle: 甲\n---\n\n## 節 {#s}\n\n:::table assets rows=1\n\n:::\n\n:::table few rows=1\n\n:::\n");
  writeFileSync(path.join(project, "content/annexes/b.md"), "---\ntitle: 乙\norientation: landscape\n---\n\n:::table assets rows=1\n\n:::\n");
  const site = build("registers", "--project", project);
  for (const options of [{}, { scheme: "dark" }, { scheme: "dark", features: [{ name: "forced-colors", value: "active" }] }]) {
    const page = await open(chromium, { ...options, viewport: { width: 1280, height: 800 } });
    await visit(page, site, "chapters/a.html");
    // One pixel of the blank row, just within the edge.
    const edges = () => Promise.all([1, 2].map(async (nth) => {
      const [x, y] = await page.$$eval(".table-scroll", (boxes, at) => { const { right, bottom } = boxes[at].getBoundingClientRect(); return [right - 4, bottom - 20]; }, nth - 1);
      return page.screenshot({ clip: { x, y, width: 1, height: 1 }, encoding: "base64" });
    }));
    const [hidden, whole] = await edges();
    assert.notEqual(hidden, whole, `no shade with ${JSON.stringify(options)}`);
    await page.$eval(".table-scroll", (box) => { box.scrollLeft = 1e6; });
    await settle(page);
    assert.deepEqual(await edges(), [whole, whole]);
    await page.close();
  }
  const page = await open(chromium, { viewport: { width: 1920, height: 1000 } });
  await visit(page, site, "annexes/b.html");
  assert.equal(await page.$eval(".table-scroll", (box) => box.scrollWidth - box.clientWidth), 0);
  await page.close();
});

test("on a laptop of 1280 px, and where the outline stands for the first time, no table of a chapter of the template hides a column", async () => {
  const page = await open(chromium);
  const found = [];
  for (const name of published.pages.filter((name) => name.startsWith("chapters/"))) {
    await visit(page, published, name);
    for (const width of [1200, 1280]) {
      await page.setViewport({ width, height: 800 });
      await settle(page);
      found.push(...(await page.$$eval(".table-scroll", (boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth).filter(Boolean))).map((hidden) => `${name} at ${width} px: ${hidden} px are hidden`));
    }
  }
  await page.close();
  nothing(found);
});

test("an item that is a picture has its number beside it, on screen and on paper", async () => {
  const project = temporary("pictures");
  for (const folder of ["chapters", "assets"]) mkdirSync(path.join(project, "content", folder), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  writeFileSync(path.join(project, "content/assets/net.svg"), "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><path d='M0 0h300v200H0z'/></svg>");
  writeFileSync(path.join(project, "content/chapters/a.md"), '---\ntitle: 甲\n---\n\n## 節 {#s}\n\n1. 如下圖：\n2. ![網路](assets/net.svg "圖一")\n');
  const site = build("pictures", "--project", project);
  for (const media of ["screen", "print"]) {
    const page = await open(chromium, { media });
    await visit(page, site, "chapters/a.html");
    const [number, picture] = await page.$$eval("li:last-child > .number, li img", (both) => both.map((element) => element.getBoundingClientRect().top));
    assert.ok(Math.abs(number - picture) < 12, `${media}: the number at ${number}, the picture at ${picture} px`);
    await page.close();
  }
});

test("the boxes of a form leave no hole, stand in as many columns as were asked for, and divide label and blank by a line", async () => {
  const project = temporary("forms");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  const form = (columns) => `:::fields columns=${columns}\n\n${"- 欄位\n".repeat(2 * columns - 1)}- 說明 {rows=4}\n- 備註\n\n:::\n\n`;
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n${[1, 2, 3, 4].map(form).join("")}`);
  const site = build("forms", "--project", project);
  for (const [media, viewport, wide] of [["screen", widths[1440], true], ["print", { width: 690, height: 900 }, true], ["screen", widths[375], false]]) {
    const page = await open(chromium, { viewport, media });
    await visit(page, site, "chapters/a.html");
    const forms = await page.$$eval(".fields", (all) => all.map((form) => {
      const area = ({ width, height }) => width * height;
      const fields = [...form.children].map((field) => field.getBoundingClientRect());
      return {
        columns: fields.filter(({ top }) => top === fields[0].top).length,
        hole: area(form.getBoundingClientRect()) / fields.reduce((sum, field) => sum + area(field), 0) > 1.03,
        line: getComputedStyle(form.querySelector(".label")).borderInlineEndStyle,
      };
    }));
    await page.close();
    assert.deepEqual(forms, [1, 2, 3, 4].map((columns) => ({ columns: wide ? columns : 1, hole: false, line: "solid" })));
  }
});

test("a label of several pieces is one line, words before a path or an address stay together, and a long word in the next title breaks", async () => {
  const project = temporary("pieces");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a, b]\n");
  const long = "/srv/share/plans/2026/cyber/security/maintenance/published/of/this/year/index.html";
  const items = [`正常項目：\`${long.replace(/[/]/g, "")}\` 之紀錄。`, `正常項目： https://intranet.example.gov.tw${long} 公告之。`, "置於 `/srv/plans` 。", "見 https://example.gov.tw 。", "寄至 security@example.gov.tw 。", "寄至 {{ agency.mail }} 。", "由 @ 單位辦理。"];
  mkdirSync(path.join(project, "content/data"));
  writeFileSync(path.join(project, "content/data/agency.yaml"), "fields: [{ name: mail, title: 信箱, type: string }]\nvalues: { mail: security@example.gov.tw }\n");
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n${items.map((item) => `1. ${item}\n`).join("")}\n:::fields\n\n- **必填**欄\n\n:::\n`);
  writeFileSync(path.join(project, "content/chapters/b.md"), `---\ntitle: ${"identifier".repeat(9)}\n---\n\n## 節 {#t}\n`);
  const site = build("pieces", "--project", project);
  const page = await open(chromium, { viewport: widths[1024] });
  await visit(page, site, "chapters/a.html");
  // Neither do paths, addresses and those of mail that fit into a line tear apart the line that they leave, on screen or on paper.
  const [, , ...others] = await page.$$eval(".text > p", (paragraphs) => paragraphs.map((paragraph) => getComputedStyle(paragraph).textAlign));
  assert.deepEqual(others, ["start", "start", "start", "start", "justify"]);
  await page.emulateMediaType("print");
  assert.deepEqual(await page.$$eval(".text > p", (paragraphs) => paragraphs.slice(2).map((paragraph) => getComputedStyle(paragraph).textAlign)), others);
  await page.emulateMediaType(null);
  const seen = await page.evaluate(() => {
    const width = (element, end) => {
      const range = new Range();
      range.setStart(element.firstChild, 0);
      range.setEnd(element.firstChild, end);
      return Math.round(range.getBoundingClientRect().width / parseFloat(getComputedStyle(element).fontSize));
    };
    const pieces = [...document.querySelector(".label").childNodes].map((node) => {
      const range = new Range();
      range.selectNode(node);
      return Math.round(range.getBoundingClientRect().bottom);
    });
    return [...[...document.querySelectorAll(".text > p")].slice(0, 2).map((p) => width(p, 4)), pieces[1] - pieces[0]];
  });
  assert.deepEqual(seen, [4, 4, 0]);
  await page.setViewport(widths[320]);
  await settle(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.close();
});

test("a document number that is one long word goes on in the next line, and no page scrolls sideways for it", async () => {
  const project = projects(temporary("number"))("plan", {
    "plan.yaml": `title: 計畫\ndocument: { number: ${"ISMS0123456789".repeat(6)} }\nchapters: [a]\nannexes: [f]\n`,
    "chapters/a.md": "---\ntitle: 甲\n---\n\n依[[f]]辦理。\n",
    "annexes/f.md": `---\ntitle: 表\nnumber: ${"FORM0123456789".repeat(6)}\n---\n\n:::fields\n\n- 單位\n\n:::\n`,
  });
  const site = build("number", "--project", project);
  const page = await open(chromium, { viewport: widths[375] });
  const found = [];
  for (const name of site.pages) {
    await visit(page, site, name);
    for (const width of [375, 320]) {
      await page.setViewport({ ...widths[width], hasTouch: false, isMobile: false });
      await settle(page);
      found.push(...(await page.evaluate(overflow)).map((line) => `${name} at ${width} px: ${line}`));
    }
  }
  await page.close();
  nothing(found);
});

test("the facts above a form have lines between them, also where they take two rows, on every screen and on paper", async () => {
  for (const [media, width] of [["screen", 375], ["screen", 1024], ["screen", 800], ["print", 800]]) {
    const page = await open(chromium, { media, viewport: { width, height: 980 } });
    await visit(page, filled, "annexes/contractor-agreements.html");
    const lines = await page.$$eval(".title-block dl > div", (facts) => facts.map((fact) => getComputedStyle(fact).borderTopWidth));
    await page.close();
    assert.ok(lines.length > 3 && lines.every((line) => line === "1px"), `${media} ${width}: ${lines}`);
  }
});

test("a menu that is open while the window grows keeps its close button and its whole list", async () => {
  const page = await open(chromium, { viewport: { width: 1000, height: 800 } });
  await visit(page, filled, "chapters/controls.html");
  await page.click(".menu");
  await settle(page);
  const seen = () => page.evaluate(() => {
    const outline = document.querySelector(".outline");
    return { close: document.querySelector(".navigation .close").checkVisibility(), whole: outline.scrollHeight <= outline.clientHeight, first: document.querySelector(".toc").getBoundingClientRect().top < outline.getBoundingClientRect().top };
  });
  assert.deepEqual(await seen(), { close: true, whole: true, first: true });
  await page.setViewport({ width: 1400, height: 800 });
  await settle(page);
  assert.deepEqual(await seen(), { close: true, whole: true, first: true });
  await page.click(".navigation .close");
  await settle(page);
  assert.equal(await page.evaluate(() => document.querySelector(".navigation .close").checkVisibility()), false);
  await page.close();
});

test("wide pages show outline, text and contents side by side; narrower ones keep the outline behind a button; lines hold 30 to 45 Han", async () => {
  const page = await open(chromium, { viewport: widths[1440] });
  await visit(page, filled, "chapters/controls.html");
  const wide = await page.evaluate(() => {
    const left = (selector) => document.querySelector(selector).getBoundingClientRect();
    const text = [...document.querySelectorAll(".items > .level-4 > .text > p")].sort((a, b) => b.textContent.length - a.textContent.length)[0];
    return {
      order: [left(".outline").right <= left("main .opening").left, left("main .opening").right <= left(".toc-card").left + 1],
      menu: getComputedStyle(document.querySelector(".menu")).display,
      han: document.querySelector("main .opening").getBoundingClientRect().width / parseFloat(getComputedStyle(document.body).fontSize),
      size: parseFloat(getComputedStyle(text).fontSize),
    };
  });
  assert.deepEqual(wide.order, [true, true]);
  assert.equal(wide.menu, "none");
  assert.ok(wide.han >= 30 && wide.han <= 45, `${wide.han} Han a line`);
  assert.ok(wide.size >= 16.5 && wide.size <= 18.5, `${wide.size} px`);
  for (const width of [1024, 768, 375]) {
    await page.setViewport({ ...widths[width], hasTouch: false, isMobile: false });
    await settle(page);
    const shown = () => page.evaluate(() => document.querySelector(".outline").checkVisibility());
    assert.equal(await shown(), false, `the outline stands open at ${width} px`);
    await page.click(".menu");
    await settle(page);
    assert.equal(await shown(), true, `the menu does not open the outline at ${width} px`);
    await page.keyboard.press("Escape");
    await settle(page);
    assert.equal(await shown(), false, `Esc does not close the menu at ${width} px`);
    assert.equal(await page.evaluate(() => document.activeElement.className), "menu");
  }
  await page.close();
});

test("at 400 % of a 1280 px window nothing scrolls sideways, and bars leave the text at least two thirds of the height", async () => {
  const page = await open(chromium, { viewport: { width: 320, height: 256, deviceScaleFactor: 4 } });
  const found = [];
  for (const name of filled.pages) {
    await visit(page, filled, name);
    await page.evaluate(() => window.scrollTo(0, 300));
    await settle(page);
    found.push(...(await page.evaluate(overflow)).map((line) => `${name}: ${line}`));
    const covered = await page.evaluate(() => {
      const stays = [...document.querySelectorAll("body *")].filter((element) => ["fixed", "sticky"].includes(getComputedStyle(element).position) && !element.closest(".skip, .watermark, .table-scroll, [hidden]"));
      const lines = new Set();
      for (const box of stays.map((element) => element.getBoundingClientRect()).filter((box) => box.width > innerWidth / 2))
        for (let line = Math.max(0, Math.ceil(box.top)); line < Math.min(innerHeight, box.bottom); line += 1) lines.add(line);
      return lines.size / innerHeight;
    });
    if (covered > 1 / 3) found.push(`${name}: bars cover ${Math.round(covered * 100)} % of the height`);
  }
  await page.close();
  nothing(found);
});

test("with the letter, word, line and paragraph spacing that a reader may set (WCAG 1.4.12) no text is cut and no page scrolls sideways", async () => {
  const page = await open(chromium, { viewport: widths[1440] });
  const found = [];
  for (const name of filled.pages) {
    await page.setViewport(widths[1440]);
    await visit(page, filled, name);
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
      document.adoptedStyleSheets = [sheet];
    });
    for (const width of [1440, 320]) {
      await page.setViewport({ ...widths[width], hasTouch: false, isMobile: false });
      await settle(page);
      found.push(...(await page.evaluate(overflow)).map((line) => `${name} at ${width} px: ${line}`));
      found.push(...(await page.evaluate(() => [...document.querySelectorAll("body *")].filter((element) => {
        const style = getComputedStyle(element);
        // Scrolled text can be reached; the plan's title in the bar of a phone is shortened on purpose where it is longer than this one.
        return [style.overflowX, style.overflowY].some((how) => ["hidden", "clip"].includes(how)) && element.checkVisibility() && !element.closest(".sr-only, .suffix, .copy")
          && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
      }).map((element) => `cut: ${element.localName}.${element.className}`))).map((line) => `${name} at ${width} px: ${line}`));
    }
  }
  await page.close();
  nothing(found);
});
