// How quickly the search answers. It runs by itself, after the other files, which run beside one another: what is measured is the page and not
// the machine's other work. The best of a few rounds counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, open, visit } from "./support/browser.js";
import { Index } from "./support/engine.js";
import { published } from "./support/sites.js";

const queries = JSON.parse(readFileSync(new URL("./queries.json", import.meta.url), "utf8"));

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium.close());

/** Opens the search of a page that was opened anew, with a pointer and at the pace of hands, and types: how long the first result takes from the opening, and the answer to each further key. */
async function typed() {
  const page = await open(chromium);
  await visit(page, published, "chapters/scope.html");
  await page.evaluate(() => {
    const pause = () => new Promise((done) => setTimeout(done, 120));
    const status = document.querySelector(".finder-status");
    const input = document.querySelector(".finder [role='combobox']");
    const type = (query) => {
      input.value = query;
      input.dispatchEvent(new InputEvent("input"));
    };
    const answered = () => new Promise((done) => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(performance.now()); });
      observer.observe(status, { childList: true });
    });
    const found = () => document.querySelector(".finder [role='option']");
    window.times = new Promise((done) => {
      document.querySelector(".bar .search").addEventListener("click", async () => {
        const start = performance.now();
        // The page's own listener opens it.
        await null;
        type("通");
        while (!found()) await answered();
        const first = performance.now() - start;
        const keys = [];
        for (const query of ["通行", "通行碼", "通行碼長", "通行碼長度", "通行碼長度 ", "通行碼長度 8"]) {
          await pause();
          const pressed = performance.now();
          type(query);
          keys.push(await answered() - pressed);
        }
        done({ first, keys });
      });
    });
  });
  await page.hover(".bar .search");
  await new Promise((done) => setTimeout(done, 120));
  await page.click(".bar .search");
  const times = await page.evaluate(() => window.times);
  await page.close();
  return times;
}

const best = (values) => Math.min(...values);

test("opening and the first result take at most 100 ms, each further key at most 16 ms", async () => {
  const times = [];
  for (let round = 0; round < 8; round += 1) times.push(await typed());
  assert.ok(best(times.map(({ first }) => first)) <= 100, JSON.stringify(times));
  assert.ok(best(times.map(({ keys }) => Math.max(...keys))) <= 16, JSON.stringify(times));
});

test("each key stroke takes the engine at most 16 ms", async () => {
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    const ask = await new Index(published.directory).engine();
    for (const { query } of queries) await ask(query);
    const times = [];
    for (const query of ["資通安全管理審查會議", "委外廠商保密切結書", "使用者權限清查"]) {
      for (let length = 1; length <= query.length; length += 1) {
        const start = performance.now();
        await ask(query.slice(0, length));
        times.push(performance.now() - start);
      }
    }
    rounds.push(times);
  }
  const best = rounds[0].map((_, at) => Math.min(...rounds.map((times) => times[at])));
  assert.ok(Math.max(...best) <= 16, String(best));
});
