//! Code blocks as HTML.
//!
//! In: a language and a text. Out: the text with its parts marked as classes, which the theme colours. The grammars are loaded when
//! the first block needs them: most plans have no code.

use super::html::{attribute, escape};
use std::sync::LazyLock;
use syntect::{
    html::{ClassStyle, ClassedHTMLGenerator},
    parsing::SyntaxSet,
    util::LinesWithEndings,
};

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Writes a code block.
pub(super) fn write(out: &mut String, language: &str, text: &str) {
    out.push_str("<pre class=\"code\" tabindex=\"0\"><code");
    if !language.is_empty() {
        attribute(out, "class", &format!("language-{language}"));
    }
    out.push('>');
    match (!language.is_empty()).then(|| highlighted(language, text)).flatten() {
        Some(html) => out.push_str(&html),
        None => escape(out, text),
    }
    out.push_str("</code></pre>\n");
}

/// The text with classes; `None` for a language without a grammar, or a text that its grammar cannot read.
fn highlighted(language: &str, text: &str) -> Option<String> {
    let grammar = GRAMMARS.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(grammar, &GRAMMARS, ClassStyle::SpacedPrefixed { prefix: "hl-" });
    for line in LinesWithEndings::from(text) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}
