// How the pages of the PDF are made up: what stays together, what fits, what hangs. The program under test has the feature `pdf`.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { nothing } from "./support/browser.js";
import { Pdf, picture, squeezed } from "./support/paper.js";
import { planpress, projects, temporary } from "./support/sites.js";

const folder = temporary("pages");
const project = projects(folder);

/** Prints a project of one chapter, beside other files if there are any. */
function printed(name, chapter, more = {}) {
  const place = project(name, { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": `---\ntitle: 章\n---\n\n${chapter}`, ...more });
  return paper(name, "--project", place);
}

function paper(name, ...words) {
  const file = path.join(folder, `${name}.pdf`);
  planpress(...words, "pdf", "--out", file);
  return new Pdf(file);
}

const many = (count, text) => Array.from({ length: count }, (_, at) => text(at)).join("");
const pageOf = (pdf, words) => pdf.raw.findIndex((text, page) => page > 2 && text.includes(words));

test("a note stands on the page of its mark, wherever on the page that is", () => {
  const lines = { bullets: (at) => `- 第${at}點，應遵守之。\n`, items: (at) => `1. 第${at}條，應遵守之。\n`, deeper: (at) => `1. 第${at}條，應遵守之。\n`, paragraphs: (at) => `第${at}段，應遵守之。\n\n` };
  const marked = {
    bullets: "- 保存紀錄[^x]。\n- 保存名冊[^y]。\n- 後項。\n",
    items: "1. 保存紀錄[^x]與名冊[^y]。\n1. 後項。\n",
    deeper: "1. 下列事項：\n   1. 甲。\n   1. 保存紀錄[^x]。\n      1. 保存名冊[^y]。\n1. 後項。\n",
    paragraphs: `保存紀錄[^x]，${"並應由權責人員逐項確認".repeat(8)}與名冊[^y]。\n\n| 甲 | 乙 |\n|---|---|\n| 保存印章 | 值[^z] |\n`,
  };
  const wrong = [];
  for (const kind of Object.keys(lines)) {
    for (let count = 20; count < 42; count += 3) {
      const pdf = printed("notes", `## 節 {#s}\n\n${many(count, lines[kind])}\n${marked[kind]}\n[^x]: 其一之註。\n[^y]: 其二之註。\n${kind === "paragraphs" ? "[^z]: 其三之註。\n" : ""}`);
      for (const [mark, note] of [["紀錄1", "1其一之註"], ["名冊2", "2其二之註"], ["值3", "3其三之註"]]) {
        if (pageOf(pdf, mark) !== pageOf(pdf, note)) wrong.push(`${kind} ${count}: ${mark} on page ${pageOf(pdf, mark) + 1}, its note on ${pageOf(pdf, note) + 1}`);
      }
    }
  }
  nothing(wrong);
});

test("the note of a paragraph's first line stays with it where its second line has no room", () => {
  const wrong = [];
  for (let count = 31; count < 37; count += 1) {
    const pdf = printed("first-lines", `## 節 {#s}\n\n${many(count, (at) => `第${at}段，應遵守之。\n\n`)}保存紀錄[^x]，${"並應由權責人員逐項確認".repeat(8)}。\n\n[^x]: 其一之註。\n`);
    if (pageOf(pdf, "紀錄1") !== pageOf(pdf, "1其一之註")) wrong.push(`after ${count} lines: on page ${pageOf(pdf, "紀錄1") + 1}, its note on ${pageOf(pdf, "1其一之註") + 1}`);
  }
  nothing(wrong);
});

test("no line begins with the mark of a note, and every mark is large enough to be read", () => {
  const pdf = printed("marks", many(12, (at) => `${"字".repeat(at + 27)}，保存紀錄[^n${at}]，並送審。\n\n`) + many(12, (at) => `[^n${at}]: 註。\n`));
  const marks = pdf.boxes().at(-1).filter(({ word, top }) => /^\d+$/.test(word) && top > 70 && top < 780);
  assert.equal(marks.length, 24);
  nothing(marks.filter(({ left }) => left < 70).map(({ word }) => `${word} begins a line`));
  nothing(marks.filter(({ top, bottom }) => bottom - top < 6.5).map(({ word, top, bottom }) => `${word} is ${(bottom - top).toFixed(1)} pt high`));
});

test("marks side by side are read as two numbers", () => {
  assert.ok(pageOf(printed("side-by-side", "辦理[^x][^y]。\n\n[^x]: 註。\n[^y]: 註。\n"), "辦理1、2。") > 0);
});

test("all of a note stands below its first word", () => {
  const long = "其紀錄應載明出席人員、討論事項、決議及後續追蹤事項".repeat(3);
  const notes = many(11, (at) => `[^n${at}]: 註解。\n`) + `[^x]: 首段${long}。\n\n    次段${long}。\n\n    - 所列\n\n    末段。\n[^y]: 獨段${long}。\n`;
  const boxes = printed("note-lines", `應檢討${many(11, (at) => `[^n${at}]`)}，並改善[^x]與追蹤[^y]。\n\n${notes}`).boxes().at(-1).filter(({ top }) => top < 780);
  const first = boxes.find(({ word }) => word.includes("首段"));
  const below = boxes.filter(({ top }) => top >= first.top).map(({ word, left }) => [word, Math.round(left)]);
  const expected = Math.round(first.left);
  // Two lines of each long paragraph, the mark of the list and the last line; what the list holds stands behind its mark.
  const lines = below.filter(([word]) => !["12", "13", "所列"].includes(word));
  assert.equal(lines.length, 8, JSON.stringify(below));
  nothing(lines.filter(([, left]) => left !== expected).map(([word, left]) => `${word} at ${left}, not ${expected}`));
  const short = boxes.filter(({ word }) => word === "註解。").map(({ left }) => Math.round(left));
  assert.deepEqual([short.length, ...new Set(short)], [11, expected], "whatever the number");
});

test("the contents say what was deleted, and its own page says it once", () => {
  const place = project("struck", {
    "plan.yaml": "title: 計畫\nchapters: [a, b]\nannexes: [f, g]\n",
    "chapters/a.md": "---\ntitle: 甲章\n---\n\n:::annexes\n\n:::\n",
    "chapters/b.md": "---\ntitle: 乙章\n---\n\n（刪除）\n",
    "annexes/f.md": "---\ntitle: 丙表\n---\n\n（刪除）\n",
    "annexes/g.md": "---\ntitle: 丁表（刪除）\n---\n",
  });
  const pdf = paper("struck", "--project", place);
  const listed = pdf.pages[2].map((line) => squeezed(line).match(/^(.+?)[·\u2060]+\d+$/)).filter(Boolean).map(([, title]) => title);
  assert.deepEqual(listed, ["壹、甲章", "貳、乙章（刪除）", "附件1丙表（刪除）", "附件2丁表（刪除）"]);
  assert.match(pdf.raw[3], /1\.丙表（刪除）2\.丁表（刪除）貳、乙章（刪除）/);
  assert.equal(pdf.raw[4].split("（刪除）").length - 1, 2, "at the head of the page and below the title");
});

test("words that introduce a table, a picture or a form go with it", () => {
  const parts = { table: "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n", picture: "![丙](assets/p.png \"丙\")\n", form: ":::fields\n\n- 丙\n\n:::\n" };
  const wrong = [];
  for (const [kind, part] of Object.entries(parts)) {
    for (let count = 27; count < 33; count += 1) {
      const pdf = printed("keep", `## 節 {#s}\n\n${many(count, (at) => `第${at}段。\n\n`)}一覽如下表：\n\n${part}`, { "assets/p.png": picture(90, 90) });
      if (pageOf(pdf, "一覽如下表") !== pageOf(pdf, "丙")) wrong.push(`${kind} after ${count} lines`);
    }
  }
  nothing(wrong);
});

test("a tall picture stays on its page with its caption, at the top, in an item and in a cell", () => {
  const shown = "![高](assets/p.png \"說明高圖\")";
  const pdf = printed("tall", `${shown}\n\n1. 項\n\n   ${shown}\n\n| 甲 | 乙 |\n|---|---|\n| ${shown} | 丁 |\n`, { "assets/p.png": picture(300, 3000) });
  const captions = pdf.boxes().flatMap((page) => page.filter(({ word }) => word.includes("說明高圖")));
  assert.equal(captions.length, 3);
  nothing(captions.filter(({ bottom }) => bottom > 842 - 68).map(({ bottom }) => `a caption ends at ${bottom} pt`));
});

test("the second line of a title begins below its first word, and the text of a section below its title", () => {
  const long = "資通安全維護計畫及實施情形之持續精進與績效管理機制暨其相關作業程序之訂定及修正".repeat(2);
  const pdf = printed("titles", `## ${long} {#s}\n\n內文。\n\n### ${long} {#t}\n\n內文。\n`, { "chapters/a.md": `---\ntitle: ${long}\n---\n\n## ${long} {#s}\n\n內文\n\n### ${long} {#t}\n\n內文\n` });
  const boxes = pdf.boxes().at(-1).filter(({ top }) => top > 70 && top < 770);
  const left = (number) => {
    const at = boxes.findIndex(({ word }) => word === number);
    return [boxes[at + 1], boxes[at + 2]].map((box) => Math.round(box.left));
  };
  for (const number of ["壹、", "一、", "(一)"]) assert.equal(new Set(left(number)).size, 1, `${number} ${left(number)}`);
  const texts = boxes.filter(({ word }) => word === "內文").map((box) => Math.round(box.left));
  assert.deepEqual(texts, [left("一、")[0], left("(一)")[0]]);
});

test("the condition of a section stands below its title", () => {
  const pdf = printed("when", "## 節 {#s when=\"agency.level == 'A'\"}\n\n內文。\n", { "data/agency.yaml": "fields: [{ name: level, title: 等級, type: string, constraints: { enum: [A, B] } }]\nvalues: { level: null }\n" });
  assert.match(pdf.raw.at(-1), /一、節〔[^〕]*A[^〕]*〕內文/);
});

test("the title of a form wraps between its label and its number", () => {
  const place = project("heads", {
    "plan.yaml": "title: 計畫\nannexes: [f]\n",
    "annexes/f.md": `---\ntitle: ${"委外廠商執行人員保密同意書".repeat(3)}\nnumber: ISMS-04-000\n---\n\n文字。\n`,
  });
  const pdf = paper("heads", "--project", place);
  const boxes = pdf.boxes().at(-1).filter(({ top }) => top > 60);
  const [label, number] = [boxes.find(({ word }) => word.startsWith("附件")), boxes.find(({ word }) => word.startsWith("ISMS-04"))];
  assert.ok(label && number && number.word === "ISMS-04-000");
  const titles = boxes.filter(({ word }) => word.includes("保密"));
  assert.ok(titles.length > 1);
  nothing(titles.filter(({ left, right }) => left < label.right || right > number.left).map(({ word }) => word));
});

test("room for a pen stays before its word", () => {
  const place = project("blanks", { "plan.yaml": "title: 計畫\nannexes: [f]\n", "annexes/f.md": "---\ntitle: 表\n---\n\n:::fields columns=2\n\n- 期間：　　年　　月　　日至　　年　　月　　日\n- 日期：　　年\n\n:::\n" });
  const boxes = paper("blanks", "--project", place).boxes().at(-1);
  // The entries begin behind labels of 27 mm.
  const words = boxes.filter(({ word }) => /^(年|月|日|日至)$/.test(word));
  assert.ok(words.length >= 6, JSON.stringify(boxes));
  const entry = boxes.find(({ word }) => word === "期間");
  nothing(words.filter(({ left }) => left < entry.right + 40).map(({ word, left }) => `${word} at ${left}`));
});

test("every blank of a form is at least 8 mm high, and nobody's box to sign in is drawn", () => {
  const place = project("form", { "plan.yaml": "title: 計畫\nannexes: [f]\n", "annexes/f.md": `---\ntitle: 表\n---\n\n:::fields\n\n- 甲\n- 乙\n- 丙\n\n:::\n` });
  const boxes = paper("form", "--project", place).boxes().at(-1);
  const tops = ["甲", "乙", "丙"].map((label) => boxes.find(({ word }) => word === label).top);
  assert.ok(tops[1] - tops[0] >= 22.6 && tops[2] - tops[1] >= 22.6, String(tops));
});

test("no word of a form parts that has room in a line of its own, and a longer one stays in its cell", () => {
  const place = project("form-words", { "plan.yaml": "title: 計畫\nlanguage: en\nannexes: [f]\n", "annexes/f.md": `---\ntitle: 表\n---\n\n:::fields columns=2\n\n- Cybersecurity classification\n- 通報：${"internationalisation ".repeat(6)}\n- ${"word".repeat(9)}\n- 末\n\n:::\n` });
  const boxes = paper("form-words", "--project", place).boxes().at(-1);
  const times = (words) => boxes.filter(({ word }) => word === words).length;
  assert.deepEqual(["Cybersecurity", "classification", "internationalisation"].map(times), [1, 1, 6], boxes.map(({ word }) => word).join(" "));
  // A label has 27 mm, from the margin at 24 mm.
  const long = boxes.filter(({ word }) => /^[word]+$/.test(word));
  assert.equal(long.map(({ word }) => word).join(""), "word".repeat(9));
  nothing(long.filter(({ right }) => right > (24 + 27) / 25.4 * 72).map(({ word, right }) => `${word} ends at ${right} pt`));
});

test("rows of an amendment table stay whole, and the contents list it", () => {
  const chapter = (times) => `---\ntitle: 章\n---\n\n${many(60, (at) => `1. 第${at}條：應每${times}辦理一次，並由承辦人員逐項確認後留存紀錄備查，完${at}。\n`)}`;
  const place = project("rows", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": chapter("年") });
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2025-11-20");
  project("rows", { "chapters/a.md": chapter("季") });
  const pdf = paper("rows", "--project", place);
  const table = pdf.raw.slice(pdf.outline().find(({ title }) => title.includes("修正草案對照表")).page - 1);
  assert.ok(table.length > 2);
  // Each side of a row has its number, its first word and its last one on the same page.
  nothing(Array.from({ length: 60 }, (_, at) => at).filter((at) => !table.some((text) => [`壹${at + 1}第${at}條`, `完${at}。`].every((words) => text.split(words).length === 3))));
  assert.ok(pdf.raw[2].includes("修正草案對照表"), pdf.raw[2]);
});

test("no cell parts a unit, no paragraph ends with a line of one character, and all titles in the contents are as far from their labels", () => {
  const annexes = Array.from({ length: 10 }, (_, at) => `f${at}`);
  const text = many(12, (at) => `${"應辦理事項".repeat(7)}，${"字".repeat(at + 27)}終。\n\n`);
  const pdf = printed("units", `${text}:::table t\n:::\n`, {
    "plan.yaml": `title: 計畫\nchapters: [a]\nannexes: [${annexes}]\n`,
    "data/t.yaml": `fields:\n  - { name: n, title: 時數, type: integer, unit: 小時, width: 1 }\n  - { name: a, title: 事由, type: string, width: 8 }\nrows: [{ n: 1200, a: 訓練 }]\n`,
    ...Object.fromEntries(annexes.map((id) => [`annexes/${id}.md`, "---\ntitle: 表單\n---\n\n文字。\n"])),
  });
  const lines = pdf.pages.flat().map((line) => line.trim());
  assert.ok(lines.some((line) => line.includes("小時")), lines.join("\n"));
  nothing(lines.filter((line) => line === "終。"));
  const listed = pdf.boxes()[2];
  const labels = listed.filter(({ word, left, right }) => /^\d+$/.test(word) && left < 100 && right < 110);
  const gaps = labels.map((label) => listed.find(({ word, top }) => word.startsWith("表單") && top === label.top).left - label.right);
  assert.equal(gaps.length, 10);
  nothing(gaps.filter((gap) => gap < 8).map((gap) => `${gap.toFixed(1)} pt between label and title`));
});

test("the day of an edition stays in one line", () => {
  const place = project("day", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": "---\ntitle: 章\n---\n\n1. 甲。\n" });
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2026-11-20");
  assert.ok(paper("day", "--project", place).pages[1].some((line) => squeezed(line).includes("中華民國115年11月20日王小明")));
});

const agency = "fields: [{ name: level, title: 等級, type: string, constraints: { enum: [A, B] } }]\nvalues: { level: null }\n";
const roles = (count) => `:::signature\n\n${many(count, (at) => `- 角色${at}號\n`)}\n:::\n`;
const landscape = { "data/t.yaml": "fields: [{ name: a, title: 欄, type: string }]\nrows: [{ a: 橫式之值 }]\n" };
const lying = ":::table t orientation=landscape\n\n:::\n";

test("a row with long code, or with a picture beside words, stays on the sheet", () => {
  const code = many(25, (at) => `      set service ${at} enabled with options and ${"words ".repeat(20)}\n`);
  const pdf = printed("rows-high", `:::table t\n\n:::\n\n| 甲 | 乙 |\n|---|---|\n| ${"字".repeat(300)}![高](assets/p.png)${"字".repeat(300)}末字 | 丁 |\n`, {
    "assets/p.png": picture(300, 3000),
    "data/t.yaml": `fields:\n  - { name: a, title: 設定, type: string, format: markdown }\n  - { name: b, title: 說明, type: string, format: markdown }\nrows:\n  - a: |\n      \`\`\`\n${code}      \`\`\`\n    b: 末碼\n  - a: |\n      ![高](assets/p.png)\n\n      ${"字".repeat(200)}末句\n`,
  });
  const words = pdf.boxes().slice(3).flat();
  nothing(["末碼", "末句", "末字", "24"].filter((end) => !words.some(({ word }) => word.includes(end))).map((end) => `${end} is not there`));
  nothing(words.filter(({ top, bottom, word }) => /service|words|字|末/.test(word) && (top < 70 || bottom > 842 - 68)).map(({ word, bottom }) => `${word} ends at ${bottom} pt`));
});

test("boxes to sign in that no page holds go on on the next one", () => {
  const annex = (orientation, count) => `---\ntitle: 表\norientation: ${orientation}\n---\n\n文字。\n\n${roles(count)}`;
  const place = project("signers", { "plan.yaml": "title: 計畫\nannexes: [f, g]\n", "annexes/f.md": annex("landscape", 30), "annexes/g.md": annex("portrait", 50) });
  const boxes = paper("signers", "--project", place).boxes().slice(3);
  const signed = boxes.map((page) => page.filter(({ word }) => word.startsWith("角色")));
  assert.equal(signed.flat().length, 80);
  nothing(signed.flatMap((page) => page.filter((one) => page.some((other) => other.left === one.left && other.top > one.top && other.top < one.top + 60)).map(({ word }) => `${word} is printed over`)));
});

test("something of what is signed stands on the page of the boxes to sign in", () => {
  const parts = {
    table: `| 甲 | 乙 |\n|---|---|\n${many(8, (at) => `| 所簽${at} | 值 |\n`)}`,
    "long table": `| 甲 | 乙 |\n|---|---|\n${many(40, (at) => `| 所簽${at} | 值 |\n`)}`,
    bullets: many(8, (at) => `- 所簽${at}\n`),
    quotation: many(8, (at) => `> 所簽${at}\n>\n`),
    alternative: `:::when agency.level == 'A'\n\n${many(8, (at) => `所簽${at}\n\n`)}:::\n`,
    fields: `:::fields columns=2\n\n${many(48, (at) => `- 所簽${at}\n`)}\n:::\n`,
  };
  const wrong = [];
  for (const [kind, part] of Object.entries(parts)) {
    // Behind so many lines the boxes would stand alone.
    for (const count of { "long table": [0, 36, 38], fields: [0] }[kind] ?? [26, 28, 30]) {
      const pdf = printed("signed", `${many(count, (at) => `第${at}段。\n\n`)}${part}\n${roles(4)}`, { "data/agency.yaml": agency });
      const page = pdf.raw[pageOf(pdf, "角色0號")];
      if (!page.includes("所簽")) wrong.push(`${kind} after ${count} lines`);
      if (kind === "long table" && !page.includes("甲乙")) wrong.push(`a table without a head after ${count} lines`);
      if (pdf.raw.join("").split("所簽").length !== (kind === "long table" ? 41 : kind === "fields" ? 49 : 9)) wrong.push(`${kind} after ${count} lines: not each once`);
    }
  }
  nothing(wrong);
});

test("a table that lies takes along its headings and the words that introduce it, and says on what it depends", () => {
  const pdf = printed("lying", `文字。\n\n## 甲節 {#s}\n\n### 甲小節 {#t}\n\n一覽如下：\n\n${lying}\n## 乙節 {#u}\n\n::::when agency.level == 'A'\n\n段落。\n\n${lying}\n::::\n\n末段。\n\n${lying}\n${roles(2)}\n${lying}\n此致\n\n甲機關\n\n${roles(3)}`, { ...landscape, "data/agency.yaml": agency });
  const pages = pdf.sizes().map(([width, height], at) => `${width > height ? "lies" : "stands"} ${pdf.raw[at]}`).slice(3);
  const expected = [/^stands .*文字/, /^lies .*甲節.*甲小節.*一覽如下.*橫式之值/, /^stands .*乙節.*〔[^〕]*A[^〕]*〕段落/, /^lies .*〔[^〕]*A[^〕]*〕.*橫式之值/, /^stands .*末段/, /^lies .*橫式之值.*角色0號/, /^lies .*橫式之值.*此致.*甲機關.*角色2號/];
  nothing(expected.filter((words, at) => !words.test(pages[at])).map((words) => `${words}: ${JSON.stringify(pages)}`));
});

test("a table that lies does so in a section or an alternative within an alternative", () => {
  const section = `:::::when agency.level == 'A'\n\n## 甲節 {#s}\n\n甲文。\n\n### 甲小節 {#t}\n\n${lying}\n末文。\n\n:::::\n`;
  const within = `## 乙節 {#u}\n\n:::::when agency.level == 'A'\n\n::::when agency.level == 'B'\n\n一覽如下：\n\n${lying}\n${roles(2)}\n::::\n\n乙文。\n\n:::::\n`;
  const pdf = printed("lying-within", `${section}\n${within}`, { ...landscape, "data/agency.yaml": agency });
  const pages = pdf.sizes().map(([width, height], at) => `${width > height ? "lies" : "stands"} ${pdf.raw[at]}`).slice(3);
  const expected = [/^stands .*甲節〔[^〕]*A〕甲文/, /^lies .*甲小節.*橫式之值/, /^stands .*末文/, /^lies .*乙節〔[^〕]*A〕〔[^〕]*B〕一覽如下.*橫式之值.*角色0號/, /^stands .*〔[^〕]*A〕乙文/];
  assert.equal(pages.length, expected.length, JSON.stringify(pages));
  nothing(expected.filter((words, at) => !words.test(pages[at])).map((words) => `${words}: ${JSON.stringify(pages)}`));
});

test("the head of a narrow column does not part", () => {
  const pdf = printed("narrow", ":::table t\n\n:::\n\n:::table u\n\n:::\n", {
    "data/t.yaml": "fields:\n  - { name: n, title: 項次, type: integer, format: row-number }\n  - { name: a, title: 欄, type: string }\nrows: [{ a: 值 }]\n",
    "data/u.yaml": `fields:\n  - { name: n, title: 項次, type: integer, format: row-number, width: 1 }\n${many(9, (at) => `  - { name: a${at}, title: 標題, type: string, width: ${at % 2 ? 1 : 8} }\n`)}rows: [{ a0: 值 }]\n`,
  });
  const words = pdf.boxes().at(-1).map(({ word }) => word);
  assert.deepEqual([words.filter((word) => word === "項次").length, words.filter((word) => word === "標題").length], [2, 9], words.join(" "));
});

test("a long blank goes on in the next line, and a short one stays in one piece", () => {
  const pdf = printed("circles", `甲${"○".repeat(60)}乙${"\u3007".repeat(60)}。\n\n{{ agency.name }}\n\n${many(12, (at) => `${"字".repeat(at + 27)}{{ agency.short }}。\n\n`)}:::table t\n\n:::\n`, {
    "data/agency.yaml": `fields: [{ name: name, title: 名, type: string }, { name: short, title: 簡稱, type: string }]\nvalues: { name: ${"○".repeat(60)}, short: ${"○".repeat(6)} }\n`,
    "data/t.yaml": `fields: [{ name: a, title: 名, type: string, width: 1 }, { name: b, title: 註, type: string, width: 6 }]\nrows: [{ a: ${"○".repeat(20)}, b: 註 }]\n`,
  });
  const blanks = pdf.boxes().at(-1).filter(({ word }) => /[○\u3007]/.test(word));
  assert.equal(blanks.map(({ word }) => word.match(/[○\u3007]/g).length).reduce((sum, more) => sum + more, 0), 60 * 3 + 6 * 12 + 20);
  nothing(blanks.filter(({ right }) => right > 535).map(({ word, right }) => `${word} ends at ${right} pt`));
  assert.equal(blanks.filter(({ word }) => word.includes("○".repeat(6))).length >= 12, true, JSON.stringify(blanks));
  const cell = pdf.boxes().at(-1).find(({ word }) => word === "註");
  nothing(blanks.filter(({ top, right }) => top > cell.top + 5 && right > cell.left).map(({ word }) => `${word} runs into the next cell`));
});

test("a page on which only the last note of an annex goes on is one of its pages", () => {
  const place = project("spilled", {
    "plan.yaml": "title: 計畫\nannexes: [f, g]\n",
    "annexes/f.md": `---\ntitle: 表\n---\n\n${many(30, (at) => `第${at}段。\n\n`)}終段[^n]。\n\n[^n]: ${"註文甚長。".repeat(400)}\n`,
    "annexes/g.md": "---\ntitle: 次表\n---\n\n文字。\n",
  });
  const own = paper("spilled", "--project", place).raw.slice(3).map((text) => text.match(/附件\d－\d+\/\d+/)?.[0]);
  assert.ok(own.length > 2, String(own));
  assert.deepEqual(own, [...own.slice(0, -1).map((_, at) => `附件1－${at + 1}/${own.length - 1}`), "附件2－1/1"]);
});

test("a long head is shortened, keeps its number, and stands above the text on the paper", () => {
  const long = "資通安全維護計畫及實施情形之持續精進與績效管理機制暨其相關作業程序之訂定及修正";
  const place = project("heads-long", {
    "plan.yaml": `title: ${long.repeat(3)}\nparts:\n  - { title: 總則${long}, chapters: [a] }\n  - { title: 附則, chapters: [b] }\n`,
    "chapters/a.md": `---\ntitle: ${long.repeat(2)}\n---\n\n甲。\n`,
    "chapters/b.md": "---\ntitle: 短題\n---\n\n乙。\n",
  });
  const pdf = paper("heads-long", "--project", place);
  const head = (words) => pdf.boxes()[pageOf(pdf, words)].filter(({ bottom }) => bottom < 71);
  const [first, last] = [head("甲。"), head("乙。")];
  assert.equal(first.filter(({ word }) => word.endsWith("…")).length, 2, JSON.stringify(first));
  assert.ok(first.some(({ word }) => word.startsWith("壹、資通安全")), JSON.stringify(first));
  nothing([...first, ...last].filter(({ top, bottom }) => top < 20 || bottom > 64).map(({ word, top }) => `${word} at ${top}`));
  assert.ok(["附則", "壹、短題"].every((words) => last.some(({ word }) => word === words)), JSON.stringify(last));
});

test("what is quoted stands as close together as anywhere", () => {
  const list = (sign) => [`${sign}引文如下：`, sign, `${sign}- 甲項`, `${sign}- 乙項`, sign, `${sign}1. 丙項`, ""].join("\n");
  const boxes = printed("quoted", `${list("")}\n${list("> ")}`).boxes().at(-1);
  const gaps = (count) => {
    const tops = ["引文如下：", "甲項", "乙項", "丙項"].map((words) => boxes.filter(({ word }) => word === words)[count].top);
    return tops.slice(1).map((top, at) => Math.round(top - tops[at]));
  };
  assert.deepEqual(gaps(1), gaps(0));
});

test("no line begins with a full-width slash or tilde, nor with what stands before one, and words with one are found", () => {
  const pairs = ["甲／乙", "甲～乙", "AB／乙", "（甲）／乙"];
  const pdf = printed("slashes", pairs.map((pair) => many(14, (at) => `${"字".repeat(at + 30)}${pair}。\n\n`)).join(""));
  const lines = pdf.pages.slice(3).flat().map((line) => line.trim());
  nothing(lines.filter((line) => /^[／～）B]/.test(line)));
  for (const words of ["甲／乙", "甲～乙", "AB／乙", "（甲）／乙"]) assert.equal(pdf.raw.slice(3).join("").split(words).length - 1, 14, words);
});
