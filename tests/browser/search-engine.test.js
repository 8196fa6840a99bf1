// The search engine and its index, without a browser: what is found, how large everything is, and that a large plan's postings lead to what
// reading all of it would find.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { nothing } from "./support/browser.js";
import { Index, scripts } from "./support/engine.js";
import { draft, filled, planpress, published, root, temporary } from "./support/sites.js";

const here = path.dirname(fileURLToPath(import.meta.url));
/** Queries and where they lead: one of these must be among the first three results, or nothing may be found at all. */
const queries = JSON.parse(readFileSync(path.join(here, "queries.json"), "utf8"));

/** Numbers that look random and are the same every time. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % below;
  };
}

test("the scripts pass the type checker", () => {
  execFileSync(process.execPath, [path.join(here, "node_modules/typescript/bin/tsc"), "-p", path.join(here, "tsconfig.json")], { stdio: "inherit" });
});

test("engine and interface are at most 15 KB minified, whichever store a plan needs, and the index of the template is at most 26 KB gzipped", () => {
  const minified = (script) => esbuild.transformSync(readFileSync(script, "utf8"), { minify: true }).code.length;
  for (const loaded of scripts) {
    const sizes = loaded.map(minified);
    assert.ok(sizes.reduce((sum, size) => sum + size) <= 15 * 1024, String(sizes));
  }
  const weight = readdirSync(published.file("search")).map((name) => gzipSync(readFileSync(published.file(`search/${name}`)), { level: 9 }).length);
  assert.ok(weight.reduce((sum, size) => sum + size) <= 26 * 1024, String(weight));
});

test("every query of an employee, an officer or an auditor leads to its clause among the first three, and what is not there is not found", async () => {
  const ask = await new Index(published.directory).engine();
  const wrong = [];
  assert.ok(queries.length >= 85 && queries.filter(({ finds }) => !finds.length).length >= 10);
  for (const { who, query, finds } of queries) {
    const { results, total } = await ask(query);
    const first = results.slice(0, 3).map(({ entry }) => entry.anchor);
    if (finds.length ? !finds.some((id) => first.includes(id)) : total) wrong.push(`${who}: ${query} leads to ${first} of ${total}`);
  }
  nothing(wrong);
});

test("characters that stand side by side in a clause, two to ten of them, find that clause", async () => {
  const index = new Index(published.directory);
  const ask = await index.engine();
  const roll = dice(11);
  const pages = await index.pages();
  const wrong = [];
  for (let round = 0; round < 300; round += 1) {
    const { entries } = pages[roll(pages.length)];
    const { text } = entries[roll(entries.length)];
    const length = 2 + roll(9);
    const start = roll(Math.max(1, text.length - length));
    const piece = text.slice(start, start + length).trim();
    // A number or a word in letters is found whole, so that a piece that cuts one is no piece of the text.
    const cuts = (at) => /[\da-z.][\da-z.]/i.test(text.slice(at - 1, at + 1));
    if (!/[\p{L}\p{N}]/u.test(piece) || cuts(start) || cuts(start + length)) continue;
    const { results, total } = await ask(piece);
    if (total <= results.length && !results.some(({ entry }) => entry.text === text)) wrong.push(`${piece} does not find ${text}`);
  }
  nothing(wrong);
});

test("what is marked in a result says what was asked for: no offset moves, whatever the width, case or script", async () => {
  const ask = await new Index(published.directory).engine();
  /** The marked words of the first result; marks that touch are one. */
  const marked = async (query) => {
    const { results: [{ entry, ranges }] } = await ask(query);
    const covered = [...entry.text].map((c, at) => ranges.some(([start, end]) => at >= start && at < end) ? c : "\n").join("");
    return [...new Set(covered.split("\n").filter(Boolean))];
  };
  assert.deepEqual(await marked("ＣＮＳ２７００１"), ["CNS27001"]);
  assert.deepEqual(await marked("防火墙"), ["防火牆"]);
  assert.deepEqual(await marked("前臺"), ["前台"]);
  assert.deepEqual(await marked("90天"), ["90 天"]);
  assert.deepEqual(await marked("十五分鐘"), ["十五分鐘"]);
  assert.deepEqual(await marked("15分鐘"), ["十五分鐘"]);
  assert.deepEqual(await marked("弱掃"), ["弱點掃描"]);
  assert.deepEqual(await marked("使用者權限清查"), ["使用者", "清查使用者之權限"]);
  // Cut into terms it finds more, and is still marked as a whole: 進 alone may be part of a question.
  assert.deepEqual(await marked("進出登記表"), ["進出登記表"]);
  assert.deepEqual(await marked("風險評估表"), ["風險評估表"]);
});

test("a number is found however its numerals are written", async () => {
  const ask = await new Index(published.directory).engine();
  const place = async (query) => (await ask(query)).results[0]?.entry.number;
  for (const [query, number] of [["叁、二", "參二"], ["叄、二", "參二"], ["第叁章", "參"], ["附件叁", "附件3"], ["壹拾叁一", "壹拾參一"], ["贰", "貳"], ["陆、一", "陸一"],
    ["玖、二、㈡、1、⑴", "玖二(二)1(1)"], ["玖二㈡", "玖二(二)"], ["玖、二、㈡、①", "玖二(二)1"]]) assert.equal(await place(query), number, query);
});

test("what is long or has many synonyms is answered at once, and some of it is found: synonyms do not multiply", async () => {
  const index = new Index(filled.directory);
  const pages = await index.pages();
  // The text of a chapter and what follows it, as it comes from where punctuation is lost.
  const pasted = [0, 3, 8, 12].map((at) => pages.slice(at).map(({ text }) => text).join("").replace(/[^\p{L}\p{N}]/gu, "").slice(0, 600));
  for (const query of ["新人報到要申請帳號密碼信箱電腦手機VPN門禁還要簽保密切結上課", "廠商員工的帳號密碼權限登入紀錄備份加密主機電腦手機信箱網站機房弱掃修補通報演練稽核會議", ...pasted]) {
    const ask = await index.engine();
    const start = performance.now();
    assert.ok((await ask(query)).total, query);
    // It takes a fifth of a second.
    assert.ok(performance.now() - start < 3000, query);
  }
});

test("a number is found whole: neither within a longer one nor by its beginning", async () => {
  const ask = await new Index(published.directory).engine();
  for (const query of ["0天", "9天", "190天", "9.99%", "99.9%", "2700"]) assert.equal((await ask(query)).total, 0, query);
});

test("a slip is named together with what was probably meant; a query that has nothing to say finds nothing", async () => {
  const ask = await new Index(published.directory).engine();
  for (const [typed, meant] of [["通性碼", "通行碼"], ["存取控置", "存取控制"], ["特帳號", "特權帳號"], ["帳權特號", null], ["emial", "email"], ["e-mial", "email"]]) {
    const { corrected } = await ask(typed);
    assert.equal(corrected?.[0][1] ?? null, meant, typed);
  }
  for (const query of ["？！", "、", "（）", "𠮷𠮷", "a".repeat(3000), "資".repeat(500), "\\d+", "(.*", "[", "$&"]) assert.equal((await ask(query)).total, 0, query.slice(0, 20));
  assert.equal(await ask(""), null);
});

test("a question with a word that the plan has not still leads to the rest, and says so; another number is no slip", async () => {
  const ask = await new Index(published.directory).engine();
  const { results, partial } = await ask("管理審查會議多久開一次");
  assert.ok(partial && results.slice(0, 3).some(({ entry }) => entry.text.includes("管理審查會議")));
  // Few words are a question, too: whoever types less is not to find less.
  for (const [query, word] of [["密碼被盜", "通行碼"], ["帳號被偷", "帳號"]]) {
    const answer = await ask(query);
    assert.ok(answer.partial && answer.results.slice(0, 3).some(({ entry }) => entry.text.includes(word)), query);
  }
  // A place among other words is the first that is found, and not the only one.
  const beside = (await ask("附件8 保密切結書")).results.slice(0, 2).map(({ entry }) => entry.text);
  assert.ok(beside.every((words) => words.includes("保密切結書")), beside.join());
  for (const query of ["教育部", "第9條", "第122條"]) assert.equal((await ask(query)).total, 0, query);
});

test("Simplified characters find what Traditional ones find, by way of synonyms too", async () => {
  const ask = await new Index(published.directory).engine();
  const found = async (query) => (await ask(query)).results.map(({ entry }) => entry.order).join();
  for (const [simplified, traditional] of [["手机", "手機"], ["密码", "密碼"], ["账户", "帳戶"], ["资安长", "資安長"], ["钓鱼信", "釣魚信"], ["弱扫", "弱掃"]]) {
    assert.ok(await found(traditional), traditional);
    assert.equal(await found(simplified), await found(traditional), simplified);
  }
});

test("a word with a hyphen is one word, and finds what it is called otherwise", async () => {
  const ask = await new Index(published.directory).engine();
  const found = async (query) => (await ask(query)).results.map(({ entry }) => entry.order).join();
  for (const [typed, same] of [["Wi-Fi", "wifi"], ["e-mail", "email"], ["Ｅ－Ｍａｉｌ", "email"], ["CNS-27001", "CNS27001"]]) {
    assert.ok(await found(same), same);
    assert.equal(await found(typed), await found(same), typed);
  }
  assert.equal((await ask("-")).total + (await ask("--- –")).total, 0);
});

test("terms side by side come first, across a particle too, and then those that are nearer", async () => {
  const project = temporary("near");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  const items = ["備份甲乙丙丁戊紀錄己庚", "紀錄備份甲乙丙丁戊己庚", "備份甲紀錄乙丙丁戊己庚", "備份之紀錄甲乙丙丁戊己", "備份，紀錄甲乙丙丁戊己"];
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: 章\n---\n\n${items.map((item) => `1. ${item}\n`).join("")}`);
  const out = path.join(project, "public");
  planpress("build", "--quiet", "--project", project, "--out", out);
  const ask = await new Index(out).engine();
  const { results } = await ask("備份 紀錄");
  assert.deepEqual([...results].map(({ entry }) => items.indexOf(entry.text)), [3, 1, 2, 4, 0]);
});

test("a picture is found by what it shows and by its caption, wherever it stands", async () => {
  const project = temporary("picture");
  for (const folder of ["chapters", "assets"]) mkdirSync(path.join(project, "content", folder), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  writeFileSync(path.join(project, "content/assets/network.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(path.join(project, "content/chapters/a.md"), '---\ntitle: 章\n---\n\n## 節 {#one}\n\n![機房網路架構](assets/network.svg "骨幹與備援線路")\n\n1. 張貼 ![標誌](assets/network.svg "警示標誌樣式") 。\n\n| 圖 |\n|---|\n| ![門禁](assets/network.svg "感應器位置") |\n');
  const out = path.join(project, "public");
  planpress("build", "--quiet", "--project", project, "--out", out);
  const ask = await new Index(out).engine();
  for (const query of ["機房網路", "備援線路", "架構 骨幹"]) {
    const { results } = await ask(query);
    assert.deepEqual(Array.from(results, ({ entry }) => [entry.anchor, entry.text]), [["one", "機房網路架構 骨幹與備援線路"]], query);
  }
  for (const [query, anchor] of [["標誌樣式", "one.1"], ["感應器", "a.row-1"]]) {
    assert.deepEqual(Array.from((await ask(query)).results, ({ entry }) => entry.anchor), [anchor], query);
  }
});

test("the place that is named in an English plan is found: nothing follows a chapter's number there", async () => {
  const project = temporary("english");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: Plan\nlanguage: en\nchapters: [a, b]\n");
  for (const [id, title] of [["a", "Scope"], ["b", "Controls"]]) {
    writeFileSync(path.join(project, `content/chapters/${id}.md`), `---\ntitle: ${title}\n---\n\n## Of ${title} {#${id}-one}\n\n1. What the chapter reviews.\n`);
  }
  const out = path.join(project, "public");
  planpress("build", "--quiet", "--project", project, "--out", out);
  const ask = await new Index(out).engine();
  for (const [query, anchor] of [["chapter 1", "a"], ["Chapter 2", "b"], ["Chapter 2.1", "b-one"], ["chapter reviews", "a-one.1"]]) {
    assert.equal((await ask(query)).results[0]?.entry.anchor, anchor, query);
  }
});

test("a sign that chooses a variant of a character hides no name, in the text or in what is typed", async () => {
  const project = temporary("variant");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  writeFileSync(path.join(project, "content/chapters/a.md"), "---\ntitle: 章\nlist_level: 2\n---\n\n1. 由葛\u{e0100}城科長核定。\n2. 由芦\ufe00田科長覆核。\n3. 由葛城股長備查。\n");
  const out = path.join(project, "public");
  planpress("build", "--quiet", "--project", project, "--out", out);
  const ask = await new Index(out).engine();
  for (const [query, anchors, marked] of [
    ["葛城", ["a.1", "a.3"], ["葛\u{e0100}城", "葛城"]],
    ["葛\u{e0100}城", ["a.1", "a.3"], undefined],
    ["芦田科長", ["a.2"], ["芦\ufe00田科長"]],
  ]) {
    const { results } = await ask(query);
    assert.deepEqual(Array.from(results, ({ entry }) => entry.anchor).sort(), anchors, query);
    if (marked) assert.deepEqual(Array.from(results, ({ entry, ranges }) => Array.from(ranges, ([start, end]) => entry.text.slice(start, end)).join("")).sort(), [...marked].sort(), query);
  }
});

test("drafting guidance is in no index", async () => {
  const of = async (site) => (await new Index(site.directory).text()).join("");
  assert.ok((await of(published)).includes("通行碼"));
  assert.ok(!(await of(published)).includes("本章重點在揭示組織之核心業務"));
  assert.ok(!(await of(published)).includes("請機關確認現有程序"));
  assert.ok((await of(filled)).includes("示範機關"));
});

test("what is packed for readers is unpacked to the last character: it is what editors have as it is", async () => {
  const project = temporary("odd");
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  writeFileSync(path.join(project, "content/plan.yaml"), "title: 計畫\nchapters: [a]\n");
  const odd = "資安\u{1f512}𠮷\"\\\\'${x}\u2028 ﬀ e\u0301 \ufb01 \uffee ";
  const all = Array.from({ length: 3000 }, (_, at) => String.fromCodePoint(0x4e00 + at * 7)).join("");
  // So many that no more are counted.
  const roll = dice(7);
  const many = Array.from({ length: 60000 }, () => "甲乙"[roll(2)]).join("");
  writeFileSync(path.join(project, "content/chapters/a.md"), `---\ntitle: ${JSON.stringify("甲\u{1f4dc}")}\n---\n\n## 節 {#one}\n\n${`1. ${odd}\n`.repeat(40)}2. ${all}\n3. ${many}\n`);
  const texts = [];
  for (const view of ["published", "draft"]) {
    const out = path.join(project, view);
    planpress("build", "--quiet", "--project", project, "--view", view, "--out", out);
    texts.push(await new Index(out).text());
  }
  assert.ok(texts[1].join("").includes("\u{1f512}𠮷\"\\'") && texts[1].join("").includes(all) && texts[1].join("").includes(many));
  assert.deepEqual(texts[0], texts[1]);
  assert.deepEqual(await new Index(published.directory).text(), await new Index(draft.directory).text());
});

// ---- A large plan ----

let large;
/** A plan of many pages in two parts, and the same without parts, made of the template's own clauses in a random order. */
before(async () => {
  const entries = (await new Index(published.directory).pages()).flatMap((page) => page.entries);
  const safe = (text) => text.replace(/[|{}[\]<>*_`#%\\^:]/g, " ").replace(/\s+/g, " ").trim();
  const texts = entries.map(({ text }) => safe(text)).filter((text) => text.length > 3 && /^\p{L}/u.test(text) && /\p{Script=Han}/u.test(text));
  const titles = entries.filter(({ field }) => field < 4).map(({ text }) => safe(text));
  const project = temporary("large");
  const roll = dice(5);
  const count = 700;
  mkdirSync(path.join(project, "content/chapters"), { recursive: true });
  mkdirSync(path.join(project, "content/data"), { recursive: true });
  copyFileSync(path.join(root, "content/data/synonyms.yaml"), path.join(project, "content/data/synonyms.yaml"));
  const names = [];
  for (let page = 0; page < count; page += 1) {
    const name = `c${page}`;
    names.push(name);
    let text = `---\ntitle: ${JSON.stringify(titles[roll(titles.length)])}\n---\n\n`;
    for (let section = 1; section <= 3; section += 1) {
      text += `## ${titles[roll(titles.length)]} {#${name}-${section}}\n\n`;
      for (let item = 1; item <= 8; item += 1) text += `${item}. ${texts[roll(texts.length)]}，${texts[roll(texts.length)]}\n`;
      text += "\n";
    }
    writeFileSync(path.join(project, `content/chapters/${name}.md`), text);
  }
  const part = (title, from, to) => `  - { title: ${title}, chapters: [${names.slice(from, to).join(", ")}] }\n`;
  writeFileSync(path.join(project, "content/plan.yaml"), `title: 大計畫\nparts:\n${part("第一編", 0, 400)}${part("第二編", 400, count)}`);
  const out = path.join(project, "public");
  planpress("build", "--quiet", "--project", project, "--out", out);
  large = { directory: out, count, whole: path.join(project, "whole") };
  writeFileSync(path.join(project, "content/plan.yaml"), `title: 大計畫\nchapters: [${names.join(", ")}]\n`);
  planpress("build", "--quiet", "--project", project, "--out", large.whole);
});

test("a large plan's index is in scripts of a size that loads at once", () => {
  const sizes = new Map(readdirSync(path.join(large.directory, "search")).map((name) => [name, statSync(path.join(large.directory, "search", name)).size]));
  assert.ok(sizes.has("m.js") && !sizes.has("text.js"));
  const over = [...sizes].filter(([name, size]) => size > (name.startsWith("t") ? 8 * 1024 : 16 * 1024));
  assert.deepEqual(over, []);
});

test("what is found in shards is what reading everything finds: the same scores, and nothing that is not there", async () => {
  const index = new Index(large.directory);
  const whole = await index.wholeEngine();
  const pages = (await new Index(published.directory).pages()).flatMap(({ entries }) => entries);
  const roll = dice(3);
  // One to three pieces of the words of one clause.
  const made = Array.from({ length: 60 }, () => {
    const runs = pages[roll(pages.length)].text.match(/\p{Script=Han}{2,}/gu) ?? ["資安"];
    return Array.from({ length: 1 + roll(3) }, () => {
      const run = runs[roll(runs.length)];
      const length = 2 + roll(4);
      const start = roll(Math.max(1, run.length - length));
      return run.slice(start, start + length);
    }).join(" ");
  });
  const terms = [...queries.map(({ query }) => query), "通行碼長度 8 碼以上", "特權帳號 清查", "核定 資通安全長", "使用者權限", "安全", "資", "log", "CNS", "8", ...made];
  const different = [];
  const missed = [];
  const again = await index.engine();
  let most = 0;
  for (const query of terms) {
    const ask = await index.engine();
    index.read();
    const [found, all] = [await ask(query), await whole(query)];
    most = Math.max(most, index.read());
    const scores = ({ results }) => results.slice(0, 3).map(({ score }) => (score ?? 0).toFixed(3)).join(" ");
    if (!all.total && found.total) different.push(`${query}: found in shards only`);
    else if (scores(found) !== scores(all)) different.push(`${query}: ${scores(found)}, not ${scores(all)}`);
    if (all.total && !found.total) missed.push(query);
    const places = found.results.map(({ entry }) => entry.order);
    assert.equal(new Set(places).size, places.length, `${query} finds an entry twice`);
    assert.deepEqual((await again(query)).results.map(({ entry }) => entry.order), places, `${query} depends on what was asked before`);
  }
  assert.ok(most <= 400 * 1024, `${most} bytes for one query`);
  // Of a single character only the pages are known, of a long question with many synonyms not every key is read, and what was probably meant is
  // looked for on a few pages only.
  assert.ok(different.length <= terms.length * 0.03, different.join("\n"));
  assert.deepEqual(missed, [], "what reading everything finds is found, if not in the same order");
});

test("a clause that is pasted as a whole is found in a large plan, though not every key of it can be read", async () => {
  const index = new Index(large.directory);
  const roll = dice(9);
  const wrong = [];
  for (let round = 0; round < 20; round += 1) {
    const ask = await index.engine();
    const { planpressPage } = index.context;
    const [page] = await index.load(`t${roll(large.count)}`);
    // A row of a form can have more cells than there are keys that one query may read.
    const clauses = planpressPage(page, 0).entries.filter(({ text }) => text.split(/[^\p{L}\p{N}%.]+/u).length <= 10);
    const { text } = clauses.reduce((longest, entry) => entry.text.length > longest.text.length ? entry : longest);
    const { results } = await ask(text.slice(0, 150));
    if (!results.some(({ entry }) => entry.text === text)) wrong.push(text);
  }
  assert.ok(wrong.length <= 1, wrong.join("\n"));
});

test("a large plan without parts leads to its pages by their titles, numbers and words", async () => {
  const index = new Index(large.whole);
  const ask = await index.engine();
  const { planpressPage } = index.context;
  const { results: [found] } = await ask("壹二3");
  assert.deepEqual([found.entry.page.part, found.entry.page.path, found.entry.number], ["", "chapters/c0.html", "壹二3"]);
  for (const at of [0, 350, large.count - 1]) {
    const [page] = await index.load(`t${at}`);
    const { entries: [title], path: address } = planpressPage(page, at);
    assert.deepEqual([title.anchor, title.field, address], [`c${at}`, 0, `chapters/c${at}.html`]);
    assert.ok(existsSync(path.join(large.whole, address)));
    const { results } = await ask(title.text);
    assert.ok(results.some(({ entry }) => entry.text === title.text && entry.field === 0), `${title.text} is found`);
    assert.ok(results.every(({ entry }) => existsSync(path.join(large.whole, entry.page.path)) && !/[\0-\x1f]/.test(entry.number + entry.text)));
  }
});

test("a place in a large plan is found in each of its parts", async () => {
  const ask = await new Index(large.directory).engine();
  const { results } = await ask("壹二3");
  assert.deepEqual([...results].slice(0, 2).map(({ entry }) => [entry.page.part, entry.page.path, entry.number]), [["第一編", "chapters/c0.html", "壹二3"], ["第二編", "chapters/c400.html", "壹二3"]]);
  // As references and citations name it.
  for (const query of ["第二編 壹二3", "計畫（草案），第二編 壹、二、3", "第二編壹二3", "第二編 第一章第二節第3點"]) {
    const [{ entry }] = (await ask(query)).results;
    assert.equal(entry.page.path, "chapters/c400.html", query);
  }
});
