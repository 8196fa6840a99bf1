// What no PDF is made of, and what none replaces: each said in words of both languages, with a way out. The program under test has the feature
// `pdf`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Pdf, photographs, picture, tried } from "./support/paper.js";
import { planpress, program, projects, temporary } from "./support/sites.js";

const folder = temporary("refused");
const at = (name) => path.join(folder, name);
const project = projects(folder);

/** A project of one chapter, beside other files if there are any. */
const plan = (name, chapter, more = {}) => project(name, { "plan.yaml": "title: 計畫\nchapters: [a]\n", "chapters/a.md": `---\ntitle: 章\n---\n\n${chapter}\n`, ...more });

/** What is said, in Chinese and in English, when a project is not printed. */
function refused(place) {
  return ["zh-TW", "en"].map((language) => {
    const { status, stderr } = tried(["--project", place, "pdf", "--out", at("none.pdf")], {}, language);
    assert.ok(status > 0 && !existsSync(at("none.pdf")), stderr);
    return stderr;
  });
}

const drawing = (words) => `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="40"><text x="9" y="30">${words}</text></svg>`;

test("a picture is printed as what it is, whatever its name says", () => {
  const place = plan("misnamed", "![甲](assets/a.png)\n\n![乙](assets/b.jpg \"圖乙\")\n\n1. 項\n\n   ![丙](assets/c.gif)", {
    "assets/a.png": photographs.grey,
    "assets/b.jpg": picture(90, 60),
    "assets/c.gif": picture(30, 60),
  });
  planpress("--project", place, "check");
  planpress("--project", place, "pdf", "--out", at("misnamed.pdf"));
  assert.ok(new Pdf(at("misnamed.pdf")).raw.some((text) => text.includes("圖乙")));
});

test("a picture that cannot be printed is named at its place, and no other one", () => {
  const pictures = {
    "a.png": picture(9, 9),
    "attached.png": Buffer.from("\x89PNG\r\n\x1a\n, no picture", "latin1"),
    "cmyk.jpg": photographs.cmyk,
    "cut.png": picture(9, 9).subarray(0, 40),
    "glyph.svg": drawing("字𒀀"),
    "own.svg": drawing("字\ue2c4"),
    "sound.svg": drawing("字"),
  };
  const files = Object.fromEntries(Object.entries(pictures).map(([name, bytes]) => [`assets/${name}`, bytes]));
  for (const [name, zh, en] of [["cmyk.jpg", /轉成 RGB/, /Convert it to RGB/], ["cut.png", /毀損或不完整/, /save it anew/], ["glyph.svg", /外框/, /outlines/], ["own.svg", /外框/, /outlines/]]) {
    const said = refused(plan("pictures", `[附檔](assets/attached.png) ![甲](assets/a.png)\n\n![乙](assets/${name})\n\n![丙](assets/sound.svg)`, files));
    [zh, en].forEach((help, language) => assert.match(said[language], help));
    for (const words of said) assert.deepEqual(words.match(/assets\/[a-z]+\.\w+:?|a\.md:\d+/g), [`assets/${name}`, "a.md:7", `assets/${name}`], words);
  }
});

test("a character of the private use area is no matter of fonts", () => {
  const place = plan("private", "王\ue2c4明。");
  for (const [index, words] of refused(place).entries()) {
    assert.match(words, [/錯誤\[private-use-character\].*U\+E2C4.*\n.*a\.md:5:2/, /error\[private-use-character\].*U\+E2C4.*\n.*a\.md:5:2/][index]);
    assert.match(words, /www\.cns11643\.gov\.tw/);
    assert.doesNotMatch(words, /--font-path/);
  }
});

test("the advice for a missing character names no font that was tried", () => {
  const [, words] = refused(plan("missing", "王𒀀明。"));
  const [, tries, help] = words.match(/Fonts that were tried: (.*)\nhelp: (.*)/);
  assert.match(help, /--font-path.*picture/);
  const offered = help.match(/^Install one of (.*?), or name/)?.[1].split(", ") ?? [];
  assert.deepEqual(tries.split("、").filter((family) => offered.includes(family)), []);
});

test("a read-only PDF stays", () => {
  const place = plan("protected", "甲。");
  writeFileSync(at("protected.pdf"), "old");
  chmodSync(at("protected.pdf"), 0o444);
  const { status, stderr } = tried(["--project", place, "pdf", "--out", at("protected.pdf")]);
  assert.equal(status, 2);
  assert.match(stderr, /read-only[^]*--out/);
  assert.equal(readFileSync(at("protected.pdf"), "utf8"), "old");
});

test("an approved PDF is replaced by no draft and by no edition that knows nothing of it, unless that is asked for", () => {
  const [one, other] = ["one", "other"].map((name) => plan(name, `1. ${name}。`));
  const [file, approve] = [at("record.pdf"), (place, number = "1.0") => planpress("--project", place, "approve", number, "--by", "王小明", "--on", "2026-11-22")];
  const print = (place, ...more) => tried(["--project", place, "pdf", "--out", file, ...more]);
  approve(one);
  for (let time = 0; time < 2; time += 1) assert.equal(print(one).status, 0, "the same edition again");
  const kept = readFileSync(file);
  const stays = (place, said) => {
    const { status, stderr } = print(place);
    assert.equal(status, 2, stderr);
    assert.match(stderr, said);
    assert.match(stderr, /--out[^]*--replace-approved/);
    assert.deepEqual(readFileSync(file), kept);
  };
  stays(other, /edition 1\.0 as approved; a draft does not/);
  approve(other);
  stays(other, /edition 1\.0 that no record here is of/);
  plan("one", "1. 改。");
  stays(one, /a draft does not/);
  writeFileSync(path.join(one, "content/editions/1.1.yaml"), "a.1: 新增。\n1.0/a.1: 刪去。\n");
  approve(one, "1.1");
  assert.equal(print(one).status, 0, "the edition after it");
  writeFileSync(file, kept);
  rmSync(path.join(one, "content/editions/1.0.json"));
  assert.equal(print(one).status, 0, "the edition after it, whose record names it where its own is lost");
  writeFileSync(file, kept);
  plan("one", "1. 又改。");
  assert.equal(print(one, "--replace-approved").status, 0);
  assert.equal(print(one).status, 0, "a draft replaces a draft");
});

test("an approved PDF that does not say so is known by its record", () => {
  const place = plan("unsealed", "1. 甲。");
  planpress("--project", place, "approve", "1.0", "--by", "王小明", "--on", "2026-11-22");
  const record = path.join(place, "content/editions/1.0.json");
  const digest = (text) => createHash("sha256").update(text).digest("hex");
  const zeros = "0".repeat(64);
  const text = JSON.stringify({ ...JSON.parse(readFileSync(record, "utf8")), pdf: { digest: digest("old"), files: {} }, seal: zeros }, null, 2);
  writeFileSync(record, text.replace(zeros, digest(text)));
  const file = path.join(place, "old.pdf");
  writeFileSync(file, "old");
  plan("unsealed", "1. 乙。");
  const { status, stderr } = tried(["--project", place, "pdf", "--out", file]);
  assert.equal(status, 2);
  assert.match(stderr, /edition 1\.0 as approved/);
  assert.equal(readFileSync(file, "utf8"), "old");
});

test("a dash is standard output, and neither it nor a pipe holds an approved edition", () => {
  const place = plan("piped", "甲。");
  planpress("--project", place, "pdf", "--out", at("file.pdf"));
  mkdirSync(path.join(place, "content/-"));
  spawnSync("mkfifo", [path.join(place, "pipe")]);
  for (const out of ["- | cat", "/dev/stdout | cat", ">(cat) | cat", "../pipe & cat ../pipe"]) {
    const { status, stdout } = spawnSync("bash", ["-c", `"$0" --quiet --project .. pdf --out ${out}`, program], { cwd: path.join(place, "content"), maxBuffer: 1 << 28, timeout: 30_000 });
    assert.equal(status, 0, out);
    assert.ok(stdout.equals(readFileSync(at("file.pdf"))), out);
  }
});
