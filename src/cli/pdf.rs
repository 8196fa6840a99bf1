//! `planpress pdf`: typesets the printed edition, or one annex as a form.
//!
//! In: a project, fonts and a file's name, `-` for standard output. Out: the PDF, or the old one untouched; findings on standard error, one line
//! of result on standard output. An approved PDF is replaced by no draft unasked. A program that was built without the feature `pdf` says how to
//! get one that has it.

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
    /// Whether a draft, or an edition that knows nothing of it, may take the place of an approved edition.
    pub replace_approved: bool,
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
        cli::{compiled, not_written, place::is_among_sources, standing::Standing},
        compile::Compiled,
        diagnostic::{Message, did_you_mean},
        document::Kind,
        edition::{Editions, Record},
        pdf::{FAMILIES, Fonts, Missing, PdfError, Printed, Seal},
        source::Digest,
        write,
    };
    use std::{
        fs::Metadata,
        io::{self, IsTerminal as _},
        path::Path,
    };

    /// The names that stand for standard output.
    const PIPES: [&str; 2] = ["-", "/dev/stdout"];

    /// How many missing characters are named one by one.
    const NAMED: usize = 20;

    /// Fonts that everybody may install, and what they are called; those of the national character set have rare characters too.
    const FREE: [(&str, &str); 3] = [
        ("TW-Kai", "全字庫正楷體（TW-Kai）"),
        ("TW-Kai-Ext-B", "全字庫正楷體 Ext-B（TW-Kai-Ext-B）"),
        ("Noto Serif CJK TC", "Noto Serif CJK TC"),
    ];

    /// Runs the command.
    pub(in crate::cli) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
        let single = choices.annex.as_deref();
        let name = single.map_or_else(|| PathBuf::from("plan.pdf"), |id| PathBuf::from(format!("{id}.pdf")));
        let path: &Path = choices.out.as_deref().unwrap_or(&name);
        // It is no file: nothing is replaced.
        let is_piped = PIPES.iter().any(|pipe| path == Path::new(pipe));
        let refusal = if is_piped { at_terminal() } else { refusal(path, &name, arguments) };
        if let Some((message, help)) = refusal {
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
        let standing = if is_piped || choices.replace_approved { None } else { approved_in(path, &compiled.editions) };
        if standing.is_some_and(|standing| standing.stays(path, compiled.editions.approved(), console)) {
            return Outcome::Failed;
        }
        let printed = match typeset(&compiled, single, &choices.font_paths, console) {
            Ok(printed) => printed,
            Err(outcome) => return outcome,
        };
        if is_piped {
            console.bytes(&printed.paper.bytes);
            return Outcome::Done;
        }
        if let Err(error) = write::file(path, &printed.paper.bytes) {
            return not_written(&error, console);
        }
        let (path, count, size) = (path.display(), printed.count, printed.paper.bytes.len() / 1024);
        console.line(&message!("{path}：{count} 頁，{size} KB", "{path}: {count} pages, {size} KB"));
        Outcome::Done
    }

    /// Why nothing is written to standard output.
    fn at_terminal() -> Option<(Message, Message)> {
        let help = message!(
            "請以 --out 指定檔名，或把輸出導向檔案或別的程式",
            "Name a file with --out, or redirect the output to a file or a program"
        );
        io::stdout().is_terminal().then(|| (message!("終端機顯示不了 PDF", "A terminal shows no PDF"), help))
    }

    /// Why no PDF is written to a path, whatever it would hold, and the way out.
    fn refusal(path: &Path, name: &Path, arguments: &Arguments) -> Option<(Message, Message)> {
        let (shown, standing) = (path.display(), path.metadata());
        if standing.as_ref().is_ok_and(Metadata::is_dir) {
            let named = path.join(name);
            let named = named.display();
            return Some((
                message!("「{shown}」是資料夾", "`{shown}` is a folder"),
                message!("請寫檔名：--out {named}", "Name a file: --out {named}"),
            ));
        }
        // It would be replaced, which the protection of the file itself does not hinder.
        if standing.is_ok_and(|standing| standing.is_file() && standing.permissions().readonly()) {
            return Some((
                message!("「{shown}」是唯讀檔案，不會取代", "`{shown}` is read-only and is not replaced"),
                message!("請用 --out 指定別的檔名，或先取消「唯讀」", "Name another file with --out, or make this one writable first"),
            ));
        }
        is_among_sources(path, arguments).then(|| {
            (
                message!(
                    "PDF 不能寫在 content/、themes/ 或疊上去的資料夾裡",
                    "A PDF cannot be written into content/, into themes/ or into the overlay"
                ),
                message!("請用 --out 指定別的地方", "Name another place with --out"),
            )
        })
    }

    /// The approved edition whose PDF stands at a path. It says so itself; of one that an earlier program made, its record says so.
    #[expect(clippy::disallowed_methods, reason = "the PDF says which edition it is")]
    fn approved_in(path: &Path, editions: &Editions) -> Option<Standing> {
        // A pipe would wait for a writer for ever.
        let bytes = path.metadata().is_ok_and(|standing| standing.is_file()).then(|| std::fs::read(path).ok())??;
        if let Some(seal) = Seal::of_pdf(&bytes) {
            return Some(Standing::named(&seal.number, editions, |record| Seal::of(record) == seal));
        }
        let digest = Digest::of(&bytes).hex();
        let is_recorded = |record: &&Record| record.pdf.as_ref().is_some_and(|pdf| pdf.digest == digest);
        editions.records.iter().find(is_recorded).map(Standing::of)
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
        match error {
            PdfError::NoFont => {
                let help = message!(
                    "請安裝全字庫正楷體（TW-Kai）或 Noto Serif CJK TC，或以 --font-path 指定字型資料夾",
                    "Install TW-Kai or Noto Serif CJK TC, or name a folder of fonts with --font-path"
                );
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
                    Some(&advice(fonts.available())),
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

    /// Fonts that may help: none of those that are there already.
    fn advice(tried: &[String]) -> Message {
        let (families, names): (Vec<&str>, Vec<&str>) =
            FREE.into_iter().filter(|(family, _)| !tried.iter().any(|tried| tried == family)).unzip();
        if families.is_empty() {
            return message!(
                "請以 --font-path 指定有這些字的字型，或改用別的字、以圖片呈現",
                "Name a folder with a font that has them with --font-path, or use other characters or a picture"
            );
        }
        let (zh, en) = (names.join("、"), families.join(", "));
        message!(
            "請安裝 {zh} 之一，或以 --font-path 指定字型資料夾；都沒有的字請改用別的字，或以圖片呈現",
            "Install one of {en}, or name a folder of fonts with --font-path; for a character that none has use another one or a picture"
        )
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
    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_advice_names_the_free_fonts_that_were_not_tried() {
            let help = |tried: &[&str]| advice(&tried.iter().map(|family| (*family).to_owned()).collect::<Vec<_>>());
            let Message { zh, en } = help(&["TW-Kai"]);
            assert!(zh.starts_with("請安裝 全字庫正楷體 Ext-B（TW-Kai-Ext-B）、Noto Serif CJK TC 之一"), "{zh}");
            assert!(en.starts_with("Install one of TW-Kai-Ext-B, Noto Serif CJK TC, or"), "{en}");
            let Message { zh, en } = help(&FREE.map(|(family, _)| family));
            assert!(!zh.contains("安裝") && !en.contains("Install"), "{zh} {en}");
        }
    }
}
