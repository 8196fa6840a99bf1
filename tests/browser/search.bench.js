// How long a reader waits for search results over file://, in Chromium, and how many bytes are read for them: node tests/browser/search.bench.js
// PLANPRESS_SITE names the folder of another built site than the template's. Nothing is judged here: machines are noisy. The first page of a
// browser that has just started stands for itself: much of what it waits for is the browser.

import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch, open, visit } from "./support/browser.js";
import { Index } from "./support/engine.js";
import { folderSite, published } from "./support/sites.js";

const site = process.env.PLANPRESS_SITE ? folderSite("bench", path.resolve(process.env.PLANPRESS_SITE)) : published;
const queries = JSON.parse(readFileSync(new URL("./queries.json", import.meta.url), "utf8")).filter(({ who }) => who === "given").map(({ query }) => query);

const chromium = await launch();
const [cold, warm, bytes] = [[], [], []];
for (const query of queries) {
  const page = await open(chromium);
  const read = new Set();
  page.on("request", (request) => { if (request.url().includes("/search/")) read.add(request.url()); });
  await visit(page, site, site.pages.find((name) => name.startsWith("chapters/")));
  const first = await page.evaluate(async (query) => {
    const [status, input] = [document.querySelector(".finder-status"), document.querySelector(".finder input")];
    window.answered = () => new Promise((done) => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(performance.now()); });
      observer.observe(status, { childList: true });
    });
    input.value = query;
    const start = performance.now();
    document.querySelector(".bar .search").click();
    return await window.answered() - start;
  }, query);
  cold.push(first);
  bytes.push([...read].reduce((sum, url) => sum + statSync(fileURLToPath(url.split("?")[0])).size, 0));
  warm.push(await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector(".finder input").dispatchEvent(new InputEvent("input"));
    return await window.answered() - start;
  }));
  await page.close();
}
await chromium.close();

const [start] = cold.splice(0, 1);
const line = (name, values, digits = 1) => {
  values.sort((a, b) => a - b);
  const shown = [values[0], values[values.length >> 1], values.at(-1)].map((value) => value.toFixed(digits).padStart(10)).join("");
  console.log(name.padEnd(34) + shown);
};
console.log(`${queries.length} queries`.padEnd(34) + ["min", "median", "max"].map((word) => word.padStart(10)).join(""));
line("the first page of all, ms", [start]);
line("opening and first result, ms", cold);
line("the same again, ms", warm);
line("read from search/, bytes", bytes, 0);

// The same first results as reading everything, where there are shards.
const index = new Index(site.directory);
const [, [, kind]] = await index.load("version");
if (kind) {
  const whole = await index.wholeEngine();
  let [same, all] = [0, 0];
  for (const query of queries) {
    const ask = await index.engine();
    const three = async (engine) => JSON.stringify(((await engine(query))?.results ?? []).slice(0, 3).map(({ score }) => score.toFixed(3)));
    same += await three(ask) === await three(whole);
    all += 1;
  }
  console.log(`the same three best scores as reading everything: ${same} of ${all}`);
}
