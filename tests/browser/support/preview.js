// A preview server on a copy of the template, which a test may edit as it likes.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import path from "node:path";
import { planpress, program, root, temporary } from "./sites.js";

export class Preview {
  constructor(...words) {
    this.project = temporary("preview");
    this.words = words;
    cpSync(path.join(root, "content"), path.join(this.project, "content"), { recursive: true });
  }

  /** Starts the server; `url` is where it listens. A port that was given before is taken again. */
  async start() {
    const words = ["serve", "--project", this.project, "--port", String(this.port ?? 0), "--lang", "en", ...this.words];
    this.process = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    this.process.stderr.setEncoding("utf8").on("data", (text) => { this.said += text; });
    const [line] = await once(this.process.stdout.setEncoding("utf8"), "data");
    this.url = line.match(/http:\S+/)[0];
    this.port = Number(new URL(this.url).port);
    return this;
  }

  async stop(signal = "SIGINT") {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill(signal);
    await ended;
  }

  file(name) {
    return path.join(this.project, name);
  }

  read(name) {
    return readFileSync(this.file(name), "utf8");
  }

  write(name, text) {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  /** Saves as editors do that never leave half a file: into another file, which then takes the place. */
  save(name, text) {
    writeFileSync(this.file(name) + ".tmp", text);
    renameSync(this.file(name) + ".tmp", this.file(name));
  }

  /** Replaces words in a file; they must be there. */
  edit(name, from, to) {
    const text = this.read(name);
    if (!text.includes(from)) throw new Error(`${name} does not hold ${from}`);
    this.write(name, text.replace(from, () => to));
  }

  remove(name) {
    rmSync(this.file(name));
  }

  /** Every page that is served now, without the line that only a preview has. */
  async served(page) {
    const response = await fetch(`${this.url}/${page}`);
    return (await response.text()).replace(/<script type="module" src="\/_planpress\/live\.js"[^>]*><\/script>\n/, "");
  }

  /** The files of a cold build of what is on the disk now. */
  built(view = "draft") {
    const folder = path.join(temporary("cold"), "public");
    planpress("build", "--quiet", "--view", view, "--project", this.project, "--out", folder);
    const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(names.map((entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      return [path.relative(folder, file).split(path.sep).join("/"), readFileSync(file, "utf8")];
    }));
  }
}
