// Debian's Chromium, alone and offline: no network, a profile of its own, pages over file:// only. It runs without the browser's own windows,
// bars and menus, which nothing here looks at and which took a fifth of the tests' time.
// Everything that goes wrong on a page is collected, so that a test can say that nothing did.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";

const executable = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((file) => file && existsSync(file));

/** The widths that every page must serve, with the kind of device each stands for. */
export const widths = {
  320: { width: 320, height: 640, hasTouch: true, isMobile: true },
  375: { width: 375, height: 812, hasTouch: true, isMobile: true },
  768: { width: 768, height: 1024, hasTouch: true },
  1024: { width: 1024, height: 768 },
  1440: { width: 1440, height: 900 },
};
export const wide = widths[1440];
export const middle = widths[1024];
export const phone = widths[375];

/** Starts a browser, for which the given made-up names of hosts are this machine. `close` ends it and removes its profile. */
export async function launch({ hosts = [] } = {}) {
  if (!executable) throw new Error("Chromium is not installed: apt-get install chromium-headless-shell");
  const profile = mkdtempSync(path.join(tmpdir(), "planpress-chromium-"));
  const browser = await puppeteer.launch({
    executablePath: executable,
    // Another program is a whole Chromium, which can hide its windows.
    headless: executable.endsWith("headless-shell") ? "shell" : true,
    userDataDir: profile,
    protocolTimeout: 240_000,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
      // No name resolves, so that nothing can leave this machine; previews are served from it.
      `--host-resolver-rules=${hosts.map((host) => `MAP ${host} 127.0.0.1 , `).join("")}MAP * ~NOTFOUND , EXCLUDE 127.0.0.1`,
    ],
  });
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/**
 * A page with the network cut. `page.problems` collects console errors and warnings, exceptions, policy violations, failed requests and
 * requests for anything but a file, or with a `server` for anything but its pages.
 */
export async function open(chromium, { viewport = wide, scheme = "light", media, script = true, features = [], before, server, tab = Boolean(server) } = {}) {
  // Previews are looked at side by side; a tab behind another is hidden, and does not listen.
  const page = await chromium.browser.newPage(tab ? { type: "window" } : {});
  page.problems = [];
  page.on("console", (message) => {
    if (["error", "warn", "warning", "assert"].includes(message.type())) page.problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.problems.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => page.problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(server ?? "file:")) page.problems.push(`request: ${request.url()}`);
  });
  await page.setOfflineMode(!server);
  await page.setViewport(viewport);
  await page.setJavaScriptEnabled(script);
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", {
    media: media || "",
    features: [{ name: "prefers-color-scheme", value: scheme }, ...features],
  });
  if (script) {
    await page.evaluateOnNewDocument(() => {
      document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    if (before) await page.evaluateOnNewDocument(before);
  }
  return page;
}

/** Opens a page of a site and waits until it stands still. */
export async function visit(page, site, name) {
  // A page in the background draws no frames.
  await page.bringToFront();
  // A fragment of the page that is open would only scroll.
  if (page.url().split("#")[0] === site.url(name).split("#")[0]) await page.goto("about:blank");
  page.problems.length = 0;
  await page.goto(site.url(name), { waitUntil: "load" });
  await settle(page);
}

/** Two frames: layout, scripts that wait for one, and what they changed. */
export async function settle(page) {
  // Without scripts nothing waits, and no callback would ever come.
  if (!page.isJavaScriptEnabled()) return;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Waits until a condition holds in the page; the sentence is what the failure says. */
export async function until(page, sentence, condition, ...values) {
  try {
    await page.waitForFunction(condition, { timeout: 15_000, polling: 50 }, ...values);
  } catch {
    throw new Error(`never happened: ${sentence}`);
  }
}

/** Fails with what was found wrong, one line each; long lists are cut. */
export function nothing(found) {
  const shown = found.slice(0, 40).join("\n");
  if (found.length) assert.fail(found.length > 40 ? `${shown}\n… ${found.length - 40} more` : shown);
}
