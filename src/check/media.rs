//! Pictures, attachments and links.
//!
//! In: an address as written and the project's assets. Out: findings for files that do not exist, lead out of the project,
//! cannot be shown or need a description; and for links that should be references. Addresses elsewhere are not visited.

use super::picture::unreadable;
use crate::{
    diagnostic::{Diagnostic, Message, Rule, Span, did_you_mean},
    document::Image,
    message,
    source::{Asset, Sources, asset_name},
};
use std::{collections::BTreeMap, sync::Arc};

/// The project's assets by name.
pub(super) struct Assets<'a> {
    files: &'a BTreeMap<String, Arc<Asset>>,
    names: Vec<&'a str>,
    /// Assets that exist but could not be used; they were reported when they were read.
    refused: Vec<&'a str>,
}

impl<'a> Assets<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        let files = sources.assets();
        Self { files, names: files.keys().map(String::as_str).collect(), refused: sources.refused_assets().collect() }
    }

    /// Checks a picture.
    pub(super) fn picture(&self, image: &Image<'_>, span: Span, found: &mut Vec<Diagnostic>) {
        if image.alternative.trim().is_empty() {
            let help = message!("請寫成 ![說明圖意的一句話]({url})", "Write ![what the picture shows]({url})", url = image.url);
            found.push(
                Diagnostic::new(Rule::MissingAlternativeText, span, message!("圖片沒有說明文字", "The picture has no description"))
                    .help(help),
            );
        }
        if is_elsewhere(image.url) {
            let message = message!("圖片不能來自別的網站", "A picture cannot come from another site");
            let help = message!("請把圖檔放進 content/assets/，寫 assets/檔名", "Put the file into content/assets/ and write assets/NAME");
            found.push(Diagnostic::new(Rule::OutsideProject, span, message).help(help));
            return;
        }
        self.file(image.url, span, found);
        let asset = asset_name(image.url).and_then(|name| self.files.get(&name));
        if let Some((message, help)) = asset.and_then(|asset| unreadable(asset)) {
            found.push(Diagnostic::new(Rule::UnreadablePicture, span, message).help(help));
        }
    }

    /// Checks a link.
    pub(super) fn link(&self, url: &str, span: Span, sources: &Sources, found: &mut Vec<Diagnostic>) {
        if url.starts_with("//") || is_host(url) {
            let message = message!("「{url}」沒有寫 https:", "`{url}` does not say https:");
            let site = url.trim_start_matches('/');
            let help = message!("請寫成 https://{site}", "Write https://{site}");
            found.push(Diagnostic::new(Rule::OutsideProject, span, message).help(help));
            return;
        }
        if is_elsewhere(url) || url.starts_with("mailto:") {
            return;
        }
        if asset_name(url).is_none() && (url.starts_with('#') || url.contains(".md") || url.contains(".html")) {
            let message = message!("計畫內部的連結請用 [[id]]", "A link inside the plan is written [[id]]");
            let id = url.rsplit(['#', '/']).next().unwrap_or(url).trim_end_matches(".md").trim_end_matches(".html");
            found.push(Diagnostic::new(Rule::UnknownReference, span, message).help(message!("例如 [[{id}]]", "For example [[{id}]]")));
            return;
        }
        if asset_name(url).is_none()
            && let Some(name) = is_note(sources.slice(span))
        {
            let message = message!("「[{name}]」成了連結，連到「{url}」", "`[{name}]` is a link to `{url}`");
            let help = message!(
                "註腳請寫 [^{name}]，內容寫 [^{name}]: {url}",
                "Write a footnote as [^{name}], and its words as [^{name}]: {url}"
            );
            found.push(Diagnostic::new(Rule::OutsideProject, span, message).help(help));
            return;
        }
        if let Some(scheme) = scheme(url) {
            let message = message!("不能連到「{scheme}:」", "A link cannot lead to `{scheme}:`");
            let help = message!(
                "請直接寫出號碼或文字；連結只能是 https:、http:、mailto: 或 assets/ 裡的檔案",
                "Write the number or the words themselves; a link leads to https:, http:, mailto: or a file in assets/"
            );
            found.push(Diagnostic::new(Rule::OutsideProject, span, message).help(help));
            return;
        }
        self.file(url, span, found);
    }

    /// A file that is there, for an address that leads to it in another way than the plan's.
    fn otherwise(&self, url: &str) -> Option<Message> {
        let slashes = url.replace('\\', "/");
        let inside = &slashes[slashes.find("assets/")?..];
        let is_there = |name: &String| self.names.binary_search(&name.as_str()).is_ok();
        asset_name(inside).filter(is_there).map(|_| message!("請寫 {inside}", "Write {inside}"))
    }

    fn file(&self, url: &str, span: Span, found: &mut Vec<Diagnostic>) {
        let name = asset_name(url);
        // Behind two of these signs an address goes on with something else than a file's name; the third begins the code of a character.
        let coded = |url: &str| url.replace('#', "%23").replace('?', "%3F");
        let is_there = |whole: &String| asset_name(whole).is_some_and(|name| self.names.binary_search(&name.as_str()).is_ok());
        let is_coded = url.contains(['#', '?', '%']);
        let written = is_coded
            .then(|| [coded(url), coded(&url.replace('%', "%25"))])
            .and_then(|ways| ways.into_iter().find(|way| way != url && is_there(way)))
            .map(|way| message!("檔名裡的 #、? 與 % 要改寫：{way}", "A `#`, `?` or `%` of a file's name is written otherwise: {way}"));
        let mut report = |rule, message: Message, help: Message| found.push(Diagnostic::new(rule, span, message).help(help));
        if url.is_empty() {
            let help = message!("請在括號裡寫網址，或 assets/檔名", "Write an address between the brackets, or assets/NAME");
            return report(Rule::OutsideProject, message!("這裡沒有寫位址", "No address is written here"), help);
        }
        if name.is_none() {
            let help = written.or_else(|| self.otherwise(url)).unwrap_or_else(|| {
                message!("請把檔案放進 content/assets/，寫 assets/檔名", "Put the file into content/assets/ and write assets/NAME")
            });
            report(Rule::OutsideProject, message!("「{url}」不在 assets/ 裡", "`{url}` is not inside assets/"), help);
            return;
        }
        let name = name.unwrap_or_default();
        if self.names.binary_search(&name.as_str()).is_err() && !self.refused.contains(&name.as_str()) {
            let help = written
                .or_else(|| did_you_mean(&name, self.names.iter().copied()))
                .unwrap_or_else(|| message!("請把檔案放進 content/assets/", "Put the file into content/assets/"));
            report(Rule::MissingFile, message!("沒有檔案 content/{name}", "There is no file content/{name}"), help);
        }
    }
}

/// What stands for the words of a footnote, as Word and other programs write them.
fn is_note(source: &str) -> Option<&str> {
    let name = source.strip_prefix('[')?.strip_suffix(']')?;
    (!name.is_empty() && !name.contains(['[', ']', '('])).then_some(name)
}

/// What an address begins with that names neither a file nor a site; a single letter is a drive.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let is_one = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'));
    (is_one && !scheme.eq_ignore_ascii_case("file")).then_some(scheme)
}

/// Whether an address names another site.
fn is_elsewhere(url: &str) -> bool {
    ["http://", "https://", "//"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Whether an address begins as that of another site does without its scheme: `www.`, or a domain that ends as sites here do.
fn is_host(url: &str) -> bool {
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let ends = [".tw", ".com", ".org", ".net"].iter().any(|end| host.ends_with(end));
    is_name && (host.starts_with("www.") || ends)
}
