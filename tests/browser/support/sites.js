// The sites under test, built afresh into a temporary folder: the template as readers see it, the template as its editors see it,
// and the filled plan. `PLANPRESS` names another binary than target/release/planpress, `PLANPRESS_PROJECT` another copy of this repository.

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = path.resolve(process.env.PLANPRESS_PROJECT || fileURLToPath(new URL("../../../", import.meta.url)));
export const program = path.resolve(root, process.env.PLANPRESS || "target/release/planpress");

const folder = mkdtempSync(path.join(tmpdir(), "planpress-sites-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A built site: its folder and its pages, as paths relative to the folder with forward slashes. */
class Site {
  constructor(name, directory) {
    this.name = name;
    this.directory = directory;
    this.pages = readdirSync(directory, { recursive: true })
      .map((file) => file.split(path.sep).join("/"))
      .filter((file) => file.endsWith(".html"))
      .sort();
  }

  file(page) {
    return path.join(this.directory, page);
  }

  url(page) {
    const [file, hash] = page.split("#");
    return pathToFileURL(this.file(file)).href + (hash ? "#" + encodeURIComponent(hash) : "");
  }
}

/** Runs the program and returns what it says; throws when it fails. */
export function planpress(...words) {
  return execFileSync(program, ["--color", "never", "--lang", "en", ...words], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** An empty folder that disappears with the process. */
export function temporary(name) {
  return mkdtempSync(path.join(folder, name + "-"));
}

/** Writes projects of their own below a folder, each from files by name below content/. */
export function projects(folder) {
  return (name, files) => {
    for (const [file, content] of Object.entries(files)) {
      const place = path.join(folder, name, "content", file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
    return path.join(folder, name);
  };
}

/** A site that was built elsewhere. */
export function folderSite(name, directory) {
  return new Site(name, directory);
}

/** Builds one site. */
export function build(name, ...words) {
  const directory = path.join(folder, name);
  planpress("build", "--quiet", "--out", directory, ...words);
  return new Site(name, directory);
}

export const published = build("published");
export const draft = build("draft", "--view", "draft");
export const filled = build("filled", "--overlay", "tests/plans/filled");
export const sites = [published, draft, filled];

/** One page of each kind, those that hold most. */
export const kinds = [
  "index.html",
  "chapters/controls.html",
  "chapters/core-business.html",
  "chapters/reporting.html",
  "annexes/asset-register.html",
  "annexes/resource-request.html",
  "annexes/confidentiality-agreement.html",
  "annexes.html",
  "laws.html",
  "coverage.html",
];

/** Says how much was tried, for the last line of `tests/run`. */
export function count(what, number) {
  mkdirSync(path.join(root, "target/tried"), { recursive: true });
  appendFileSync(path.join(root, "target/tried", String(process.pid)), `${what} ${number}\n`);
}
