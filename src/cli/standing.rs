//! The approved edition that stands where a command writes.
//!
//! In: what stands there says which edition it is, and the records here. Out: whether it stays: no draft replaces it unasked, and no edition
//! that knows nothing of it. Nothing is read here and nothing is written.

use super::console::Console;
use crate::{
    edition::{Editions, Record},
    message,
};
use std::path::Path;

/// An approved edition that was found.
pub(super) struct Standing {
    number: String,
    /// Whether it is one of those that the records here tell of.
    is_recorded: bool,
}

impl Standing {
    /// That of a record here.
    pub(super) fn of(record: &Record) -> Self {
        Self { number: record.number.clone(), is_recorded: true }
    }

    /// One that says its number itself; `is_of` tells whether the record with that number is its own.
    pub(super) fn named(number: &str, editions: &Editions, is_of: impl Fn(&Record) -> bool) -> Self {
        // Its record may be lost while that of the edition after it is here.
        let is_recorded = editions.named(number).map_or_else(|| editions.lost().any(|lost| lost == number), is_of);
        Self { number: number.to_owned(), is_recorded }
    }

    /// Whether it stays, and says so; `next` is the edition that would replace it, or else a draft would.
    pub(super) fn stays(&self, place: &Path, next: Option<&Record>, console: &Console) -> bool {
        let (place, number) = (place.display(), &self.number);
        let (message, help) = match next.map(|next| &next.number) {
            Some(_) if self.is_recorded => return false,
            Some(next) => (
                message!(
                    "「{place}」是核定的 {number} 版，但不是這裡的核定紀錄所記的，不會用 {next} 版取代",
                    "`{place}` is an approved edition {number} that no record here is of; edition {next} does not replace it"
                ),
                message!(
                    "請先取得 {number} 版的核定紀錄與原稿，或用 --out 指定別的地方；確定要取代時加上 --replace-approved",
                    "Take the record and the sources of edition {number} first, or name another place with --out; replace it on purpose with --replace-approved"
                ),
            ),
            None => (
                message!(
                    "「{place}」是核定的 {number} 版，不會用草案取代",
                    "`{place}` is edition {number} as approved; a draft does not replace it"
                ),
                message!(
                    "請用 --out 指定別的地方；確定要取代時加上 --replace-approved",
                    "Name another place with --out, or replace it on purpose with --replace-approved"
                ),
            ),
        };
        console.error(&message, Some(&help));
        true
    }
}
