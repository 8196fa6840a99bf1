//! Why there is no PDF, as findings.
//!
//! In: what the typesetter refused, and what it was given. Out: findings in both languages, each with a way out, at the place of the plan
//! that they are about where it is known. The typesetter's own words stand only where nothing better is known.

use super::{Input, standards, world::PrintWorld};
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Severity, Span},
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
            // Whose fonts may be embedded is no matter of pictures.
            let error = errors.iter().find(|error| !is_of_licence(error))?;
            of_standards(path, is_drawing, &error.message)
        }
    };
    Some(Diagnostic::new(Rule::UnreadablePicture, place, message).help(help))
}

/// What of a sound picture a PDF for archives may not hold, in the words of the typesetter.
fn of_standards(path: &str, is_drawing: bool, what: &str) -> (Message, Message) {
    if what.contains("CMYK") {
        return (
            message!(
                "圖檔 {path} 的色彩是印刷用的 CMYK，不能放進長期保存的 PDF",
                "The colours of the picture {path} are CMYK, for printing presses, and have no place in a PDF for archives"
            ),
            message!("請以影像程式轉成 RGB 後重新存檔", "Convert it to RGB with an image editor and save it anew"),
        );
    }
    if is_drawing && ["text", "code point", "codepoint"].iter().any(|word| what.contains(word)) {
        return (
            message!(
                "向量圖 {path} 的文字不能放進長期保存的 PDF：字型沒有的字、造字區字元，或字型排不出的文字",
                "The drawing {path} has text that has no place in a PDF for archives: no font has it or can set it, or it is of the private use area"
            ),
            message!(
                "請在繪圖程式把文字轉成外框（路徑），或另存為 PNG",
                "Turn its text into outlines (paths) in the drawing program, or save it as PNG"
            ),
        );
    }
    (
        message!("圖檔 {path} 不能放進長期保存的 PDF：{what}", "The picture {path} has no place in a PDF for archives: {what}"),
        message!(
            "請以影像或繪圖程式打開原圖，另存為 RGB 的 PNG（每色 8 位元）",
            "Open the original with an image editor or a drawing program and save it as PNG in RGB, 8 bits a colour"
        ),
    )
}

/// Whether it is a font that its licence keeps out of PDFs.
fn is_of_licence(error: &SourceDiagnostic) -> bool {
    error.message.contains("license")
}

fn of_template(error: &SourceDiagnostic, world: &PrintWorld<'_>, sources: &Sources) -> Diagnostic {
    let what = error.message.as_str();
    let place = error.span.id().and_then(|id| sources.named(&PrintWorld::name(id))).zip(world.range(error.span));
    let message = message!("列印版面有錯：{what}", "The print template has an error: {what}");
    // A file of the project's own may be to blame for what shows in an embedded one.
    let help = if sources.in_folder("theme/print", "typ").any(|(_, file)| !sources.file(file).embedded) {
        message!(
            "請修正這個檔案；刪去 themes/ 裡的，就用內建的版面",
            "Mend the file; without the one in themes/ the embedded layout is used"
        )
    } else {
        message!(
            "內建的版面排不出這份計畫，請向 planpress 回報；在那之前可以改寫最近改過的地方，或從瀏覽器列印 print.html",
            "The embedded layout fails on this plan: report it to planpress; until then undo what you changed last, or print print.html from a browser"
        )
    };
    let span = place.map(|(file, range)| Span::new(file, range.start, range.end));
    Diagnostic { span, ..Diagnostic::nowhere(Rule::Theme, message) }.help(help)
}

fn of_text(error: &SourceDiagnostic) -> Diagnostic {
    let what = error.message.as_str();
    let (message, help) = if is_of_licence(error) {
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
                "The cause is mostly text that a font cannot set, such as Arabic or Tibetan: use other words, or name another font with --font-path"
            ),
        )
    };
    Diagnostic::nowhere(Rule::Theme, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(what: &str) -> SourceDiagnostic {
        SourceDiagnostic::error(typst::syntax::Span::detached(), what)
    }

    #[test]
    fn a_picture_is_refused_for_what_the_typesetter_says() {
        for (is_drawing, what, cause, cure) in [
            (false, "PDF/A-2a error: the PDF is missing a CMYK profile", "CMYK", "RGB"),
            (true, "PDF/A-2a error: the PDF is missing a CMYK profile", "CMYK", "RGB"),
            (true, "PDF/A-2a error: the text `\"𒀀\"` could not be displayed with font `\"A\"`", "has text", "outlines"),
            (true, "PDF/A-2a error: the PDF contains PostScript code", "contains PostScript code", "save it as PNG"),
            (false, "16 bit images are not supported in this export mode", "16 bit images", "save it as PNG"),
        ] {
            let (message, help) = of_standards("assets/a", is_drawing, what);
            assert!(message.en.contains(cause) && help.en.contains(cure), "{what}: {message:?} {help:?}");
        }
    }

    #[test]
    fn a_licence_is_a_matter_of_the_font_and_not_of_text() {
        let finding = of_text(&refused("PDF/A-2a error: license of font `\"Fine Kai\"` is too restrictive"));
        assert!(finding.message.zh.contains("「Fine Kai」的授權"), "{finding:?}");
        let finding = of_text(&refused("PDF/UA-1 error: the text was not mapped to a code point"));
        assert!(finding.message.en.ends_with("the text was not mapped to a code point"), "{finding:?}");
        assert!(finding.help.is_some_and(|help| help.en.contains("Arabic")));
    }
}
