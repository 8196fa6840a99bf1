// Pages open quickly, even from a slow share.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { sites } from "./support/sites.js";

const limit = 60_000;

/** The gzipped sizes of a page and of every style sheet and script that it loads. */
function weigh(site, name) {
  const weight = (file) => gzipSync(readFileSync(file), { level: 6 }).length;
  const html = readFileSync(site.file(name), "utf8");
  const parts = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"|<script [^>]*src="([^"]+)"/g)].map(([, style, script]) => (style || script).replaceAll("&#x2f;", "/"));
  assert.ok(parts.length >= 3, `${name} loads ${parts}`);
  return weight(site.file(name)) + parts.reduce((sum, part) => sum + weight(path.join(path.dirname(site.file(name)), part)), 0);
}

for (const site of sites) {
  test(`every page of the ${site.name} site stays under 60 KB gzipped with its styles and scripts, the whole plan on one page under 102 KB`, () => {
    const weights = site.pages.map((name) => [weigh(site, name), name]).sort(([a], [b]) => b - a);
    const heavy = weights.filter(([weight, name]) => weight >= (name === "print.html" ? 102_000 : limit));
    assert.deepEqual(heavy, []);
  });
}
