// Firefox ESR, over WebDriver BiDi, opens the same pages over file:// as well: the strict policy, styles and scripts hold there too.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { nothing } from "./support/browser.js";
import { draft, filled } from "./support/sites.js";

const executable = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((file) => file && existsSync(file));
const skip = executable ? false : "Firefox is not installed: apt-get install firefox-esr";

let firefox;
let profile;
before(async () => {
  if (skip) return;
  profile = mkdtempSync(path.join(tmpdir(), "planpress-firefox-"));
  firefox = await puppeteer.launch({
    browser: "firefox",
    executablePath: executable,
    headless: true,
    userDataDir: profile,
    // Everything but files goes to a proxy that is not there.
    extraPrefsFirefox: { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9 },
  });
});
after(async () => {
  await firefox?.close();
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** A page whose console errors and exceptions are collected. */
async function open(viewport = { width: 1440, height: 900 }) {
  const page = await firefox.newPage();
  page.problems = [];
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(error.message));
  await page.setViewport(viewport);
  return page;
}

for (const site of [draft, filled]) {
  test(`in Firefox every page of the ${site.name} site opens with its styles and scripts and without an error, and none scrolls sideways`, { skip }, async () => {
    const wrong = [];
    const page = await open();
    for (const name of site.pages) {
      page.problems.length = 0;
      await page.setViewport({ width: 1440, height: 900 });
      await page.goto(site.url(name), { waitUntil: "load" });
      const alive = await page.evaluate(() => [
        getComputedStyle(document.body).fontFamily.includes("Noto Sans TC"),
        getComputedStyle(document.querySelector(".skip")).position === "fixed",
        document.documentElement.classList.contains("scripted"),
      ]);
      if (!alive.every(Boolean)) wrong.push(`${name}: text style, page style and scripts at work: ${alive}`);
      for (const width of [1440, 768, 450]) {
        await page.setViewport({ width, height: 900 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const extra = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (extra > 0) wrong.push(`${name} at ${width} px: ${extra} px too wide`);
      }
      wrong.push(...page.problems.map((problem) => `${name}: ${problem}`));
    }
    await page.close();
    nothing(wrong);
  });
}

test("in Firefox the target is marked, a reference shows its preview, a note stands in the margin, the keys work and a citation is copied", { skip }, async () => {
  const page = await open();
  await page.goto(filled.url("chapters/controls.html#password-length"), { waitUntil: "load" });
  const target = await page.evaluate(() => {
    const clause = document.querySelector(":target");
    return { id: clause.id, marked: getComputedStyle(clause).boxShadow !== "none", clear: clause.getBoundingClientRect().top >= document.querySelector(".bar").getBoundingClientRect().bottom - 1 };
  });
  assert.deepEqual(target, { id: "password-length", marked: true, clear: true });

  await page.hover("main a[data-preview]");
  await page.waitForFunction(() => !document.querySelector(".preview").hidden, { timeout: 5_000 });
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.querySelector(".preview").hidden), true);

  const margin = await page.evaluate(() => document.querySelector(".footnote").getBoundingClientRect().left > document.querySelector("main .opening").getBoundingClientRect().right);
  assert.equal(margin, true);

  await page.evaluate(() => {
    document.addEventListener("copy", () => { window.copied = document.activeElement.value; }, true);
    if (navigator.clipboard) Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } });
  });
  await page.focus("#password-length > a.number");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.copied, { timeout: 5_000 });
  assert.equal(await page.evaluate(() => window.copied), `示範機關資通安全維護計畫（草案），玖、二、(二)、1、(1)\n${filled.url("chapters/controls.html#password-length")}`);

  await page.keyboard.press("?");
  assert.equal(await page.evaluate(() => document.querySelector(".help").open), true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("]");
  await page.waitForFunction(() => location.pathname.endsWith("incident-response.html"), { timeout: 5_000 });
  assert.deepEqual(page.problems, []);
  await page.close();
});
