// Pictures of the main pages, for people to look at: target/screenshots/ keeps those of the last run. They are compared with nothing;
// a page that draws nothing fails.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open, phone, settle, until, visit, wide, widths } from "./support/browser.js";
import { draft, filled, root } from "./support/sites.js";

const folder = path.join(root, "target/screenshots");
let chromium;
before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chromium = await launch();
});
after(() => chromium.close());

const pages = {
  cover: [filled, "index.html"],
  controls: [filled, "chapters/controls.html"],
  "target-clause": [filled, "chapters/controls.html#password-length"],
  "wide-table": [filled, "chapters/core-business.html"],
  form: [filled, "annexes/asset-register.html"],
  ledger: [filled, "annexes.html"],
  "site-map": [filled, "sitemap.html"],
  draft: [draft, "chapters/policy-goals.html"],
};

/** Keeps a picture of the window; a page that draws nothing is a picture of few bytes. */
async function keep(page, name) {
  const blank = 12_000;
  const picture = await page.screenshot({ path: path.join(folder, `${name}.png`) });
  assert.ok(picture.length > blank, `${name}: ${picture.length} bytes`);
}

for (const scheme of ["light", "dark"]) {
  for (const [device, viewport] of Object.entries({ desktop: wide, tablet: widths[768], phone })) {
    test(`pictures of the main pages: ${device}, ${scheme}`, async () => {
      const page = await open(chromium, { scheme, viewport });
      for (const [name, [site, file]] of Object.entries(pages)) {
        await visit(page, site, file);
        await keep(page, `${name}-${device}-${scheme}`);
      }
      await page.keyboard.press("/");
      await until(page, "the search opens", () => document.querySelector(".finder").open);
      await page.keyboard.type("通行碼");
      await until(page, "something is found", () => document.querySelector("[role='option']"));
      await settle(page);
      await keep(page, `search-${device}-${scheme}`);
      await page.close();
    });
  }
}

test("pictures of printed pages", async () => {
  const page = await open(chromium);
  for (const name of ["controls", "form", "ledger", "cover"]) {
    await visit(page, ...pages[name]);
    const pdf = path.join(folder, `${name}-print.pdf`);
    writeFileSync(pdf, await page.pdf({ preferCSSPageSize: true }));
    execFileSync("pdftoppm", ["-r", "60", "-l", "2", "-png", pdf, pdf.replace(/\.pdf$/, "")]);
    rmSync(pdf);
  }
  await page.close();
});
