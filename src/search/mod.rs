//! The search index.
//!
//! In: a resolved plan. Out: classic scripts below `search/`, each one call of a global function, so that a page finds them over
//! `file://` as well. Small plans have their whole text in one, up to [`PACKED`] in as few bytes as can be; from [`SMALL`] on there are shards of text, and postings that say
//! which shards a query needs. What matches and in which order is the business of the theme's engine; nothing here ranks, except that
//! the postings carry the most that a page can score, computed as the engine computes it.

mod entry;
mod fold;
mod growing;
mod grown;
mod pack;
mod pool;
mod posting;
mod scales;
mod shard;
mod unit;
mod worth;

use crate::{
    resolve::{Finder, Part, Plan},
    site::{File, Sink},
    source::Digest,
};
use entry::{Page, quote};
use fold::Corpus;
use posting::Postings;
use rayon::prelude::*;
use scales::{Scales, Weighed};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shard::Shards;
use std::io;

/// The most text, in bytes as the scripts hold it, that stands in one script.
const SMALL: usize = 1_500_000;
/// The most text that is packed: what a reader's machine unpacks before anybody waits for it.
const PACKED: usize = 250_000;
/// The digits of numbers in scripts, six bits each: characters whose codes end in these bits and that need no escape between quotes.
const DIGITS: [u8; 64] = {
    let mut digits = [0; 64];
    let (mut at, mut code) = (0, b'@');
    while at < digits.len() {
        digits[at] = match code {
            b'\\' => 0x1c,
            0x7f => b'?',
            _ => code,
        };
        at += 1;
        code += 1;
    }
    digits
};
/// What stands between the words and the pages of a small plan.
const GROUP: char = '\u{1d}';
/// How many pages one processor reads and weighs at once.
const SHARE: usize = 16;

/// Writes the index of a plan; `packed` says whether its text is worth the work of packing, as it is where it is read from afar.
///
/// # Errors
/// When the sink refuses a file.
pub fn write(plan: &Plan, packed: bool, sink: &dyn Sink) -> io::Result<()> {
    let order = order(plan);
    let synonyms = plan.synonyms.finder();
    let (corpus, mut text, mut digest) = (Corpus::default(), Vec::new(), Sha256::new());
    let mut large: Option<Large<'_>> = None;
    for batch in order.chunks(SHARE * rayon::current_num_threads()) {
        let read = |index: &usize| {
            let page = Page::new(plan, *index);
            page.entries.iter().for_each(|entry| synonyms.see(&entry.text));
            corpus.see(&page);
            page
        };
        let pages: Vec<Page<'_>> = batch.par_iter().map(read).collect();
        for page in &pages {
            digest.update(page.script());
        }
        text.extend(pages);
        let size: usize = text.iter().map(|page| page.script().len()).sum();
        if large.is_some() || size > SMALL {
            large.get_or_insert_with(|| Large::new(sink)).take(&text)?;
            text.clear();
        }
    }
    let words = Words::new(plan, &synonyms, &corpus);
    let words = serde_json::to_string(&words)?;
    digest.update(&words);
    digest.update(env!("CARGO_PKG_VERSION"));
    let version = &Digest(digest.finalize().into()).hex()[..16];
    if let Some(large) = large {
        accept_quoted(sink, "words", &words)?;
        large.finish()?;
        return accept(sink, "version", &json!([version, ["words", "m"]]));
    }
    let mut whole = words;
    for page in &text {
        whole.push(GROUP);
        whole.push_str(page.script());
    }
    if packed && whole.len() <= PACKED {
        let (count, digits) = pack::pack(&whole);
        accept_text(sink, "text", &format!("[{count},\"{digits}\"]"))?;
    } else {
        accept_quoted(sink, "text", &whole)?;
    }
    accept(sink, "version", &json!([version, ["text"]]))
}

/// The pages in the order in which they are found: all chapters, then all annexes.
fn order(plan: &Plan) -> Vec<usize> {
    let chapters = plan.parts.iter().flat_map(|part| &part.chapters);
    chapters.chain(plan.parts.iter().flat_map(|part| &part.annexes)).copied().collect()
}

/// How many of the pages are chapters.
fn chapters(plan: &Plan) -> usize {
    plan.parts.iter().map(|part| part.chapters.len()).sum()
}

/// Everything that a query is read with: the same in both sizes.
#[derive(Serialize)]
struct Words<'a> {
    /// Groups of words with one meaning: those that the text uses, and those that are only asked for.
    synonyms: Vec<[Vec<&'a str>; 2]>,
    ignored: &'a [String],
    /// Characters that a phrase goes on over.
    particles: String,
    /// Characters that a reader may type, each as its distance from the one before, and then for each one of the text that it stands for.
    pairs: String,
    /// For each part the position of its first chapter and how many it has, and the same of its annexes.
    parts: Vec<[usize; 4]>,
    /// What stands before and after an annex's numeral, and before and after a chapter's.
    annex: (&'a str, &'a str),
    chapter: (&'a str, &'a str),
    /// For each way of writing numerals its signs, each before what it stands for.
    numerals: [String; 2],
}

impl<'a> Words<'a> {
    fn new(plan: &'a Plan, synonyms: &Finder<'a>, corpus: &Corpus) -> Self {
        let around = |term: &'a str| term.split_once("{n}").unwrap_or((term, ""));
        let (mut chapter, mut annex) = (0, chapters(plan));
        let part = |part: &Part| {
            let of = [chapter, part.chapters.len(), annex, part.annexes.len()];
            chapter += of[1];
            annex += of[3];
            of
        };
        Self {
            synonyms: synonym_groups(synonyms),
            ignored: &plan.synonyms.ignored,
            particles: unit::PARTICLES.iter().collect(),
            pairs: corpus.pairs(),
            parts: plan.parts.iter().map(part).collect(),
            annex: around(plan.term("annex")),
            chapter: around(plan.term("chapter_ordinal")),
            numerals: crate::numeral::signs(),
        }
    }
}

/// Every group with a word that the text uses: those words, and the others.
fn synonym_groups<'a>(synonyms: &Finder<'a>) -> Vec<[Vec<&'a str>; 2]> {
    let split = |group: Vec<(&'a str, bool)>| {
        // A text writes "CNS27001" and "CNS 27001"; such words are looked for whether met or not.
        let used = |word: &str, met| met || word.bytes().any(|byte| byte.is_ascii_alphanumeric());
        let (used, asked): (Vec<_>, Vec<_>) = group.into_iter().partition(|(word, met)| used(word, *met));
        [used, asked].map(|words| words.into_iter().map(|(word, _)| word).collect::<Vec<_>>())
    };
    synonyms.groups().map(split).filter(|[used, _]| !used.is_empty()).collect()
}

/// The index of a large plan while it is being written.
struct Large<'a> {
    shards: Shards<'a>,
    postings: Postings,
    /// One for each processor.
    scales: Vec<Scales>,
}

impl<'a> Large<'a> {
    fn new(sink: &'a dyn Sink) -> Self {
        let scales = std::iter::repeat_with(Scales::default).take(rayon::current_num_threads()).collect();
        Self { shards: Shards::new(sink), postings: Postings::default(), scales }
    }

    fn take(&mut self, pages: &[Page<'_>]) -> io::Result<()> {
        // The keys of a page weigh several times as much as its text.
        for pages in pages.chunks(SHARE * self.scales.len()) {
            let first = self.postings.pages();
            let weigh = |((scales, pages), at): ((&mut Scales, &[Page<'_>]), usize)| scales.weigh(first + position(at * SHARE), pages);
            let weighed: Vec<Weighed> = self.scales.par_iter_mut().zip(pages.par_chunks(SHARE)).zip(0..pages.len()).map(weigh).collect();
            for weighed in weighed {
                self.postings.add(weighed);
            }
        }
        pages.iter().try_for_each(|page| self.shards.add(page))
    }

    fn finish(self) -> io::Result<()> {
        let Self { shards, postings, scales } = self;
        // What they hold is as much as the largest postings need.
        drop(scales);
        let (sink, pages) = (shards.sink, shards.sizes());
        let (keys, worths) = postings.write(sink)?;
        accept(sink, "m", &json!({ "keys": keys, "worths": worths, "pages": pages }))
    }
}

/// A page's position as postings hold it.
fn position(page: usize) -> u32 {
    u32::try_from(page).unwrap_or(u32::MAX)
}

/// Hands over one script: a call of the global function with the script's name and its data.
fn accept(sink: &dyn Sink, name: &str, data: &impl Serialize) -> io::Result<()> {
    accept_text(sink, name, &serde_json::to_string(data)?)
}

/// The same for a text.
fn accept_quoted(sink: &dyn Sink, name: &str, text: &str) -> io::Result<()> {
    let mut data = String::with_capacity(text.len() + 64);
    quote(text, &mut data);
    accept_text(sink, name, &data)
}

fn accept_text(sink: &dyn Sink, name: &str, data: &str) -> io::Result<()> {
    sink.accept(File { path: format!("search/{name}.js"), bytes: format!("planpressSearch(\"{name}\",{data});\n").into_bytes() })
}
