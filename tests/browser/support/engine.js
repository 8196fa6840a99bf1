// The theme's search engine outside of any browser, on the index of a built site.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { root } from "./sites.js";

/** What a page of a plan in one script loads to search, and what a page of a plan in shards does. */
export const scripts = ["text", "shards"].map((store) => ["search-words", "search-engine", `search-${store}`, "search"].map((name) => path.join(root, `themes/default/scripts/${name}.js`)));

/** An index as the engine loads it: `read` tells the bytes that were loaded since it was asked last. */
export class Index {
  constructor(directory) {
    this.directory = directory;
    this.context = vm.createContext({ TextDecoder });
    for (const script of new Set(scripts.flatMap((loaded) => loaded.slice(0, 3)))) vm.runInContext(readFileSync(script, "utf8"), this.context);
    this.context.planpressSearch = (name, data) => { this.data = data; };
    this.bytes = 0;
  }

  async load(name) {
    const script = readFileSync(path.join(this.directory, "search", `${name}.js`), "utf8");
    this.bytes += Buffer.byteLength(script);
    vm.runInContext(script, this.context);
    return this.data;
  }

  read() {
    const { bytes } = this;
    this.bytes = 0;
    return bytes;
  }

  /** The engine on the index as it is; nothing that another engine has loaded is known to it. */
  async engine() {
    const [, [data, map]] = await this.load("version");
    return this.context.planpressEngine((name) => this.load(name), await this.load(data), map && await this.load(map));
  }

  /** The words and the pages of a small plan, or the words of a large one, unpacked. */
  async text(name = "text") {
    const data = await this.load(name);
    return (typeof data === "string" ? data : this.context.planpressUnpack(...data)).split("\x1d");
  }

  /** The pages of a small plan. */
  async pages() {
    const [, ...pages] = await this.text();
    return pages.map(this.context.planpressPage);
  }

  /** The engine on the same text as one whole: what the postings of a large index are measured against. */
  async wholeEngine() {
    const parts = await this.text("words");
    for (let at = 0; existsSync(path.join(this.directory, "search", `t${at}.js`)); at += 1) {
      const [page, more] = await this.load(`t${at}`);
      parts.push(page);
      for (let piece = 1; piece <= more; piece += 1) parts[parts.length - 1] += `\x1e${await this.load(`t${at}-${piece}`)}`;
    }
    return this.context.planpressEngine(undefined, parts.join("\x1d"));
  }
}
