// Colours serve every reader: contrast in both schemes, forced colours, reduced motion.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, nothing, open, phone, settle, until, visit, wide } from "./support/browser.js";
import { lowContrast } from "./support/contrast.js";
import { pages as amendments } from "./support/amended.js";
import { draft, filled, kinds } from "./support/sites.js";

let chromium;
before(async () => { chromium = await launch(); });
after(() => chromium.close());

const pages = [...kinds.map((name) => [draft, name]), ...kinds.map((name) => [filled, name]), [filled, "print.html"], [filled, "chapters/controls.html#password-length"], [filled, "laws.html#csma.10"], ...amendments];

for (const scheme of ["light", "dark"]) {
  test(`every text reaches 4.5:1, large text and lines that carry meaning 3:1 (${scheme})`, async () => {
    const wrong = [];
    let total = 0;
    for (const viewport of [wide, phone]) {
      const page = await open(chromium, { viewport, scheme });
      for (const [site, name] of pages) {
        await visit(page, site, name);
        const { pairs, found } = await page.evaluate(lowContrast);
        total += pairs;
        wrong.push(...found.map((line) => `${site.name} ${name} at ${viewport.width} px: ${line}`));
      }
      await page.close();
    }
    nothing(wrong);
    assert.ok(total > 10_000, `only ${total} pairs were looked at`);
  });

  test(`help, preview, open note, clause tools, menu and status reach the same contrast (${scheme})`, async () => {
    const wrong = [];
    const look = async (page, what) => wrong.push(...(await page.evaluate(lowContrast)).found.map((line) => `${what}: ${line}`));
    const page = await open(chromium, { scheme, before: () => Object.defineProperty(navigator, "clipboard", { value: { writeText: async () => {} } }) });
    await visit(page, filled, "chapters/controls.html#password-length");
    await page.hover("#password-length > .text > p");
    await until(page, "the clause under the pointer shows its tools", () => document.querySelector("#password-length > .copy"));
    await look(page, "tools");
    await page.click("#password-length > .copy");
    await until(page, "the page says so", () => document.querySelector("[role='status']").textContent !== "");
    await look(page, "status");
    await page.hover("main a[data-preview]");
    await until(page, "the preview opens", () => !document.querySelector(".preview").hidden);
    await look(page, "preview");
    await page.keyboard.press("?");
    await look(page, "help");
    await page.close();
    const touch = await open(chromium, { scheme, viewport: phone });
    await visit(touch, filled, "chapters/continual-improvement.html");
    await touch.tap(".footnote-mark > a");
    await until(touch, "the note opens", () => document.querySelector(".note-in-place"));
    await touch.tap(".items > li > a.number");
    await until(touch, "the clause's menu opens", () => document.querySelector(".clause-menu"));
    await look(touch, "note and clause menu");
    await touch.tap(".menu");
    await settle(touch);
    await look(touch, "menu");
    await touch.close();
    nothing(wrong);
  });

  test(`what has the focus is ringed at 3:1 (${scheme})`, async () => {
    const page = await open(chromium, { scheme });
    await visit(page, filled, "chapters/controls.html");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const [ring, paper] = await page.evaluate(() => [getComputedStyle(document.activeElement).outlineColor, getComputedStyle(document.body).backgroundColor]);
    const luminance = (color) => {
      const [r, g, b] = color.match(/\d+/g).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high, low] = [luminance(ring), luminance(paper)].sort((a, b) => b - a);
    assert.ok((high + 0.05) / (low + 0.05) >= 3, `${ring} on ${paper}`);
    await page.close();
  });
}

test("dark is dark: the page follows the system, and paper stays white", async () => {
  const page = await open(chromium, { scheme: "dark" });
  await visit(page, filled, "index.html");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  assert.ok((await background()).every((part) => part < 60), `${await background()}`);
  await page.emulateMediaType("print");
  assert.deepEqual(await background(), [255, 255, 255]);
  await page.close();
});

test("a reader chooses light or dark against the system; the choice holds from page to page, has the same colours, and paper stays white", async () => {
  const colours = (page) => page.evaluate(() => Object.fromEntries([...document.querySelectorAll("body, .bar, a, .state, .search, main .number")].slice(0, 40)
    .map((element, index) => [index, [getComputedStyle(element).color, getComputedStyle(element).backgroundColor, getComputedStyle(element).borderColor].join()])));
  const other = { light: "dark", dark: "light" };
  for (const scheme of ["light", "dark"]) {
    const page = await open(chromium, { scheme });
    await visit(page, filled, "chapters/scope.html");
    const system = await colours(page);
    await page.select(".scheme-choice", other[scheme]);
    await visit(page, filled, "index.html");
    assert.equal(await page.$eval(".scheme-choice", (field) => field.value), other[scheme]);
    await visit(page, filled, "chapters/scope.html");
    const chosen = await colours(page);
    assert.notDeepEqual(chosen, system);
    await page.emulateMediaType("print");
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
    await page.emulateMediaType(null);
    await page.select(".scheme-choice", "");
    await visit(page, filled, "chapters/scope.html");
    assert.deepEqual(await colours(page), system, "as the system again");
    await page.close();
    const same = await open(chromium, { scheme: other[scheme] });
    await visit(same, filled, "chapters/scope.html");
    assert.deepEqual(chosen, await colours(same));
    await same.close();
  }
});

test("forced colours keep text, states, targets, controls and boxes visible", async () => {
  const wrong = [];
  for (const scheme of ["light", "dark"]) {
    const page = await open(chromium, { scheme, features: [{ name: "forced-colors", value: "active" }] });
    for (const [site, name] of pages) {
      await visit(page, site, name);
      assert.equal(await page.evaluate(() => matchMedia("(forced-colors: active)").matches), true);
      wrong.push(...(await page.evaluate(lowContrast)).found.map((line) => `${scheme} ${site.name} ${name}: ${line}`));
      wrong.push(...page.problems.map((line) => `${scheme} ${site.name} ${name}: ${line}`));
    }
    await visit(page, filled, "chapters/controls.html#password-length");
    const target = await page.evaluate(() => { const style = getComputedStyle(document.querySelector(":target")); return `${style.outlineStyle} ${style.outlineWidth}`; });
    if (!/^(solid|auto) [2-9]/.test(target)) wrong.push(`${scheme}: the target clause has no outline: ${target}`);
    await page.focus(".brand");
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => { const style = getComputedStyle(document.activeElement); return `${style.outlineStyle} ${style.outlineWidth}`; });
    if (!/^(solid|auto) [2-9]/.test(focus)) wrong.push(`${scheme}: the focus has no outline: ${focus}`);
    await page.keyboard.press("/");
    await page.keyboard.type("通行碼");
    await until(page, "the results mark the words", () => document.querySelector(".finder mark"));
    wrong.push(...(await page.evaluate(lowContrast)).found.map((line) => `${scheme}: results: ${line}`));
    await page.close();
  }
  nothing(wrong);
});

test("with reduced motion nothing moves by itself", async () => {
  const page = await open(chromium, { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  const wrong = [];
  for (const [site, name] of pages) {
    await visit(page, site, name);
    wrong.push(...(await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].map((part) => {
      const style = getComputedStyle(element, part);
      const moves = style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0) || style.animationName !== "none" || style.scrollBehavior === "smooth";
      return moves && `${element.localName}.${element.className}${part}`;
    }).filter(Boolean)))).map((line) => `${name}: ${line}`));
  }
  await page.close();
  nothing(wrong);
});
