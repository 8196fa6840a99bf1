// A plan with a history, made as an agency makes one: the filled plan approved as 1.0, amended and approved as 1.1, then changed again.
// `approved` is the site of edition 1.1, `modified` the site of the changes since.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folderSite, planpress, root, temporary } from "./sites.js";

const project = temporary("agency");
const agency = path.join(project, "agency");
cpSync(path.join(root, "content"), path.join(project, "content"), { recursive: true });
cpSync(path.join(root, "tests/plans/filled"), agency, { recursive: true });

function run(...words) {
  return planpress("--project", project, "--overlay", agency, ...words);
}

/** Replaces words that must be there. */
function edit(name, ...pairs) {
  const file = path.join(agency, name);
  let text = readFileSync(file, "utf8");
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

function explain(number, text) {
  mkdirSync(path.join(agency, "editions"), { recursive: true });
  writeFileSync(path.join(agency, "editions", `${number}.yaml`), text);
}

function built(name) {
  const directory = temporary(name);
  run("build", "--quiet", "--replace-approved", "--out", directory);
  return folderSite(name, directory);
}

run("approve", "1.0", "--by", "王小明", "--on", "2025-11-20");
const moved = "本機關應定期舉辦電子郵件社交工程演練，並檢討執行情形。 {#phishing-exercise}\n";
edit("chapters/controls.md",
  // A section before others, an item before others, one gone, one elsewhere.
  ["## 資通系統及資訊之管理 {#asset-management}", "## 名詞定義 {#control-terms}\n\n本章所稱管理人，指資通系統及資訊之保管人員。\n\n## 資通系統及資訊之管理 {#asset-management}"],
  ["1. 本機關同仁使用資通系統及資訊前", "1. 本機關同仁應先完成資通安全教育訓練。\n2. 本機關同仁使用資通系統及資訊前"],
  ["   3. 確實執行網頁惡意軟體掃描。\n", ""],
  ["通行碼長度 8 碼以上", "通行碼長度 12 碼以上"],
  [`9. ${moved}`, ""]);
edit("chapters/training.md", ["3. 員工報到時", `3. ${moved}4. 員工報到時`]);
explain("1.1", "controls: 依內部稽核建議修正。\nphishing-exercise: 併入教育訓練辦理。\n");
run("approve", "1.1", "--by", "李大華", "--on", "2026-11-20");
export const approved = built("approved");

edit("chapters/controls.md", ["使用者每 90 天應更換一次通行碼", "使用者每 180 天應更換一次通行碼"]);
export const modified = built("modified");

/** The table that the command line writes. */
const alone = temporary("alone");
writeFileSync(path.join(alone, "table.html"), run("compare", "1.0", "1.1"));
writeFileSync(path.join(alone, "all.html"), run("compare", "1.0", "--all"));
export const documents = folderSite("documents", alone);

/** The pages that only a plan with a history has. */
export const pages = [
  [approved, "editions/index.html"],
  [approved, "editions/1.1.html"],
  [modified, "editions/index.html"],
  [modified, "editions/draft.html"],
  [documents, "table.html"],
];
