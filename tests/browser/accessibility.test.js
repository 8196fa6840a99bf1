// axe-core finds nothing to object to, on each kind of page, light and dark, wide and narrow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, until, visit, wide } from "./support/browser.js";
import { approved, pages as amendments } from "./support/amended.js";
import { draft, filled, kinds } from "./support/sites.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** What axe objects to on the page as it stands, by rule: every WCAG 2.2 A and AA rule, and axe's own best practice. */
async function objections(page, rules = {}) {
  // Handed over by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const { violations, passes } = await window.axe.run(document, { rules, resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return {
      rules: passes.length + violations.length,
      found: violations.map(({ id, impact, nodes }) => `${impact} ${id} × ${nodes.length}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`),
    };
  }, rules);
}

for (const scheme of ["light", "dark"]) {
  for (const [width, viewport] of Object.entries({ wide, phone })) {
    test(`axe finds nothing on any kind of page (${scheme}, ${width})`, async () => {
      const page = await open(chromium, { scheme, viewport });
      const wrong = [];
      for (const [site, names] of [[draft, kinds], [filled, ["index.html", "chapters/controls.html", "annexes/asset-register.html"]]]) {
        for (const name of names) {
          await visit(page, site, name);
          const { rules, found } = await objections(page);
          assert.ok(rules > 20, `only ${rules} rules ran`);
          wrong.push(...found.map((line) => `${site.name} ${name}: ${line}`));
        }
      }
      for (const [site, name] of amendments) {
        await visit(page, site, name);
        wrong.push(...(await objections(page)).found.map((line) => `${site.name} ${name}: ${line}`));
      }
      await page.close();
      nothing(wrong);
    });
  }
}

test("axe finds nothing on the print page", async () => {
  const page = await open(chromium);
  await visit(page, filled, "print.html");
  nothing((await objections(page)).found);
  await page.close();
});

test("axe finds nothing while the help, a preview, a note, a clause's menu or the outline is open", async () => {
  const wrong = [];
  // While something lies over the page, axe measures what is left of the links below it.
  const look = async (page, what) => wrong.push(...(await objections(page, { "target-size": { enabled: false } })).found.map((line) => `${what}: ${line}`));
  const page = await open(chromium);
  await visit(page, filled, "chapters/scope.html");
  await page.keyboard.press("?");
  await look(page, "help");
  await page.keyboard.press("Escape");
  await visit(page, filled, "chapters/training.html");
  await page.hover("main a[data-preview]");
  await until(page, "the preview opens", () => !document.querySelector(".preview").hidden);
  await look(page, "preview");
  await page.goto("about:blank");
  await page.goto(approved.url("chapters/controls.html") + "?edition=1.0#asset-use.1");
  await until(page, "the note of the older edition comes", () => document.querySelector(".edition-note p")?.textContent);
  await look(page, "edition note");
  await page.close();
  const touch = await open(chromium, { viewport: phone });
  await visit(touch, filled, "chapters/organisation.html");
  await touch.tap(".footnote-mark > a");
  await until(touch, "the note opens", () => document.querySelector(".note-in-place"));
  await touch.tap(".items > li > .anchor");
  await until(touch, "the clause's menu opens", () => document.querySelector(".clause-menu"));
  await look(touch, "note and clause menu");
  await touch.tap(".menu");
  await look(touch, "outline");
  await touch.close();
  nothing(wrong);
});
