//! Why there is no PDF, as findings.
//!
//! In: what the typesetter refused, and what it was given. Out: findings in both languages, each with a way out, at the place of the plan
//! that they are about where it is known. The typesetter's own words stand only where nothing better is known.

use super::{Input, standards, world::PrintWorld};
use crate::{
    diagnostic::{Diagnostic, Rule, Severity, Span},
    document::{self, Kind},
    message,
    resolve::visit::{Seen, visit},
    source::{Sources, asset_name, code},
};
use std::collections::BTreeMap;
use typst::{WorldExt, diag::SourceDiagnostic};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// What the layout refused: pictures, or else the print template at the place of its mistake.
pub(super) fn of_layout(errors: &[SourceDiagnostic], world: &PrintWorld<'_>, input: Input<'_>) -> Vec<Diagnostic> {
    of_pictures(input).unwrap_or_else(|| errors.iter().map(|error| of_template(error, world, input.sources)).collect())
}

/// What the writer of the PDF refused: pictures, or else fonts and text; it knows no place of the plan.
pub(super) fn of_export(errors: &[SourceDiagnostic], input: Input<'_>) -> Vec<Diagnostic> {
    of_pictures(input).unwrap_or_else(|| errors.iter().map(of_text).collect())
}

/// Characters of the private use area, which a PDF for archives may not hold even where a font draws them.
pub(super) fn of_private_use(character: char, place: Option<Span>) -> Diagnostic {
    let code = code(character);
    let message = message!(
        "造字區字元 {code} 不能放進長期保存的 PDF",
        "The private-use character {code} has no place in a PDF for archives"
    );
    let help = message!(
        "請到全字庫（www.cns11643.gov.tw）查標準字；沒有就改寫這個詞，或以圖片呈現",
        "Look up its standard character at www.cns11643.gov.tw, or use other words or a picture"
    );
    let finding = Diagnostic { span: place, severity: Severity::Error, ..Diagnostic::nowhere(Rule::PrivateUseCharacter, message) };
    finding.help(help)
}

/// The pictures that cannot be printed even by themselves, each at its first place; `None` where all of them can.
fn of_pictures(input: Input<'_>) -> Option<Vec<Diagnostic>> {
    let refused: Vec<Diagnostic> = printed_pictures(input).iter().filter_map(|(name, place)| of_picture(name, *place, input)).collect();
    (!refused.is_empty()).then_some(refused)
}

/// The pictures that are printed, each with its first place.
fn printed_pictures(Input { plan, sources, single, .. }: Input<'_>) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    for index in plan.present() {
        let chapter = &plan.chapters[index];
        if single.is_some_and(|id| chapter.kind != Kind::Annex || &*chapter.id != id) {
            continue;
        }
        visit(chapter, &plan.facts[index], &plan.data, &mut |seen, context| {
            if let Seen::Inline(document::Inline::Image(image)) = seen
                && !context.guidance
                && let Some(name) = asset_name(image.url).filter(|name| sources.assets().contains_key(name.as_str()))
            {
                found.entry(name).or_insert_with(|| context.place(image.span, sources));
            }
        });
    }
    found
}

/// What is wrong with a picture, found by printing it alone.
fn of_picture(name: &str, place: Span, Input { sources, fonts, .. }: Input<'_>) -> Option<Diagnostic> {
    let world = PrintWorld::of_picture(sources, fonts, name)?;
    let path = &sources.assets().get(name)?.path;
    let is_drawing = name.to_ascii_lowercase().ends_with(".svg");
    let (message, help) = match typst::compile::<PagedDocument>(&world).output {
        Err(_) if is_drawing => (
            message!(
                "向量圖 {path} 讀不出來：檔案不完整，或引用了別的檔案",
                "The drawing {path} cannot be read: it is incomplete, or refers to another file"
            ),
            message!(
                "請在繪圖程式把引用的圖嵌入後重新存檔，或另存為 PNG",
                "Embed what it refers to in the drawing program and save it anew, or save it as PNG"
            ),
        ),
        Err(_) => (
            message!("圖檔 {path} 讀不出來：檔案毀損或不完整", "The picture {path} cannot be read: it is damaged or incomplete"),
            message!(
                "請以影像程式打開原圖，重新存成 PNG 或 JPEG",
                "Open the original with an image editor and save it anew as PNG or JPEG"
            ),
        ),
        Ok(document) => {
            let options = PdfOptions { standards: standards().ok()?, ..PdfOptions::default() };
            let errors = typst_pdf::pdf(&document, &options).err()?;
            if is_drawing && !errors.iter().any(|error| error.message.contains("CMYK")) {
                (
                    message!(
                        "向量圖 {path} 的文字有字型沒有的字，或造字區字元",
                        "The drawing {path} has text that no font has, or private-use characters"
                    ),
                    message!(
                        "請在繪圖程式把文字轉成外框（路徑），或另存為 PNG",
                        "Turn its text into outlines (paths) in the drawing program, or save it as PNG"
                    ),
                )
            } else {
                (
                    message!(
                        "圖檔 {path} 的色彩（例如印刷用的 CMYK）不能放進長期保存的 PDF",
                        "The colours of the picture {path}, such as CMYK for printing presses, have no place in a PDF for archives"
                    ),
                    message!("請以影像程式轉成 RGB 後重新存檔", "Convert it to RGB with an image editor and save it anew"),
                )
            }
        }
    };
    Some(Diagnostic::new(Rule::UnreadablePicture, place, message).help(help))
}

fn of_template(error: &SourceDiagnostic, world: &PrintWorld<'_>, sources: &Sources) -> Diagnostic {
    let what = error.message.as_str();
    let place = error.span.id().and_then(|id| sources.named(&PrintWorld::name(id))).zip(world.range(error.span));
    let message = message!("列印版面有錯：{what}", "The print template has an error: {what}");
    let help = message!(
        "請修正這個檔案；刪去 themes/ 裡的，就用內建的版面",
        "Mend the file; without the one in themes/ the embedded layout is used"
    );
    let span = place.map(|(file, range)| Span::new(file, range.start, range.end));
    Diagnostic { span, ..Diagnostic::nowhere(Rule::Theme, message) }.help(help)
}

fn of_text(error: &SourceDiagnostic) -> Diagnostic {
    let what = error.message.as_str();
    let (message, help) = if what.contains("license") {
        let font = what.split('"').nth(1).unwrap_or_default();
        (
            message!("字型「{font}」的授權不允許嵌入 PDF", "The licence of the font `{font}` does not let a PDF hold it"),
            message!("請移走這個字型，或以 --font-path 指定別的字型", "Take the font away, or name another one with --font-path"),
        )
    } else {
        (
            message!("排版程式做不出 PDF：{what}", "The typesetter makes no PDF: {what}"),
            message!(
                "多半是字型排不出的文字（例如阿拉伯文、藏文）：請改寫，或以 --font-path 指定別的字型",
                "It mostly is text that a font cannot set, such as Arabic or Tibetan: use other words, or name another font with --font-path"
            ),
        )
    };
    Diagnostic::nowhere(Rule::Theme, message).help(help)
}
