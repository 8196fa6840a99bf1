//! Code blocks as HTML.
//!
//! In: a language and a text. Out: the text with its parts marked as classes, which the theme colours. The grammars are loaded when
//! the first block needs them: most plans have no code.

use super::{
    html::{attribute, escape},
    shell, yaml,
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use syntect::{
    dumps::from_uncompressed_data,
    html::{ClassStyle, ClassedHTMLGenerator},
    parsing::SyntaxSet,
    util::LinesWithEndings,
};

/// The library's grammars but for those that no agency's documents show, which would be a sixtieth of the program; a test in
/// `tests/suite/grammars.rs` takes them out.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(|| from_uncompressed_data(include_bytes!("grammars.packdump")).unwrap_or_default());

/// The code blocks of a plan that were marked so far, by language and text. What several chapters show is often the same, and marking
/// costs more than all else on a page.
#[derive(Default)]
pub(super) struct Blocks {
    marked: Mutex<FxHashMap<(String, String), Marked>>,
}

/// A block as HTML; nothing when nobody knows its language.
type Marked = Option<Arc<str>>;

impl Blocks {
    /// Writes a code block.
    pub(super) fn write(&self, out: &mut String, language: &str, text: &str) {
        if language.is_empty() {
            return write(out, language, text, None);
        }
        let key = (language.to_owned(), text.to_owned());
        let known = self.marked.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let html = known.unwrap_or_else(|| {
            // Not under the lock: other threads have other blocks to mark.
            let html = highlighted(language, text).map(Arc::from);
            self.marked.lock().unwrap_or_else(PoisonError::into_inner).insert(key, html.clone());
            html
        });
        write(out, language, text, html.as_deref());
    }
}

fn write(out: &mut String, language: &str, text: &str, marked: Option<&str>) {
    out.push_str("<pre class=\"code\" tabindex=\"0\"><code");
    if !language.is_empty() {
        attribute(out, "class", &format!("language-{language}"));
    }
    out.push('>');
    match marked {
        Some(html) => out.push_str(html),
        None => escape(out, text),
    }
    out.push_str("</code></pre>\n");
}

/// The text with classes; `None` for a language without a grammar, or a text that its grammar cannot read.
fn highlighted(language: &str, text: &str) -> Option<String> {
    if shell::is_shell(language) {
        return Some(shell::marked(text));
    }
    if yaml::is_yaml(language) {
        return Some(yaml::marked(text));
    }
    let grammar = GRAMMARS.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(grammar, &GRAMMARS, ClassStyle::SpacedPrefixed { prefix: "hl-" });
    for line in LinesWithEndings::from(text) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}
