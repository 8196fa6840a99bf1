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

test("opening and the first result take at most 100 ms, each further key at most 16 ms", async () => {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await open(chromium);
    await visit(page, published, "chapters/scope.html");
    times.push(await page.evaluate(async () => {
      const status = document.querySelector(".finder-status");
      const input = document.querySelector(".finder [role='combobox']");
      const answered = () => new Promise((done) => {
        const observer = new MutationObserver(() => { observer.disconnect(); done(performance.now()); });
        observer.observe(status, { childList: true });
      });
      const start = performance.now();
      document.querySelector(".bar .search").click();
      input.value = "通";
      await answered();
      const first = performance.now() - start;
      const keys = [];
      for (const query of ["通行", "通行碼", "通行碼長", "通行碼長度", "通行碼長度 ", "通行碼長度 8"]) {
        // As fast as fingers are.
        await new Promise((done) => setTimeout(done, 120));
        const pressed = performance.now();
        input.value = query;
        input.dispatchEvent(new InputEvent("input"));
        keys.push(await answered() - pressed);
      }
      return { first, keys };
    }));
    await page.close();
  }
  const best = (values) => Math.min(...values);
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
