// Addresses of an approved edition stay good: they carry its number, and lead to where the clause stands now. And the amendment tables
// read well on every screen and on paper.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { approved, modified } from "./support/amended.js";
import { launch, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { filled, folderSite, planpress, temporary } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** Opens an address with a query, and waits for the note. */
async function follow(page, site, address) {
  const [file, rest] = [address.split(/[?#]/)[0], address.slice(address.split(/[?#]/)[0].length)];
  await page.goto("about:blank");
  page.problems.length = 0;
  await page.goto(site.url(file) + rest, { waitUntil: "load" });
  await settle(page);
}

/** What the page says, and on which clause it stands. */
async function landed(page) {
  await until(page, "a note says where the clause stands now", () => document.querySelector(".edition-note p")?.textContent);
  return page.evaluate(() => ({
    page: location.pathname.split("/").slice(-2).join("/"),
    hash: location.hash.slice(1),
    note: document.querySelector(".edition-note p").textContent,
    role: document.querySelector(".edition-note p").getAttribute("role"),
    target: document.querySelector(":target")?.dataset.number ?? null,
    inView: (() => {
      const box = document.querySelector(":target")?.getBoundingClientRect();
      return Boolean(box) && box.top >= 0 && box.top < innerHeight;
    })(),
  }));
}

test("a copied link carries the approved edition, and a draft's carries none", async () => {
  const page = await open(chromium, { before: () => { window.copied = []; Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied.push(text); } } }); } });
  for (const [site, query] of [[approved, "?edition=1.1"], [modified, ""], [filled, ""]]) {
    await follow(page, site, "chapters/controls.html?q=%E9%80%9A%E8%A1%8C%E7%A2%BC#password-length");
    await page.focus("#password-length > a.number");
    await page.click("#password-length > .copy");
    await until(page, "something is copied", () => window.copied.length);
    const [text] = await page.evaluate(() => window.copied);
    assert.ok(text.split("\n")[1].endsWith(`chapters/controls.html${query}#password-length`), text);
    nothing(page.problems);
  }
  await page.close();
});

test("an address of an older edition leads to the clause where it is now, and the page says so", async () => {
  const page = await open(chromium);
  // The position is that of another clause by now.
  await follow(page, approved, "chapters/controls.html?edition=1.0#asset-use.1");
  const here = await landed(page);
  assert.deepEqual(here, { page: "chapters/controls.html", hash: "asset-use.2", note: "1.0 版之玖一(二)1，現為玖二(二)2。", role: "status", target: "玖、二、(二)、2", inView: true });
  // To reload is to stay.
  await page.reload({ waitUntil: "load" });
  assert.deepEqual(await landed(page), here);
  nothing(page.problems);

  // On another page, with what was searched for.
  await follow(page, approved, "chapters/controls.html?edition=1.0&q=%E6%BC%94%E7%B7%B4#phishing-exercise");
  await until(page, "the page of the clause opens", () => location.pathname.endsWith("chapters/training.html"));
  const there = await landed(page);
  assert.deepEqual([there.page, there.hash, there.inView], ["chapters/training.html", "phishing-exercise", true]);
  assert.match(there.note, /^1\.0 版之玖三\(三\)9，現為壹拾參二3。$/);
  assert.ok(await page.evaluate(() => new URLSearchParams(location.search).get("q") === "演練"));
  nothing(page.problems);

  // On the page that holds everything there is no other page to go to.
  await follow(page, approved, "print.html?edition=1.0#asset-use.1");
  const whole = await landed(page);
  assert.deepEqual([whole.page.split("/").pop(), whole.hash, whole.inView], ["print.html", "asset-use.2", true]);
  await page.close();
});

test("an address that the page does not have is looked up in the older editions", async () => {
  const page = await open(chromium);
  await follow(page, approved, "chapters/controls.html#phishing-exercise");
  await until(page, "the page of the clause opens", () => location.pathname.endsWith("chapters/training.html"));
  assert.match((await landed(page)).note, /現為壹拾參二3/);
  await follow(page, approved, "chapters/controls.html#nothing-of-that-name");
  assert.equal(await page.$(".edition-note"), null);
  nothing(page.problems);
  await page.close();
});

test("a clause that was deleted is said to be, with the table that tells why", async () => {
  const page = await open(chromium);
  await follow(page, approved, "chapters/controls.html?edition=1.0#malware-protection.1.3");
  const { note } = await landed(page);
  assert.equal(note, "1.0 版之玖三(一)1(3)已刪除。 修正對照表");
  assert.equal(await page.evaluate(() => document.querySelector(":target")), null, "what has its address now is another clause");
  await Promise.all([page.waitForNavigation(), page.click(".edition-note a")]);
  assert.equal(await page.evaluate(() => document.querySelector("h1").textContent), "示範機關資通安全維護計畫修正對照表");
  assert.ok(await page.evaluate(() => [...document.querySelectorAll(".is-deleted")].some((row) => row.textContent.includes("玖三(一)1(3)") && row.textContent.includes("本點刪除"))));
  await page.close();
});

test("who goes on from there leaves the old edition behind", async () => {
  const page = await open(chromium);
  await follow(page, approved, "chapters/controls.html?edition=1.0#asset-use.1");
  await landed(page);
  await page.evaluate(() => { location.hash = "#encryption"; });
  await until(page, "the note goes", () => !document.querySelector(".edition-note"));
  assert.deepEqual(await page.evaluate(() => [location.search, location.hash]), ["", "#encryption"]);
  await follow(page, approved, "chapters/controls.html?edition=1.0#asset-use.1");
  await landed(page);
  await page.click(".edition-note button");
  assert.equal(await page.$(".edition-note"), null);
  nothing(page.problems);
  await page.close();
});

test("an address of the present edition and of none is as it was, and one of an unknown edition says so", async () => {
  const page = await open(chromium);
  for (const query of ["?edition=1.1", "", "?edition=1.0"]) {
    await follow(page, approved, `chapters/scope.html${query}#scope`);
    assert.equal(await page.$(".edition-note"), null, query);
    nothing(page.problems);
  }
  // What stands there now may have been another clause's address.
  for (const query of ["?edition=9", "?edition=%3Cscript%3E"]) {
    await follow(page, approved, `chapters/scope.html${query}#scope`);
    assert.equal((await landed(page)).note, "這個網址所指的版次不在歷次版本之中，這裡是目前的內容。 歷次版本");
    assert.equal(await page.$eval(".edition-note a", (link) => link.getAttribute("href")), "../editions/index.html");
    nothing(page.problems);
  }
  // The edition in force is an older one as soon as something changed.
  await follow(page, modified, "chapters/controls.html?edition=1.1#password-length");
  assert.equal(await page.$(".edition-note"), null, "its number and its words are the same");
  await page.close();
});

test("an address of an older edition says that the words of the clause were amended since, and leads to the table", async () => {
  const page = await open(chromium);
  const links = () => page.$$eval(".edition-note a", (links) => links.map((link) => [link.textContent, link.getAttribute("href")]));
  await follow(page, approved, "chapters/controls.html?edition=1.0#password-length");
  const moved = await landed(page);
  assert.equal(moved.note, "1.0 版之玖二(二)1(1)，現為玖三(二)1(1)。文字已於 1.1 版修正。 修正對照表");
  assert.deepEqual([moved.hash, moved.target, moved.inView], ["password-length", "玖、三、(二)、1、(1)", true]);
  assert.deepEqual(await links(), [["修正對照表", "../editions/1.1.html"]]);
  await page.reload({ waitUntil: "load" });
  assert.equal((await landed(page)).note, moved.note);

  // At 400 % the note leaves the clause in view.
  await page.setViewport({ width: 320, height: 200 });
  await follow(page, approved, "chapters/controls.html?edition=1.0#password-length");
  await landed(page);
  const [clause, note] = await page.$$eval(":target, .edition-note", (both) => both.map((element) => element.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
  assert.ok(clause.top >= 0 && clause.bottom <= note.top && note.bottom <= 200, JSON.stringify([clause, note]));
  await page.setViewport(wide);

  // What is not approved yet is no amendment.
  await follow(page, modified, "chapters/controls.html?edition=1.1#password-change");
  assert.equal((await landed(page)).note, "1.1 版之玖三(二)1(3)，文字在核定後另有修改，尚未核定。 修正對照表");
  assert.deepEqual(await links(), [["修正對照表", "../editions/draft.html"]]);
  nothing(page.problems);
  await page.close();
});

test("a clause amended twice names both editions, in English too", async () => {
  const project = temporary("twice");
  const write = (words) => {
    mkdirSync(path.join(project, "content/chapters"), { recursive: true });
    writeFileSync(path.join(project, "content/plan.yaml"), "title: Security Plan\nlanguage: en\nchapters: [a]\n");
    mkdirSync(path.join(project, "content/data"), { recursive: true });
    writeFileSync(path.join(project, "content/data/agency.yaml"), "fields:\n  - { name: name, title: Name, type: string }\nvalues:\n  name: Audit Office\n");
    writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: Access\n---\n\n## Passwords {#s}\n\n1. Passwords have at least ${words} characters. {#length}\n2. They are kept secret. {#secret}\n`);
  };
  for (const [edition, words, day] of [["1.0", "eight", "2024-11-20"], ["1.1", "twelve", "2025-11-20"], ["1.2", "sixteen", "2026-11-20"]]) {
    write(words);
    mkdirSync(path.join(project, "content/editions"), { recursive: true });
    if (edition !== "1.0") writeFileSync(path.join(project, `content/editions/${edition}.yaml`), "length: Longer ones are harder to guess.\n");
    planpress("--project", project, "approve", edition, "--by", "A. Smith", "--on", day);
  }
  const out = path.join(project, "public");
  planpress("--project", project, "build", "--quiet", "--out", out);
  const site = folderSite("twice", out);
  const page = await open(chromium);
  await follow(page, site, "chapters/a.html?edition=1.0#length");
  assert.equal(await page.evaluate(() => document.body.dataset.citation), "Audit Office Security Plan, edition 1.2");
  const { note } = await landed(page);
  assert.match(note, / of edition 1\.0 still stands here\. Its words were amended in Edition 1\.1, Edition 1\.2\. Edition 1\.1 [^.]+ Edition 1\.2 /);
  assert.deepEqual(await page.$$eval(".edition-note a", (links) => links.map((link) => link.getAttribute("href"))), ["../editions/1.1.html", "../editions/1.2.html"]);
  await follow(page, site, "chapters/a.html?edition=1.1#length");
  assert.match((await landed(page)).note, /Its words were amended in Edition 1\.2\. /);
  await follow(page, site, "chapters/a.html?edition=1.0#secret");
  assert.equal(await page.$(".edition-note"), null);
  nothing(page.problems);
  await page.close();
});

test("an address in a chapter that is gone opens a page that says so, until the chapter is in force again", async () => {
  const project = temporary("gone");
  const write = (name, text) => {
    mkdirSync(path.dirname(path.join(project, "content", name)), { recursive: true });
    writeFileSync(path.join(project, "content", name), text);
  };
  const level = (level) => write("data/agency.yaml", `fields:\n  - { name: level, title: 等級, type: string, constraints: { enum: [B, C] } }\nvalues: { level: ${level} }\n`);
  const approve = (edition, day) => {
    write(`editions/${edition}.yaml`, "b: 等級調整。\n");
    planpress("--project", project, "approve", edition, "--by", "王小明", "--on", day);
  };
  const site = (name) => {
    const out = path.join(project, name);
    planpress("--project", project, "build", "--quiet", "--out", out);
    return folderSite(name, out);
  };
  write("plan.yaml", "title: 計畫\nchapters: [a, b]\n");
  write("chapters/a.md", "---\ntitle: 甲\n---\n\n1. 應登記。\n");
  write("chapters/b.md", "---\ntitle: 乙\nwhen: agency.level == 'C'\n---\n\n## 健診 {#checkup}\n\n每年健診一次。\n");
  level("C");
  approve("1.0", "2024-11-20");
  level("B");
  approve("1.1", "2025-11-20");
  const without = site("without");
  level("C");
  approve("1.2", "2026-11-20");
  const again = site("again");
  const page = await open(chromium);
  await follow(page, without, "chapters/b.html?edition=1.0#checkup");
  assert.equal((await landed(page)).note, "1.0 版之貳一已刪除。 修正對照表");
  const words = await page.evaluate(() => [document.querySelector("h1").textContent, document.querySelector(".lead").textContent, [...document.querySelectorAll("main a")].filter((link) => link.textContent === "修正對照表").map((link) => link.getAttribute("href"))]);
  assert.deepEqual(words, ["貳 乙", "這是 1.0 版的內容，自 1.1 版起已刪除。 修正對照表", ["../editions/1.1.html", "../editions/1.1.html"]]);
  assert.equal(await page.$(".outline a[href$='b.html']"), null);
  nothing(page.problems);
  await follow(page, again, "chapters/b.html?edition=1.0#checkup");
  assert.equal(await page.$(".edition-note"), null);
  assert.equal(await page.evaluate(() => document.querySelector(":target").dataset.number), "貳、一");
  nothing(page.problems);
  await page.close();
});

test("a search still marks what was looked for on the page of an edition", async () => {
  const page = await open(chromium);
  await follow(page, approved, `chapters/controls.html?q=${encodeURIComponent("通行碼")}#password-length`);
  const marked = await page.evaluate(() => document.querySelectorAll("main mark").length || (CSS.highlights?.size ?? 0));
  assert.ok(marked > 0);
  await page.close();
});

test("a plan of which nothing was approved has no trace of editions", async () => {
  assert.ok(filled.pages.every((name) => !name.startsWith("editions/")));
  const page = await open(chromium);
  await visit(page, filled, "chapters/controls.html");
  assert.equal(await page.$("script[src*='editions']"), null);
  assert.equal(await page.$("a[href*='editions/']"), null);
  await page.close();
});

for (const viewport of [wide, phone]) {
  test(`an amendment table underlines what changed on both sides and fits the screen (${viewport.width} px)`, async () => {
    const page = await open(chromium, { viewport });
    await visit(page, approved, "editions/1.1.html");
    const seen = await page.evaluate(() => {
      const line = (selector) => getComputedStyle(document.querySelector(selector)).textDecorationLine;
      const row = [...document.querySelectorAll(".comparison tr")].find((each) => each.textContent.includes("12 碼"));
      return {
        heads: [...document.querySelectorAll(".comparison th")].map((head) => head.textContent.replace(/\s+/g, " ").trim()),
        lines: [line(".comparison ins"), line(".comparison del")],
        changed: [row.querySelector("ins").textContent, row.querySelector("del").textContent],
        overflows: document.documentElement.scrollWidth > innerWidth,
      };
    });
    assert.deepEqual(seen, { heads: ["修正規定 1.1 版", "現行規定 1.0 版", "說明"], lines: ["underline", "underline"], changed: ["12", "8"], overflows: false });
    nothing(page.problems);
    await page.close();
  });
}

test("the history lists the editions, newest first, and leads to the tables", async () => {
  const page = await open(chromium);
  await visit(page, modified, "index.html");
  await Promise.all([page.waitForNavigation(), page.click(".history a")]);
  const rows = await page.evaluate(() => [...document.querySelectorAll(".history-page tbody tr")].map((row) => row.textContent.replace(/\s+/g, " ")));
  assert.equal(rows.length, 3);
  assert.match(rows[0], /^目前核定後修改中.*修正 1.*修正對照表/);
  assert.match(rows[1], /^1\.1中華民國 115 年 11 月 20 日李大華/);
  assert.match(rows[2], /^1\.0中華民國 114 年 11 月 20 日王小明.*訂定$/);
  await Promise.all([page.waitForNavigation(), page.click(".changes a")]);
  assert.match(await page.evaluate(() => document.querySelector("h1").textContent), /修正草案對照表$/);
  assert.equal(await page.evaluate(() => document.querySelector(".comparison .none").textContent), "（尚未填寫理由）");
  await page.close();
});

test("the head of the table is repeated on paper", async () => {
  const page = await open(chromium, { media: "print" });
  await visit(page, approved, "editions/1.1.html");
  const style = await page.evaluate(() => ["thead", "ins"].map((part) => getComputedStyle(document.querySelector(`.comparison ${part}`))).map((of) => [of.display, of.textDecorationLine]));
  assert.deepEqual(style[0][0], "table-header-group");
  assert.deepEqual(style[1][1], "underline");
  await page.close();
});

test("the foot of a page keeps its labels in one line on a phone, and says which edition a date of approval belongs to", async () => {
  const page = await open(chromium, { viewport: phone });
  for (const [site, edition] of [[approved, /^核定版 1\.1（中華民國/], [modified, /^核定後修改中（核定版 1\.1：中華民國/]]) {
    await visit(page, site, "chapters/scope.html");
    const broken = await page.evaluate(() => [...document.querySelectorAll(".colophon dt")].filter((label) => {
      const words = document.createRange();
      words.selectNodeContents(label);
      return words.getClientRects().length > 1;
    }).map((label) => label.textContent));
    assert.deepEqual(broken, []);
    assert.match(await page.$eval(".colophon dl > div:nth-child(2) dd", (value) => value.textContent), edition);
  }
  await page.close();
});

test("the cover of a plan that has changed since says which edition was approved, by whom and when, in one breath", async () => {
  const page = await open(chromium);
  const facts = async (site, name) => {
    await visit(page, site, name);
    return page.$$eval(".edition-card > div", (rows) => rows.slice(0, 4).map((row) => [...row.children].map((cell) => cell.textContent)));
  };
  for (const name of ["index.html", "print.html"]) {
    assert.deepEqual((await facts(modified, name)).slice(0, 2), [["狀態", "核定後修改中"], ["最近核定版", "1.1 版，中華民國 115 年 11 月 20 日由李大華核定"]]);
    const labels = (await facts(modified, name)).map(([label]) => label);
    assert.ok(!labels.includes("核定人") && !labels.includes("核定日期"), String(labels));
    assert.deepEqual((await facts(approved, name)).slice(1), [["版次", "1.1"], ["核定日期", "中華民國 115 年 11 月 20 日"], ["核定人", "李大華"]]);
  }
  await page.close();
});

test("however narrow the page, the notice of what has changed breaks no clause's number in two", async () => {
  const project = temporary("numbers");
  const write = (words) => {
    mkdirSync(path.join(project, "content/chapters"), { recursive: true });
    writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
    writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n### 小節 {#t}\n\n1. 一。\n${words.map((word) => `   1. ${word}。\n`).join("")}`);
  };
  write(["甲乙丙", "丁戊己", "庚辛壬", "子丑寅", "卯辰巳", "午未申"]);
  planpress("--project", project, "approve", "1.0", "--by", "王小明", "--on", "2025-11-20");
  write(["甲乙", "丁戊", "庚辛", "子丑"]);
  const out = path.join(project, "public");
  planpress("--project", project, "build", "--quiet", "--out", out);
  const site = folderSite("numbers", out);
  const page = await open(chromium, { viewport: phone });
  const broken = [];
  let seen;
  for (let width = 320; width <= 420; width += 10) {
    await page.setViewport({ ...phone, width });
    await visit(page, site, "chapters/a.html");
    const numbers = await page.$$eval(".changed p > :is(a, span)", (all) => all.slice(0, -1).map((number) => [number.textContent, number.getClientRects().length]));
    seen = numbers.map(([number]) => number);
    broken.push(...numbers.filter(([, lines]) => lines > 1).map(([number]) => `${number} at ${width} px`));
  }
  nothing(broken);
  assert.equal(seen.length, 6, `those that are gone among them: ${seen}`);
  await page.close();
});
