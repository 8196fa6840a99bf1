// The printed edition as a PDF: what poppler reads in it, page by page. The program under test has the feature `pdf`.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { launch, nothing, open, visit } from "./support/browser.js";
import { Index } from "./support/engine.js";
import { Pdf, elements, squeezed, tried, words } from "./support/paper.js";
import { build, planpress, projects, published, root, temporary } from "./support/sites.js";

const folder = temporary("paper");
const at = (name) => path.join(folder, name);
const project = projects(folder);
const sha = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Pages of the search index: what the plan says, clause by clause. */
function indexed(site) {
  return new Index(site.directory).pages();
}

let plan;
before(() => {
  planpress("pdf", "--out", at("plan.pdf"));
  plan = new Pdf(at("plan.pdf"));
});

/** The pages of the contents: from the one with its title to the one before the first chapter. */
const contents = () => {
  const first = plan.pages.findIndex((lines) => lines.slice(0, 3).some((line) => squeezed(line) === "目錄"));
  const end = plan.outline().find(({ title }) => title.startsWith("壹、")).page - 1;
  return plan.pages.slice(first, end);
};

test("each title in the contents stands on the page that they name", () => {
  const lines = contents().flatMap((page) => page.slice(1, -1)).map((line) => line.match(/^\s*(.*?)[\s·]*·[\s·\u2060]*(\d+)\s*$/)).filter(Boolean);
  assert.ok(lines.length > 60, String(lines.length));
  nothing(lines.filter(([, title, page]) => !plan.raw[page - 1].includes(squeezed(title))).map(([line]) => line));
});

test("the outline has the plan's headings, in their order", async () => {
  const numbered = (number, title) => squeezed(number + title);
  const expected = [];
  for (const { entries } of await indexed(published)) {
    for (const { field, own, text } of entries) {
      if (field > 3) continue;
      // Labels that stand before an annex's title are its own; a chapter's and a section's number ends with its mark.
      expected.push(field === 3 ? numbered(own, text) : squeezed(text));
    }
  }
  const titles = plan.outline().map(({ title }) => squeezed(title)).filter((title) => !/^(核定頁|歷次版本|目錄)$/.test(title));
  assert.equal(titles.length, expected.length);
  nothing(titles.filter((title, index) => !title.endsWith(expected[index])).map((title) => title));
  assert.ok(titles.includes("壹、依據及目的") && titles.includes("一、核心業務及重要性："));
});

test("every page but the cover has its head and its foot; an annex counts its own pages", () => {
  assert.doesNotMatch(plan.raw[0], /第1頁/);
  nothing(plan.raw.slice(1).map((text, index) => [text, index + 2]).filter(([text, page]) => !text.includes(`第${page}頁，共${plan.count}頁`) || !text.includes("資通安全維護計畫")).map(([, page]) => page));
  const running = plan.pages.findIndex((lines) => lines[0].includes("玖、資通安全防護及控制措施"));
  assert.ok(running > 5 && plan.pages[running + 1][0].includes("玖、資通安全防護及控制措施"));
  const own = plan.raw.map((text) => text.match(/附件4－(\d+)\/(\d+)/)).filter(Boolean).map(([, n, m]) => [Number(n), Number(m)]);
  assert.ok(own.length > 1);
  assert.deepEqual(own, own.map((_, index) => [index + 1, own.length]));
  assert.match(plan.raw[1], /草案/, "a draft says so on every page");
});

test("a note begins on the page of its mark", async () => {
  const page = await open(await chromium());
  const wrong = [];
  let count = 0;
  for (const name of published.pages.filter((name) => /^(chapters|annexes)\//.test(name))) {
    await visit(page, published, name);
    const marks = await page.evaluate(() => [...document.querySelectorAll(".footnote-mark a")].filter((mark) => /^fnref-\d+$/.test(mark.id)).map((mark) => {
      const block = mark.closest("p, li, td, h2, h3");
      const range = document.createRange();
      range.setStart(block, 0);
      range.setEndBefore(mark.closest(".footnote-mark"));
      const clone = range.cloneContents();
      clone.querySelectorAll(".footnote-mark, .number").forEach((part) => part.remove());
      const note = document.querySelector(`#fn-${mark.textContent} .text`);
      return [mark.textContent, clone.textContent.replace(/\s/g, ""), note.textContent.replace(/\s/g, "")];
    }));
    for (const [number, before, note] of marks) {
      count += 1;
      const marked = before.slice(-9) + number;
      const begun = number + note.slice(0, 12);
      if (!plan.raw.some((text) => text.includes(marked) && text.includes(begun))) wrong.push(`${number}: ${marked} … ${begun}`);
    }
  }
  await page.close();
  assert.equal(count, 24);
  nothing(wrong);
});

test("a landscape annex lies across, everything else stands", () => {
  const sizes = plan.sizes();
  const across = (page) => sizes[page - 1][0] > sizes[page - 1][1];
  const begins = plan.outline().filter(({ title }) => title.startsWith("附件"));
  assert.equal(begins.length, 18);
  nothing(begins.map(({ title, page }, index) => {
    const id = readFileSync(path.join(root, "content/plan.yaml"), "utf8").split("annexes:")[1].match(/- (\S+)/g)[index].slice(2);
    const wide = readFileSync(path.join(root, `content/annexes/${id}.md`), "utf8").includes("orientation: landscape");
    return across(page) === wide ? null : title;
  }).filter(Boolean));
  assert.equal(across(1), false);
});

test("it is tagged and says what it conforms to", () => {
  assert.equal(plan.info.Tagged, "yes");
  const metadata = plan.metadata();
  assert.match(metadata, /pdfuaid:part>1</);
  assert.match(metadata, /pdfaid:part>2</);
  assert.match(metadata, /pdfaid:conformance>A</);
  assert.match(metadata, /zh-TW/);
  const all = [...elements(plan.structure())];
  const count = (tag) => all.filter((element) => element.tag === tag).length;
  for (const [tag, least] of [["H1", 35], ["H2", 60], ["H3", 25], ["L", 90], ["LI", 400], ["TH", 150], ["Note", 24], ["TOCI", 60]]) assert.ok(count(tag) >= least, `${tag}: ${count(tag)}`);
});

test("every clause says on paper what it says in the plan, character for character", async () => {
  const mark = (child, parent) => child.tag === "Note" || (child.tag === "Lbl" && parent.tag !== "LI");
  const all = words(plan.structure(), mark);
  const said = (text) => squeezed(text.replace(/[\u200b-\u200d\u2060\ufeff]/g, ""));
  const missing = [];
  let count = 0;
  for (const { name, entries } of await indexed(published)) {
    for (const { field, text } of entries) {
      if (field === 6) continue;
      for (const piece of text.split(" | ")) {
        count += 1;
        // A clause of several paragraphs may hold a table or a list between them.
        if (!all.includes(said(piece)) && !piece.split(" ").every((part) => all.includes(said(part)))) missing.push(`${name}: ${piece}`);
      }
    }
  }
  assert.ok(count > 1_500, String(count));
  nothing(missing);
  const notes = [...elements(plan.structure())].filter(({ tag }) => tag === "Note").map((note) => words(note, (child) => child.tag === "Lbl"));
  const expected = (await indexed(published)).flatMap(({ entries }) => entries.filter(({ field }) => field === 6).map(({ text }) => said(text)));
  assert.deepEqual(notes.toSorted(), expected.toSorted());
});

test("the text layer has no compatibility characters, and no font is of type 3", () => {
  const odd = new Set(plan.raw.join("").match(/[\u2e80-\u2fdf\uf900-\ufaff\ufffd\ue000-\uf8ff]/gu));
  assert.deepEqual([...odd], []);
  assert.ok(plan.fonts().length > 0);
  nothing(plan.fonts().filter((line) => /Type 3/.test(line) || !/ yes (yes|no) +yes /.test(line)));
});

test("two runs in two folders write the same bytes", () => {
  const copies = ["one", "two"].map((name) => {
    cpSync(path.join(root, "content"), at(`${name}/content`), { recursive: true });
    cpSync(path.join(root, "themes"), at(`${name}/themes`), { recursive: true });
    planpress("--project", at(name), "pdf", "--out", at(`${name}.pdf`));
    return sha(at(`${name}.pdf`));
  });
  assert.deepEqual(copies, [sha(at("plan.pdf")), sha(at("plan.pdf"))]);
});

const register = (count) => project("register", {
  "plan.yaml": "title: 清冊\nchapters: [a]\n",
  "chapters/a.md": "---\ntitle: 清冊\n---\n\n:::table assets\n:::\n",
  "data/assets.yaml": `fields:\n  - { name: no, title: 編號, type: string, width: 1 }\n  - { name: what, title: 資產名稱, type: string, width: 4 }\n  - { name: owner, title: 擁有者, type: string, width: 2 }\nrows:\n${
    Array.from({ length: count }, (_, row) => `  - { no: "R${100 + row}", what: "第${100 + row}項資產的名稱很長，長到一行寫不下，要折成兩行甚至三行才寫得完，因此它也可能剛好在頁尾", owner: "E${100 + row}" }\n`).join("")}`,
});

test("a long register has its titles on each page, and every row once and whole", () => {
  planpress("--project", register(45), "pdf", "--out", at("register.pdf"));
  const paper = new Pdf(at("register.pdf"));
  const pages = paper.raw.map((text, index) => [text, index]).filter(([text]) => /R1\d\d/.test(text));
  assert.ok(pages.length >= 2, String(pages.length));
  nothing(pages.filter(([text]) => !text.includes("編號資產名稱擁有者")).map(([, index]) => index + 1));
  for (let row = 100; row < 145; row += 1) {
    const [begins, ends] = [`R${row}`, `E${row}`].map((cell) => pages.filter(([text]) => text.includes(cell)).map(([, index]) => index));
    assert.deepEqual([begins.length, begins], [1, ends], `row ${row}`);
  }
});

test("a row that is taller than a page is printed to its end", () => {
  const long = Array.from({ length: 200 }, (_, sentence) => `第${sentence}句話`).join("，");
  const place = project("tall", {
    "plan.yaml": "title: 長列\nchapters: [a]\n",
    "chapters/a.md": `---\ntitle: 長列\n---\n\n| 名稱 | 短 | 短 | 短 | 短 | 短 | 短 | 短 |\n|---|---|---|---|---|---|---|---|\n| ${long}完 | a | b | c | d | e | f | g |\n`,
  });
  planpress("--project", place, "pdf", "--out", at("tall.pdf"));
  const text = new Pdf(at("tall.pdf")).raw.join("");
  assert.ok(text.includes("第0句話") && text.includes("第199句話") && text.includes("完"));
});

test("a table whose head is empty has none on paper", () => {
  const place = project("headless", {
    "plan.yaml": "title: 無表頭\nchapters: [a]\n",
    "chapters/a.md": "---\ntitle: 甲\n---\n\n|  |  |\n|---|---|\n| 姓名 | 王 |\n\n|  | 甲級 |\n|---|---|\n| 期限 | 一年 |\n",
  });
  planpress("--project", place, "pdf", "--out", at("headless.pdf"));
  const tables = [...elements(new Pdf(at("headless.pdf")).structure())].filter(({ tag }) => tag === "Table");
  const heads = tables.map((table) => [...elements(table)].filter(({ tag }) => tag === "TH").map((cell) => words(cell)));
  assert.deepEqual(heads.slice(-2), [[], ["", "甲級"]]);
});

test("what leads somewhere in a head that comes again, a wide table in an item and notes in titles are printed, and the contents have plain titles", () => {
  const rows = Array.from({ length: 70 }, (_, row) => `| 值${row} | 乙 |\n`).join("");
  const table = (head) => `| ${head} |\n|---|---|\n${rows}\n`;
  const place = project("heads", {
    "plan.yaml": "title: 表頭\nchapters: [a]\n",
    "data/t.yaml": "fields: [{ name: a, title: 欄, type: string }]\nrows: [{ a: 橫式之值 }]\n",
    "chapters/a.md": `---\ntitle: 甲\n---\n\n## 標題[^n]與*重點* {#s}\n\n文字[^n]。\n\n### [^n] {#nothing-else}\n\n${table("見[[s]] | **乙[站](https://example.gov.tw)**")}另一表：\n\n${table("表頭[^h] | 乙")}1. 項\n\n   :::table t orientation=landscape\n\n   :::\n\n[^n]: 註文。\n[^h]: 表頭之註。\n`,
  });
  planpress("--project", place, "pdf", "--out", at("heads.pdf"));
  const paper = new Pdf(at("heads.pdf"));
  const all = squeezed(paper.raw.join(""));
  const count = (words) => all.split(squeezed(words)).length - 1;
  assert.ok(count("見壹一 標題與重點 乙站") >= 2, "the head comes again");
  assert.deepEqual([count("註文。"), count("表頭之註。"), count("橫式之值"), count("值69")], [1, 1, 1, 2]);
  assert.ok(paper.outline().some(({ title }) => squeezed(title) === squeezed("一、標題與重點")), JSON.stringify(paper.outline()));
});

test("a field of a form is as high as what is printed in it, over pages if need be", () => {
  const choices = ["甲", "乙", "丙", "丁", "稽核人員"].map((choice) => `  - [ ] ${choice}\n`).join("");
  const long = Array.from({ length: 400 }, (_, sentence) => `第${sentence}句話。`).join("");
  const place = project("fields", {
    "plan.yaml": "title: 表\nannexes: [f]\n",
    "annexes/f.md": `---\ntitle: 表\n---\n\n:::fields\n\n- 說明：${long}完\n- 權限 {rows=2}\n${choices}- 備註 {rows=3}\n\n:::\n`,
  });
  planpress("--project", place, "pdf", "--out", at("fields.pdf"));
  const said = new Pdf(at("fields.pdf")).raw.join("");
  nothing(Array.from({ length: 400 }, (_, sentence) => `第${sentence}句話`).filter((words) => !squeezed(said).includes(words)));
  const boxes = new Pdf(at("fields.pdf")).boxes().at(-1);
  const [last, next] = ["稽核人員", "備註"].map((word) => boxes.find((box) => box.word === word));
  assert.ok(last.bottom < next.top, `${last.bottom} ${next.top}`);
});

test("a long name or number in a clause, a title or a note goes on in the next line, and is still found as one", () => {
  const [key, digest, name] = ["HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU\\NoAutoUpdate", "0123456789abcdef".repeat(8), "AAAA_BBBB_CCCC_DDDD_".repeat(6)];
  const text = `---\ntitle: 長字\n---\n\n## 節 ${digest}\n\n1. 機碼為 \`${key}\`，不得變更。\n   1. 參數 ${name} 之值。[^1]\n      1. 摘要值為 ${digest} 之檔案。\n\n[^1]: 機碼為 ${key}\\${key} 者。\n`;
  planpress("--project", project("long", { "plan.yaml": "title: 長字\nchapters: [a]\n", "chapters/a.md": text }), "pdf", "--out", at("long.pdf"));
  const paper = new Pdf(at("long.pdf"));
  const [said, boxes] = [paper.raw.at(-1), paper.boxes().at(-1)];
  nothing([`節 ${digest}`, key, name, `為 ${digest}`, `${key}\\${key}`].filter((words) => !squeezed(said).includes(squeezed(words))).map((words) => `not found: ${words}`));
  assert.ok(boxes.length > 20, String(boxes.length));
  nothing(boxes.filter(({ right }) => right > 540).map(({ word, right }) => `${word} ends at ${right} pt, outside of the text`));
});

test("no line begins with the mark behind a long name", () => {
  const paragraphs = Array.from({ length: 40 }, (_, more) => `${"字".repeat(more)}ABCDEFGHIJKLMNOPQRSTUVWXYZ；請看這裡。\n`).join("\n");
  const place = project("marks", { "plan.yaml": "title: 標點\nchapters: [a]\n", "chapters/a.md": `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n${paragraphs}` });
  planpress("--project", place, "pdf", "--out", at("marks.pdf"));
  const lines = new Pdf(at("marks.pdf")).pages.flat();
  assert.ok(lines.filter((line) => line.includes("；")).length >= 40, lines.join("\n"));
  nothing(lines.filter((line) => line.trimStart().startsWith("；")));
});

test("a long name, address or number goes on in the next line of its cell, meets no other, and is still found as one", () => {
  const rows = [
    ["設定", "位置", "信箱", "金鑰"],
    ["群組原則", "`HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows`", "security-contact-mailbox@department.agency.gov.tw", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["網站", "https://www.example.gov.tw/a/very/long/path/index.html", "it@agency.gov.tw", "Supercalifragilisticexpialidocious"],
  ];
  const wide = [["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"], ["A-2024-0001", "192.168.100.100", "Windows", "Administrator", "PostgreSQL", "contact@agency.gov.tw", "02-23456789", "1234567890123", "2026-11-20", "備註"]];
  const markdown = ([titles, ...lines]) => [titles, titles.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
  // Few columns, some of them narrow.
  const shares = [["PostgreSQL", 1], ["Linux", 1], ["Supercalifragilistic", 2], ["說明", 8]];
  const data = ["fields:", ...shares.map(([, width], at) => `  - { name: c${at}, title: 欄${at}, type: string, width: ${width} }`), `rows: [{ ${shares.map(([cell], at) => `c${at}: ${cell}`).join(", ")} }]`].join("\n");
  const place = project("cells", { "plan.yaml": "title: 長字\nchapters: [a]\n", "chapters/a.md": `---\ntitle: 長字\n---\n\n${markdown(rows)}\n${markdown(wide)}\n:::table t\n:::\n`, "data/t.yaml": data });
  planpress("--project", place, "pdf", "--out", at("cells.pdf"));
  const paper = new Pdf(at("cells.pdf"));
  const text = paper.raw.at(-1);
  nothing([...rows, ...wide, shares.map(([cell]) => cell)].flat().map((cell) => cell.replaceAll("`", "")).filter((cell) => !text.includes(cell)).map((cell) => `not found: ${cell}`));
  // What fits into its line is one word for whoever searches.
  const boxes = paper.boxes().at(-1);
  assert.ok(boxes.some(({ word }) => word === "it@agency.gov.tw"));
  assert.ok(boxes.some(({ word }) => word === "Linux"), "nothing runs into it");
  const latin = boxes.filter(({ word }) => /^[!-~]{2,}$/.test(word));
  assert.ok(latin.length > 20, String(latin.length));
  nothing(latin.filter(({ right }) => right > 540).map(({ word, right }) => `${word} ends at ${right} pt, outside of the text`));
  nothing(latin.flatMap((one) => latin.filter((other) => one.left < other.left && other.left < one.right - 0.5 && one.top < other.bottom - 3 && other.top < one.bottom - 3).map((other) => `${one.word} overprints ${other.word}`)));
});

test("one annex is a form of its own", () => {
  planpress("pdf", "--annex", "asset-register", "--out", at("form.pdf"));
  const form = new Pdf(at("form.pdf"));
  assert.ok(form.raw[0].includes("資訊及資通系統資產清冊") && form.raw[0].includes(`第1頁，共${form.count}頁`));
  assert.ok(form.raw.every((text) => text.includes("附件4－")));
  assert.match(form.info.Title, /附件4/);
  const { status, stderr } = tried(["pdf", "--annex", "asset-registr", "--out", at("none.pdf")]);
  assert.equal(status, 2);
  assert.match(stderr, /asset-register/);
});

test("an approved edition has no watermark, and says its number, day and approver", () => {
  const place = project("approved", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": "---\ntitle: 依據\n---\n\n1. 甲。\n" });
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2026-11-22", "--pdf");
  planpress("--project", place, "pdf", "--out", at("approved.pdf"));
  const paper = new Pdf(at("approved.pdf"));
  assert.ok(paper.raw[0].includes("核定版1.0") && paper.raw[0].includes("中華民國115年11月22日") && paper.raw[0].includes("王小明"));
  assert.doesNotMatch(paper.raw.join(""), /草案/);
  assert.match(paper.info.CreationDate, /Nov 22 .* 2026/);
  // The site with its PDF and the site without one are both what was approved; a page of the one is none of the other.
  for (const more of [[], ["--pdf"]]) {
    planpress("--project", place, "build", ...more);
    assert.match(planpress("--project", place, "verify", path.join(place, "public")), more.length ? /(equal {4}|相符　)plan\.pdf/ : /as approved|就是核定的/);
  }
  writeFileSync(path.join(place, "public/plan.pdf"), "%PDF-");
  assert.match(tried(["--project", place, "verify", path.join(place, "public")]).stdout, /altered {2}plan\.pdf/);
  writeFileSync(path.join(place, "content/chapters/a.md"), "---\ntitle: 依據\n---\n\n1. 乙。\n");
  planpress("--project", place, "pdf", "--out", at("approved.pdf"), "--replace-approved");
  const changed = new Pdf(at("approved.pdf"));
  nothing(changed.raw.slice(1).filter((text) => !text.includes("核定後修改中")));
  // The cover names what differs, and the table says it in full.
  assert.match(changed.raw[0], /與核定版1\.0不同的條文：壹1（刪除）、壹1。/);
  assert.match(changed.raw.at(-1), /修正草案對照表/);
  // Day and approver are those of another text than this one.
  assert.match(changed.raw[0], /最近核定版1\.0版，中華民國115年11月22日由王小明核定/);
  assert.doesNotMatch(changed.raw[0], /核定人|核定日期/);
  assert.match(paper.raw[0], /核定日期中華民國115年11月22日核定人王小明/);
});

test("on the cover no number of a clause that has changed breaks in two", () => {
  const items = (times) => Array.from({ length: 12 }, (_, index) => `${index + 1}. 每年檢討${times}次，第 ${index + 1} 項。\n`).join("");
  const chapter = (times) => `---\ntitle: 依據\n---\n\n## 檢討 {#review}\n\n${items(times)}`;
  const place = project("revised", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": chapter("一") });
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2026-11-22");
  writeFileSync(path.join(place, "content/chapters/a.md"), chapter("二"));
  planpress("--project", place, "pdf", "--out", at("revised.pdf"));
  const lines = new Pdf(at("revised.pdf")).pages[0].map(squeezed);
  const numbers = Array.from({ length: 12 }, (_, index) => `壹一${index + 1}`);
  nothing(numbers.filter((number) => !lines.some((line) => line.includes(number))));
  assert.ok(lines.filter((line) => line.includes("壹一")).length > 1, "they take several lines");
});

test("from the second edition on, the amendment table stands at the end, under its own running head", () => {
  const place = project("amended", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": "---\ntitle: 依據\n---\n\n1. 每年檢討一次。\n" });
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2025-11-22");
  planpress("--project", place, "pdf", "--out", at("amended.pdf"));
  assert.doesNotMatch(new Pdf(at("amended.pdf")).raw.join(""), /對照表/);
  writeFileSync(path.join(place, "content/chapters/a.md"), "---\ntitle: 依據\n---\n\n1. 每半年檢討一次。\n");
  writeFileSync(path.join(place, "content/editions/1.1.yaml"), "a.1: 依稽核建議。\n");
  planpress("--project", place, "approve", "1.1", "--by", "王小明", "--on", "2026-11-22");
  planpress("--project", place, "pdf", "--out", at("amended.pdf"));
  const paper = new Pdf(at("amended.pdf"));
  const last = paper.raw.at(-1);
  for (const words of ["計畫修正對照表", "修正規定1.1版", "現行規定1.0版", "說明", "每半年檢討一次。", "每年檢討一次。", "依稽核建議。"]) assert.ok(last.includes(words), `${words} in ${last}`);
  assert.match(paper.pages.at(-1)[0], /計畫修正對照表$/);
  assert.doesNotMatch(last, /草案/);
});

test("what cannot be printed is said in words, and an old PDF stays as it was", () => {
  const place = project("bad", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": "---\ntitle: 依據\n---\n\n本機關𒀀。\n\n![圖](assets/a.png)\n", "assets/a.png": "GIF89a, no picture" });
  const out = at("old.pdf");
  writeFileSync(out, "old");
  const failed = (...rest) => {
    const { status, stderr } = tried(["--project", place, "pdf", "--out", out, ...rest]);
    assert.ok(status > 0, stderr);
    assert.equal(readFileSync(out, "utf8"), "old");
    return stderr;
  };
  assert.match(failed(), /assets\/a\.png/);
  writeFileSync(path.join(place, "content/chapters/a.md"), "---\ntitle: 依據\n---\n\n本機關𒀀。\n");
  const missing = failed();
  assert.match(missing, /U\+12000/);
  assert.match(missing, /chapters\/a\.md:5/);
  assert.match(missing, /TW-Kai|Noto/);
  assert.match(missing, /--font-path/);
  assert.match(failed("--font-path", at("nowhere")), /nowhere/);
  writeFileSync(path.join(place, "content/chapters/a.md"), "---\ntitle: 依據\n---\n\n![圖](assets/none.png)\n");
  assert.match(failed(), /none\.png/);
  writeFileSync(path.join(place, "content/chapters/a.md"), "---\ntitle: 依據\n---\n\n甲。\n");
  const { status, stderr } = tried(["--project", place, "pdf", "--out", at("no/such/plan.pdf")]);
  assert.equal(status, 2);
  assert.match(stderr, /no\/such/);
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith(".planpress-")), []);
});

test("no address and no sign of the text is in the way of the layout", () => {
  const place = project("signs", {
    "plan.yaml": "title: 計畫\nlanguage: zh-Hant\nchapters: [a]\nannexes: [f]\n",
    "chapters/a.md": "---\ntitle: 依據\u00a0目的\n---\n\n## 節 {#annex-begin}\n\n見[[f]]，以 e\u2011mail 通知。\n\n## 二 {#annex-end}\n\n見\u2009[[f]]。\n",
    "annexes/f.md": "---\ntitle: 附件\u00a0審查\n---\n\n表\n",
  });
  const out = at("signs.pdf");
  const { status, stderr } = tried(["--project", place, "pdf", "--out", out]);
  assert.equal(status, 0, stderr);
  const text = new Pdf(out).pages.flat().join("\n");
  for (const words of ["依據 目的", "e-mail", "附件 審查", "附件 1－1/1"]) assert.ok(text.includes(words), `${words} in ${text}`);
  assert.doesNotMatch(text, /[\u00a0\u2009\u2011]/);
  // A folder is no file.
  mkdirSync(at("held"), { recursive: true });
  assert.match(tried(["--project", place, "pdf", "--out", at("held")]).stderr, /held\/plan\.pdf/);
});

test("without any font with Han characters there is no PDF, and with --font-path there is", () => {
  const place = project("fontless", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": "---\ntitle: 依據\n---\n\n甲。\n" });
  const config = at("fonts.conf");
  writeFileSync(config, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${at("empty")}</dir></fontconfig>`);
  mkdirSync(at("empty"), { recursive: true });
  const env = { FONTCONFIG_FILE: config, HOME: at("empty"), XDG_DATA_HOME: at("empty") };
  const bare = tried(["--project", place, "pdf", "--out", at("fontless.pdf")], env);
  assert.equal(bare.status, 2, bare.stderr);
  assert.match(bare.stderr, /TW-Kai/);
  const kai = "/usr/share/fonts/truetype/cns11643";
  const led = tried(["--project", place, "pdf", "--out", at("fontless.pdf"), "--font-path", kai], env);
  assert.equal(led.status, 0, led.stderr);
  assert.match(new Pdf(at("fontless.pdf")).fonts().join(), /TW-Kai/);
});

test("a plan in parts, an empty plan, guidance and comments", () => {
  const place = project("parts", {
    "plan.yaml": "title: 計畫\nparts:\n  - { title: 第一編 總則, chapters: [a] }\n  - { title: 第二編 附則, chapters: [b], annexes: [f] }\n",
    "chapters/a.md": "---\ntitle: 甲章\n---\n\n:::guidance\n撰寫時請刪除\n:::\n\n1. 甲%%改這裡%%[^n]，見[[b]]。\n\n[^n]: 註\n",
    "chapters/b.md": "---\ntitle: 乙章\n---\n\n1. 乙[^n]。\n\n[^n]: 註二\n",
    "annexes/f.md": "---\ntitle: 表\n---\n\n:::fields columns=2\n- 姓名\n- 日期\n- 說明 {rows=3}\n:::\n\n:::signature\n- 承辦人\n- 主管\n:::\n",
  });
  planpress("--project", place, "pdf", "--out", at("parts.pdf"));
  const text = new Pdf(at("parts.pdf")).raw.join("");
  for (const part of ["第一編總則", "第二編附則", "甲章", "乙章", "1註", "1註二", "附件1", "承辦人"]) assert.ok(text.includes(part), part);
  assert.doesNotMatch(text, /請刪除|改這裡/);
  // A number says which clause is meant only below its part's title: in the contents, in the bookmarks and at the head of a page.
  const paper = new Pdf(at("parts.pdf"));
  const listed = paper.pages[2].map((line) => squeezed(line).match(/^(.+?)[·\u2060]+(\d+)$/)).filter(Boolean).map(([, title, page]) => `${title} ${page}`);
  assert.deepEqual(listed, ["第一編總則 4", "壹、甲章 5", "第二編附則 6", "壹、乙章 7", "附件1表 8"]);
  const marked = paper.outline().filter(({ page }) => page > 3).map(({ depth, page, title }) => `${depth} ${squeezed(title)} ${page}`);
  assert.deepEqual(marked, ["1 第一編總則 4", "2 壹、甲章 5", "1 第二編附則 6", "2 壹、乙章 7", "2 附件1表 8"]);
  assert.deepEqual([5, 7, 8].map((page) => squeezed(paper.pages[page - 1][0])), ["計畫第一編總則壹、甲章", "計畫第二編附則壹、乙章", "計畫第二編附則附件1表"]);
  assert.deepEqual([...elements(paper.structure())].map(({ tag }) => tag).filter((tag) => /^H\d$/.test(tag)), ["H1", "H1", "H1", "H1", "H2", "H1", "H2", "H2"]);
  planpress("--project", place, "pdf", "--annex", "f", "--out", at("part-form.pdf"));
  assert.equal(squeezed(new Pdf(at("part-form.pdf")).pages[0][0]), "計畫第二編附則附件1表");
  const empty = project("empty-plan", { "plan.yaml": "title: 計畫\nchapters: []\n" });
  planpress("--project", empty, "pdf", "--out", at("empty.pdf"));
  assert.ok(new Pdf(at("empty.pdf")).count >= 3);
});

test("a site with its PDF offers it, and a citation names the page on paper", async () => {
  const site = build("with-paper", "--pdf");
  const paper = new Pdf(site.file("plan.pdf"));
  assert.equal(sha(site.file("plan.pdf")), sha(at("plan.pdf")));
  assert.match(readFileSync(site.file("SHA256SUMS"), "utf8"), /plan\.pdf/);
  const browser = await chromium();
  const page = await open(browser);
  await visit(page, site, "index.html");
  assert.equal(await page.$eval(".contents-pages a[href='plan.pdf']", (link) => link.textContent.length > 3), true);
  await visit(page, site, "chapters/controls.html");
  const [shown, number] = await page.evaluate(() => {
    const clause = document.querySelector("[id='password-length']");
    return [clause.dataset.page, clause.querySelector(".text").textContent.replace(/\s/g, "")];
  });
  assert.ok(paper.raw[shown - 1].includes(number.slice(0, 12)), `${number} on page ${shown}`);
  const pages = await page.$$eval(".clause[id]", (clauses) => clauses.map(({ dataset }) => Number(dataset.page)));
  assert.ok(pages.every((own, index) => own >= (pages[index - 1] ?? 1)), "pages never go back");
  await page.close();
});

let launched;
/** One browser for the tests that need one. */
async function chromium() {
  launched ??= await launch();
  return launched;
}
test.after(() => launched?.close());
