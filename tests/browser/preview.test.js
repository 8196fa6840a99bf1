// The preview: the page follows the files without losing the reader's place, and tells what is wrong and what is open.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, nothing, open, phone, settle, until, wide } from "./support/browser.js";
import { Preview } from "./support/preview.js";

let chromium;
let preview;
let page;
before(async () => { chromium = await launch(); });
after(() => chromium.close());
beforeEach(async () => { preview = await new Preview().start(); });
afterEach(async () => {
  await page?.close();
  page = null;
  await preview.stop();
});

/** Opens a page of the preview and waits until it listens. */
async function look(name, options = {}) {
  const opened = await open(chromium, { viewport: wide, server: preview.url, ...options });
  // What a page throws away must not be mistaken for a page that was swapped in place.
  await opened.goto(`${preview.url}/${name}`, { waitUntil: "load" });
  await settle(opened);
  await until(opened, "the preview says what is open", () => document.querySelector("planpress-preview")?.shadowRoot.querySelector(".open-points summary, .problems li"));
  await opened.evaluate(() => { window.sameDocument = true; });
  return opened;
}

const swappedInPlace = () => window.sameDocument === true;
const shadow = (selector) => document.querySelector("planpress-preview").shadowRoot.querySelector(selector);

/** Waits until words stand on the page. */
const words = (text, where = page) => until(where, `「${text}」 is on the page`, (text) => document.querySelector("main").textContent.includes(text), text);

/** Where a clause stands on the screen. */
const topOf = (id) => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, id);

test("an edit is swapped in place, the changed clause lights up, and the page's own scripts still work on it", async () => {
  page = await look("chapters/controls.html");
  preview.edit("content/chapters/controls.md", "通行碼長度 8 碼以上", "通行碼長度 12 碼以上");
  await words("通行碼長度 12 碼以上");
  assert.ok(await page.evaluate(swappedInPlace));
  const lit = await page.evaluate(() => document.getAnimations().filter((animation) => animation.id === "planpress-changed").map((animation) => animation.effect.target.closest(".clause").id));
  assert.deepEqual(lit, ["password-length"]);
  // The number and the tools of a clause that was swapped in.
  preview.edit("content/chapters/controls.md", "通行碼長度 12 碼以上。 {#password-length}", "新的一項，見附註。[^new]\n   1. 通行碼長度 12 碼以上。 {#password-length}\n\n[^new]: 新註腳。");
  preview.edit("content/chapters/controls.md", "新的一項，見附註。[^new]\n   1. 通行碼長度 12 碼以上。 {#password-length}\n\n[^new]: 新註腳。", "新的一項。\n   1. 通行碼長度 12 碼以上。 {#password-length}");
  await words("新的一項。");
  const numbers = await page.evaluate(() => {
    const clause = document.getElementById("password-length");
    return [clause.previousElementSibling.querySelector(".number").textContent, clause.querySelector(".number").textContent, clause.dataset.number.slice(-3)];
  });
  assert.deepEqual(numbers, ["(1)", "(2)", "(2)"]);
  await page.hover("#password-length .text");
  await until(page, "the clause has its tools", () => document.querySelector("#password-length > .copy.source"));
  nothing(page.problems);
});

test("what is being read stays where it is when something above, at or below it changes", async () => {
  page = await look("chapters/controls.html");
  const file = "content/chapters/controls.md";
  await page.evaluate(() => document.getElementById("password-length").scrollIntoView({ block: "start" }));
  await page.evaluate(() => scrollBy({ top: -200, behavior: "instant" }));
  await settle(page);
  const before = await topOf("password-length");
  const position = () => page.evaluate(() => scrollY);
  const start = await position();
  assert.ok(start > 600, `${start}`);

  // Above: three paragraphs more before the first section.
  preview.edit(file, "\n## ", "\n新的第一段，說明本章的範圍與目的。\n\n新的第二段，說明本章的範圍與目的。\n\n新的第三段，說明本章的範圍與目的。\n\n## ");
  await words("新的第三段");
  await settle(page);
  assert.ok((await position()) > start + 40, "the page above grew");
  assert.ok(Math.abs((await topOf("password-length")) - before) < 1.5, `${await topOf("password-length")} was ${before}`);

  // At: the clause itself says more, and one is put in right before it.
  preview.edit(file, "通行碼長度 8 碼以上", "通行碼長度應為 16 碼以上，且不得與前三次使用過的通行碼相同");
  await words("應為 16 碼以上");
  await settle(page);
  assert.ok(Math.abs((await topOf("password-length")) - before) < 1.5);

  // Below: a section more at the end.
  const now = await position();
  preview.write(file, preview.read(file) + "\n## 最後新增的一節 {#appended}\n\n新的內容。\n");
  await words("最後新增的一節");
  await settle(page);
  assert.equal(await position(), now);
  assert.ok(Math.abs((await topOf("password-length")) - before) < 1.5);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll(".outline a")].some((link) => link.textContent.includes("最後新增的一節"))), "the outline has it");
  assert.ok(await page.evaluate(() => [...document.querySelectorAll(".toc a")].some((link) => link.hash === "#appended")), "the page's contents have it");
  assert.ok(await page.evaluate(swappedInPlace));
  nothing(page.problems);
});

test("a mistake is laid over the last good page with its place, excerpt and help, and goes away when it is mended", async () => {
  page = await look("chapters/controls.html");
  preview.edit("content/chapters/controls.md", "通行碼長度 8 碼以上", "通行碼長度 9 碼以上，見 [[accounts-managment]]");
  await until(page, "the overlay appears", () => !document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden);
  const text = await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").innerText);
  for (const part of ["accounts-managment", "unknown-reference", "content/chapters/controls.md:", "account-management"]) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.equal(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector("mark").textContent), "[[accounts-managment]]");
  assert.ok(await page.evaluate(() => document.querySelector("main").textContent.includes("通行碼長度 8 碼以上")), "the last good page is there");
  assert.match(preview.said, /unknown-reference/);
  assert.match(preview.said, /errors; the pages stay as they were/);
  // A page opened now is the last good one, and says what is wrong as well.
  const other = await look("chapters/scope.html");
  assert.ok(await other.evaluate(() => !document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden));
  await other.close();
  await page.keyboard.press("Escape");
  assert.ok(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden), "Esc closes it");
  preview.edit("content/chapters/controls.md", "[[accounts-managment]]", "[[account-management]]");
  await words("通行碼長度 9 碼以上");
  assert.ok(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden));
  assert.ok(await page.evaluate(swappedInPlace));
  nothing(page.problems);
});

test("data, plan.yaml and the theme are followed; a style needs no reload of the page", async () => {
  page = await look("chapters/scope.html");
  preview.edit("content/data/agency.yaml", "  name: null", "  name: 示範機關");
  await until(page, "the agency's name is in the bar", () => document.querySelector(".bar .agency")?.textContent === "示範機關");
  preview.edit("content/plan.yaml", "title: 資通安全維護計畫", "title: 本機關資通安全計畫");
  await until(page, "the title is in the bar and above the window", () => document.querySelector(".bar .plan").textContent === "本機關資通安全計畫" && document.title.endsWith("本機關資通安全計畫"));
  preview.write("themes/default/styles/text.css", "body { background: rgb(1, 2, 3) }");
  await until(page, "the new style is in force", () => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
  await until(page, "the old style sheet is gone", () => document.querySelectorAll("link[rel='stylesheet']").length === 4);
  preview.write("themes/default/locales/zh-Hant-TW.yaml", "outline: 章節一覽\n");
  await until(page, "the theme's words are followed", () => document.querySelector("#_outline-title").textContent === "章節一覽");
  assert.ok(await page.evaluate(swappedInPlace));
  // A template that cannot be read is a mistake like any other.
  preview.write("themes/default/templates/facts.html", "{{ chaptr.title }}");
  await until(page, "the template's mistake is told", () => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").textContent.includes("themes/default/templates/facts.html"));
  preview.remove("themes/default/templates/facts.html");
  await until(page, "and goes away", () => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden);
  // A script runs from its beginning, on a page that is loaded anew, which for a moment has no body.
  preview.write("themes/default/scripts/keys.js", "document.body.dataset.own = 'yes';");
  await until(page, "the new script ran", () => document.body?.dataset.own === "yes");
  assert.ok(!(await page.evaluate(swappedInPlace)));
  nothing(page.problems.filter((problem) => !problem.includes("net::ERR_ABORTED")));
});

test("a chapter that is added, renamed or deleted takes its readers along", async () => {
  page = await look("chapters/scope.html");
  preview.write("content/chapters/extra.md", "---\ntitle: 新增的一章\n---\n\n## 第一節 {#extra-first}\n\n1. 內容。 {#extra-item}\n");
  preview.edit("content/plan.yaml", "  - scope", "  - scope\n  - extra");
  await until(page, "the outline has the new chapter", () => [...document.querySelectorAll(".outline a")].some((link) => link.textContent.includes("新增的一章")));
  await page.goto(`${preview.url}/chapters/extra.html#extra-item`);
  await until(page, "it listens", () => document.querySelector("planpress-preview"));
  // Renamed: the page is where its clauses are.
  preview.write("content/chapters/renamed.md", preview.read("content/chapters/extra.md"));
  preview.remove("content/chapters/extra.md");
  preview.edit("content/plan.yaml", "  - extra", "  - renamed");
  await until(page, "the reader is on the renamed chapter", () => location.pathname === "/chapters/renamed.html" && location.hash === "#extra-item" && document.readyState === "complete");
  await until(page, "it listens again", () => document.querySelector("planpress-preview")?.shadowRoot.querySelector(".open-points summary"));
  // Deleted: there is nothing like it any more.
  preview.remove("content/chapters/renamed.md");
  preview.edit("content/plan.yaml", "  - renamed\n", "");
  await until(page, "the reader is on the cover", () => location.pathname === "/index.html");
});

test("200 edits in a row end in the pages of a cold build, byte for byte", async () => {
  page = await look("chapters/controls.html");
  const file = "content/chapters/controls.md";
  const original = preview.read(file);
  const files = ["content/chapters/scope.md", "content/data/agency.yaml", "content/plan.yaml"].map((name) => [name, preview.read(name)]);
  for (let edit = 0; edit < 200; edit += 1) {
    const text = original.replace("通行碼長度 8 碼以上", `通行碼長度 ${8 + (edit % 5)} 碼以上，第 ${edit} 次`);
    // Some saves rename, some write in place, some move everything below, some are wrong for a moment.
    if (edit % 7 === 3) preview.write(file, text.replace("{#password-length}", "{#password-length"));
    if (edit % 3) preview.write(file, edit % 2 ? text : text.replace("\n## ", "\n多一段。\n\n## "));
    else preview.save(file, text);
    if (edit % 20 === 5) for (const [name, before] of files) preview.write(name, edit % 40 === 5 ? before.replace("null", `"第 ${edit} 個值"`) : before);
    if (edit % 10 === 0) await words(`第 ${edit} 次`);
  }
  await words("第 199 次");
  const cold = preview.built();
  cold.delete(".planpress");
  for (const [name, text] of cold) {
    for (let tries = 0; ; tries += 1) {
      const served = await preview.served(name);
      if (served === text) break;
      assert.ok(tries < 100, `${name} differs from a cold build`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  // What is on the screen is what a window opened now would show.
  const shown = () => document.querySelector("article").outerHTML.replace(/ class="[^"]*"| style="[^"]*"|<button.*?<\/button>/g, "");
  const followed = await page.evaluate(shown);
  const fresh = await look("chapters/controls.html");
  assert.equal(followed, await fresh.evaluate(shown));
  await fresh.close();
  assert.ok(await page.evaluate(swappedInPlace));
});

test("several windows follow, and all of them again after the server was restarted", async () => {
  page = await look("chapters/scope.html");
  const other = await look("chapters/core-business.html");
  const third = await look("print.html");
  preview.edit("content/chapters/scope.md", "\n---\n", "\n---\n\n第一次的話。\n");
  await words("第一次的話");
  await words("第一次的話", third);
  preview.edit("content/chapters/core-business.md", "\n---\n", "\n---\n\n第二次的話。\n");
  await words("第二次的話", other);
  await preview.stop("SIGKILL");
  preview.edit("content/chapters/scope.md", "第一次的話", "重新啟動時的話");
  await preview.start();
  await until(page, "the page follows again", () => document.querySelector("main").textContent.includes("重新啟動時的話"));
  preview.edit("content/chapters/scope.md", "重新啟動時的話", "重新啟動後的話");
  await words("重新啟動後的話");
  await words("重新啟動後的話", third);
  assert.ok(await page.evaluate(swappedInPlace));
  await other.close();
  await third.close();
});

test("a hidden window holds no connection, and catches up when it is seen", async () => {
  page = await look("chapters/scope.html");
  const hide = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await hide(true);
  preview.edit("content/chapters/scope.md", "\n---\n", "\n---\n\n沒人看的時候。\n");
  await new Promise((done) => setTimeout(done, 400));
  assert.ok(!(await page.evaluate(() => document.querySelector("main").textContent.includes("沒人看的時候"))));
  await hide(false);
  await words("沒人看的時候");
});

test("the draft's bar counts what is open and leads to each place; a published view has none and keeps drafting notes away", async () => {
  page = await look("index.html");
  const bar = await page.evaluate(() => {
    const points = document.querySelector("planpress-preview").shadowRoot.querySelector(".open-points");
    points.open = true;
    return {
      count: Number(points.querySelector("summary").textContent.match(/\d+/)[0]),
      items: points.querySelectorAll("li").length,
      links: [...points.querySelectorAll("a")].map((link) => link.pathname + link.hash),
      places: [...points.querySelectorAll(".place")].map((button) => button.textContent),
      texts: [...points.querySelectorAll("li")].map((point) => point.textContent),
      heads: [...points.querySelectorAll("h3")].map((head) => head.textContent),
    };
  });
  assert.ok(bar.count >= 20 && bar.items === bar.count, JSON.stringify(bar));
  assert.deepEqual(bar.texts.filter((text) => /is blank|not decided yet/i.test(text)), [], "what is to be filled in or decided is counted once");
  assert.ok(bar.heads.some((head) => head.startsWith("Blanks")) && bar.heads.some((head) => head.startsWith("Undecided")), `${bar.heads}`);
  assert.ok(bar.places.every((place) => /^content\/\S+:\d+$/.test(place)), `${bar.places}`);
  // Every link leads to something that is there.
  for (const link of new Set(bar.links)) {
    const [path, hash] = link.split("#");
    const text = await preview.served(path.slice(1));
    assert.ok(!hash || text.includes(`id="${decodeURIComponent(hash)}"`), link);
  }
  // A value that is filled in is open no more.
  preview.edit("content/data/agency.yaml", "  name: null", "  name: 示範機關");
  await until(page, "the count went down", (count) => Number(document.querySelector("planpress-preview").shadowRoot.querySelector(".open-points summary").textContent.match(/\d+/)[0]) < count, bar.count);
  await page.setViewport(phone);
  await settle(page);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "nothing sticks out on a phone");
  await preview.stop();
  preview.words = ["--view", "published"];
  await preview.start();
  const published = preview.built("published");
  for (const name of ["index.html", "chapters/controls.html", "print.html"]) assert.equal(await preview.served(name), published.get(name), name);
  await until(page, "the bar is gone", () => document.querySelector("planpress-preview").shadowRoot.querySelector(".open-points").hidden);
});

test("a plan that cannot be compiled yet is waited for", async () => {
  await preview.stop();
  const good = preview.read("content/plan.yaml");
  preview.write("content/plan.yaml", "title: [");
  await preview.start();
  page = await open(chromium, { server: preview.url });
  const response = await page.goto(`${preview.url}/chapters/scope.html`);
  assert.equal(response.status(), 503);
  await until(page, "the mistake is told", () => document.querySelector("planpress-preview")?.shadowRoot.querySelector(".problems").textContent.includes("content/plan.yaml"));
  preview.write("content/plan.yaml", good);
  await until(page, "the plan is there", () => document.querySelector("main .chapter#scope"));
});
