// PDFs as poppler reads them: pages, words, outline, structure, fonts; and pictures to print.

import { execFileSync, spawnSync } from "node:child_process";
import { crc32, deflateSync } from "node:zlib";
import { program, root } from "./sites.js";

function run(command, ...words) {
  return execFileSync(command, words, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
}

/** Runs the program, whatever comes of it; `env` changes its surroundings. */
export function tried(words, env = {}, language = "en") {
  const { status, stdout, stderr } = spawnSync(program, ["--color", "never", "--lang", language, ...words], { cwd: root, encoding: "utf8", env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

export const squeezed = (text) => text.replace(/\s/gu, "");

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decoded = (text) => text.replace(/<[^>]*>/g, "").replace(/&(#?\w+);/g, (_, name) => entities[name] ?? String.fromCodePoint(Number(name.slice(1))));

export class Pdf {
  constructor(file) {
    this.file = file;
    this.info = Object.fromEntries(run("pdfinfo", file).split("\n").filter((line) => line.includes(":")).map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }));
    this.count = Number(this.info.Pages);
    /** The lines of each page, laid out as on paper; page 1 is at 0. */
    this.pages = run("pdftotext", "-layout", file, "-").split("\f").slice(0, this.count).map((page) => page.split("\n").filter((line) => line.trim()));
    /** The same in the order of the file, without white space. */
    this.raw = run("pdftotext", "-raw", file, "-").split("\f").slice(0, this.count).map(squeezed);
  }

  sizes() {
    return [...run("pdfinfo", "-f", "1", "-l", String(this.count), this.file).matchAll(/Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)/g)].map(([, width, height]) => [Number(width), Number(height)]);
  }

  /** The words of each page, each with its box in points. */
  boxes() {
    const word = /xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)/g;
    return run("pdftotext", "-bbox", this.file, "-").split("<page ").slice(1).map((page) => [...page.matchAll(word)].map(([, left, top, right, bottom, word]) => ({ left: +left, top: +top, right: +right, bottom: +bottom, word })));
  }

  metadata() {
    return run("pdfinfo", "-meta", this.file);
  }

  fonts() {
    return run("pdffonts", this.file).split("\n").slice(2).filter(Boolean);
  }

  /** Titles of the outline, depth first, each with its depth and page. */
  outline() {
    const xml = run("pdftohtml", "-xml", "-i", "-stdout", this.file);
    const found = [];
    let depth = 0;
    for (const [, tag, page, title] of xml.slice(xml.indexOf("<outline>")).matchAll(/<(\/?outline)>|<item page="(\d+)">(.*?)<\/item>/g)) {
      if (tag) depth += tag === "outline" ? 1 : -1;
      else found.push({ depth, page: Number(page), title: decoded(title) });
    }
    return found;
  }

  /** The structure as nested elements: `{ tag, children }`, where a child is an element or a piece of text. Poppler takes its time. */
  structure() {
    return this.tree ??= this.#structure();
  }

  #structure() {
    const top = { tag: "", children: [], indent: -1 };
    const open = [top];
    for (const line of run("pdfinfo", "-struct-text", this.file).split("\n")) {
      const [, blanks, rest] = line.match(/^( *)(.*)$/s);
      if (!rest || rest.startsWith("/") || rest.startsWith("Object ")) continue;
      const indent = blanks.length;
      while (open.at(-1).indent >= indent) open.pop();
      if (rest.startsWith('"')) open.at(-1).children.push(rest.slice(1, -1));
      else {
        const element = { tag: rest.match(/^\w+/)?.[0] ?? "", line: rest, children: [], indent };
        open.at(-1).children.push(element);
        open.push(element);
      }
    }
    return top;
  }
}

/** Every element below one, itself included. */
export function* elements(element) {
  yield element;
  for (const child of element.children) if (typeof child !== "string") yield* elements(child);
}

/** The words of an element without white space; `skip` says which elements below it do not count. */
export function words(element, skip = () => false) {
  return element.children.map((child) => typeof child === "string" ? squeezed(child) : skip(child, element) ? "" : words(child, skip)).join("");
}

/** A PNG of one colour. */
export function picture(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", deflateSync(Buffer.alloc((width + 1) * height))), chunk("IEND", Buffer.alloc(0))]);
}

/** JPEGs of eight times eight dots: a grey one, and one in the colours of printing presses. */
export const photographs = {
  grey: Buffer.from("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z", "base64"),
  cmyk: Buffer.from("/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwBQNzxGPDJQRkFGWlVQX3jIgnhubnj1r7mRyP///////////////////////////////////////////////////8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AGhBGv/Z", "base64"),
};
