//! What a window runs to follow the plan while it is edited.
//!
//! In: the editor's language. Out: scripts, styles and words under `/_planpress/`, the line that brings them into a page, and the two
//! pages that stand where there is none. Nothing here is ever written into a built page.

use crate::diagnostic::Language;

const FILES: [(&str, &str, &str); 7] = [
    ("live.js", "text/javascript; charset=utf-8", include_str!("live.js")),
    ("stream.js", "text/javascript; charset=utf-8", include_str!("stream.js")),
    ("swap.js", "text/javascript; charset=utf-8", include_str!("swap.js")),
    ("align.js", "text/javascript; charset=utf-8", include_str!("align.js")),
    ("entries.js", "text/javascript; charset=utf-8", include_str!("entries.js")),
    ("panels.js", "text/javascript; charset=utf-8", include_str!("panels.js")),
    ("live.css", "text/css; charset=utf-8", include_str!("live.css")),
];

/// The interface's words: key, Traditional Chinese, English.
const WORDS: [(&str, &str, &str); 23] = [
    ("language", "zh-Hant-TW", "en"),
    ("errors", "{n} 個錯誤，畫面停在上一次的內容", "Errors: {n}; this is the page as it last was"),
    ("errorsAlone", "{n} 個錯誤", "Errors: {n}"),
    ("error", "錯誤", "error"),
    ("help", "建議：", "Help: "),
    ("close", "關閉", "Close"),
    ("copyPlace", "複製位置", "Copy the place"),
    ("copied", "已複製 {place}", "Copied {place}"),
    ("open", "未完成 {n}", "{n} open"),
    ("nothingOpen", "沒有未完成的地方", "Nothing is open"),
    ("blanks", "空白", "Blanks"),
    ("alternatives", "未決定的選項", "Undecided alternatives"),
    ("warnings", "警告", "Warnings"),
    ("reminders", "提醒", "Worth a look"),
    ("more", "還有 {n} 項", "{n} more"),
    ("list", "未完成的地方", "What is still open"),
    ("problems", "內容的錯誤", "Errors in the content"),
    (
        "offline",
        "預覽已停止；重新啟動後會自動接上",
        "The preview has stopped; this page follows again when it is back",
    ),
    ("notFoundTitle", "沒有這一頁", "No such page"),
    ("notFound", "計畫裡沒有這一頁。", "The plan has no such page."),
    ("toCover", "到封面", "To the cover"),
    ("nothingYetTitle", "還沒有可看的內容", "Nothing to show yet"),
    (
        "nothingYet",
        "請先修正下列錯誤，修正後這裡會自動顯示這一頁。",
        "Mend the errors below; this page then appears here by itself.",
    ),
];

/// The client in one language.
#[derive(Debug)]
pub(super) struct Client {
    language: Language,
    words: String,
}

impl Client {
    pub(super) fn new(language: Language) -> Self {
        let all: serde_json::Map<String, serde_json::Value> =
            WORDS.iter().map(|(key, zh, en)| ((*key).to_owned(), language.pick(*zh, *en).into())).collect();
        Self { language, words: format!("export default {};\n", serde_json::Value::from(all)) }
    }

    /// A file of the client, with its media type.
    pub(super) fn file(&self, name: &str) -> Option<(&'static str, &str)> {
        if name == "words.js" {
            return Some(("text/javascript; charset=utf-8", &self.words));
        }
        FILES.iter().find(|(known, ..)| *known == name).map(|(_, media_type, text)| (*media_type, *text))
    }

    /// The page for an address that the plan does not have.
    pub(super) fn not_found(&self) -> String {
        let cover = format!("<p><a href=\"/\">{}</a></p>\n", self.word("toCover"));
        self.page("notFound", 404, &cover)
    }

    /// The page while nothing could be compiled yet.
    pub(super) fn nothing_yet(&self) -> String {
        self.page("nothingYet", 503, "")
    }

    /// A page with nothing of the plan; its status lets the client know when another would be sent.
    fn page(&self, key: &str, status: u16, more: &str) -> String {
        let (title, text, language) = (self.word(&format!("{key}Title")), self.word(key), self.word("language"));
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <link rel=\"stylesheet\" href=\"/_planpress/live.css\">\n{}</head>\n<body class=\"planpress-message\" data-status=\"{status}\">\n<main id=\"_content\">\n\
             <h1>{title}</h1>\n<p>{text}</p>\n{more}</main>\n</body>\n</html>\n",
            script("")
        )
    }

    fn word(&self, key: &str) -> &'static str {
        WORDS.iter().find(|(known, ..)| *known == key).map_or("", |(_, zh, en)| self.language.pick(*zh, *en))
    }
}

/// The line that brings the client into a page; the tag names the page's exact bytes.
pub(super) fn script(tag: &str) -> String {
    format!("<script type=\"module\" src=\"/_planpress/live.js\" data-tag=\"{tag}\"></script>\n")
}

/// Where that line goes: before the first script of the page, so that the client sees the page as it was sent.
pub(super) fn insertion(html: &[u8]) -> usize {
    let find = |needle: &[u8]| html.windows(needle.len()).position(|window| window == needle);
    find(b"<script").or_else(|| find(b"</head>")).unwrap_or(html.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_before_the_pages_own() {
        let at = |html: &str| insertion(html.as_bytes());
        assert_eq!((at("<head><script></script></head>"), at("<head>x</head>"), at("x")), (6, 7, 1));
    }

    #[test]
    fn every_word_that_the_scripts_ask_for_exists_and_none_is_left_over() {
        let scripts: String = FILES.iter().map(|(.., text)| *text).collect();
        let mut asked: Vec<&str> = scripts
            .split("words.")
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
            .filter(|key| *key != "js")
            .collect();
        asked.extend(["language", "notFound", "notFoundTitle", "nothingYet", "nothingYetTitle", "toCover"]);
        asked.sort_unstable();
        asked.dedup();
        let mut known: Vec<&str> = WORDS.iter().map(|(key, ..)| *key).collect();
        known.sort_unstable();
        assert_eq!(asked, known);
    }
}
