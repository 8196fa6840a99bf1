// The same pages over plain HTTP, as an intranet serves them: under a name that is not this machine's, in a folder of a larger site,
// where browsers have no clipboard interface.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { launch, nothing, open, settle, until } from "./support/browser.js";
import { serve } from "./support/server.js";
import { filled, sites } from "./support/sites.js";

const host = "isms.agency.test";
const prefix = "/documents/plan/";
const executable = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((file) => file && existsSync(file));

let chromium;
before(async () => { chromium = await launch({ hosts: [host] }); });
after(() => chromium.close());

/** That styles and scripts work on the page. */
const alive = () => getComputedStyle(document.querySelector(".skip")).position === "fixed" && document.documentElement.classList.contains("scripted");

for (const site of sites) {
  test(`over HTTP every page of the ${site.name} site opens without an error and asks its own server for nothing that is not there`, async () => {
    const server = await serve(site.directory, prefix);
    const page = await open(chromium, { server: server.url("", host) });
    const wrong = [];
    for (const name of site.pages) {
      page.problems.length = 0;
      await page.goto(server.url(name, host), { waitUntil: "load" });
      await settle(page);
      if (!(await page.evaluate(alive))) wrong.push(`${name}: styles or scripts do not work`);
      wrong.push(...page.problems.map((line) => `${name}: ${line}`));
    }
    await page.close();
    await server.close();
    wrong.push(...server.asked);
    nothing(wrong);
  });
}

test("under a host's name, where there is no clipboard interface, a citation still comes out where it is pasted", async () => {
  const server = await serve(filled.directory, prefix);
  const page = await open(chromium, { server: server.url("", host) });
  const address = server.url("chapters/controls.html#password-length", host);
  await page.goto(address, { waitUntil: "load" });
  await settle(page);
  assert.deepEqual(await page.evaluate(() => [typeof navigator.clipboard, isSecureContext]), ["undefined", false]);
  await page.focus("#password-length > a.number");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await until(page, "the page says that it copied", () => document.querySelector(".status").textContent.includes("已複製"));
  await page.evaluate(() => document.querySelector("main").append(document.createElement("textarea")));
  await page.focus("main > textarea");
  await page.keyboard.press("v", { commands: ["Paste"] });
  assert.equal(await page.$eval("main > textarea", (field) => field.value), `示範機關資通安全維護計畫（草案），玖、二、(二)、1、(1)\n${address}`);
  assert.deepEqual(page.problems, []);
  await page.close();
  await server.close();
});

test("in Firefox over HTTP every page opens without an error, asks only its own server, and search and citation work", { skip: executable ? false : "Firefox is not installed: apt-get install firefox-esr" }, async () => {
  const server = await serve(filled.directory, prefix);
  const profile = mkdtempSync(path.join(tmpdir(), "planpress-firefox-"));
  const firefox = await puppeteer.launch({
    browser: "firefox",
    executablePath: executable,
    headless: true,
    userDataDir: profile,
    // The made-up name is this machine; everything else goes to a proxy that is not there.
    extraPrefsFirefox: { "network.dns.localDomains": host, "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9, "network.proxy.no_proxies_on": host },
  });
  try {
    const page = await firefox.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    const wrong = [];
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && wrong.push(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error.message}`));
    // The icon is fetched after the page has loaded; a page that is left by then gives it up.
    page.on("requestfailed", (request) => {
      const { errorText } = request.failure() ?? {};
      if (errorText !== "NS_BINDING_ABORTED" || !/\/plan\.\w+\.svg$/.test(request.url())) wrong.push(`failed: ${request.url()} ${errorText}`);
    });
    // Firefox draws its own controls with a font that it carries in an address.
    page.on("request", (request) => request.url().startsWith(server.url("", host)) || request.url().startsWith("data:font/") || wrong.push(`request: ${request.url()}`));
    for (const name of filled.pages) {
      await page.goto(server.url(name, host), { waitUntil: "load" });
      if (!(await page.evaluate(alive))) wrong.push(`${name}: styles or scripts do not work`);
    }
    await page.goto(server.url("chapters/controls.html#password-length", host), { waitUntil: "load" });
    assert.equal(await page.evaluate(() => typeof navigator.clipboard), "undefined");
    await page.evaluate(() => document.addEventListener("copy", () => { window.copied = document.activeElement.value; }, true));
    await page.focus("#password-length > a.number");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.copied && document.querySelector(".status").textContent.includes("已複製"), { timeout: 5_000 });
    assert.match(await page.evaluate(() => window.copied), /玖、二、\(二\)、1、\(1\)\n/);
    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement.matches("[role='combobox']"), { timeout: 5_000 });
    await page.keyboard.type("90天");
    await page.waitForFunction(() => document.querySelector("[role='option']"), { timeout: 5_000 });
    await page.close();
    wrong.push(...server.asked);
    nothing(wrong);
  } finally {
    await firefox.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    await server.close();
  }
});
