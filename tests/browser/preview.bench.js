// How long an edit takes to be seen in Chromium, by part: `node tests/browser/preview.bench.js [FOLDER [CHAPTER]]`. Prints minimum, median
// and maximum in milliseconds, from the end of the write: to the reload event, to the new words in the page, to the frame that shows them.

import { cpSync } from "node:fs";
import path from "node:path";
import { launch, open } from "./support/browser.js";
import { Preview } from "./support/preview.js";

const [folder, chapter = "controls"] = process.argv.slice(2);
const edits = 31;
const preview = new Preview();
if (folder) cpSync(path.join(folder, "content"), preview.file("content"), { recursive: true, force: true });
await preview.start();
const chromium = await launch();
const page = await open(chromium, { server: preview.url });
await page.goto(`${preview.url}/chapters/${chapter}.html`, { waitUntil: "load" });
await page.evaluate(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.seen = {};
  new EventSource("/_planpress/events?page=bench").addEventListener("reload", () => { window.seen.event ??= now(); });
  new MutationObserver(() => {
    if (!window.wanted || !document.querySelector("main").textContent.includes(window.wanted)) return;
    window.seen.words ??= now();
    // The frame after the next: the one that shows the words is then on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => { window.seen.painted ??= now(); }));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});

const file = `content/chapters/${chapter}.md`;
const original = preview.read(file);
const times = { event: [], words: [], painted: [] };
for (let edit = 0; edit < edits; edit += 1) {
  // Until the last edit has stopped lighting up, as between an editor's saves.
  await new Promise((done) => setTimeout(done, 2000));
  const wanted = `第 ${edit} 次。`;
  await page.evaluate((wanted) => { window.seen = {}; window.wanted = wanted; }, wanted);
  preview.write(file, `${original}\n\n${wanted}\n`);
  const start = performance.timeOrigin + performance.now();
  await page.waitForFunction(() => window.seen.painted, { polling: 20 });
  const seen = await page.evaluate(() => window.seen);
  for (const [part, list] of Object.entries(times)) list.push(seen[part] - start);
}
for (const [part, list] of Object.entries(times)) {
  list.sort((a, b) => a - b);
  const [min, median, max] = [list[0], list[edits >> 1], list[edits - 1]].map((time) => time.toFixed(1).padStart(8));
  console.log(`write to ${part.padEnd(10)}${min}${median}${max}`);
}
await chromium.close();
await preview.stop();
