// A plan from an untrusted hand runs nothing in a reader's browser: what could run is refused, and what is published says it in words.
// A canary would sing on the console; so would the policy, so that nothing rests on the policy alone.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, nothing, open, settle, visit } from "./support/browser.js";
import { count, folderSite, program, temporary } from "./support/sites.js";

/** What sings if it runs, in the ways that a page can be talked into running something. */
const attacks = [
  "<script>canary()</script>",
  "<ScRiPt src=//evil.test/x.js></sCrIpT>",
  "<img src=x onerror=canary()>",
  "<svg onload=canary()><animate onbegin=canary() attributeName=x></svg>",
  "<svg><script>canary()</script></svg>",
  "<iframe srcdoc=\"<script>parent.canary()</script>\"></iframe>",
  "<style>*{background:url(https://evil.test/x)}</style>",
  "<link rel=stylesheet href=https://evil.test/x.css>",
  "<meta http-equiv=refresh content=\"0;url=https://evil.test\">",
  "<base href=https://evil.test/>",
  "<form action=https://evil.test><button>x</button></form>",
  "<details open ontoggle=canary()>x</details>",
  "<input autofocus onfocus=canary()>",
  "<math><mtext><table><mglyph><style><img src=x onerror=canary()>",
  "<noscript><p title=\"</noscript><img src=x onerror=canary()>\">",
  "<template><script>canary()</script></template><!--><img src=x onerror=canary()>-->",
  "\"><img src=x onerror=canary()>",
  "' onmouseover='canary()' x='",
  "\" onfocus=\"canary()\" autofocus tabindex=\"1",
  "</title><script>canary()</script>",
  "</script><script>canary()</script>",
  "]]><script>canary()</script>",
  "&lt;script&gt;canary()&lt;/script&gt;",
  "&#60;img src=x onerror=canary()&#62;",
  "{{constructor.constructor('canary()')()}}",
  "${canary()}",
  "\u202e<script>canary()</script>",
];

/** Addresses that run something, or lead somewhere else than they say. */
const addresses = [
  "javascript:canary()",
  "JaVaScRiPt:canary()",
  " javascript:canary()",
  "\tjavascript:canary()",
  "java\tscript:canary()",
  "java%0ascript:canary()",
  "javascript&colon;canary()",
  "javascript&#58;canary()",
  "&#106;avascript:canary()",
  "&#x6A&#x61&#x76&#x61script:canary()",
  "\u0001javascript:canary()",
  "data:text/html,<script>canary()</script>",
  "DATA:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==",
  "data:image/svg+xml,<svg onload=canary()>",
  "vbscript:canary()",
  "view-source:javascript:canary()",
  "blob:https://evil.test/x",
  "filesystem:https://evil.test/x",
  "//evil.test/x",
  "\\\\evil.test\\x",
  "/\\evil.test/x",
  "file:///etc/passwd",
  "assets/../../../etc/passwd",
  "assets/%2e%2e/%2e%2e/etc/passwd",
];

const quoted = (text) => JSON.stringify(text);
const csv = (text) => `"${text.replaceAll('"', '""')}"`;

/** Every place of a plan that takes words, with one text in all of them; the raw text stands in Markdown as well when `raw`. */
function plan(root, { words, raw = true, links = [] }) {
  const write = (name, text) => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const safe = words.replace(/[\\`*_{}[\]()#+\-.!|<>&:~%"'$^]/g, "\\$&");
  write("content/plan.yaml", `title: ${quoted(words)}\ndocument: { number: ${quoted(words)}, classification: ${quoted(words)}, classifications: [${quoted(words)}, 乙] }\nchapters: [a, b]\nannexes: [form]\n`);
  write("content/chapters/a.md", [
    `---\ntitle: ${quoted(words)}\nunit: ${quoted(words)}\nfulfils: [x]\n---\n`,
    `## ${safe} {#one}\n`,
    `${raw ? words : safe}\n`,
    `1. ${safe} {#item}\n2. [[item|${safe.replace(/\\[|[\]]/g, "")}]]、{{ words.text }}、{{ agency.name }}、[[law:x]]、[[law:x#1]]\n`,
    ":::table rows\n\n:::\n",
    ":::table paper\n\n:::\n",
    ...links.map((url) => `[文字](<${url.replace(/[<>\n]/g, "")}>) ![圖](<${url.replace(/[<>\n]/g, "")}> ${quoted(words.replace(/["\n]/g, ""))})\n`),
    "文字[^n]。\n",
    `[^n]: ${safe}\n`,
    `\`${words.replaceAll("`", "")}\`\n`,
    `\`\`\`html\n${words}\n\`\`\`\n`,
    `\`\`\`${words.replace(/[`\n]/g, "")}\n碼\n\`\`\`\n`,
    `:::guidance\n\n${safe}\n\n:::\n`,
    `:::when agency.kind == 'x'\n\n${safe}\n\n:::\n`,
  ].join("\n"));
  write("content/chapters/b.md", `---\ntitle: 乙\n---\n\n## 節 {#two}\n\n見[[one]]、[[a]]、[[form]]。\n`);
  write("content/annexes/form.md", `---\ntitle: ${quoted(words)}\nnumber: ${quoted(words)}\n---\n\n:::fields\n\n- ${safe}：${safe}\n  - [ ] ${safe}\n\n:::\n\n:::signature\n\n- ${safe}\n\n:::\n`);
  write("content/data/words.yaml", `text: ${quoted(words)}\n`);
  write("content/data/agency.yaml", `fields:\n  - { name: name, title: ${quoted(words)}, type: string }\n  - { name: kind, title: ${quoted(words)}, type: string, constraints: { enum: [x, y] }, categories: [{ value: x, label: ${quoted(words)} }, { value: y, label: 丁 }] }\nvalues: { name: ${quoted(words)}, kind: null }\n`);
  write("content/data/rows.yaml", `title: ${quoted(words)}\nfields:\n  - { name: a, title: ${quoted(words)}, type: string, unit: ${quoted(words)} }\n  - { name: b, title: 乙, format: markdown }\n  - { name: c, title: 丙, type: list, constraints: { enum: [${quoted(words)}] } }\nrows:\n  - { a: ${quoted(words)}, b: ${quoted(safe)}, c: [${quoted(words)}] }\n`);
  write("content/data/paper.yaml", "title: 紙\nfields: [{ name: a, title: 甲 }]\n");
  write("content/data/paper.csv", `a\n${csv(words)}\n`);
  write("content/data/laws.yaml", `laws:\n  - { id: x, title: ${quoted(words)}, aliases: [${quoted(words)}], publisher: ${quoted(words)}, version: ${quoted(words)}, url: ${quoted(links[0] || "https://example.gov.tw/")} }\n`);
  write("content/data/requirements.yaml", `law: x\narticle: 1\nrequirements:\n  - { id: x, item: 1, title: ${quoted(words)} }\n`);
  write("content/data/synonyms.yaml", `synonyms: [[${quoted(words)}, 乙]]\nignored: [${quoted(words)}]\n`);
  write("themes/default/locales/zh-Hant-TW.yaml", ["menu", "copied", "copy_citation", "search_none", "search_found", "outline", "ledger", "watermark", "footnote_back", "print_page", "region_main", "scheme_dark"].map((key) => `${key}: ${quoted(words + "{n}{text}{title}")}\n`).join(""));
  return write;
}

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** The canary, in every frame; and what a page must not have, whatever the policy says. */
const canary = () => {
  window.canary = () => console.error("the canary sang");
  for (const name of ["alert", "confirm", "prompt"]) window[name] = window.canary;
};
const inspect = () => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    if (["iframe", "object", "embed", "base", "form", "style", "frame", "applet"].includes(element.localName)) found.push(`<${element.localName}>`);
    if (element.localName === "script" && !/^(\.\.\/)?(assets|search)\//.test(element.getAttribute("src") || "")) found.push("<script>");
    if (element.localName === "meta" && /refresh/i.test(element.httpEquiv)) found.push("<meta refresh>");
    for (const { name, value } of element.attributes) {
      if (/^on|^srcdoc$|^formaction$|^ping$/.test(name)) found.push(`${element.localName} ${name}`);
      if (["href", "src", "xlink:href", "action"].includes(name)) {
        const { protocol, host } = new URL(value, location.href);
        const leaves = element.localName === "a" && element.classList.contains("external") && ["http:", "https:"].includes(protocol);
        if (!leaves && (!["file:", "http:"].includes(protocol) || host !== location.host)) found.push(`${element.localName} ${name}=${value}`);
      }
    }
  }
  return found;
};

/** Opens every page of a folder, uses what can be used, and says what went wrong. */
async function look(site, name) {
  const page = await open(chromium, { before: canary });
  const wrong = [];
  for (const file of site.pages) {
    await visit(page, site, file);
    wrong.push(...(await page.evaluate(inspect)));
    await page.evaluate(() => { for (const element of document.querySelectorAll("main *")) for (const kind of ["mouseover", "mouseenter", "focusin"]) element.dispatchEvent(new MouseEvent(kind, { bubbles: true })); });
    await settle(page);
    wrong.push(...page.problems);
  }
  // Copying, previews and search show the words of the plan again.
  await visit(page, site, "chapters/b.html");
  await page.hover("main a[data-preview]");
  await page.waitForFunction(() => !document.querySelector(".preview").hidden, { timeout: 5_000 });
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement.matches("[role='combobox']"), { timeout: 5_000 });
  for (const query of ["canary", "乙", "<img src=x onerror=canary()>"]) {
    await page.$eval("[role='combobox']", (field) => { field.value = ""; });
    await page.keyboard.type(query);
    await page.waitForFunction(() => document.querySelector(".finder-status").textContent, { timeout: 5_000 });
    await settle(page);
    wrong.push(...(await page.evaluate(inspect)), ...page.problems);
  }
  await page.close();
  return wrong.map((line) => `${name}: ${line}`);
}

/** Builds a plan and says how it ended. */
function build(root) {
  const { status, stderr } = spawnSync(program, ["--color", "never", "--lang", "en", "build", "--view", "draft"], { cwd: root, encoding: "utf8" });
  assert.ok([0, 1].includes(status), `ended with ${status}: ${stderr}`);
  return { built: status === 0, said: stderr };
}

test("words that would be markup are words everywhere: Markdown, front matter, data, CSV, laws, locale", async () => {
  const wrong = [];
  let published = 0;
  // A few in each plan, so that one that ends the text of another is among them.
  const sayable = attacks.filter((words) => !words.includes("{{"));
  for (let from = 0; from < sayable.length; from += 7) {
    const words = sayable.slice(from, from + 7).join(" ");
    const root = temporary("words");
    plan(root, { words, raw: false });
    const { built, said } = build(root);
    if (!built) wrong.push(`${words}: is not published as words: ${said}`);
    else wrong.push(...(await look(folderSite(words, path.join(root, "public")), words)));
    published += sayable.slice(from, from + 7).length;
  }
  count("inputs", published);
  nothing(wrong);
});

test("raw markup in Markdown is refused, or comes out as words", async () => {
  const wrong = [];
  let refused = 0;
  for (const [index, words] of attacks.entries()) {
    const root = temporary(`raw-${index}`);
    plan(root, { words: "甲", raw: false })("content/chapters/b.md", `---\ntitle: 乙\n---\n\n## 節 {#two}\n\n見[[one]]。\n\n${words}\n\n文 ${words} 文\n\n| 欄 |\n| --- |\n| ${words.replaceAll("|", "\\|")} |\n`);
    const { built, said } = build(root);
    if (!built) {
      refused += 1;
      if (!/error/.test(said)) wrong.push(`${words}: no reason is given`);
      continue;
    }
    const site = folderSite(words, path.join(root, "public"));
    site.pages = ["chapters/b.html", "print.html"];
    wrong.push(...(await look(site, words)));
  }
  count("inputs", attacks.length);
  assert.ok(refused > attacks.length / 2, `only ${refused} refused`);
  nothing(wrong);
});

test("addresses that run something or leave the project are refused, as links, pictures and addresses of laws", async () => {
  const wrong = [];
  for (const [index, url] of addresses.entries()) {
    const root = temporary(`address-${index}`);
    plan(root, { words: "甲", links: [url] });
    const { built, said } = build(root);
    if (built) {
      const site = folderSite(url, path.join(root, "public"));
      site.pages = ["chapters/a.html", "laws.html", "print.html"];
      const found = await look(site, url);
      wrong.push(...(found.length ? found : [`${url}: is published: ${said}`]));
    }
  }
  count("inputs", addresses.length);
  nothing(wrong);
});

test("attachments and pictures that could run are refused whatever their names, and odd names break nothing", async () => {
  const svg = (inside) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inside}</svg>`;
  const files = {
    "a.html": "<p>", "a.HTM": "<p>", "a.xhtml": "<p>", "a.js": "x", "a.dat": "<!doctype html><script>canary()</script>", a: "<html>", "a.png": "  <script>canary()</script>",
    "a.svg": svg("<script>canary()</script>"), "b.svg": svg("<path onload='canary()'/>"), "c.svg": svg("<use href='data:image/svg+xml,x'/>"), "d.SVG": svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='canary()'/></foreignObject>"),
    "e.svg": svg("<a xlink:href='&#x6a;avascript:canary()'><text>x</text></a>"), "f.svg": "\ufeff<?xml version='1.0' encoding='utf-7'?><svg/>", "g.svgz": "x", "h.xml": "<x/>", "i.mhtml": "x", "j.hta": "x", "k.url": "x",
  };
  const wrong = [];
  for (const [name, text] of Object.entries(files)) {
    const root = temporary("attachment");
    plan(root, { words: "甲" })(`content/assets/${name}`, text);
    const { built, said } = build(root);
    if (built || !said.includes("active-content")) wrong.push(`${name} is published: ${said}`);
  }
  const root = temporary("names");
  const write = plan(root, { words: "甲" });
  // Pictures of the kind that a browser parses.
  const names = ["\"onerror=canary() x=\".svg", "'><img src=x onerror=canary()>.svg".replaceAll("/", "_"), "javascript:canary().svg", "&quot;.svg", "%22%3E.svg", "a#b?c.svg", "空 白　😀.svg"];
  for (const name of names) write(`content/assets/${name}`, '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write("content/chapters/b.md", `---\ntitle: 乙\n---\n\n## 節 {#two}\n\n見[[one]]。\n\n${names.map((name) => `![圖](assets/${encodeURIComponent(name).replace(/[()']/g, (c) => "%" + c.charCodeAt(0).toString(16))})\n`).join("\n")}`);
  const { built, said } = build(root);
  if (!built) wrong.push(`odd names are not published: ${said}`);
  else wrong.push(...(await look(folderSite("names", path.join(root, "public")), "names")));
  count("inputs", Object.keys(files).length + names.length);
  nothing(wrong);
});

test("the preview shows what is wrong with a hostile plan in words, and runs none of it", { timeout: 60_000 }, async () => {
  const root = temporary("preview");
  const write = plan(root, { words: attacks.join(" "), links: addresses.slice(0, 12) });
  write("content/chapters/b.md", `---\ntitle: 乙\n---\n\n## 節 {#two}\n\n${attacks.map((words) => `[[${words.replace(/[[\]|\n]/g, "")}]] {{ a.${words} }} ${words}\n`).join("\n")}`);
  const server = spawn(program, ["--lang", "en", "serve", "--port", "0"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  try {
    let said = "";
    const address = await new Promise((ready, failed) => {
      const hear = (piece) => {
        said += piece;
        const found = /Preview: (\S+)/.exec(said);
        if (found) ready(found[1]);
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.on("exit", () => failed(new Error(`the preview ended: ${said}`)));
    });
    const page = await open(chromium, { server: address, before: canary });
    await page.goto(address, { waitUntil: "load" });
    await page.waitForFunction(() => [document.body, document.querySelector("planpress-preview")?.shadowRoot.querySelector(".problems")].some((part) => part?.innerText.includes("canary")), { timeout: 20_000 });
    await settle(page);
    // While nothing could be compiled yet, every address is answered with 503.
    assert.deepEqual(page.problems.filter((line) => !/status of 503/.test(line)), []);
    await page.close();
  } finally {
    server.kill();
  }
  count("inputs", 1);
});
