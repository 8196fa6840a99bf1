//! Laws: what the text cites, what the plan lists, and articles that have moved.
//!
//! In: the laws of `data/laws.yaml` and who cites them. Out: findings. What the law says is not known here.

use super::OfChapter;
use crate::{
    diagnostic::{Diagnostic, FileId, Message, Rule, Span},
    document::{BlockKind, Inline},
    message,
    resolve::{
        Law, Plan,
        visit::{Context, Seen},
    },
    source::{
        Sources,
        yaml::{Part, locate},
    },
};

use std::collections::BTreeMap;

/// How many places of one law are named.
const PLACES: usize = 10;

/// The laws that a chapter cites where drafters see it, and whether it prints a list of laws.
#[derive(Debug, Default)]
pub(super) struct Cited {
    /// In document order.
    places: Vec<Place>,
    lists: bool,
}

/// A law as the text cites it, and where.
#[derive(Debug)]
struct Place {
    law: usize,
    article: Option<Box<str>>,
    span: Span,
    /// The file of the data table, the row and the column that hold it.
    cell: Option<(FileId, usize, usize)>,
    guidance: bool,
}

impl Place {
    fn of(&self, plan: &Plan, sources: &Sources) -> Span {
        let table = |file| plan.data.tables().map(|(_, table)| table).find(|table| table.file == file);
        let place = |(file, row, column)| Some(table(file)?.place_in_cell(sources, row, column, self.span));
        self.cell.and_then(place).unwrap_or(self.span)
    }
}

/// Checks the laws of a plan; unless it `is_whole`, one that no chapter cites may be cited by what is missing.
pub(super) fn laws(plan: &Plan, sources: &Sources, chapters: &[(usize, &OfChapter)], is_whole: bool, found: &mut Vec<Diagnostic>) {
    let lists = chapters.iter().any(|(_, own)| own.laws.lists);
    let mut by_law: Vec<Vec<&Place>> = plan.laws.laws.iter().map(|_| Vec::new()).collect();
    for place in chapters.iter().flat_map(|(_, own)| &own.laws.places) {
        by_law[place.law].push(place);
    }
    for (index, (law, places)) in plan.laws.laws.iter().zip(by_law).enumerate() {
        if lists
            && !law.listed
            && let Some(first) = places.first()
        {
            let (id, title) = (&law.id, &law.title);
            let message = message!("引用了「{title}」，但「相關法規」沒有列出", "`{title}` is cited but not listed among the laws");
            let help = message!("請刪去 data/laws.yaml 中 {id} 的 listed: false", "Delete `listed: false` of {id} in data/laws.yaml");
            let mut finding = Diagnostic::new(Rule::UnlistedLaw, first.of(plan, sources), message).help(help);
            for other in places.iter().skip(1).take(PLACES) {
                finding = finding.related(other.of(plan, sources), message!("這裡也引用", "Cited here as well"));
            }
            found.push(finding);
        }
        if lists && law.listed && places.is_empty() && is_whole {
            let title = &law.title;
            let message = message!("列出了「{title}」，但沒有條文引用", "`{title}` is listed but no clause cites it");
            let help = message!(
                "請在依據它的條文寫 [[law:{id}]]，或從 data/laws.yaml 移除",
                "Write [[law:{id}]] where a clause rests on it, or take it out of data/laws.yaml",
                id = law.id
            );
            let path = ["laws".into(), index.into(), "title".into()];
            let place = sources.named("data/laws.yaml").map(|file| locate(sources, file, &path, Part::Value));
            found.extend(place.map(|place| Diagnostic::new(Rule::UncitedLaw, place, message).help(help)));
        }
        if law.article.is_none() {
            found.extend(places.iter().filter_map(|place| no_article(law, place, || place.of(plan, sources))));
        }
        for place in places.into_iter().filter(|place| !place.guidance) {
            found.extend(stale(law, place, || place.of(plan, sources)));
        }
    }
}

impl Cited {
    /// Notes what stands in a chapter.
    pub(super) fn see(&mut self, plan: &Plan, seen: Seen<'_>, context: Context<'_>) {
        match seen {
            // Guidance rests on laws, too: a list that a drafter works with names them.
            Seen::Inline(Inline::Law(reference)) => {
                let Some((law, _)) = plan.laws.named(reference.law) else { return };
                let cell = context.cell().map(|(table, row, column)| (table.file, row, column));
                let article = reference.article.map(Box::from);
                self.places.push(Place { law, article, span: reference.span, cell, guidance: context.guidance });
            }
            Seen::Block(block) if matches!(block.kind, BlockKind::Laws(_)) && !context.guidance => self.lists = true,
            _ => {}
        }
    }
}

/// A number that no article of a law has: those of standards have points, and a standard says how it calls them.
fn no_article(law: &Law, cited: &Place, place: impl FnOnce() -> Span) -> Option<Diagnostic> {
    let (id, title, article) = (&law.id, &law.title, cited.article.as_deref().filter(|article| article.contains('.'))?);
    let number = article.split('.').next().unwrap_or(article);
    let message = message!("「{article}」不是{title}的條號", "`{article}` is no article number of {title}");
    let help = if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        message!(
            "項、款寫在後面，例如 [[law:{id}#{number}]]第 1 項；標準的編號，請在 data/laws.yaml 的 {id} 加上 article: \"編號 {{n}}\"",
            "Write paragraphs behind it, as in [[law:{id}#{number}]] paragraph 1; if it is a standard, add `article: \"clause {{n}}\"` to {id} in data/laws.yaml"
        )
    } else {
        message!(
            "標準的編號，請在 data/laws.yaml 的 {id} 加上 article: \"編號 {{n}}\"",
            "If it is a standard, add `article: \"clause {{n}}\"` to {id} in data/laws.yaml"
        )
    };
    Some(Diagnostic::new(Rule::UnknownReference, place(), message).help(help))
}

/// What to do about an article that has moved. Its new number may be the old one of another article: whoever wrote it before that one is done with
/// would be told to go on to a third.
fn moved(law: &Law, number: &str, now: &str, changed: &BTreeMap<String, Option<String>>) -> Message {
    let id = &law.id;
    let next = |number: &str| changed.get(number)?.as_deref().filter(|next| *next != number);
    let mut last = now;
    for _ in 0..changed.len() {
        let Some(next) = next(last) else { break };
        last = next;
        if last == number {
            return message!(
                "這幾條互換了條次：請一次改完，這一條改為 [[law:{id}#{now}]]，核對條文內容，並從 data/laws.yaml 的 articles 刪去這幾條",
                "These articles have changed places: rewrite them all at once, this one as [[law:{id}#{now}]], after reading them, and delete them from `articles` in data/laws.yaml"
            );
        }
    }
    if next(now).is_some() || changed.get(now).is_some_and(Option::is_none) {
        return message!(
            "第 {now} 條是另一條的舊條次：請先改完引用第 {now} 條的地方並從 data/laws.yaml 的 articles 刪去 \"{now}\"，再把這裡改為 [[law:{id}#{now}]]",
            "{now} is also the old number of another article: first rewrite what cites that and delete \"{now}\" from `articles` in data/laws.yaml, then write [[law:{id}#{now}]] here"
        );
    }
    message!(
        "請把引用它的地方都改為 [[law:{id}#{now}]]，核對條文內容，再從 data/laws.yaml 的 articles 刪去 \"{number}\"",
        "Write [[law:{id}#{now}]] wherever it is cited, after reading the article, then delete \"{number}\" from `articles` in data/laws.yaml"
    )
}

/// An article whose number the version in force does not have, or of which nobody knows.
fn stale(law: &Law, cited: &Place, place: impl FnOnce() -> Span) -> Option<Diagnostic> {
    let (article, changed) = (cited.article.as_deref()?, law.articles.as_ref()?);
    // The words of a place such as `6.1` are about article 6.
    let number = article.split('.').next().unwrap_or(article);
    let title = &law.title;
    let (zh, en) = match law.version.as_deref().or(law.date.as_deref()) {
        Some(version) => (format!("（{version}）"), format!(" ({version})")),
        None => Default::default(),
    };
    let (message, help) = match changed.get(number) {
        None => return None,
        Some(Some(now)) if now == number => return None,
        Some(Some(now)) => (
            message!(
                "{title}第 {number} 條在現行版本{zh}是第 {now} 條",
                "Article {number} of {title} is article {now} in the version in force{en}"
            ),
            moved(law, number, now, changed),
        ),
        Some(None) => (
            message!(
                "{title}已修正{zh}，第 {number} 條的新條次還沒有查證",
                "{title} was amended{en}; where article {number} stands now has not been verified"
            ),
            message!(
                "請查證後在 data/laws.yaml 的 articles 寫 \"{number}\": \"新條次\"",
                "Look it up, then write \"{number}\": \"NEW\" under `articles` in data/laws.yaml"
            ),
        ),
    };
    Some(Diagnostic::new(Rule::StaleArticle, place(), message).help(help))
}
