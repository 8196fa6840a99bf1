//! `planpress pdf`: typesets the printed edition, or one annex as a form.
//!
//! In: a project, fonts and a file's name. Out: the PDF, or the old one untouched; findings on standard error, one line of result on
//! standard output. A program that was built without the feature `pdf` says how to get one that has it.

use super::{Outcome, arguments::Arguments, console::Console};
use crate::message;
use std::path::PathBuf;

/// What to print, and with what.
#[derive(Debug)]
#[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "only a program with the feature prints"))]
pub(super) struct Choices {
    pub out: Option<PathBuf>,
    pub annex: Option<String>,
    pub font_paths: Vec<PathBuf>,
}

#[cfg(not(feature = "pdf"))]
pub(super) fn run(_: &Arguments, _: &Choices, console: &Console) -> Outcome {
    unavailable(console)
}

/// Says that this program sets no type.
#[cfg(not(feature = "pdf"))]
pub(super) fn unavailable(console: &Console) -> Outcome {
    let help = message!(
        "請改用含 PDF 的版本，或自行編譯：cargo install --path . --features pdf；沒有它，print.html 也可以從瀏覽器列印",
        "Use a release that has it, or build it: cargo install --path . --features pdf; without it, print.html prints from a browser"
    );
    console.error(&message!("這個 planpress 沒有 PDF 功能", "This planpress was built without PDF"), Some(&help));
    Outcome::Failed
}

#[cfg(feature = "pdf")]
pub(super) use with_feature::{run, typeset};

#[cfg(feature = "pdf")]
mod with_feature {
    use super::{Arguments, Choices, Console, Outcome, PathBuf, message};
    use crate::{
        cli::{compiled, not_written, place::is_among_sources},
        compile::Compiled,
        diagnostic::{Message, did_you_mean},
        document::Kind,
        pdf::{FAMILIES, Fonts, Missing, PdfError, Printed},
        write,
    };
    use std::path::Path;

    /// How many missing characters are named one by one.
    const NAMED: usize = 20;

    /// Runs the command.
    pub(in crate::cli) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
        let single = choices.annex.as_deref();
        let name = single.map_or_else(|| PathBuf::from("plan.pdf"), |id| PathBuf::from(format!("{id}.pdf")));
        let path: &Path = choices.out.as_deref().unwrap_or(&name);
        if path.is_dir() {
            let (folder, named) = (path.display(), path.join(&name));
            let named = named.display();
            console.error(
                &message!("「{folder}」是資料夾", "`{folder}` is a folder"),
                Some(&message!("請寫檔名：--out {named}", "Name a file: --out {named}")),
            );
            return Outcome::Failed;
        }
        if is_among_sources(path, arguments) {
            let help = message!("請用 --out 指定別的地方", "Name another place with --out");
            let message = message!("PDF 不能寫在 content/ 或疊上去的資料夾裡", "A PDF cannot be written into content/ or into the overlay");
            console.error(&message, Some(&help));
            return Outcome::Failed;
        }
        let Some(compiled) = compiled(arguments, console) else { return Outcome::Failed };
        let shown = console.shown_of_draft(&compiled.diagnostics);
        console.findings(&shown, &compiled.sources);
        if compiled.has_errors() {
            let help = message!("請修正上面的錯誤", "Mend the errors above");
            console.error(&message!("沒有產生 PDF，原來的檔案不變", "No PDF was made; an old one is as it was"), Some(&help));
            return Outcome::Findings;
        }
        if let Some(id) = single.filter(|id| !annexes(&compiled).contains(id)) {
            let all = annexes(&compiled).join(", ");
            let help = did_you_mean(id, annexes(&compiled))
                .unwrap_or_else(|| message!("附件的代號是檔名：{all}", "An annex's id is its file's name: {all}"));
            console.error(&message!("計畫裡沒有附件「{id}」", "The plan has no annex `{id}`"), Some(&help));
            return Outcome::Failed;
        }
        let printed = match typeset(&compiled, single, &choices.font_paths, console) {
            Ok(printed) => printed,
            Err(outcome) => return outcome,
        };
        if let Err(error) = write::file(path, &printed.paper.bytes) {
            return not_written(&error, console);
        }
        let (path, count, size) = (path.display(), printed.count, printed.paper.bytes.len() / 1024);
        console.line(&message!("{path}：{count} 頁，{size} KB", "{path}: {count} pages, {size} KB"));
        Outcome::Done
    }

    fn annexes(compiled: &Compiled) -> Vec<&str> {
        let chapters = compiled.plan.present().map(|index| &compiled.plan.chapters[index]);
        chapters.filter(|chapter| chapter.kind == Kind::Annex).map(|chapter| &*chapter.id).collect()
    }

    /// Typesets, or says why not.
    pub(in crate::cli) fn typeset(
        compiled: &Compiled,
        single: Option<&str>,
        font_paths: &[PathBuf],
        console: &Console,
    ) -> Result<Printed, Outcome> {
        if let Some(folder) = font_paths.iter().find(|folder| !folder.is_dir()) {
            let folder = folder.display();
            console.error(&message!("沒有字型資料夾「{folder}」", "There is no font folder `{folder}`"), None);
            return Err(Outcome::Failed);
        }
        let progress = |said: &Message| {
            if console.is_watched() {
                console.note(&format!("\r\u{1b}[K{}", said.text(console.language)));
            }
        };
        progress(&message!("尋找字型…", "Finding fonts…"));
        let fonts = Fonts::find(font_paths);
        progress(&message!("排版…", "Typesetting…"));
        let printed = compiled.print(&fonts, single);
        if console.is_watched() {
            console.note("\r\u{1b}[K");
        }
        printed.map_err(|error| explain(&error, &fonts, compiled, console))
    }

    fn explain(error: &PdfError, fonts: &Fonts, compiled: &Compiled, console: &Console) -> Outcome {
        let help = message!(
            "請安裝全字庫正楷體（TW-Kai）或 Noto Serif CJK TC，或以 --font-path 指定字型資料夾",
            "Install TW-Kai or Noto Serif CJK TC, or name a folder of fonts with --font-path"
        );
        match error {
            PdfError::NoFont => {
                let tried = FAMILIES.join("、");
                console.error(&message!("找不到中文字型，試過：{tried}", "No Chinese font was found; tried: {tried}"), Some(&help));
                Outcome::Failed
            }
            PdfError::Missing(missing) => {
                let (count, listed) = (missing.len(), listed(missing, compiled));
                let tried = fonts.available().join("、");
                console.error(
                    &message!(
                        "有 {count} 個字沒有字型可用，沒有產生 PDF：\n{listed}試過的字型：{tried}",
                        "No font has {count} of the characters, and no PDF was made:\n{listed}Fonts that were tried: {tried}"
                    ),
                    Some(&help),
                );
                Outcome::Failed
            }
            PdfError::Findings(findings) => {
                console.findings(findings, &compiled.sources);
                console.error(&message!("沒有產生 PDF，原來的檔案不變", "No PDF was made; an old one is as it was"), None);
                Outcome::Findings
            }
        }
    }

    /// The characters, each with its code and its first place.
    fn listed(missing: &[Missing], compiled: &Compiled) -> String {
        let line = |missing: &Missing| {
            let place = missing.place.map(|span| {
                let source = compiled.sources.file(span.file);
                format!("　{}:{}", source.path, source.line(span.start as usize))
            });
            format!("  {}　U+{:04X}{}\n", missing.character, u32::from(missing.character), place.unwrap_or_default())
        };
        let more = if missing.len() > NAMED { "  …\n" } else { "" };
        missing.iter().take(NAMED).map(line).collect::<String>() + more
    }
}
