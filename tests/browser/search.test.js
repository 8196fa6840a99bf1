// The search as a reader meets it: over file:// and over HTTP, in Chromium and in Firefox, by key, by finger, with an input method, and what
// a result leads to.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import axeCore from "axe-core";
import puppeteer from "puppeteer-core";
import { launch, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { Index } from "./support/engine.js";
import { build, draft, filled, projects, published, temporary } from "./support/sites.js";

const queries = JSON.parse(readFileSync(new URL("./queries.json", import.meta.url), "utf8"));

let chromium;
let server;
before(async () => {
  chromium = await launch();
  const kinds = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
  server = createServer((request, response) => {
    const file = published.file(decodeURIComponent(new URL(request.url, "http://x").pathname).slice(1));
    const found = existsSync(file);
    response.writeHead(found ? 200 : file.endsWith("favicon.ico") ? 204 : 404, { "content-type": kinds[path.extname(file)] || "text/plain", "cache-control": "max-age=60" });
    response.end(found ? readFileSync(file) : "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
});
after(async () => {
  await chromium.close();
  server.close();
});

/** The dialog's state, once the results of what was typed are there. */
const state = (page) => page.evaluate(() => ({
  status: document.querySelector(".finder-status").textContent,
  options: [...document.querySelectorAll("[role='option']")].map((option) => option.innerText),
  ids: [...document.querySelectorAll("[role='option']")].map((option) => decodeURIComponent(new URL(option.href).hash.slice(1))),
  active: document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.innerText,
  expanded: document.activeElement.getAttribute("aria-expanded"),
}));

async function ask(page, query) {
  await page.evaluate((query) => {
    const input = document.querySelector(".finder [role='combobox']");
    input.value = query;
    document.querySelector(".finder-status").textContent = "";
    input.dispatchEvent(new InputEvent("input"));
  }, query);
  await until(page, `an answer to ${query}`, () => document.querySelector(".finder-status").textContent);
  return state(page);
}

async function openDialog(page) {
  await page.keyboard.press("/");
  await until(page, "the field has the focus", () => document.activeElement.getAttribute("role") === "combobox");
}

test("over file://, with the network cut and the policy on, every query leads to its clause", async () => {
  const page = await open(chromium);
  await visit(page, published, "index.html");
  await openDialog(page);
  const wrong = [];
  for (const { query, finds } of queries) {
    const { ids } = await ask(page, query);
    if (finds.length ? !ids.slice(0, 3).some((id) => finds.includes(id)) : ids.length) wrong.push(`${query}: ${ids.slice(0, 3)}`);
  }
  nothing([...wrong, ...page.problems]);
  await page.close();
});

test("a result lands on its clause, below the bar, with every hit marked; Back goes back", async () => {
  const page = await open(chromium);
  await visit(page, published, "chapters/scope.html");
  await openDialog(page);
  await page.keyboard.type("密碼多久換一次");
  await until(page, "the result", () => document.querySelector("[role='option']"));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await until(page, "the hits are marked", () => CSS.highlights.get("search")?.size > 2);
  const landed = await page.evaluate(() => {
    const clause = document.querySelector(":target");
    return {
      id: clause.id,
      place: decodeURIComponent(location.pathname.split("/").pop() + location.search),
      clear: clause.getBoundingClientRect().top >= document.querySelector(".bar").getBoundingClientRect().bottom,
      outlined: getComputedStyle(clause).boxShadow !== "none",
      words: [...new Set([...CSS.highlights.get("search")].map(String))].sort(),
    };
  });
  assert.deepEqual(landed, { id: "password-change", place: "controls.html?q=密碼多久換一次", clear: true, outlined: true, words: ["一次", "通行碼"] });
  // The citation's address is the clause's, not the search's.
  assert.equal(await page.evaluate(() => document.querySelector("#password-change > a.number").getAttribute("href")), "#password-change");
  // What was asked for is still there to be changed.
  await openDialog(page);
  assert.equal(await page.evaluate(() => document.activeElement.value), "密碼多久換一次");
  await page.keyboard.press("Escape");
  await page.goBack();
  assert.match(page.url(), /scope\.html$/);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("a table's row and a footnote are places to land on", async () => {
  const page = await open(chromium);
  for (const [query, id] of [["網站前臺主機", "risk-assessment.row-1"], ["審查契約中保密條款", "fn-15"]]) {
    await visit(page, published, "index.html");
    await openDialog(page);
    const { ids } = await ask(page, query);
    assert.equal(ids[0], id);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    await settle(page);
    assert.equal(await page.evaluate(() => document.querySelector(":target")?.id), id);
  }
  await page.close();
});

test("every address in the index is an element of its page, in both views", async () => {
  const page = await open(chromium);
  const wrong = [];
  for (const site of [published, draft]) {
    const entries = (await new Index(site.directory).pages()).flatMap(({ path, entries }) => entries.map(({ anchor, text }) => [path, anchor, text]));
    for (const name of new Set(entries.map(([path]) => path))) {
      await visit(page, site, name);
      const missing = await page.evaluate((own) => own.filter(([, id, text]) => {
        const element = document.getElementById(id);
        const plain = (text) => text.replace(/[\s☐☑|]/g, "");
        return !element || !plain(element.textContent).includes(plain(text.split(" | ")[0]).slice(0, 12));
      }), entries.filter(([path]) => path === name));
      wrong.push(...missing.map(([, id, text]) => `${site.name} ${name}#${id}: ${text.slice(0, 40)}`));
    }
  }
  await page.close();
  nothing(wrong);
});

test("arrows, Home and End choose, Enter goes, Esc and a click beside close, Ctrl + K opens", async () => {
  const page = await open(chromium);
  await visit(page, filled, "index.html");
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await until(page, "the field has the focus", () => document.activeElement.getAttribute("role") === "combobox");
  const { options, active, expanded, status } = await ask(page, "稽核");
  assert.ok(options.length > 3 && /找到|列出/.test(status), status);
  assert.deepEqual([active, expanded], [options[0], "true"]);
  const chosen = async (key) => {
    await page.keyboard.press(key);
    return (await state(page)).active;
  };
  assert.equal(await chosen("ArrowUp"), options[0]);
  assert.equal(await chosen("ArrowDown"), options[1]);
  assert.equal(await chosen("End"), options.at(-1));
  assert.equal(await chosen("ArrowDown"), options.at(-1));
  assert.equal(await chosen("Home"), options[0]);
  const inside = await page.evaluate(() => {
    const [list, option] = [document.querySelector("[role='listbox']"), document.querySelector("[aria-selected='true']")].map((element) => element.getBoundingClientRect());
    return option.top >= list.top - 1 && option.bottom <= list.bottom + 1;
  });
  assert.equal(inside, true);
  assert.equal((await ask(page, "區塊鏈")).expanded, "false");
  await page.keyboard.press("Enter");
  assert.match(page.url(), /index\.html$/, "nothing is chosen");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.querySelector(".finder").open), false);
  await page.click(".bar .search");
  const field = await (await page.$(".finder input")).boundingBox();
  await page.mouse.move(field.x + 60, field.y + field.height / 2);
  await page.mouse.down();
  await page.mouse.move(5, 400);
  await page.mouse.up();
  assert.equal(await page.evaluate(() => document.querySelector(".finder").open), true, "words that are selected end beside the dialog");
  await page.mouse.click(5, 400);
  assert.equal(await page.evaluate(() => document.querySelector(".finder").open), false);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("Tab goes from the field to the button and nowhere else: the list of results, which scrolls, is no stop at which keys are dead", async () => {
  const page = await open(chromium);
  await visit(page, published, "index.html");
  await openDialog(page);
  await ask(page, "資通安全");
  assert.ok(await page.$eval("#_results", (list) => list.scrollHeight > list.clientHeight), "nothing scrolls");
  const stops = [];
  for (let press = 0; press < 4; press += 1) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.localName));
  }
  assert.ok(stops[0] === "finder-close" && !stops.includes("_results"), String(stops));
  await page.close();
});

test("an excerpt neither begins nor ends within a rare character", async () => {
  const rare = "\u{20bb7}";
  const clauses = [`${rare.repeat(40)}甲通行碼${rare.repeat(60)}`, `通行碼${rare.repeat(60)}`];
  const project = projects(temporary("rare"))("plan", { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": `---\ntitle: 章\nlist_level: 2\n---\n\n${clauses.map((clause) => `1. ${clause}\n`).join("")}` });
  const site = build("rare", "--project", project);
  const page = await open(chromium);
  await visit(page, site, "index.html");
  await openDialog(page);
  await ask(page, "通行碼");
  const shown = await page.$$eval(".snippet", (snippets) => snippets.map(({ textContent }) => [textContent.length, textContent.isWellFormed()]));
  await page.close();
  assert.equal(shown.length, 2);
  assert.ok(shown.every(([length, whole]) => length > 60 && length < 76 && whole), JSON.stringify(shown));
});

test("while an input method composes nothing is searched and no key is ours; what was composed is", async () => {
  const page = await open(chromium);
  await visit(page, published, "index.html");
  await openDialog(page);
  await ask(page, "");
  const session = await page.createCDPSession();
  await session.send("Input.imeSetComposition", { selectionStart: 2, selectionEnd: 2, text: "ㄊㄨㄥ" });
  await settle(page);
  assert.equal((await state(page)).options.length, 0, "not yet");
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true })));
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", keyCode: 229, bubbles: true })));
  await session.send("Input.insertText", { text: "通行碼" });
  await until(page, "the results", () => document.querySelectorAll("[role='option']").length > 2);
  const { active, options } = await state(page);
  assert.equal(active, options[0]);
  await page.close();
});

test("one question is asked at a time, and of those that were typed meanwhile only the last", async () => {
  const page = await open(chromium);
  // An engine that takes its time.
  const slow = () => {
    const make = window.planpressEngine;
    Object.assign(window, { at: 0, most: 0, asked: [] });
    window.planpressEngine = (...first) => {
      const ask = make(...first);
      return async (query) => {
        window.asked.push(query);
        window.most = Math.max(window.most, window.at += 1);
        await new Promise((done) => { setTimeout(done, 200); });
        window.at -= 1;
        return ask(query);
      };
    };
  };
  await page.setRequestInterception(true);
  page.on("request", async (request) => {
    if (!request.url().includes("search-engine")) return request.continue();
    return request.respond({ contentType: "text/javascript", body: `${readFileSync(fileURLToPath(request.url()), "utf8")};(${slow})();` });
  });
  await visit(page, published, "index.html");
  await openDialog(page);
  await page.keyboard.type("通行碼長度 8 碼");
  await until(page, "the last answer", () => window.asked.at(-1) === "通行碼長度 8 碼" && document.querySelector("[role='option']")?.textContent.includes("8 碼"));
  const { asked, most } = await page.evaluate(() => ({ asked: window.asked, most: window.most }));
  assert.equal(most, 1);
  assert.ok(asked.length < "通行碼長度 8 碼".length, asked.join());
  // Enter, pressed before there is an answer, goes to the first result when it is there; another key thinks better of it.
  await page.keyboard.type("以上");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await until(page, "the next answer", () => window.asked.at(-1) === "通行碼長度 8 碼以" && window.at === 0);
  await settle(page);
  assert.equal(await page.$eval(".finder", (dialog) => dialog.open), true);
  await page.keyboard.type("上");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(page.url(), /#password-length$/);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("what an answer needs is asked for at once: by a key that opens, or when a pointer is on its way; nothing of it before", async () => {
  for (const [start, opened] of [[(page) => page.keyboard.press("/"), true], [(page) => page.hover(".bar .search"), false]]) {
    const page = await open(chromium);
    const steps = [];
    for (const step of ["request", "requestfinished"]) {
      page.on(step, (request) => {
        const [, name] = /(search-words|search-engine|search-text|search\/text)[.\w]*\.js/.exec(request.url()) ?? [];
        if (name) steps.push([step, name]);
      });
    }
    await visit(page, published, "index.html");
    assert.deepEqual(steps, []);
    await start(page);
    await until(page, "the engine is there", () => document.querySelector(".finder-status").textContent.includes("附件5"));
    assert.equal(await page.$eval(".finder", (dialog) => dialog.open), opened);
    assert.deepEqual(steps.slice(0, 4).map(([step, name]) => `${step} ${name}`).sort(), ["search-engine", "search-text", "search-words", "search/text"].map((name) => `request ${name}`));
    assert.equal(steps.length, 8);
    assert.deepEqual(page.problems, []);
    await page.close();
  }
});

test("a slip, an empty answer and an index that is not there are said in words", async () => {
  const page = await open(chromium);
  await visit(page, published, "index.html");
  await openDialog(page);
  assert.match((await ask(page, "")).status, /附件5/);
  assert.match((await ask(page, "存取控置")).status, /找不到「存取控置」，以下是「存取控制」。 找到 \d+ 項/);
  assert.match((await ask(page, "區塊鏈")).status, /找不到「區塊鏈」/);
  const { status } = await ask(page, "埠".repeat(400));
  assert.match(status, /找不到「埠+…」/);
  assert.ok(status.length < 120, `${status.length}`);
  assert.match((await ask(page, "<img src=x onerror=alert(1)>")).status, /找不到「<img src=x onerror=alert\(1\)>」/);
  assert.equal(await page.evaluate(() => document.querySelectorAll(".finder img").length), 0);
  await page.close();

  const lost = await open(chromium, { before: () => { Object.defineProperty(HTMLScriptElement.prototype, "src", { set(value) { this.setAttribute("src", String(value).replace("search/version", "search/nothing")); } }); } });
  await visit(lost, published, "index.html");
  await openDialog(lost);
  await until(lost, "the failure is said", () => document.querySelector(".finder-status").textContent.includes("無法載入"));
  await lost.close();
});

test("over HTTP the same holds, every script of the index is asked for by its version, and an index published anew is used at once", async () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const page = await open(chromium, { server: address });
  const asked = [];
  page.on("request", (request) => { if (request.url().includes("/search/")) asked.push(request.url()); });
  await page.goto(`${address}/chapters/scope.html`, { waitUntil: "load" });
  await openDialog(page);
  const { ids } = await ask(page, "特權帳戶");
  assert.equal(ids[0], "privileged-accounts");
  assert.ok(asked.every((url) => /\/search\/\w+\.js\?v=[0-9a-f]+$/.test(url)), String(asked));
  const versions = () => asked.filter((url) => url.includes("version")).length;
  const before = versions();
  await page.keyboard.press("Escape");
  await settle(page);
  await openDialog(page);
  // Only what says which version there is.
  for (let wait = 0; wait < 50 && versions() === before; wait += 1) await new Promise((done) => setTimeout(done, 100));
  assert.equal(versions(), before + 1);
  assert.equal(asked.filter((url) => !url.includes("version")).length, 1);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(page.url(), /controls\.html\?q=.*#privileged-accounts$/);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test("on a phone the dialog fills the screen, a tap opens and goes, and nothing scrolls sideways", async () => {
  const page = await open(chromium, { viewport: phone });
  await visit(page, published, "chapters/controls.html");
  await page.tap(".bar .search");
  const { options } = await ask(page, "委外廠商執行人員保密切結書");
  assert.ok(options.length);
  const box = await page.evaluate(() => {
    const { left, width, height } = document.querySelector(".finder").getBoundingClientRect();
    return { left, wide: width === innerWidth, tall: height === innerHeight, sideways: document.querySelector(".finder").scrollWidth > innerWidth, font: parseFloat(getComputedStyle(document.activeElement).fontSize) };
  });
  assert.deepEqual(box, { left: 0, wide: true, tall: true, sideways: false, font: box.font });
  // A smaller field would make the phone zoom in.
  assert.ok(box.font >= 16);
  await Promise.all([page.waitForNavigation(), page.tap("[role='option']")]);
  assert.match(page.url(), /annexes\/contractor-agreements\.html/);
  await page.close();
});

test("screen readers are given a combobox with a list: no rule of axe is broken, light and dark", async () => {
  for (const scheme of ["light", "dark"]) {
    for (const query of ["", "通行碼", "區塊鏈"]) {
      const page = await open(chromium, { scheme });
      await visit(page, published, "chapters/controls.html");
      await openDialog(page);
      await ask(page, query);
      await page.evaluate(axeCore.source);
      const violations = await page.evaluate(async () => (await axe.run(document.querySelector(".finder"))).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`));
      nothing(violations.map((line) => `${scheme} ${query}: ${line}`));
      await page.close();
    }
  }
});

test("where a browser cannot highlight ranges the hits are marked in the text, and the text stays the same", async () => {
  const page = await open(chromium, { before: () => { delete CSS.highlights; Object.defineProperty(window, "CSS", { value: { escape: CSS.escape, supports: CSS.supports } }); } });
  await visit(page, published, "chapters/controls.html");
  const text = await page.evaluate(() => document.querySelector("main").textContent);
  await page.goto(published.url("chapters/controls.html").replace(/$/, "?q=%E9%80%9A%E8%A1%8C%E7%A2%BC#password-rules"), { waitUntil: "load" });
  await until(page, "marks", () => document.querySelectorAll("main mark.hit").length > 3);
  const [marks, same] = await page.evaluate((text) => [[...new Set([...document.querySelectorAll("main mark.hit")].map((mark) => mark.textContent))], document.querySelector("main").textContent === text], text);
  assert.deepEqual([marks, same], [["通行碼"], true]);
  await page.close();
});

const firefoxPath = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((file) => file && existsSync(file));
test("in Firefox, over file://, the queries lead to their clauses and a result lands with its hits marked", { skip: firefoxPath ? false : "Firefox is not installed: apt-get install firefox-esr" }, async () => {
  const profile = mkdtempSync(path.join(tmpdir(), "planpress-firefox-"));
  const firefox = await puppeteer.launch({
    browser: "firefox",
    executablePath: firefoxPath,
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox: { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9 },
  });
  try {
    const page = await firefox.newPage();
    const problems = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.setViewport(wide);
    await page.goto(published.url("chapters/scope.html"), { waitUntil: "load" });
    await openDialog(page);
    const wrong = [];
    for (const { query, finds } of queries) {
      const { ids } = await ask(page, query);
      if (finds.length ? !ids.slice(0, 3).some((id) => finds.includes(id)) : ids.length) wrong.push(`${query}: ${ids.slice(0, 3)}`);
    }
    await ask(page, "90天");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(page.url(), /controls\.html\?q=.*#password-change$/);
    await page.waitForFunction(() => (CSS.highlights?.get("search")?.size ?? document.querySelectorAll("mark.hit").length) > 0, { timeout: 5_000 });
    nothing([...wrong, ...problems]);
  } finally {
    await firefox.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
