// Every page of every site opens over file:// with the network cut, and everything it points at is there.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, nothing, open, visit } from "./support/browser.js";
import { sites } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** What a page is and points at, read from the live document. */
function facts() {
  const addresses = (selector, attribute) => [...document.querySelectorAll(selector)].map((element) => ({ kind: element.localName, raw: element.getAttribute(attribute), url: element[attribute] }));
  const references = [];
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "for"])
    for (const element of document.querySelectorAll(`[${name}]`)) references.push(...element.getAttribute(name).split(/\s+/));
  // The marks of regions look like the marks of a directive that was not understood.
  for (const mark of document.querySelectorAll(".region")) mark.firstElementChild.remove();
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.localName[1]));
  return {
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
    addresses: [...addresses("a[href], link[href]", "href"), ...addresses("script[src], img[src]", "src")],
    references,
    language: document.documentElement.lang,
    title: document.title,
    h1: headings.filter((level) => level === 1).length,
    main: document.querySelectorAll("main").length,
    policy: document.querySelector("meta[http-equiv='Content-Security-Policy']")?.content,
    text: document.body.innerText,
  };
}

for (const site of sites) {
  test(`every page of the ${site.name} site opens without an error, a policy violation, a failed request or a request for anything but a file`, async (t) => {
    const page = await open(chromium);
    const pages = new Map();
    const wrong = [];
    for (const name of site.pages) {
      await visit(page, site, name);
      wrong.push(...page.problems.map((problem) => `${name}: ${problem}`));
      // What a script adds later is not in the file, so inline code is looked for there.
      const inline = readFileSync(site.file(name), "utf8").match(/<style|<script(?![^>]*\ssrc=)|<[^>]*\s(style|on\w+)=|javascript:/g);
      pages.set(name, { inline, ...(await page.evaluate(facts)) });
      // Over file:// a page cannot read its own style sheets and scripts; that both work shows in what they do.
      const alive = await page.evaluate(() => [
        getComputedStyle(document.body).fontFamily.includes("Noto Sans TC"),
        getComputedStyle(document.querySelector(".skip")).position === "fixed",
        document.documentElement.classList.contains("scripted"),
      ]);
      if (!alive.every(Boolean)) wrong.push(`${name}: text style, page style and scripts at work: ${alive}`);
    }
    await page.close();
    nothing(wrong);
    assert.ok(pages.size >= 39, `only ${pages.size} pages`);

    await t.test("every link, file and in-page target resolves inside the site", () => {
      const broken = [];
      const linked = new Set(["index.html"]);
      for (const [name, page] of pages) {
        const ids = new Set(page.ids);
        if (ids.size !== page.ids.length) broken.push(`${name}: an id stands twice: ${page.ids.filter((id, index) => page.ids.indexOf(id) !== index)}`);
        broken.push(...page.references.filter((id) => !ids.has(id)).map((id) => `${name}: no element has the id ${id}`));
        for (const { kind, raw, url } of page.addresses) {
          if (/^https?:/.test(url)) {
            // Only the official text of a law leaves the site, and only from the page of laws.
            if (kind !== "a" || name !== "laws.html") broken.push(`${name}: leaves the site: ${raw}`);
            continue;
          }
          const address = new URL(url);
          const file = fileURLToPath(address.href.split("#")[0]);
          const relative = path.relative(site.directory, file).split(path.sep).join("/");
          if (relative.startsWith("..") || raw.startsWith("/")) broken.push(`${name}: leaves the folder: ${raw}`);
          else if (!existsSync(file) || !statSync(file).isFile()) broken.push(`${name}: no such file: ${raw}`);
          else if (address.hash) {
            const target = pages.get(relative);
            const id = decodeURIComponent(address.hash.slice(1));
            if (!target) broken.push(`${name}: a fragment of something that is no page: ${raw}`);
            else if (!target.ids.includes(id)) broken.push(`${name}: no such place: ${raw}`);
          } else if (address.href.endsWith("#")) broken.push(`${name}: an empty fragment: ${raw}`);
          if (kind === "a") linked.add(relative);
        }
      }
      broken.push(...[...pages.keys()].filter((name) => !linked.has(name)).map((name) => `${name}: no page links to it`));
      nothing(broken);
    });

    await t.test("every page says its language and policy, has a title of its own, one h1, one main, and nothing inline", () => {
      const wrong = [];
      const titles = new Map();
      for (const [name, page] of pages) {
        if (page.language !== "zh-Hant-TW") wrong.push(`${name}: lang is ${page.language}`);
        if (titles.has(page.title)) wrong.push(`${name}: has the title of ${titles.get(page.title)}`);
        titles.set(page.title, name);
        if (page.h1 !== 1) wrong.push(`${name}: ${page.h1} h1`);
        if (page.main !== 1) wrong.push(`${name}: ${page.main} main`);
        if (page.inline) wrong.push(`${name}: inline: ${page.inline}`);
        if (!page.policy?.startsWith("default-src 'none'") || /unsafe|https?:|\*|data:|blob:/.test(page.policy)) wrong.push(`${name}: policy ${page.policy}`);
      }
      nothing(wrong);
    });

    await t.test("no page shows a trace of the program: templates, unresolved markup, replacement characters", () => {
      const wrong = [];
      for (const [name, page] of pages) {
        // The site map names the mark of a region.
        const text = page.text.replaceAll("「:::」", "");
        const trace = /\{\{|\}\}|\{%|%\}|%%|:::|\[\[|\]\]|\[\^|\{#|�|\bundefined\b|\bNaN\b|\bnull\b/.exec(text);
        if (trace) wrong.push(`${name}: ${text.slice(Math.max(0, trace.index - 20), trace.index + 30)}`);
      }
      nothing(wrong);
    });
  });
}
