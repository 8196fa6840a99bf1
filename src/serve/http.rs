//! What is answered to a request.
//!
//! In: a request's method, address and headers, and the pages. Out: an [`Answer`]. Only files of the site and the preview's own are
//! ever sent: a path is a key, not a place on the disk. Nothing is sent from here, and no file is read.

use super::{
    client,
    pages::{Page, Pages, is_page},
};
use percent_encoding::percent_decode_str;
use std::{net::IpAddr, sync::Arc};

/// Where windows listen.
pub(super) const EVENTS: &str = "/_planpress/events";

/// A request as far as it matters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The path and perhaps a query.
    pub(super) url: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) if_none_match: Option<&'a str>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
}

/// What an answer holds.
#[derive(Debug)]
pub(super) enum Body {
    /// Nothing.
    Empty,
    /// Some text.
    Text(String),
    /// A file as it is.
    File(Arc<Page>),
    /// A page, with the line that brings in the client.
    Page(Arc<Page>),
    /// The stream of events.
    Events,
}

/// Answers.
#[derive(Debug)]
pub(super) struct Desk {
    /// The name under which the server was asked to listen; addresses and `localhost` are always right.
    pub(super) host: String,
    pub(super) client: client::Client,
}

impl Desk {
    /// Answers one request.
    pub(super) fn answer(&self, asked: Asked<'_>, pages: &Pages) -> Answer {
        // A page elsewhere can make its own name point to this machine; the browser then still says that name.
        if !asked.host.is_some_and(|host| self.is_us(host)) {
            return Answer::text(403, "403 Forbidden: unknown Host\n");
        }
        if !matches!(asked.method, "GET" | "HEAD") {
            return Answer::text(405, "405 Method Not Allowed\n").with("Allow", "GET, HEAD");
        }
        let path = path(asked.url);
        if path == EVENTS {
            return Answer { status: 200, headers: vec![("Content-Type", "text/event-stream".into())], body: Body::Events }
                .with("Cache-Control", "no-store");
        }
        if let Some(name) = path.strip_prefix("/_planpress/") {
            return match self.client.file(name) {
                Some((media_type, text)) => Answer { status: 200, headers: Vec::new(), body: Body::Text(text.to_owned()) }
                    .with("Content-Type", media_type)
                    .with("Cache-Control", "no-store"),
                None => Answer::text(404, "404 Not Found\n"),
            };
        }
        let Some(name) = path.strip_prefix('/').and_then(|name| percent_decode_str(name).decode_utf8().ok()) else {
            return Answer::text(400, "400 Bad Request\n");
        };
        let name = if name.is_empty() { "index.html" } else { &name };
        match pages.get(name) {
            Some(file) => Self::file(name, file, asked.if_none_match),
            None => match pages.moved(name) {
                Some(there) => Answer { status: 302, headers: Vec::new(), body: Body::Empty }
                    .with("Location", &format!("/{there}"))
                    .with("Cache-Control", "no-store"),
                // Browsers ask for one by themselves.
                None if name == "favicon.ico" => Answer { status: 204, headers: Vec::new(), body: Body::Empty },
                None if pages.is_empty() => Answer::page(503, self.client.nothing_yet()),
                None => Answer::page(404, self.client.not_found()),
            },
        }
    }

    fn file(name: &str, file: &Arc<Page>, if_none_match: Option<&str>) -> Answer {
        let tag = format!("\"{}\"", file.tag);
        let known = if_none_match.is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
        let is_page = is_page(name);
        let body = match known {
            true => Body::Empty,
            false if is_page => Body::Page(Arc::clone(file)),
            false => Body::File(Arc::clone(file)),
        };
        Answer { status: if known { 304 } else { 200 }, headers: Vec::new(), body }
            .with("ETag", &tag)
            .with("Cache-Control", if is_page { "no-store" } else { "no-cache" })
            .with("Content-Type", &media_type(name))
    }

    /// Whether a Host header means this server.
    fn is_us(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        name.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost") || name.eq_ignore_ascii_case(&self.host)
    }
}

impl Answer {
    fn text(status: u16, text: &str) -> Self {
        let headers = vec![("Content-Type", "text/plain; charset=utf-8".into())];
        Self { status, headers, body: Body::Text(text.to_owned()) }
    }

    fn page(status: u16, html: String) -> Self {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".into())];
        Self { status, headers, body: Body::Text(html) }.with("Cache-Control", "no-store")
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// An address without its query.
pub(super) fn path(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The media type of a file by its name; what is text is UTF-8.
fn media_type(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = guess.type_() == "text" || matches!(guess.subtype().as_str(), "javascript" | "json" | "xml");
    let is_text = is_text || !name.rsplit('/').next().unwrap_or_default().contains('.');
    match (is_text, guess.as_ref()) {
        // SHA256SUMS has no ending.
        (true, "application/octet-stream") => String::from("text/plain; charset=utf-8"),
        (true, guess) => format!("{guess}; charset=utf-8"),
        (false, guess) => guess.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Language;
    use std::collections::BTreeMap;

    fn pages() -> Pages {
        let files = [
            ("index.html", "<head><script src=a></script></head>"),
            ("assets/page.1.css", "a{}"),
            ("assets/圖 1.png", "p"),
            ("SHA256SUMS", "0  a"),
        ];
        Pages::default()
            .after(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into_iter().collect::<BTreeMap<_, _>>())
            .0
    }

    fn desk() -> Desk {
        Desk { host: "pc-7".into(), client: client::Client::new(Language::English) }
    }

    fn ask(url: &str) -> Answer {
        desk().answer(Asked { method: "GET", url, host: Some("127.0.0.1:4321"), if_none_match: None }, &pages())
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn files_have_their_media_type() {
        let media_type = |url| header(&ask(url), "Content-Type").map(str::to_owned);
        assert_eq!(media_type("/").as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(media_type("/index.html?x=1").as_deref(), Some("text/html; charset=utf-8"));
        assert_eq!(media_type("/assets/page.1.css").as_deref(), Some("text/css; charset=utf-8"));
        assert_eq!(media_type("/assets/%E5%9C%96%201.png").as_deref(), Some("image/png"));
        assert_eq!(media_type("/SHA256SUMS").as_deref(), Some("text/plain; charset=utf-8"));
        assert_eq!(media_type("/_planpress/events").as_deref(), Some("text/event-stream"));
        assert_eq!(media_type("/_planpress/live.js").as_deref(), Some("text/javascript; charset=utf-8"));
    }

    #[test]
    fn nothing_outside_the_site_has_an_address() {
        for url in [
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "//etc/passwd",
            "/assets/../index.html",
            "/assets/",
            "/chapters",
            "/_planpress/",
            "/%00",
            "/index.html/",
            "/_planpress/../index.html",
            "/..%5cindex.html",
        ] {
            assert_eq!(ask(url).status, 404, "{url}");
        }
        for url in ["", "index.html", "/%ff"] {
            assert_eq!(ask(url).status, 400, "{url}");
        }
    }

    #[test]
    fn another_host_is_refused() {
        let status = |host| desk().answer(Asked { method: "GET", url: "/", host, if_none_match: None }, &pages()).status;
        for host in ["127.0.0.1:4321", "127.0.0.1", "localhost:4321", "LOCALHOST", "[::1]:4321", "192.168.1.7:4321", "pc-7:4321"] {
            assert_eq!(status(Some(host)), 200, "{host}");
        }
        for host in [
            None,
            Some(""),
            Some("evil.example"),
            Some("evil.example:4321"),
            Some("localhost.evil.example"),
            Some("127.0.0.1.evil.example"),
            Some("[evil]:1"),
        ] {
            assert_eq!(status(host), 403, "{host:?}");
        }
    }

    #[test]
    fn only_get_and_head_are_answered() {
        for (method, status) in [("GET", 200), ("HEAD", 200), ("POST", 405), ("PUT", 405), ("OPTIONS", 405), ("get", 405)] {
            let answer = desk().answer(Asked { method, url: "/", host: Some("localhost"), if_none_match: None }, &pages());
            assert_eq!(answer.status, status, "{method}");
            assert_eq!(header(&answer, "Allow").is_some(), status == 405);
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again_and_pages_are_not_kept() {
        let first = ask("/assets/page.1.css");
        let tag = header(&first, "ETag").unwrap().to_owned();
        let again = |tags: &str| {
            desk().answer(
                Asked { method: "GET", url: "/assets/page.1.css", host: Some("localhost"), if_none_match: Some(tags) },
                &pages(),
            )
        };
        assert_eq!((again(&tag).status, again(&format!("\"x\", W/{tag}")).status, again("\"x\"").status), (304, 304, 200));
        assert!(matches!(again(&tag).body, Body::Empty));
        assert_eq!((header(&first, "Cache-Control"), header(&ask("/"), "Cache-Control")), (Some("no-cache"), Some("no-store")));
    }

    #[test]
    fn a_page_that_is_gone_leads_to_its_successor() {
        let (before, _) = Pages::default().after(BTreeMap::from([
            ("annexes/a_b-c.html".to_owned(), b" class=\"clause \" id=\"x\"1".to_vec()),
            ("chapters/b.html".to_owned(), vec![]),
        ]));
        let (after, _) = before.after(BTreeMap::from([("annexes/d_e-f.html".to_owned(), b" class=\"clause \" id=\"x\"2".to_vec())]));
        let to = |url| desk().answer(Asked { method: "GET", url, host: Some("localhost"), if_none_match: None }, &after);
        assert_eq!(
            (to("/annexes/a_b-c.html").status, header(&to("/annexes/a_b-c.html"), "Location")),
            (302, Some("/annexes/d_e-f.html"))
        );
        assert_eq!(header(&to("/chapters/b.html"), "Location"), Some("/index.html"));
        assert_eq!(
            desk()
                .answer(Asked { method: "GET", url: "/", host: Some("localhost"), if_none_match: None }, &Pages::default())
                .status,
            503
        );
    }
}
