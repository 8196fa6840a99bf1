// The preview: the page follows the files without losing the reader's place, and tells what is wrong and what is open.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, nothing, open, phone, settle, until, wide } from "./support/browser.js";
import { Preview } from "./support/preview.js";
import { planpress } from "./support/sites.js";

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
const words = (text, where = page) => until(where, `「${text}」 is on the page`, (text) => document.querySelector("main")?.textContent.includes(text), text);

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
  await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".reopen:not([hidden])").click());
  assert.ok(await page.evaluate(showsProblems), "and it can be looked at again");
  await page.keyboard.press("Escape");
  preview.edit("content/chapters/controls.md", "[[accounts-managment]]", "[[account-management]]");
  await words("通行碼長度 9 碼以上");
  assert.ok(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden));
  assert.ok(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector(".reopen").hidden), "there is nothing left to look at");
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

const offline = () => !document.querySelector("planpress-preview").shadowRoot.querySelector(".offline").hidden;
const showsProblems = () => !document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden;
const quiet = (problem) => !/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|ABORTED)|status of 503/.test(problem);

test("a server that is stopped is told a moment later, for as long as it is away", async () => {
  page = await look("chapters/scope.html");
  await preview.stop();
  const start = Date.now();
  await until(page, "the notice is there", offline);
  assert.ok(Date.now() - start > 1000, "a server that is back at once is not told");
  // The browser asks again every half second; the notice stays all the same.
  for (let sample = 0; sample < 25; sample += 1) {
    assert.ok(await page.evaluate(offline), `${sample}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  await preview.start();
  await until(page, "the notice is gone", () => !document.querySelector("planpress-preview").shadowRoot.querySelector(".offline:not([hidden])"));
  assert.ok(await page.evaluate(swappedInPlace));
  nothing(page.problems.filter(quiet));
});

test("a server that begins with a mistake takes no page away: an open window keeps its place below the mistake, and is up to date when it is mended", async () => {
  page = await look("chapters/controls.html");
  await page.evaluate(() => document.getElementById("password-length").scrollIntoView({ block: "start" }));
  await page.evaluate(() => scrollBy({ top: -200, behavior: "instant" }));
  await settle(page);
  const stood = await topOf("password-length");
  await preview.stop();
  preview.edit("content/chapters/controls.md", "通行碼長度 8 碼以上", "通行碼長度 14 碼以上，見 [[nowhere]]");
  await preview.start();
  await until(page, "the mistake is told", showsProblems);
  assert.match(await page.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector("h2").textContent), /as it last was/);
  // Longer than a reload takes.
  await new Promise((done) => setTimeout(done, 500));
  assert.ok(await page.evaluate(swappedInPlace));
  assert.ok(Math.abs((await topOf("password-length")) - stood) < 1.5);
  // A window that is opened now has nothing to show, and does not say that it had.
  const other = await open(chromium, { viewport: wide, server: preview.url });
  await other.goto(`${preview.url}/chapters/controls.html?q=x#password-length`);
  await until(other, "the mistake is told there, too", () => document.querySelector("planpress-preview") && !document.querySelector("planpress-preview").shadowRoot.querySelector(".problems").hidden);
  assert.equal(await other.evaluate(() => document.querySelector("planpress-preview").shadowRoot.querySelector("h2").textContent), "Errors: 1");
  assert.equal(await other.evaluate(() => document.querySelectorAll("main a").length), 0, "no link leads away from the address");
  const missing = await open(chromium, { viewport: wide, server: preview.url });
  await missing.goto(`${preview.url}/chapters/nothing.html`);

  preview.edit("content/chapters/controls.md", "，見 [[nowhere]]", "");
  await words("通行碼長度 14 碼以上");
  assert.ok(await page.evaluate(swappedInPlace));
  assert.ok(!(await page.evaluate(showsProblems)));
  assert.ok(Math.abs((await topOf("password-length")) - stood) < 1.5, "it is the place that was read");
  const lit = await page.evaluate(() => document.getAnimations().filter((animation) => animation.id === "planpress-changed").length);
  assert.equal(lit, 0, "what every clause of the plan is, none of them lights up");
  await words("通行碼長度 14 碼以上", other);
  assert.ok((await other.evaluate(() => location.href)).endsWith("/chapters/controls.html?q=x#password-length"));
  await until(other, "the clause that was asked for is in view", () => {
    const box = document.getElementById("password-length")?.getBoundingClientRect();
    return box?.top >= 0 && box.bottom <= innerHeight;
  });
  // A page that the plan does not have is told to be missing, no longer to come.
  await until(missing, "there is no such page", () => document.querySelector("h1")?.textContent === "No such page");
  await missing.close();
  await other.close();
  nothing(page.problems.filter(quiet));
});

/** Of the list of open points: how far it is scrolled, where an entry stands, and which entry has the focus. */
const listed = (words) => {
  const root = document.querySelector("planpress-preview").shadowRoot;
  const entry = [...root.querySelectorAll(".open-points li")].find((entry) => entry.textContent.includes(words));
  return {
    scrolled: root.querySelector(".list").scrollTop,
    top: entry?.getBoundingClientRect().top,
    focused: root.activeElement?.closest("li")?.textContent,
    control: root.activeElement?.className || root.activeElement?.localName,
  };
};

test("the list of open points stays where it is at each save, with the focus on its entry or the next", async () => {
  page = await look("chapters/controls.html");
  const comment = "這裡要再查";
  // Two of them at the end of a chapter, where the list has to be scrolled to.
  preview.edit("content/chapters/training.md", "\n---\n", `\n---\n\n第一段。%%${comment}甲%%\n\n第二段。%%${comment}乙%%\n`);
  await until(page, "both are listed", (comment) => document.querySelector("planpress-preview").shadowRoot.querySelector(".list").textContent.includes(`${comment}乙`), comment);
  await page.evaluate((comment) => {
    const root = document.querySelector("planpress-preview").shadowRoot;
    root.querySelector(".open-points").open = true;
    const place = [...root.querySelectorAll(".open-points li")].find((entry) => entry.textContent.includes(`${comment}甲`)).querySelector(".place");
    place.scrollIntoView({ block: "center" });
    place.focus();
  }, comment);
  const before = await page.evaluate(listed, `${comment}甲`);
  assert.ok(before.scrolled > 100 && before.focused.includes(`${comment}甲`) && before.control === "place", JSON.stringify(before));
  // An entry fewer above it, and one more; its own line moves.
  preview.edit("content/data/agency.yaml", "  name: null", "  name: 示範機關");
  preview.edit("content/chapters/training.md", "第一段。", "前一段。%%先看這個%%\n\n第一段。");
  await until(page, "both edits are listed", () => {
    const text = document.querySelector("planpress-preview").shadowRoot.querySelector(".list").textContent;
    return text.includes("先看這個") && !text.includes("agency.yaml:75");
  });
  const after = await page.evaluate(listed, `${comment}甲`);
  assert.ok(Math.abs(after.top - before.top) < 1.5, JSON.stringify([before, after]));
  assert.ok(after.focused.includes(`${comment}甲`) && after.control === "place", JSON.stringify(after));
  assert.notEqual(after.focused, before.focused, "the place in the file is another");
  // Done: the next has the focus, and the list does not jump.
  preview.edit("content/chapters/training.md", `%%${comment}甲%%`, "");
  await until(page, "it is listed no more", (comment) => !document.querySelector("planpress-preview").shadowRoot.querySelector(".list").textContent.includes(`${comment}甲`), comment);
  const done = await page.evaluate(listed, `${comment}乙`);
  assert.ok(done.focused.includes(`${comment}乙`) && done.control === "place", JSON.stringify(done));
  assert.ok(Math.abs(done.scrolled - after.scrolled) < 100, JSON.stringify([after, done]));
  nothing(page.problems);
});

test("the bar, the terminal and `status` count the same, a blank that shows in several places once", async () => {
  page = await look("index.html");
  const counted = () => document.querySelector("planpress-preview").shadowRoot.querySelector(".open-points summary").textContent.match(/\d+/g).map(Number);
  const said = () => Number(preview.said.match(/Open before approval: (\d+)(?!.*Open before approval)/s)[1]);
  const status = () => JSON.parse(planpress("status", "--format", "json", "--project", preview.project));
  const blanks = async () => (await page.evaluate(() => [...document.querySelector("planpress-preview").shadowRoot.querySelectorAll(".open-points li")].map((entry) => entry.textContent))).filter((text) => text.includes("agency.yaml:75"));
  assert.deepEqual(await page.evaluate(counted), [status().waiting]);
  for (let turn = 0; !preview.said.includes("Open before approval") && turn < 100; turn += 1) await new Promise((done) => setTimeout(done, 50));
  assert.equal(said(), status().waiting);
  assert.equal((await blanks()).length, 1);
  assert.ok((await blanks())[0].includes("機關名稱"));
  assert.equal(await page.evaluate(() => Number(document.querySelector(".open-points .count").textContent)), status().parts.flatMap((part) => part.open).filter(({ rule }) => rule === "blank").length, "the cover says the same");
  // What a plan accepts or turns off is not open anywhere; what holds back no approval is counted beside.
  preview.edit("content/plan.yaml", "theme: default", "checks: { blank: off }\ntheme: default");
  preview.write("content/chapters/scope.md", `${preview.read("content/chapters/scope.md")}\n[^unused]: 沒有用到的註。\n`);
  const { waiting, total } = status();
  assert.ok(total > waiting);
  await until(page, "what holds back no approval is counted beside", (counts) => {
    const text = document.querySelector("planpress-preview").shadowRoot.querySelector(".open-points summary").textContent;
    return `${text.match(/\d+/g)}` === counts;
  }, `${[waiting, total - waiting]}`);
  // The terminal's line comes by another way than the page's event.
  for (let turn = 0; said() !== waiting && turn < 100; turn += 1) await new Promise((done) => setTimeout(done, 50));
  assert.equal(said(), waiting);
  nothing(page.problems);
});

test("an open search answers from the plan as it is now", async () => {
  page = await look("chapters/controls.html");
  await page.keyboard.press("/");
  await page.keyboard.type("量子電腦");
  await until(page, "nothing is found", () => document.querySelector(".finder-status").textContent.includes("量子電腦"));
  // The edit is of another page than the one that is shown.
  preview.edit("content/chapters/scope.md", "\n---\n", "\n---\n\n量子電腦另定之。\n");
  await until(page, "it is found", () => document.querySelector("#_results a")?.textContent.includes("量子電腦"));
  preview.edit("content/chapters/scope.md", "量子電腦另定之", "量子電腦與光學電腦另定之");
  await until(page, "it says what stands there now", () => document.querySelector("#_results a")?.textContent.includes("光學電腦"));
  // Another synonym changes no page.
  preview.edit("content/data/synonyms.yaml", "synonyms:\n", "synonyms:\n  - [光子機器, 光學電腦]\n");
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.keyboard.type("光子機器");
  await until(page, "the synonym is known", () => document.querySelector("#_results a")?.textContent.includes("光學電腦"));
  assert.deepEqual(await page.evaluate(() => {
    const input = document.querySelector(".finder input");
    return [document.querySelector(".finder").open, input.value, document.activeElement === input, input.selectionStart, input.selectionEnd];
  }), [true, "光子機器", true, 4, 4], "whoever types goes on typing");
  // Closing it closes nothing below.
  preview.edit("content/chapters/scope.md", "光學電腦另定之", "光學電腦見 [[nowhere]]");
  await until(page, "the mistake is told", showsProblems);
  await page.keyboard.press("Escape");
  assert.deepEqual([await page.evaluate(() => document.querySelector(".finder").open), await page.evaluate(showsProblems)], [false, true]);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.evaluate(showsProblems)));
  assert.ok(await page.evaluate(swappedInPlace));
  nothing(page.problems);
});
