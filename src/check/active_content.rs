//! Attachments and pictures that a browser would run.
//!
//! In: the project's assets. Out: a finding for each that can hold a script: pages, scripts, programs, and SVG pictures with more than
//! shapes in them. A published file is opened from the plan's own address, where no policy of a page binds it. Nothing is mended here.

use crate::{
    diagnostic::{Diagnostic, Message, Rule},
    message,
    source::{Asset, Sources},
};

/// Kinds of files that browsers, systems or web servers run, whatever is in them.
const ACTIVE: [&[&str]; 4] = [
    &["htm", "html", "js", "mht", "mhtml", "mjs", "svgz", "swf", "xht", "xhtml", "xml", "xsl"],
    &[
        "bat", "chm", "cmd", "com", "cpl", "diagcab", "exe", "gadget", "hta", "inf", "jar", "jnlp", "jse", "lnk", "msc", "msi", "msix",
        "msp", "mst", "pif", "ps1", "psd1", "psm1", "py", "pyw", "reg", "scf", "scr", "sct", "sh", "url", "vb", "vbe", "vbs", "wsc", "wsf",
        "wsh", "xbap",
    ],
    &["appinstaller", "application", "appref-ms", "library-ms", "search-ms", "searchconnector-ms", "settingcontent-ms"],
    &[
        "asa", "ascx", "ashx", "asmx", "asp", "aspx", "axd", "cfm", "cgi", "cshtml", "jsp", "jspx", "master", "phar", "php", "phtml", "pl",
        "razor", "shtm", "shtml", "stm", "svc", "vbhtml",
    ],
];
/// Kinds that browsers show as text without looking at what is in them.
const PLAIN: [&str; 4] = ["csv", "json", "md", "txt"];
/// With these a file is taken for a page if its kind does not say what it is.
const PAGES: [&str; 16] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<iframe",
    "<style",
    "<svg",
    "<?xml",
    "<!--",
    "<title",
    "<table",
    "<div",
    "<a ",
    "<h1",
    "<p>",
];
/// How far browsers look.
const SNIFFED: usize = 2048;

/// Reports every asset that could run something in the browser of its reader.
pub(super) fn assets(sources: &Sources, found: &mut Vec<Diagnostic>) {
    for asset in sources.assets().values() {
        if let Some(message) = danger(asset) {
            let help = message!("請改附 PDF、文件檔或純圖形的圖片", "Attach a PDF, a document, or a picture that holds nothing but shapes");
            found.push(Diagnostic::nowhere(Rule::ActiveContent, message).help(help));
        }
    }
}

fn danger(asset: &Asset) -> Option<Message> {
    let (name, path) = (&asset.name, &asset.path);
    // What ends a name without being seen is not published.
    let file = name.rsplit('/').next().unwrap_or(name).trim_end_matches(['.', ' ']);
    let kind = file.rsplit_once('.').map_or(String::new(), |(_, kind)| kind.trim().to_ascii_lowercase());
    if kind == "svg" {
        let what = in_svg(&asset.bytes)?;
        return Some(message!("圖片 {path} 含有「{what}」，可能執行程式", "The picture {path} holds `{what}`, which could run"));
    }
    if ACTIVE.iter().any(|kinds| kinds.contains(&kind.as_str())) {
        return Some(message!(
            "附檔 {path} 可以在讀者的電腦或網頁伺服器上執行",
            "The attachment {path} could run on a reader's computer or on a web server"
        ));
    }
    let looks_like_a_page = !PLAIN.contains(&kind.as_str()) && is_page(&asset.bytes);
    looks_like_a_page.then(|| message!("附檔 {path} 的內容是網頁", "The attachment {path} is a web page inside"))
}

/// Whether a browser that has to guess takes these bytes for a page.
fn is_page(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(SNIFFED)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    PAGES.iter().any(|page| start.starts_with(page))
}

/// What of an SVG picture is more than shapes; the picture is read as suspiciously as possible.
fn in_svg(bytes: &[u8]) -> Option<String> {
    // Another encoding could hide anything.
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("encoding".into()) };
    let text = text.to_ascii_lowercase();
    if text.contains('\0') {
        return Some("encoding".into());
    }
    let declared = text
        .find("encoding")
        .map(|at| &text[at + "encoding".len()..])
        .filter(|_| text.trim_start_matches('\u{feff}').starts_with("<?xml"));
    if declared.is_some_and(|rest| !rest.trim_start_matches(['=', ' ', '"', '\'', '\t', '\n', '\r']).starts_with("utf-8")) {
        return Some("encoding".into());
    }
    let words = ["<!entity", "<!attlist", "<?xml-stylesheet", "javascript:", "vbscript:", "@import"];
    if let Some(word) = words.iter().find(|word| text.contains(*word)) {
        return Some((*word).to_owned());
    }
    text.split('<').skip(1).find_map(in_tag)
}

/// What is wrong with the text from one `<` to the next.
fn in_tag(tag: &str) -> Option<String> {
    let name: String = tag.chars().take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.')).collect();
    let local = name.rsplit(':').next().unwrap_or(&name);
    // Animations can change an address after the picture was looked at.
    let elements = ["script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "set", "animate", "html", "a"];
    if elements.contains(&local) {
        return Some(format!("<{local}>"));
    }
    // A `>` inside an attribute's quotes ends no tag, so that attributes are looked for up to the next `<`.
    let mut rest = &tag[name.len()..];
    while let Some(at) = rest.find('=') {
        let (before, after) = (rest[..at].trim_end(), rest[at + 1..].trim_start());
        let start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/')).map_or(0, |at| at + 1);
        let attribute = before.get(start..).unwrap_or_default();
        let attribute = attribute.rsplit(':').next().unwrap_or(attribute);
        if attribute.starts_with("on") && attribute.len() > 2 {
            return Some(attribute.to_owned());
        }
        let value = after.trim_start_matches(['"', '\'']).trim_start();
        let is_own = value.starts_with('#')
            || ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"]
                .iter()
                .any(|own| value.starts_with(own));
        if ["href", "src"].contains(&attribute) && !is_own {
            return Some(attribute.to_owned());
        }
        rest = &rest[at + 1..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> Option<String> {
        in_svg(format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>").as_bytes())
    }

    #[test]
    fn shapes_are_no_danger() {
        for inside in [
            "<path d=\"M0 0h8\" style=\"fill:none;stroke:#000\"/>",
            "<use href=\"#a\"/><text font-family=\"serif\">on = 開啟</text>",
            "<image href=\"data:image/png;base64,AAAA\"/>",
            "<linearGradient id=\"online\" gradientUnits=\"userSpaceOnUse\"/>",
            "<!-- Created with a drawing program -->",
        ] {
            assert_eq!(svg(inside), None, "{inside}");
        }
        assert_eq!(in_svg(b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><svg/>"), None);
    }

    #[test]
    fn whatever_could_run_is_found() {
        for inside in [
            "<script>x</script>",
            "<ScRiPt\n>x</script>",
            "<s:script xmlns:s=\"http://www.w3.org/2000/svg\">x</s:script>",
            "<path d=\"\" onload=\"x\"/>",
            "<path d='>' ONLOAD = 'x'/>",
            "<path/onload=x />",
            "<a href=\"javascript:x\"><path/></a>",
            "<use xlink:href=\"https://example.gov.tw/x.svg#a\"/>",
            "<use href=\"&#106;avascript:x\"/>",
            "<foreignObject><p/></foreignObject>",
            "<animate attributeName=\"href\" to=\"x\"/>",
            "<style>@import 'x'</style>",
        ] {
            assert!(svg(inside).is_some(), "{inside}");
        }
        assert!(in_svg(b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>").is_some());
        assert!(in_svg(b"<?xml-stylesheet href='x'?><svg/>").is_some());
        assert!(in_svg(b"<?xml version=\"1.0\" encoding=\"utf-7\"?><svg/>").is_some());
        assert!(in_svg(b"\xff\xfe<\0s\0v\0g\0").is_some());
    }

    #[test]
    fn a_page_under_another_name_is_found() {
        assert!(is_page(b"\xef\xbb\xbf \n<!DOCTYPE HTML><p>"));
        assert!(is_page(b"<ScRipT>x"));
        assert!(!is_page(b"%PDF-1.7"));
        assert!(!is_page("一般文字 <b>".as_bytes()));
    }
}
