//! The search index.
//!
//! In: a resolved plan. Out: classic scripts below `search/`, each one call of a global function, so that a page finds them over
//! `file://` as well. Small plans have their whole text in one, up to [`PACKED`] in as few bytes as can be; from [`SMALL`] on there are
//! shards of text, and postings that say which shards a query needs. What matches and in which order is the business of the theme's engine;
//! nothing here ranks, except that the postings carry the most that a page can score, computed as the engine computes it.

mod block;
mod entry;
mod fold;
mod met;
mod pack;
mod piece;
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
use block::{Block, PAGES};
use entry::{Page, quote};
use fold::{Corpus, Variants};
use rayon::prelude::*;
use scales::Scales;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{
    io, mem,
    sync::{Mutex, PoisonError},
};

/// The most text, in bytes as the scripts hold it, that stands in one script.
const SMALL: usize = 1_500_000;
/// The most text that is packed, which is a filled plan's and some more. To unpack it, a slow machine takes up to a tenth of a second, in which a
/// reader should have an answer; and a larger text takes longer to unpack than to come.
const PACKED: usize = 150_000;
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
/// How many pages one processor reads at once before it is known whether a plan is a large one.
const SHARE: usize = 16;

/// The pages of a plan, read for its index: all of a small plan, some of a large one.
pub struct Index<'a> {
    plan: &'a Plan,
    order: Vec<usize>,
    synonyms: Finder<'a>,
    corpus: Corpus,
    pages: Vec<Page<'a>>,
    /// How many bytes the pages that were read take.
    size: usize,
}

impl<'a> Index<'a> {
    /// Reads a plan on all processors, as long as it may be a small one. Packing has only one, so the sooner it can begin, the better.
    #[must_use]
    pub fn read(plan: &'a Plan) -> Self {
        let (order, synonyms, corpus) = (order(plan), plan.synonyms.finder(), Corpus::default());
        // A reader may type these in Simplified characters, too.
        let known = plan.synonyms.groups.iter().flatten().chain(&plan.synonyms.ignored);
        known.for_each(|word| corpus.see_text(word));
        let mut index = Self { plan, order, synonyms, corpus, pages: Vec::new(), size: 0 };
        while index.size * index.order.len() <= SMALL * index.pages.len() && index.read_more() {}
        index
    }

    /// Reads some more pages, if there are any.
    fn read_more(&mut self) -> bool {
        let left = &self.order[self.pages.len()..];
        let batch = &left[..left.len().min(SHARE * rayon::current_num_threads())];
        let pages: Vec<Page<'_>> = batch.par_iter().map(|at| self.page(*at)).collect();
        self.size += pages.iter().map(|page| page.script().len()).sum::<usize>();
        self.pages.extend(pages);
        !batch.is_empty()
    }

    /// Reads one page, and what it has of the words and characters that a reader may put otherwise.
    fn page(&self, at: usize) -> Page<'a> {
        let page = Page::new(self.plan, at);
        page.entries.iter().for_each(|entry| self.synonyms.see(&entry.text));
        self.corpus.see(&page);
        page
    }

    /// Writes the index; `packed` says whether its text is worth the work of packing, as it is where it is read from afar.
    ///
    /// # Errors
    /// When the sink refuses a file.
    pub fn write(mut self, packed: bool, sink: &dyn Sink) -> io::Result<()> {
        while self.size <= SMALL && self.read_more() {}
        let pages = mem::take(&mut self.pages);
        if self.size > SMALL {
            self.write_large(pages, sink)?;
            accept_quoted(sink, "words", &self.words()?)?;
            return accept(sink, "version", &json!([version(self.plan), ["words", "m"]]));
        }
        let words = self.words()?;
        let mut whole = String::with_capacity(words.len() + self.size + pages.len());
        whole.push_str(&words);
        for page in &pages {
            whole.push(GROUP);
            whole.push_str(page.script());
        }
        if packed && whole.len() <= PACKED {
            let (count, digits) = pack::pack(&whole);
            accept_script(sink, "text", digits.len(), |script| script.extend(["[", &count.to_string(), ",\"", &digits, "\"]"]))?;
        } else {
            accept_quoted(sink, "text", &whole)?;
        }
        accept(sink, "version", &json!([version(self.plan), ["text"]]))
    }

    fn words(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Words::new(self.plan, &self.synonyms, &self.corpus))
    }

    /// Writes the texts and the postings of a large plan, the first pages of which were read already.
    fn write_large(&self, pages: Vec<Page<'a>>, sink: &dyn Sink) -> io::Result<()> {
        let mut pages: Vec<Option<Page<'a>>> = pages.into_iter().map(Some).collect();
        pages.resize_with(self.order.len(), || None);
        // Scales that nobody uses right now: what they have grown to need, they need for the next block as well.
        let scales: Mutex<Vec<Scales>> = Mutex::default();
        let unused = || scales.lock().unwrap_or_else(PoisonError::into_inner);
        // Each page is forgotten as soon as it was weighed.
        let weigh = |(at, (pages, indexes)): (usize, (&mut [Option<Page<'a>>], &[usize]))| {
            let mut scales = unused().pop().unwrap_or_default();
            let mut bytes = 0;
            for ((page, index), at) in pages.iter_mut().zip(indexes).zip(at * PAGES..) {
                let page = page.take().unwrap_or_else(|| self.page(*index));
                bytes += shard::write(&page, at, sink)?;
                scales.add(&page);
            }
            let block = scales.take();
            unused().push(scales);
            Ok((block, bytes))
        };
        let blocks = pages.par_chunks_mut(PAGES).zip(self.order.par_chunks(PAGES)).enumerate().map(weigh);
        let (blocks, bytes): (Vec<Block>, Vec<usize>) = blocks.collect::<io::Result<Vec<_>>>()?.into_iter().unzip();
        drop(scales);
        let (keys, worths) = posting::write(&blocks, sink)?;
        let bytes: usize = bytes.iter().sum();
        // How many pages there are, and how many bytes one has on average.
        accept(
            sink,
            "m",
            &json!({ "keys": keys, "worths": worths, "pages": (self.order.len(), bytes / self.order.len().max(1)) }),
        )
    }
}

/// What changes whenever the index does, or the engine that reads it: they say nothing but what the sources and the program's files say.
fn version(plan: &Plan) -> String {
    let digest = Sha256::new_with_prefix(plan.digest_with_program.0).chain_update(env!("CARGO_PKG_VERSION"));
    let mut version = Digest(digest.finalize().into()).hex();
    version.truncate(16);
    version
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

/// Everything that a query is read with, in the characters that queries are compared in: the same in both sizes.
#[derive(Serialize)]
struct Words {
    /// Groups of words with one meaning: those that the text uses, and those that are only asked for.
    synonyms: Vec<[Vec<String>; 2]>,
    /// What a question may say beside what it asks for.
    ignored: Vec<String>,
    /// Characters that a phrase goes on over.
    particles: String,
    /// Characters that a reader may type, each as its distance from the one before, and then for each one of the text that it stands for.
    pairs: String,
    /// For each part the position of its first chapter and how many it has, and the same of its annexes.
    parts: Vec<[usize; 4]>,
    /// What stands before an annex's numeral.
    annex: String,
    /// What stands before and after a chapter's, and all signs that say what a number counts; where nothing stands after it, each of the three is
    /// what stands before, so that the engine finds a chapter's number by it all the same.
    chapter: [String; 3],
    /// For each way of writing numerals its signs, each before what it stands for.
    numerals: [String; 2],
}

impl Words {
    fn new(plan: &Plan, synonyms: &Finder<'_>, corpus: &Corpus) -> Self {
        let around = |key| plan.term(key).split_once("{n}").unwrap_or((plan.term(key), ""));
        let (before, after) = around("chapter_ordinal");
        let (mut chapter, mut annex) = (0, chapters(plan));
        let part = |part: &Part| {
            let of = [chapter, part.chapters.len(), annex, part.annexes.len()];
            chapter += of[1];
            annex += of[3];
            of
        };
        let variants = corpus.variants();
        Self {
            synonyms: synonym_groups(synonyms, &variants),
            ignored: plan.synonyms.ignored.iter().map(|word| variants.alike(word)).collect(),
            particles: unit::PARTICLES.iter().collect(),
            pairs: variants.written(),
            parts: plan.parts.iter().map(part).collect(),
            annex: variants.alike(around("annex").0.trim()),
            chapter: if after.is_empty() {
                [before; 3].map(|word| variants.alike(word.trim()))
            } else {
                [before.to_owned(), after.to_owned(), [before, after, plan.term("clause_kinds")].concat()]
            },
            numerals: crate::numeral::signs(),
        }
    }
}

/// Every group with a word that the text uses: those words, and the others.
fn synonym_groups(synonyms: &Finder<'_>, variants: &Variants) -> Vec<[Vec<String>; 2]> {
    let split = |group: Vec<(&str, bool)>| {
        // A text writes "CNS27001" and "CNS 27001"; such words are looked for whether met or not.
        let used = |word: &str, met| met || word.bytes().any(|byte| byte.is_ascii_alphanumeric());
        let (used, asked): (Vec<_>, Vec<_>) = group.into_iter().partition(|(word, met)| used(word, *met));
        [used, asked].map(|words| words.into_iter().map(|(word, _)| variants.alike(word)).collect::<Vec<_>>())
    };
    synonyms.groups().map(split).filter(|[used, _]| !used.is_empty()).collect()
}

/// Hands over one script: a call of the global function with the script's name and its data.
fn accept(sink: &dyn Sink, name: &str, data: &impl Serialize) -> io::Result<()> {
    accept_text(sink, name, &serde_json::to_string(data)?)
}

/// The same for a text.
fn accept_quoted(sink: &dyn Sink, name: &str, text: &str) -> io::Result<()> {
    accept_script(sink, name, text.len(), |script| quote(text, script))
}

fn accept_text(sink: &dyn Sink, name: &str, data: &str) -> io::Result<()> {
    accept_script(sink, name, data.len(), |script| script.push_str(data))
}

/// The same with data of about so many bytes that are written where they stand.
fn accept_script(sink: &dyn Sink, name: &str, about: usize, data: impl FnOnce(&mut String)) -> io::Result<()> {
    let mut script = String::with_capacity(about + about / 16 + name.len() + 32);
    script.extend(["planpressSearch(\"", name, "\","]);
    data(&mut script);
    script += ");\n";
    sink.accept(File { path: &format!("search/{name}.js"), bytes: script.as_bytes() })
}
