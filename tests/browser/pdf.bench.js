// How long the printed edition takes and how much memory, for the template and for plans that double: node tests/browser/pdf.bench.js
// Whole processes of target/release/planpress, built with --features pdf. Nothing is judged here: machines are noisy.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Pdf } from "./support/paper.js";
import { program, root, temporary } from "./support/sites.js";

const runs = 5;
const folder = temporary("pdf-bench");

/** One run: seconds from start to end, and the most memory in MB (on Linux). */
function run(words) {
  return new Promise((done, failed) => {
    const start = performance.now();
    const child = spawn(program, words, { cwd: root, stdio: "ignore" });
    let peak = 0;
    const watch = setInterval(() => {
      try { peak = Math.max(peak, Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)?.[1] ?? 0)); } catch { /* already over */ }
    }, 5);
    child.on("exit", (code) => {
      clearInterval(watch);
      if (code) failed(new Error(`exit ${code}: ${words.join(" ")}`));
      else done([(performance.now() - start) / 1000, peak / 1024]);
    });
  });
}

/** A plan of chapters with sections, clauses, notes and a table each. */
function generated(chapters) {
  const place = path.join(folder, `plan-${chapters}`, "content");
  mkdirSync(path.join(place, "chapters"), { recursive: true });
  const ids = Array.from({ length: chapters }, (_, at) => `c${at}`);
  writeFileSync(path.join(place, "plan.yaml"), `title: 資通安全維護計畫\nchapters: [${ids.join(", ")}]\n`);
  ids.forEach((id, chapter) => {
    const sections = Array.from({ length: 6 }, (_, section) => `## 第${section}節之控制措施\n\n${Array.from({ length: 6 }, (_, clause) =>
      `1. 本機關之資通系統應依第${chapter}章所定之防護基準，辦理帳號管理、存取控制及稽核紀錄之保存，並定期檢視其妥適性與有效性（項目${clause}）。`).join("\n")}`);
    writeFileSync(path.join(place, "chapters", `${id}.md`),
      `---\ntitle: 第${chapter}類資通系統之防護\n---\n\n${sections.join("\n\n")}\n\n1. 另見註腳[^n]。\n\n| 系統 | 說明 |\n|---|---|\n| 甲 | 乙 |\n| 丙 | 丁 |\n\n[^n]: 第${chapter}章之註。\n`);
  });
  return path.dirname(place);
}

console.log(`${"plan".padEnd(24)}${"pages".padStart(8)}${"seconds".padStart(10)}${"(min".padStart(9)}${"max)".padStart(9)}${"MB".padStart(8)}${"s/page".padStart(10)}${"KB".padStart(8)}`);
for (const [name, words] of [["template", []], ...[60, 120, 240].map((chapters) => [`${chapters} chapters`, ["--project", generated(chapters)]])]) {
  const out = path.join(folder, "bench.pdf");
  const all = [];
  for (let at = 0; at < (name === "template" ? runs : 3); at += 1) all.push(await run([...words, "pdf", "--out", out]));
  const times = all.map(([seconds]) => seconds).sort((a, b) => a - b);
  const median = times[times.length >> 1];
  const { count } = new Pdf(out);
  const peak = Math.max(...all.map(([, mb]) => mb));
  console.log(`${name.padEnd(24)}${String(count).padStart(8)}${median.toFixed(2).padStart(10)}${times[0].toFixed(2).padStart(9)}${times.at(-1).toFixed(2).padStart(9)}${peak.toFixed(0).padStart(8)}${(median / count).toFixed(4).padStart(10)}${(statSync(out).size / 1024).toFixed(0).padStart(8)}`);
}
