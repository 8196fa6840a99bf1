// axe-core finds nothing to object to, on every page of every site, light and dark, wide and narrow, and in what opens on a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, settle, until, visit, widths } from "./support/browser.js";
import { approved, pages as amendments } from "./support/amended.js";
import { build, count, filled, projects, sites, temporary } from "./support/sites.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

/** Every WCAG 2.2 A and AA rule, and axe's own best practice. */
const every = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Those that look at colours: all that another scheme can break. */
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** What axe objects to on the page as it stands, by rule. */
async function objections(page, { runOnly = every, rules = {} } = {}) {
  // Handed over by the debugger, which the page's policy does not bind. Nothing is preloaded: axe would ask for style sheets over file://.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  return page.evaluate(async (options) => {
    const { violations, passes } = await window.axe.run(document, { ...options, preload: false, resultTypes: ["violations"] });
    return {
      rules: passes.length + violations.length,
      found: violations.map(({ id, impact, nodes }) => `${impact} ${id} × ${nodes.length}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`),
    };
  }, { rules, runOnly });
}

/**
 * Whether all that the other rules look at is as it was when this was asked before: elements with their attributes and words, where each stands,
 * and whether it is seen. The page itself keeps what it was; it is too much to be handed over each time.
 */
const isAsBefore = (page) => page.evaluate(() => {
  const places = [...document.querySelectorAll("*")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height, element.checkVisibility({ visibilityProperty: true, opacityProperty: true })].join(" ");
  });
  const before = window.asBefore;
  window.asBefore = [document.documentElement.outerHTML, ...places].join("\n");
  return before === window.asBefore;
});

/** Every page of every site, shared out among tabs: each page is loaded once and looked at in both schemes and at both widths. */
async function audit(site, pages = site.pages, least = 21) {
  const wrong = [];
  let audited = 0;
  const rest = [...pages];
  const tab = async () => {
    const page = await open(chromium, { tab: true });
    const session = await page.createCDPSession();
    for (let name = rest.shift(); name; name = rest.shift()) {
      await page.setViewport(widths[1440]);
      await visit(page, site, name);
      for (const width of [1440, 320]) {
        // Turning touch on would load the page again; the narrow layouts go by width alone.
        await page.setViewport({ ...widths[width], hasTouch: false, isMobile: false });
        for (const scheme of ["light", "dark"]) {
          await session.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
          await settle(page);
          const light = scheme === "light";
          const same = await isAsBefore(page);
          assert.ok(light || same, `${name}, ${width} px: a dark page differs by more than its colours`);
          const { rules, found } = await objections(page, { runOnly: light ? every : colours });
          assert.ok(rules >= (light ? least : 1), `only ${rules} rules ran`);
          wrong.push(...found.map((line) => `${name}, ${scheme}, ${width} px: ${line}`));
          audited += 1;
        }
      }
    }
    await page.close();
  };
  await Promise.all([tab(), tab()]);
  return { wrong, audited };
}

for (const site of sites) {
  test(`axe finds nothing on any page of the ${site.name} site, light and dark, at 1440 and 320 px`, async () => {
    const { wrong, audited } = await audit(site);
    assert.equal(audited, site.pages.length * 4);
    count("pages", site.pages.length);
    nothing(wrong);
  });
}

test("axe finds nothing on the pages that only a plan with a history has, light and dark, at 1440 and 320 px", async (t) => {
  let audited = 0;
  for (const [site, name] of amendments) {
    // A document of its own has no navigation, search or dialogs to hold rules against.
    const found = await audit(site, [name], site.name === "documents" ? 20 : 21);
    audited += found.audited;
    nothing(found.wrong);
  }
  assert.equal(audited, amendments.length * 4);
  t.diagnostic(`count pages ${audited}`);
});

test("axe finds nothing where one table stands twice on a page, or a table has no head", async () => {
  const table = ":::table t\n\n:::\n\n";
  const site = build("twice", "--project", projects(temporary("twice"))("plan", {
    "plan.yaml": "title: 計畫\nchapters: [a, b]\n",
    "data/t.yaml": "title: 清冊\nfields: [{ name: a, title: 欄, type: string }]\nrows: [{ a: 甲 }]\n",
    "chapters/a.md": `---\ntitle: 甲\n---\n\n${table}文字。\n\n${table}|  |  |\n|---|---|\n| 姓名 | 王 |\n\n|  | 甲級 |\n|---|---|\n| 期限 | 一年 |\n`,
    "chapters/b.md": `---\ntitle: 乙\n---\n\n${table}`,
  }));
  nothing((await audit(site, ["chapters/a.html", "print.html"])).wrong);
});

test("axe finds nothing while the help, a preview, a note, a clause's menu or the outline is open", async () => {
  const wrong = [];
  // While something lies over the page, axe measures what is left of the links below it.
  const look = async (page, what) => wrong.push(...(await objections(page, { rules: { "target-size": { enabled: false } } })).found.map((line) => `${what}: ${line}`));
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
  await touch.tap(".items > li > a.number");
  await until(touch, "the clause's menu opens", () => document.querySelector(".clause-menu"));
  await look(touch, "note and clause menu");
  await touch.tap(".menu");
  await look(touch, "outline");
  await touch.close();
  nothing(wrong);
});
