// The README says what is true: every example of the language compiles to what stands below it, and every command it names exists.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, nothing, open, visit } from "./support/browser.js";
import { folderSite, planpress, program, root, temporary } from "./support/sites.js";

const readme = readFileSync(path.join(root, "README.md"), "utf8");

/** Every fenced block, as its language, the words after it, its text and the heading above it. */
const blocks = [];
let heading = "";
for (const [, title, , , language, info, text] of readme.matchAll(/^#+ (.+)$|^( *)(`{3,})(\w+) ?(.*)\n([\s\S]*?)\n\2\3$/gm)) {
  if (title) heading = title;
  else blocks.push({ heading, language, info, text });
}

/** The files of the plan: those of the first heading belong to all examples, any other one to those below its own heading, which alone use it. */
const files = blocks.filter(({ info }) => info.startsWith("content/"));

let chromium;
let project;
before(async () => {
  project = temporary("readme");
  const write = (name, text) => {
    const file = path.join(project, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const { info, text } of files.filter(({ heading }) => heading === files[0].heading)) write(info, `${text}\n`);
  write("content/assets/form.docx", "表格");
  write("content/assets/network.png", "GIF89a");
  chromium = await launch();
});
after(() => chromium.close());

/** The examples: Markdown, and the blocks of text that follow it. */
const examples = [];
for (const block of blocks) {
  if (block.language === "markdown" && !block.info) examples.push({ heading: block.heading, source: block.text, results: [] });
  else if (block.language === "text" && examples.at(-1)?.heading === block.heading) examples.at(-1).results.push(block);
}

/** What a reader sees of the example, and every address that it gives or links to. */
function seen() {
  const article = document.querySelector(".chapter").cloneNode(true);
  for (const helper of article.querySelectorAll(".opening, .backlinks, .footnote-back")) helper.remove();
  const root = new URL("..", location.href).href;
  const here = location.href.slice(root.length);
  return {
    text: article.textContent,
    addresses: [...[...article.querySelectorAll("[id]")].map(({ id }) => `${here}#${id}`), ...[...article.querySelectorAll("a[href]:not(.number)")].map(({ href }) => decodeURIComponent(href.replace(root, "")))],
  };
}

const plain = (text) => text.replace(/\s/g, "");

/** Rules whose findings only hold back an approval: an example is a draft. */
const ofDrafts = new Set(JSON.parse(spawnSync(program, ["check", "--format", "sarif"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }).stdout).runs[0].tool.driver.rules
  .filter(({ properties }) => /annex|law|completeness|coverage|wording/.test(properties.tags[0])).map(({ id }) => id));

for (const [index, { heading, source, results }] of examples.entries()) {
  test(`README, 「${heading}」, example ${index + 1}: ${source.split("\n").find((line) => line.trim() && !line.startsWith("---")).slice(0, 40)}`, async () => {
    assert.ok(results.length > 0, "an example without its result");
    const front = source.startsWith("---\n") ? "" : "---\ntitle: 範例\n---\n\n";
    writeFileSync(path.join(project, "content/chapters/example.md"), `${front}${source}\n`);
    for (const file of files.filter((file) => file.heading !== files[0].heading)) {
      if (file.heading === heading) writeFileSync(path.join(project, file.info), `${file.text}\n`);
      else rmSync(path.join(project, file.info), { force: true });
    }
    const diagnostics = results.find(({ info }) => info === "diagnostics");
    const check = spawnSync(program, ["check", "--project", project, "--format", "json"], { encoding: "utf8" });
    const found = JSON.parse(check.stdout).diagnostics.filter(({ rule }) => !ofDrafts.has(rule)).map(({ rule, severity, file, line, column }) => `${severity} ${rule} ${file}:${line}:${column}`);
    assert.equal(found.join("\n"), diagnostics ? diagnostics.text : "");
    for (const { info, text } of results.filter((result) => result !== diagnostics)) {
      const view = info || "published";
      const out = temporary(view);
      planpress("build", "--quiet", "--project", project, "--out", out, "--view", view);
      const page = await open(chromium, { script: false });
      await visit(page, folderSite("readme", out), "chapters/example.html");
      const { text: words, addresses } = await page.evaluate(seen);
      await page.close();
      const lines = text.split("\n");
      assert.equal(plain(words), plain(lines.filter((line) => !line.startsWith("→")).join("\n")));
      nothing(lines.filter((line) => line.startsWith("→")).map((line) => line.slice(1).trim()).filter((address) => !addresses.includes(address)).map((address) => `no address ${address} among ${addresses}`));
    }
  });
}

test("the README has an example of every directive and every kind of mark", () => {
  const sources = examples.map(({ source }) => source).join("\n");
  nothing([":::guidance", ":::when", ":::table", ":::fields", ":::signature", ":::laws", ":::annexes", "{#", "when=\"", "[[", "|]]", "\\|", "[[law:", "{{ ", "%%", "[ ]", "[x]", "[^", "rows=", "columns=", "![", "list_level"].filter((mark) => !sources.includes(mark)));
});

test("every command and option in the README's tables exists, and every one that exists is there", () => {
  const help = (...words) => planpress(...words, "--help");
  const section = readme.slice(readme.indexOf("\n## 指令\n"), readme.indexOf("\n## 紙本與 PDF\n"));
  const commands = [...help().matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name);
  assert.deepEqual([...section.matchAll(/^\| `planpress (\w+)/gm)].map(([, name]) => name), commands);
  const options = new Set([help(), ...commands.map((name) => help(name))].flatMap((text) => [...text.matchAll(/--[a-z]+/g)].map(([option]) => option)));
  const short = { "--quiet": "`-q`", "--verbose": "`-v`", "--help": "`-h`", "--version": "`-V`" };
  nothing([...options].filter((option) => !section.includes(option) && !section.includes(short[option] ?? "none")));
  nothing([...section.matchAll(/--[a-z]+/g)].map(([option]) => option).filter((option) => !options.has(option)));
});

test("the README's plan.yaml has only keys that exist, and its foreign key finds a missing row", () => {
  const plan = temporary("settings");
  cpSync(path.join(root, "content"), path.join(plan, "content"), { recursive: true });
  const found = () => JSON.parse(spawnSync(program, ["check", "--project", plan, "--format", "json"], { encoding: "utf8" }).stdout).diagnostics;
  const settings = blocks.find(({ heading, text }) => heading === "專案的樣子" && text.startsWith("title:")).text;
  const known = (text) => {
    writeFileSync(path.join(plan, "content/plan.yaml"), text);
    return found().filter(({ file, rule }) => file === "content/plan.yaml" && rule !== "unused-waiver").map(({ rule, message }) => `${rule}: ${message}`);
  };
  nothing(known(`${settings}\n`));
  // The same with parts instead of chapters and annexes.
  const parts = /^# (parts: .+)$/m.exec(settings)[1].replaceAll(/\[a, b\]/g, "[scope]").replace("[c]", "[team-roster]").replace("[d]", "[references]");
  nothing(known(`${settings.replace(/^(chapters|annexes): .+$/gm, "")}\n${parts}\n`));
  nothing(known(`${settings}\nnonsense: 1\n`).length ? [] : ["a key that does not exist is not found"]);

  const key = /`(foreignKeys: .+?)`/.exec(readme)[1];
  writeFileSync(path.join(plan, "content/data/systems.yaml"), blocks.find(({ info }) => info === "content/data/systems.yaml").text);
  writeFileSync(path.join(plan, "content/data/others.yaml"), `fields: [{ name: name, type: string }]\n${key}\nrows: [{ name: 人事系統 }, { name: 沒有的系統 }]\n`);
  assert.deepEqual(found().filter(({ rule, file }) => rule === "missing-row" && file !== "content/data/core_business.yaml").map(({ file }) => file), ["content/data/others.yaml"]);
});

test("the quick start works as written", async () => {
  const folder = temporary("quick-start");
  const plan = path.join(folder, "my-plan");
  const run = (words, cwd = plan) => {
    const { status, stderr } = spawnSync(program, words, { cwd, encoding: "utf8" });
    assert.equal(status, 0, `planpress ${words.join(" ")}: ${stderr}`);
  };
  run(["init", "my-plan"], folder);
  run(["build", "--view", "draft", "--out", "draft"]);
  assert.ok(existsSync(path.join(plan, "draft/index.html")));
  // The values of step 3, into the file as it was written.
  const agency = path.join(plan, "content/data/agency.yaml");
  const step = blocks.find(({ heading, text }) => heading === "快速上手" && text.trimStart().startsWith("values:"));
  let text = readFileSync(agency, "utf8");
  for (const [, name, value] of step.text.matchAll(/^ +(\w+): (.+)$/gm)) {
    assert.match(text, new RegExp(`^  ${name}: null$`, "m"));
    text = text.replace(new RegExp(`^  ${name}: null$`, "m"), `  ${name}: ${value}`);
  }
  writeFileSync(agency, text);
  run(["check"]);
  run(["build"]);
  const page = await open(chromium);
  await visit(page, folderSite("quick-start", path.join(plan, "public")), "chapters/controls.html");
  assert.match(await page.evaluate(() => document.querySelector(".brand").textContent), /示範機關/);
  assert.equal(await page.evaluate(() => document.querySelectorAll(".condition").length > 0 && document.body.textContent.includes("適用條件：CNS 27001")), false);
  await page.close();
});

test("the theme is changed file by file as the README says", () => {
  const plan = temporary("theme");
  cpSync(path.join(root, "content"), path.join(plan, "content"), { recursive: true });
  mkdirSync(path.join(plan, "themes/default/locales"), { recursive: true });
  const words = readFileSync(path.join(root, "themes/default/locales/zh-Hant-TW.yaml"), "utf8");
  writeFileSync(path.join(plan, "themes/default/locales/zh-Hant-TW.yaml"), words.replace(/^draft: "草案"$/m, 'draft: "草稿"'));
  planpress("build", "--quiet", "--project", plan);
  assert.match(readFileSync(path.join(plan, "public/index.html"), "utf8"), /<span class="state state-draft">草稿</);
});

test("the checksums verify, and a changed file is found", () => {
  const out = path.join(temporary("sums"), "public");
  planpress("build", "--quiet", "--out", out);
  const verify = () => spawnSync("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: out, encoding: "utf8" });
  assert.equal(verify().status, 0);
  writeFileSync(path.join(out, "index.html"), "x");
  assert.notEqual(verify().status, 0);
});

test("exit codes are as the README says", () => {
  const run = (...words) => spawnSync(program, words, { cwd: root, encoding: "utf8" }).status;
  assert.equal(run("check"), 0);
  assert.equal(run("explain", "missing-id"), 0);
  assert.equal(run("nonsense"), 2);
  assert.equal(run("check", "--project", temporary("nowhere")), 2);
  writeFileSync(path.join(project, "content/chapters/example.md"), "---\ntitle: 範例\n---\n\n[[nothing]]\n");
  assert.equal(run("check", "--project", project), 1);
  writeFileSync(path.join(project, "content/chapters/example.md"), "---\ntitle: 範例\n---\n\n## 沒有位址\n");
  assert.equal(run("check", "--project", project), 0);
  assert.equal(run("check", "--project", project, "--deny", "warnings"), 1);
});

test("every file and folder that the README names is in the repository", () => {
  const named = [...readme.matchAll(/`((?:content|themes|tests|src)\/[\w./-]*\w\/?)`/g)].map(([, name]) => name);
  assert.ok(named.length > 5);
  // Pictures and approved editions are an agency's own.
  const own = /^content\/(?:assets|editions)\//;
  nothing([...new Set(named)].filter((name) => !existsSync(path.join(root, name)) && !own.test(name)));
});
