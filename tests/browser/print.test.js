// What a browser prints: the plan and its forms, on the right paper, without anything that belongs to the screen.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { approved, modified } from "./support/amended.js";
import { launch, nothing, open, visit } from "./support/browser.js";
import { picture } from "./support/paper.js";
import { build, draft, filled, projects, published, temporary } from "./support/sites.js";

let chromium;
let folder;
before(async () => {
  folder = temporary("print");
  chromium = await launch();
});
after(() => chromium.close());

const A4 = [595, 842];

/** Prints a page, changed in the browser if need be, and reads the result back with poppler: size and text of every sheet. */
async function printed(site, name, change = () => {}) {
  const page = await open(chromium);
  await visit(page, site, name);
  await page.evaluate(change);
  const file = path.join(folder, `${site.name}-${name.replaceAll("/", "-")}.pdf`);
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, timeout: 120_000 }));
  const facts = await page.evaluate(() => ({
    chapters: [...document.querySelectorAll(".chapter > .opening .title")].map((title) => title.textContent),
    annexes: [...document.querySelectorAll(".annex > .title-block .title")].map((title) => title.textContent),
    landscape: document.querySelectorAll(".annex.landscape").length,
    headings: [...document.querySelectorAll(".clause > :is(h2, h3, h4)")].map((heading) => heading.textContent.replace(/\s/g, "")),
  }));
  await page.close();
  const run = (program, ...words) => execFileSync(program, words, { encoding: "utf8", maxBuffer: 1 << 28 });
  const sizes = [...run("pdfinfo", "-f", "1", "-l", "9999", file).matchAll(/size:\s+([\d.]+) x ([\d.]+)/g)].map(([, width, height]) => [Math.round(width), Math.round(height)]);
  const texts = run("pdftotext", "-layout", file, "-").split("\f").slice(0, -1);
  const fonts = run("pdffonts", file).split("\n").slice(2).filter(Boolean);
  assert.equal(texts.length, sizes.length);
  return { ...facts, sizes, texts, fonts, plain: texts.map((text) => text.replace(/\s/g, "")) };
}

const isPortrait = ([width, height]) => Math.abs(width - A4[0]) <= 2 && Math.abs(height - A4[1]) <= 2;
const isLandscape = ([width, height]) => Math.abs(width - A4[1]) <= 2 && Math.abs(height - A4[0]) <= 2;

/** Words of the screen: controls, navigation, helpers. */
const chrome = ["跳到內文", "搜尋", "複製引註", "全部章節", "本頁", "上一章", "下一章", "上一份", "下一份", "快速鍵", "Ctrl", "使用本表的條文", "引用本條：", "file:", "¶", "↑"];

for (const site of [filled, draft]) {
  test(`the whole plan prints: cover, contents, every chapter and annex in order, landscape forms on landscape sheets (${site.name})`, async () => {
    const print = await printed(site, "print.html");
    const wrong = [];
    const text = print.plain.join("\f");
    assert.equal(print.chapters.length, 17);
    assert.equal(print.annexes.length, 18);
    assert.ok(print.sizes.length >= 60 && print.sizes.length <= 140, `${print.sizes.length} sheets`);
    for (const [index, size] of print.sizes.entries()) if (!isPortrait(size) && !isLandscape(size)) wrong.push(`sheet ${index + 1} is ${size}`);
    const sheets = print.sizes.filter(isLandscape).length;
    if (sheets < print.landscape || print.landscape === 0) wrong.push(`${sheets} landscape sheets for ${print.landscape} landscape forms`);
    if (!print.plain[0].includes("資通安全維護計畫") || print.plain[0].length > 200) wrong.push(`the first sheet is no cover: ${print.plain[0].slice(0, 80)}`);
    if (!print.plain[1].startsWith("目錄")) wrong.push(`the second sheet is no table of contents: ${print.plain[1].slice(0, 40)}`);
    for (const word of chrome) if (text.includes(word)) wrong.push(`sheet ${print.plain.findIndex((sheet) => sheet.includes(word)) + 1} shows 「${word}」`);
    // After the contents every title comes once more, in order.
    let from = print.plain.slice(0, 3).join("\f").length;
    for (const title of [...print.chapters, ...print.annexes].map((title) => title.replace(/\s/g, ""))) {
      const at = text.indexOf(title, from);
      if (at < 0) wrong.push(`not in its place: ${title}`);
      else from = at;
    }
    nothing(wrong);
    // What the whole print shows is judged here too, since printing it takes long.
    const count = print.texts.length;
    const unnumbered = print.plain.flatMap((sheet, index) => (sheet.includes(`${index + 1}/${count}`) ? [] : [`sheet ${index + 1} lacks its number: …${sheet.slice(-30)}`]));
    nothing(unnumbered);
    const marked = print.plain.filter((sheet) => sheet.includes("草") && sheet.includes("案"));
    assert.equal(marked.length, count, "every sheet of an unapproved plan says 草案");
    const headings = new Set(print.headings);
    const first = print.plain.findIndex((sheet, index) => index > 1 && sheet.startsWith(`壹、${print.chapters[0]}`));
    assert.ok(first > 1 && first < 6, `the text begins on sheet ${first + 1}`);
    nothing(print.texts.flatMap((sheet, index) => {
      if (index < first) return [];
      const rows = sheet.split("\n").map((row) => row.replace(/\s/g, "")).filter((row) => row && !/^\d+\/\d+$/.test(row) && !/^[草案]+$/.test(row));
      return headings.has(rows.at(-1)) ? [`sheet ${index + 1} ends with the heading ${rows.at(-1)}`] : [];
    }));
    const loose = print.fonts.filter((font) => !/ yes (yes|no) +(yes|no) +\d+ +\d+$/.test(font));
    assert.deepEqual(loose, [], "a font is not embedded");
    nothing(print.plain.flatMap((sheet, index) => (sheet.length < 12 ? [`sheet ${index + 1} is empty`] : [])));
  });
}

test("a landscape register prints on landscape sheets, a portrait form on portrait ones, alone and without the screen's words", async () => {
  const wrong = [];
  for (const [name, fits] of [["annexes/asset-register.html", isLandscape], ["annexes/access-log.html", isLandscape], ["annexes/resource-request.html", isPortrait], ["annexes/confidentiality-agreement.html", isPortrait]]) {
    const print = await printed(filled, name);
    print.sizes.forEach((size, index) => fits(size) || wrong.push(`${name}: sheet ${index + 1} is ${size}`));
    for (const word of chrome) if (print.plain.join("").includes(word)) wrong.push(`${name}: shows 「${word}」`);
    if (!print.plain[0].includes(print.annexes[0].replace(/\s/g, ""))) wrong.push(`${name}: the first sheet lacks the title`);
    if (print.sizes.length > 4) wrong.push(`${name}: ${print.sizes.length} sheets`);
    for (const [index, sheet] of print.plain.entries()) if (sheet.length < 12) wrong.push(`${name}: sheet ${index + 1} is empty`);
  }
  nothing(wrong);
});

test("a chapter prints on A4 with the plan's name and state at its head and foot, its notes at its end", async () => {
  const print = await printed(published, "chapters/continual-improvement.html");
  assert.ok(print.sizes.every(isPortrait), String(print.sizes));
  const text = print.plain.join("");
  assert.ok(print.plain[0].startsWith("資通安全維護計畫"), print.plain[0].slice(0, 40));
  assert.ok(print.plain[0].includes("草案"));
  assert.ok(print.plain.at(-1).includes("ISMS-01-001"));
  nothing(chrome.filter((word) => text.includes(word)));
});

test("the front page prints as a cover on a sheet of its own and the contents from the next, chapters numbered as in the text and set apart from their sections", async () => {
  for (const site of [published, filled]) {
    const { plain } = await printed(site, "index.html");
    assert.ok(plain[0].includes("資通安全維護計畫") && !plain[0].includes("依據及目的"), plain[0]);
    assert.ok(plain[1].startsWith("目錄壹、依據及目的"), plain[1].slice(0, 40));
    nothing(plain.flatMap((sheet) => ["查閱", "附件總覽"].filter((word) => sheet.includes(word))));
  }
  const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
  await visit(page, published, "index.html");
  const [chapter, section] = await page.evaluate(() => ["li", "li li"].map((entry) => {
    const title = document.querySelector(`.contents-chapters ${entry} > a > .title`);
    return { left: title.getBoundingClientRect().left, size: parseFloat(getComputedStyle(title).fontSize) };
  }));
  await page.close();
  assert.ok(section.left >= chapter.left + 2 * section.size && section.size < chapter.size, JSON.stringify({ chapter, section }));
});

test("in the contents a chapter of many sections begins below the one before and goes on overleaf", async () => {
  const chapter = (name) => `---\ntitle: 章${name}\n---\n\n${Array.from({ length: 40 }, (_, at) => `## 節 {#${name}${at}}\n\n文字。\n`).join("\n")}`;
  const project = projects(folder)("many", { "plan.yaml": "title: 計畫\nchapters: [a, b]\n", "chapters/a.md": chapter("a"), "chapters/b.md": chapter("b") });
  const { plain } = await printed(build("many", "--project", project), "print.html");
  assert.ok(plain[1].startsWith("目錄") && plain[1].includes("貳、章b一、節二、節"), plain[1]);
  assert.ok(plain[2].includes("四十、節"), plain[2]);
});

test("what has changed since an edition stands above the text on paper, and takes no sheet from a form", async () => {
  const form = await printed(modified, "annexes/team-roster.html");
  assert.ok(form.sizes.every(isLandscape), String(form.sizes));
  assert.ok(form.plain[0].includes("核定後修改中"), "the form does not say its state");
  const [cover] = (await printed(modified, "index.html")).plain;
  assert.ok(cover.includes("與核定版1.1不同的條文：玖三(二)1(3)。示範機關資通安全維護計畫"), cover);
});

test("no sheet holds only the foot of a page", async () => {
  for (const [site, name] of [[published, "annexes.html"], [filled, "annexes.html"], [modified, "annexes.html"], [modified, "coverage.html"], [filled, "chapters/controls.html"]]) {
    const { plain } = await printed(site, name);
    assert.ok(!plain.at(-1).startsWith("文件編號"), `${site.name} ${name}: ${plain.at(-1)}`);
  }
});

test("no sheet of a form holds its signatures alone, and every one after the first says which form and edition it belongs to", async () => {
  const wrong = [];
  for (const name of ["audit-findings", "improvement-tracking", "risk-assessment-form", "confidentiality-agreement", "contractor-agreements"]) {
    const { texts, plain, annexes } = await printed(filled, `annexes/${name}.html`);
    const page = await open(chromium);
    await visit(page, filled, `annexes/${name}.html`);
    const [number, form, role] = await page.evaluate(() => [...document.querySelectorAll(".title-block dl > div:nth-child(-n + 2) > dd"), document.querySelector(".signature > .role")].map((words) => words.textContent.replace(/\s/g, "")));
    await page.close();
    assert.ok(plain.length > 1 && number && form && role, name);
    for (const [at, sheet] of plain.entries()) {
      const head = texts[at].split("\n").find((line) => line.trim()).replace(/\s/g, "");
      if (at === 0 ? head.includes(form) : head !== `${number}${annexes[0]}${form}草案`.replace(/\s/g, "")) wrong.push(`${name}: sheet ${at + 1} begins ${head}`);
      if (at > 0 && sheet.slice(head.length).startsWith(role)) wrong.push(`${name}: sheet ${at + 1} holds the signatures alone`);
      if (at > 0 && /^(此致|示範機關)/.test(sheet.slice(head.length))) wrong.push(`${name}: sheet ${at + 1} holds the signatures and to whom they go, and nothing of what is signed`);
    }
  }
  nothing(wrong);
});

test("a table of what was approved and the history print no sign of a draft, whatever the plan is by now; the table of the draft does", async () => {
  const page = await open(chromium, { media: "print" });
  const signs = async (name) => {
    await visit(page, modified, name);
    return page.evaluate(() => [...document.querySelectorAll(".watermark, .changed, .states, .colophon dd")].filter((element) => element.checkVisibility() && /草案|核定後修改中/.test(element.textContent)).map((element) => element.className || element.localName));
  };
  assert.deepEqual(await signs("editions/1.1.html"), []);
  assert.deepEqual(await signs("editions/index.html"), []);
  for (const name of ["editions/draft.html", "chapters/scope.html"]) assert.deepEqual(await signs(name), ["states", "changed", "dd", "watermark"], name);
  await page.close();
});

test("no sheet ends with a law whose citations are on the next", async () => {
  const { texts } = await printed(filled, "laws.html");
  const cut = texts.filter((text) => /^\s*(全文|第 [\d-]+ 條|未被引用)/.test(text)).map((text) => text.trim().split("\n")[0]);
  assert.deepEqual(cut, []);
});

test("ledger, laws and coverage print whole, no column cut off", async () => {
  for (const name of ["annexes.html", "laws.html", "coverage.html", "index.html"]) {
    const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
    await visit(page, filled, name);
    const wide = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 2).map((element) => `${element.localName}.${element.className}`));
    assert.deepEqual(wide, [], name);
    await page.close();
  }
});

test("on paper a row to be filled by pen is at least 9 mm high and a signature has at least 15 mm", async () => {
  const wrong = [];
  const page = await open(chromium, { media: "print", viewport: { width: 980, height: 680 } });
  for (const name of filled.pages.filter((name) => name.startsWith("annexes/"))) {
    await visit(page, filled, name);
    wrong.push(...(await page.evaluate(() => {
      const millimetres = (element) => (element.getBoundingClientRect().height / 96) * 25.4;
      const low = (selector, least) => [...document.querySelectorAll(selector)].map(millimetres).filter((height) => height < least - 0.05).map((height) => `${selector} is ${height.toFixed(1)} mm high`);
      return [...low(".blank-row", 9), ...low(".field", 9), ...low(".signature .seal, .signature", 15).filter((line) => !line.startsWith(".signature .seal"))];
    })).map((line) => `${name}: ${line}`));
  }
  await page.close();
  nothing(wrong);
});

test("on paper an item without a word is a line high, so that its number stands clear of what follows", async () => {
  const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
  await visit(page, published, "chapters/policy-goals.html");
  const low = await page.evaluate(() => [...document.querySelectorAll(".items > li")].filter((item) => item.clientHeight < item.querySelector(".number").clientHeight).map((item) => item.id));
  await page.close();
  assert.deepEqual(low, []);
});

test("long addresses in many columns and tall pictures fit the sheet, and no line is torn apart before what does not break", async () => {
  const columns = (cell) => `| ${Array.from({ length: 10 }, (_, at) => cell(at)).join(" | ")} |\n`;
  const table = columns((at) => `欄${at}`) + columns(() => "---") + columns((at) => `https://example.gov.tw/path/to/document-${at}.html`);
  const text = `---\ntitle: 章\n---\n\n${table}\n如下圖：\n\n![高](assets/p.png "高圖")\n\n| 甲 |\n|---|\n| ![高](assets/p.png) |\n\n設定值為 \`HKEY_LOCAL_MACHINE\` 者。\n`;
  const site = build("fits", "--project", projects(folder)("fits", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": text, "assets/p.png": picture(300, 3000) }));
  const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
  await visit(page, site, "chapters/a.html");
  const facts = await page.evaluate(() => ({
    right: Math.max(...[...document.querySelectorAll("main *")].map((element) => element.getBoundingClientRect().right)),
    heights: [...document.querySelectorAll("main img")].map((picture) => picture.getBoundingClientRect().height),
    aligned: getComputedStyle(document.querySelector("main p:has(code)")).textAlign,
  }));
  await page.close();
  assert.ok(facts.right <= 644 && facts.aligned === "start", JSON.stringify(facts));
  assert.equal(facts.heights.length, 2);
  nothing(facts.heights.filter((height) => height > 800));
  const { plain } = await printed(site, "chapters/a.html");
  assert.ok(plain.some((sheet) => sheet.includes("如下圖：") && sheet.includes("高圖")), plain.join("\n"));
  assert.equal(plain.length, 3);
});

const register = "title: 清冊\nfields:\n  - { name: n, title: 項次, format: row-number }\n  - { name: a, title: 名稱, type: string }\n  - { name: k, title: 性質, type: list, constraints: { enum: [對外, 對內, 委外] } }\nrows: [{ a: 甲, k: [對內] }]\n";
const lying = ":::table t orientation=landscape rows=2\n\n:::\n";

test("a table that lies across has sheets to itself, in a chapter and in a portrait form, which says so before it is printed; one in an item has none", async () => {
  const inItem = `1. 項\n\n${lying.replace(/^(?=.)/gm, "   ")}`;
  const site = build("lying", "--project", projects(folder)("lying", {
    "plan.yaml": "title: 計畫\nchapters: [a, b]\nannexes: [f, g, h]\n",
    "data/t.yaml": register,
    "chapters/a.md": `---\ntitle: 甲\n---\n\n## 節 {#s}\n\n表前之文。\n\n${lying}\n表後之文。\n\n${inItem}\n見[[b]]、[[f]]、[[g]]及[[h]]。\n`,
    "chapters/b.md": `---\ntitle: 乙\n---\n\n## 節 {#u}\n\n表前之文。\n\n${lying}`,
    "annexes/f.md": `---\ntitle: 直式\n---\n\n表前之文。\n\n${lying}\n表後之文。\n`,
    "annexes/g.md": `---\ntitle: 橫式\norientation: landscape\n---\n\n${lying}`,
    "annexes/h.md": `---\ntitle: 項中\n---\n\n${inItem}`,
  }));
  const shape = ({ sizes }) => sizes.map((size) => (isLandscape(size) ? "across" : isPortrait(size) ? "upright" : String(size)));
  const chapter = await printed(site, "chapters/a.html");
  assert.deepEqual(shape(chapter), ["upright", "across", "upright"]);
  assert.deepEqual(chapter.plain.map((sheet) => [sheet.includes("表前之文"), sheet.includes("項次"), sheet.includes("表後之文")]), [[true, false, false], [false, true, false], [false, true, true]]);
  // Its foot has no sheet to itself.
  assert.deepEqual(shape(await printed(site, "chapters/b.html")), ["upright", "across"]);
  const forms = { f: [["upright", "across", "upright"], "直向及橫向 A4"], g: [["across"], "橫向 A4"], h: [["upright"], "直向 A4"] };
  const page = await open(chromium);
  for (const [name, [sheets, button]] of Object.entries(forms)) {
    const form = await printed(site, `annexes/${name}.html`);
    assert.deepEqual(shape(form), sheets, name);
    // The margin of every sheet but the first says whose it is.
    assert.ok(form.plain.slice(1).every((sheet) => sheet.startsWith("附件1直式")), form.plain.join("\n"));
    await visit(page, site, `annexes/${name}.html`);
    assert.equal(await page.$eval(".print-button .paper", (words) => words.textContent), button);
  }
  await page.close();
  const whole = await printed(site, "print.html");
  assert.equal(shape(whole).filter((sheet) => sheet === "across").length, 4);
});

test("on paper boxes to tick in a row for a pen stand clear of the line above and below", async () => {
  const site = build("ticked", "--project", projects(folder)("ticked", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "data/t.yaml": register, "chapters/a.md": "---\ntitle: 章\n---\n\n:::table t rows=3\n\n:::\n" }));
  const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
  await visit(page, site, "chapters/a.html");
  const clear = await page.$$eval(".blank-row", (rows) => rows.flatMap((row) => {
    const [outer, inner] = [row, row.querySelector(".choices")].map((element) => element.getBoundingClientRect());
    return [inner.top - outer.top, outer.bottom - inner.bottom];
  }));
  await page.close();
  assert.ok(clear.length === 6 && clear.every((room) => room > 3), String(clear));
});

test("a long word in a table of few columns does not make the browser print everything smaller, and short ones stay whole", async () => {
  const table = (count, long) => {
    const columns = (cell) => `| ${Array.from({ length: count }, (_, at) => cell(at)).join(" | ")} |\n`;
    return `${columns((at) => `欄${at}`)}${columns(() => "---")}${columns((at) => (at ? "CNS27001" : long))}`;
  };
  const longs = ["0123456789abcdef".repeat(8), "`HKEY_LOCAL_MACHINE_SOFTWARE`", `**${"x".repeat(90)}**`, "{{ agency.key }}"];
  const text = `---\ntitle: 章\n---\n\n${[2, 3, 4, 5, 6].flatMap((count) => longs.map((long) => `${table(count, long)}\n表${count}。\n\n`)).join("")}`;
  const data = `fields: [{ name: key, title: 碼, type: string }]\nvalues: { key: "${"a1".repeat(50)}" }\n`;
  const site = build("long", "--project", projects(folder)("long", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": text, "data/agency.yaml": data }));
  const page = await open(chromium, { media: "print", viewport: { width: 642, height: 980 } });
  await visit(page, site, "chapters/a.html");
  const wide = await page.$$eval("main table", (tables) => tables.filter((table) => table.getBoundingClientRect().right > 644).map((table) => table.textContent));
  const broken = await page.$$eval("main td:last-child", (cells) => cells.filter((cell) => {
    const range = new Range();
    range.selectNodeContents(cell);
    return range.getClientRects().length !== 1;
  }).map((cell) => cell.closest("table").textContent));
  await page.close();
  assert.deepEqual(wide, []);
  assert.deepEqual(broken, []);
});

test("a row of an amendment table as long as a sheet begins on the first one, below the chapter's own", async () => {
  const paper = await printed(approved, "editions/1.1.html", () => {
    const row = document.querySelector(".comparison .is-context + tr");
    for (const cell of [...row.cells].slice(0, 2)) {
      for (let line = 1; line <= 34; line += 1) cell.append(Object.assign(document.createElement("p"), { textContent: `第${line}行` }));
    }
  });
  const [first, second] = paper.plain;
  assert.ok(first.includes("第1行") && !first.includes("第34行"), first);
  assert.ok(second.includes("第34行"), second);
});

test("no control, navigation or helper is drawn on paper", async () => {
  const page = await open(chromium, { media: "print" });
  const wrong = [];
  for (const name of filled.pages) {
    await visit(page, filled, name);
    wrong.push(...(await page.evaluate(() => [...document.querySelectorAll("button, input, dialog, nav:not(.contents nav), .skip, .search, .menu, .preview, .find, .form-use, .backlinks, .footnote-back, [role='status']")].filter((element) => element.checkVisibility()).map((element) => `${element.localName}.${element.className}`))).map((line) => `${name}: ${line}`));
  }
  await page.close();
  nothing(wrong);
});

test("paper is black on white whatever the screen's scheme", async () => {
  const page = await open(chromium, { media: "print", scheme: "dark" });
  await visit(page, filled, "chapters/controls.html");
  const colours = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("main a")).color]);
  assert.deepEqual(colours, ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  await page.close();
});
