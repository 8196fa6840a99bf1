// The Nu Html Checker, run here and offline, finds nothing wrong with any page.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { nothing } from "./support/browser.js";
import { approved, documents, modified } from "./support/amended.js";
import { folderSite, sites } from "./support/sites.js";

const jar = path.join(path.dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };

/** Of a plan with a history, the pages on which it shows. */
const amended = [approved, modified].map((site) => Object.assign(folderSite(site.name, site.directory), { pages: site.pages.filter((name) => /^(editions\/|index|chapters\/training)/.test(name)) }));
const checked = [...sites, ...amended, documents];

/** Serves the sites on this machine alone, each in a folder of its number: read as a file, a page has no origin, and the checker would hold that its policy's 'self' forbids its own styles. */
async function served(use) {
  const server = createServer((request, response) => {
    const [, number, ...rest] = path.normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname)).split(path.sep);
    const file = path.join(checked[Number(number)].directory, ...rest);
    response.setHeader("Content-Type", types[path.extname(file)] || "application/octet-stream");
    createReadStream(file).on("error", () => response.writeHead(404).end()).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** What the checker says of every page. It is started once for all sites: to start takes it longer than most pages do. */
let messages;
before(async () => {
  messages = await served(async (address) => {
    const pages = checked.flatMap((site, number) => site.pages.map((name) => `${address}/${number}/${name}`));
    // The checker refuses addresses of this machine unless told otherwise.
    const words = ["-Xss8m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", jar, "--stdout", "--exit-zero-always", "--format", "json", ...pages];
    const { stdout } = await promisify(execFile)("java", words, { maxBuffer: 1 << 26 });
    return JSON.parse(stdout).messages.map((message) => ({ ...message, page: new URL(message.url).pathname }));
  });
});

for (const [number, site] of checked.entries()) {
  test(`the HTML checker finds no error and has no warning about any page of the ${site.name} site`, () => {
    const found = messages.filter(({ page }) => page.startsWith(`/${number}/`));
    nothing(found.map(({ page, lastLine, lastColumn, type, subType, message, extract }) => `${page}:${lastLine}:${lastColumn}: ${subType || type}: ${message} ${extract || ""}`));
  });
}

test("the checker would have found something", async () => {
  const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const folder = mkdtempSync(path.join(tmpdir(), "planpress-validity-"));
  try {
    writeFileSync(path.join(folder, "bad.html"), "<!doctype html><html lang=\"zh-Hant-TW\"><title>錯</title><p id=a><p id=a><script>0</script>");
    const { stdout } = await promisify(execFile)("java", ["-jar", jar, "--stdout", "--exit-zero-always", "--format", "json", path.join(folder, "bad.html")]);
    assert.ok(JSON.parse(stdout).messages.some(({ type }) => type === "error"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
