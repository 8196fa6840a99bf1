//! Pictures and attachments as they are published.
//!
//! In: the project's assets, and addresses as chapters write them. Out: a path for each: its name with a part of its digest, so that no cache
//! mixes editions, and without what a disk of another system cannot hold. No file is read here.

use crate::{
    parse::is_reserved,
    source::{Asset, Digest, Sources, asset_name},
};
use std::collections::BTreeMap;

/// The most bytes of a name that disks hold.
const LONGEST: usize = 255;
/// What a file's name says of its kind is no longer.
const KIND: usize = 16;
/// How many of the digest's digits stand in it.
const DIGITS: usize = 8;

/// Where pictures and attachments are published: under a name that changes with their bytes.
pub(super) struct Assets<'a> {
    paths: BTreeMap<&'a str, String>,
}

impl<'a> Assets<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            paths: sources.assets().iter().map(|(name, asset)| (name.as_str(), published(&asset.name, &asset.digest))).collect(),
        }
    }

    /// Where an asset is published.
    pub(super) fn path(&self, asset: &Asset) -> String {
        self.paths.get(asset.name.as_str()).cloned().unwrap_or_default()
    }

    /// The address, from the top, of an asset as a chapter writes it; `None` when there is no such asset, which is a finding elsewhere.
    pub(super) fn address(&self, url: &str) -> Option<String> {
        let path = self.paths.get(asset_name(url)?.as_str())?;
        let mut address = String::with_capacity(path.len());
        for c in path.chars() {
            // What would end a path or an attribute is encoded; Han characters may stay.
            if c.is_whitespace() || matches!(c, '%' | '?' | '#' | '"' | '<' | '>') {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|byte| address.push_str(&format!("%{byte:02X}")));
            } else {
                address.push(c);
            }
        }
        // `#page=3` of an attachment.
        let fragment = url.find('#').map_or("", |at| &url[at..]);
        Some(address + fragment)
    }
}

/// The path of an asset.
fn published(name: &str, digest: &Digest) -> String {
    let held = name.split('/').map(held_anywhere).collect::<Vec<_>>().join("/");
    // Two names may become one.
    let digest = if held == name { *digest } else { Digest::of(&[name.as_bytes(), &digest.0].concat()) };
    let (folder, file) = held.rsplit_once('/').unwrap_or(("", &held));
    let digits = &digest.hex()[..DIGITS];
    match file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, extension)) => format!("{folder}/{stem}.{digits}.{extension}"),
        None => format!("{folder}/{file}.{digits}"),
    }
}

/// A part of a path without what Windows holds in no name.
fn held_anywhere(part: &str) -> String {
    let forbidden = |c: char| c.is_control() || matches!(c, '"' | '<' | '>' | '|' | '*' | '?' | ':' | '\\');
    let held: String = part.chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    let held = held.trim_end_matches(['.', ' ']);
    // What is long or not ASCII is no kind of file but the rest of a name.
    let is_kind = |kind: &str| kind.len() <= KIND && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let parts = held.rsplit_once('.').filter(|(_, kind)| is_kind(kind));
    let (stem, extension) = parts.map_or((held, ""), |(stem, _)| (stem, &held[stem.len()..]));
    // Two dots at most, a digest and a mark stand with it.
    let room = LONGEST.saturating_sub(extension.len() + DIGITS + 2);
    let stem = &stem[..stem.floor_char_boundary(room)];
    let mark = if is_reserved(stem.split('.').next().unwrap_or_default()) { "_" } else { "" };
    if held.is_empty() { "_".to_owned() } else { [mark, stem, extension].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_every_system_holds_and_two_stay_two() {
        let digest = Digest::of(b"picture");
        let path = |name: &str| published(name, &digest);
        let digits = &digest.hex()[..DIGITS];
        assert_eq!(path("assets/圖 片/a.b.png"), format!("assets/圖 片/a.b.{digits}.png"));
        assert_eq!(path("assets/README"), format!("assets/README.{digits}"));
        let without_digest = |name: &str| {
            let path = path(name);
            let parts: Vec<&str> = path.split('.').filter(|part| part.len() != 8 || !part.bytes().all(|b| b.is_ascii_hexdigit())).collect();
            parts.join(".")
        };
        let cases = [
            ("assets/CON.pdf", "assets/_CON.pdf"),
            ("assets/aux/x.png", "assets/_aux/x.png"),
            ("assets/trail.pdf. .", "assets/trail.pdf"),
            ("assets/a\"b<c>:.pdf", "assets/a_b_c__.pdf"),
        ];
        for (name, wanted) in cases {
            assert_eq!(without_digest(name), wanted, "{name}");
        }
        assert_ne!(path("assets/a?.png"), path("assets/a*.png"));
        let long = path(&format!("assets/{}.pdf", "長".repeat(90)));
        assert!(long.len() <= "assets/".len() + LONGEST && long.starts_with(&format!("assets/{}", "長".repeat(80))), "{long}");
    }
}
