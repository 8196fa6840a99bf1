//! The amendment table as pages, paper and spreadsheets show it.
//!
//! In: two editions, what changed between them, and the reasons. Out: [`ComparisonView`], rows of two cells and an explanation, in the order
//! of the new edition. Words come from the theme's locale; where a clause stands as a page is told by whoever asks.

use crate::{
    edition::{Beside, Change, Compared, Differing, Piece, Placed, RecordedClause, Row, are_variants, difference},
    resolve::Plan,
};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;

/// Longer clauses, in lines, are abridged.
const LONG: usize = 16;

/// A table of what changed.
#[derive(Serialize)]
pub struct ComparisonView {
    /// What stands above it.
    pub title: String,
    /// The head of the first column's edition.
    pub new_edition: String,
    /// The head of the second column's edition.
    pub old_edition: String,
    /// The rows.
    pub rows: Vec<RowView>,
}

/// One clause on both sides.
#[derive(Serialize)]
pub struct RowView {
    /// `amended`, `followed`, `added`, `deleted`, `struck`, `moved`, `renumbered`, `unchanged` or `context`.
    pub change: &'static str,
    /// How deep the clause stands.
    pub depth: u8,
    /// The clause as it is to be.
    pub new: Option<CellView>,
    /// The clause as it was.
    pub old: Option<CellView>,
    /// What happened to it, in words.
    pub notes: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether the reason is that of the row above.
    pub same_reason: bool,
    /// Whether a reason is missing.
    pub unexplained: bool,
}

/// One side of a row.
#[derive(Serialize)]
pub struct CellView {
    /// The clause's number: 「玖二(二)1」; a chapter's stands behind its part, where a plan has several.
    pub number: String,
    /// Where the clause stands, from the page on which the table stands.
    pub href: Option<String>,
    /// Its lines; a heading's title is the first.
    pub lines: Vec<LineView>,
}

/// One line of a clause.
#[derive(Default, Serialize)]
pub struct LineView {
    /// Whether it is a heading's title.
    pub heading: bool,
    /// Its words.
    pub pieces: Vec<PieceView>,
}

/// Words that changed or did not.
#[derive(Serialize)]
pub struct PieceView {
    /// Whether the other side says something else.
    pub changed: bool,
    /// The words.
    pub text: String,
}

/// What a table is made from.
pub struct Table<'a> {
    /// The plan whose words and language the table has.
    pub plan: &'a Plan,
    /// The title of the plan that changed, with the agency's name.
    pub title: &'a str,
    /// The title that it had before.
    pub old_title: &'a str,
    /// What changed.
    pub compared: Compared<'a>,
    /// Why: a row's reason, and something that only rows with the same reason have alike.
    pub reason: &'a (dyn Fn(&Row) -> Option<(String, String)> + Sync),
    /// Whether unchanged clauses are shown.
    pub all: bool,
}

impl Table<'_> {
    /// The table; `href` says where a clause of the new edition stands.
    pub fn view(&self, href: impl Fn(&RecordedClause) -> Option<String> + Sync) -> ComparisonView {
        let Self { plan, title, compared: Compared { old_number, new_number, .. }, .. } = self;
        let titled = plan.term(if new_number.is_some() { "comparison_title" } else { "comparison_draft_title" });
        let edition = |number: &str| plan.term("edition_name").replace("{n}", number);
        let shown = self.shown();
        let mut rows: Vec<RowView> = shown.par_iter().map(|(row, context)| self.row(row, *context, &href)).collect();
        self.explain(&shown, &mut rows);
        rows.splice(0..0, self.renamed());
        ComparisonView {
            title: titled.replace("{title}", title),
            new_edition: new_number.map_or_else(|| plan.term("draft").to_owned(), edition),
            old_edition: edition(old_number),
            rows,
        }
    }

    /// The rows that the table has, each with whether it only says in which chapter the next ones stand.
    fn shown(&self) -> Vec<(&Row, bool)> {
        let Compared { comparison, .. } = self.compared;
        let mut shown: Vec<(&Row, bool)> = Vec::new();
        // The chapter of the rows that come, as long as it has not been shown itself.
        let mut chapter: Option<&Row> = None;
        for row in &comparison.rows {
            let is_chapter = row.new.map_or_else(
                || row.old.is_none_or(|old| comparison.old_parents[old].is_none()),
                |new| comparison.new_parents[new].is_none(),
            );
            if self.all || row.is_changed() {
                let above = chapter.take().filter(|_| !is_chapter);
                shown.extend(above.map(|row| (row, true)));
                shown.push((row, false));
            } else if is_chapter {
                chapter = Some(row);
            }
        }
        shown
    }

    /// The row above all others when the plan itself is called something else.
    fn renamed(&self) -> Option<RowView> {
        let Self { plan, title, old_title, .. } = self;
        // An earlier program put no space behind an agency's name.
        let without_space = |title: &str| title.split_whitespace().collect::<String>();
        let is_same = are_variants(old_title, title) || without_space(old_title) == without_space(title);
        let pieces = (!is_same).then(|| difference(old_title, title))?;
        let cell = |side| CellView {
            number: String::new(),
            href: None,
            lines: lines(true, &pieces, side).into_iter().map(|(line, _)| line).collect(),
        };
        Some(RowView {
            change: "amended",
            depth: 0,
            new: Some(cell(of_new)),
            old: Some(cell(of_old)),
            notes: vec![plan.term("comparison_plan_renamed").to_owned()],
            reason: None,
            same_reason: false,
            unexplained: false,
        })
    }

    fn row(&self, row: &Row, context: bool, href: &impl Fn(&RecordedClause) -> Option<String>) -> RowView {
        let Compared { old, new, .. } = self.compared;
        let (before, after) = (row.old.map(|index| &old[index]), row.new.map(|index| &new[index]));
        // A chapter that only says where the next rows stand is its title.
        let numberless = |clause: &RecordedClause| without_row_numbers(&clause.words());
        // Where nothing else differs, the numbers do; what was only moved has those that it had.
        let is_numbered = before.zip(after).is_some_and(|(before, after)| {
            are_variants(&numberless(before), &numberless(after)) && !are_variants(&before.words(), &after.words())
        });
        // What stands beside the words is shown where it differs, and of a clause that is new or gone always.
        let differing = self.compared.differing_beside(row);
        let has_beside = !context && (before.is_none() || after.is_none() || differing.any());
        // The parts are compared each by itself: a note is no further sentence of the clause, and is called a note.
        let said = |clause: &RecordedClause| {
            let own = || clause.own_lines().collect::<Vec<_>>().join("\n");
            let words = match (context, is_numbered) {
                (true, _) => clause.title.clone(),
                (false, true) => own(),
                (false, false) => without_row_numbers(&own()),
            };
            let note = |note: &String| self.plan.term("comparison_note").replace("{text}", note);
            let notes = clause.notes.iter().filter(|_| !context).map(note).collect::<Vec<_>>();
            let beside = clause.beside.as_ref().filter(|_| has_beside).map_or_else(Vec::new, |beside| self.beside(beside, differing));
            [words, notes.join("\n"), beside.join("\n")]
        };
        let words = |clause: Option<&RecordedClause>| clause.map(said).unwrap_or_default();
        let mut pieces = Vec::new();
        for (old, new) in words(before).into_iter().zip(words(after)) {
            let line = |part: &str| if pieces.is_empty() || part.is_empty() { String::new() } else { "\n".to_owned() };
            let apart = Piece::Same { old: line(&old), new: line(&new) };
            pieces.push(apart);
            match (before, after) {
                (Some(_), Some(_)) => pieces.extend(difference(&old, &new)),
                // All of it is new, or gone: nothing in it stands out.
                _ => pieces.push(Piece::Same { old, new }),
            }
        }
        let cell = |clause: &RecordedClause, side: fn(&Piece) -> Option<(bool, &str)>, href: Option<String>| CellView {
            number: clause.called(),
            href,
            lines: abridged(lines(!clause.title.is_empty(), &pieces, side), self.plan.term("comparison_omitted")),
        };
        let gone = || CellView { number: String::new(), href: None, lines: vec![LineView::plain(self.plan.term("comparison_deleted"))] };
        RowView {
            change: if context { "context" } else { name(row) },
            depth: after.or(before).map_or(0, |clause| clause.depth),
            new: after.map(|clause| cell(clause, of_new, href(clause))).or_else(|| (row.change == Change::Deleted).then(gone)),
            old: before.map(|clause| cell(clause, of_old, None)),
            notes: self.notes(row, before, after),
            reason: None,
            same_reason: false,
            unexplained: false,
        }
    }

    /// What is printed beside a clause, a line each. Files and numbers are named where they differ, a file with some digits of its digest, which
    /// tell it from another of its name.
    fn beside(&self, beside: &Beside, differing: Differing) -> Vec<String> {
        let fact = |term: &str, words: &String| [self.plan.term(term), self.plan.term("preview_separator"), words].concat();
        let unit = beside.unit.iter().map(|unit| fact("unit", unit));
        let number = beside.number.iter().map(|number| fact("document_number", number));
        let files = beside.files.iter().flatten().filter(|_| differing.files).map(|file| {
            let (name, digits) = (file.name.trim_start_matches("assets/"), file.digest.chars().take(8).collect::<String>());
            self.plan.term("comparison_file").replace("{name}", name).replace("{digits}", &digits)
        });
        let given = Some(beside.numbers.join(self.plan.term("list_separator"))).filter(|given| differing.numbers && !given.is_empty());
        let given = given.map(|given| fact("comparison_numbers", &given));
        unit.chain(number).chain(beside.captions.iter().cloned()).chain(files).chain(given).collect()
    }

    /// What happened to a clause, in words.
    fn notes(&self, row: &Row, before: Option<&RecordedClause>, after: Option<&RecordedClause>) -> Vec<String> {
        let term = |key: &str| self.plan.term(key).to_owned();
        let is_title = after.or(before).is_some_and(|clause| clause.depth == 0);
        let place = match (row.placed, before, after) {
            (Placed::Moved, Some(_), _) => Some(self.plan.term("comparison_moved").replace("{n}", &self.compared.old_place(row))),
            // Its number may be what it was.
            (Placed::Renumbered, Some(before), Some(after)) if before.short == after.short && before.part != after.part => {
                Some(term("comparison_part_renamed"))
            }
            (Placed::Renumbered, ..) => Some(term(if is_title { "comparison_title_renumbered" } else { "comparison_renumbered" })),
            _ => None,
        };
        // A chapter is no 點, nor is an annex.
        let by_kind = |item: &str, chapter: &str, annex: &str| {
            let is_annex = || after.or(before).is_some_and(|clause| self.is_annex(clause));
            Some(term(if !is_title {
                item
            } else if is_annex() {
                annex
            } else {
                chapter
            }))
        };
        let words = match row.change {
            Change::Added => by_kind("comparison_added", "comparison_chapter_added", "comparison_annex_added"),
            Change::Deleted => by_kind("comparison_gone", "comparison_chapter_gone", "comparison_annex_gone"),
            Change::Struck => by_kind("comparison_struck", "comparison_chapter_struck", "comparison_annex_struck"),
            Change::Unchanged if place.is_none() => {
                Some(term(if is_title { "comparison_title_unchanged" } else { "comparison_unchanged" }))
            }
            Change::Followed => Some(term("comparison_followed")),
            // Nothing that is said is another: a paragraph went past an item.
            Change::Amended => before
                .zip(after)
                .filter(|(before, after)| are_variants(&before.words(), &after.words()) && !self.compared.differing_beside(row).any())
                .map(|_| term("comparison_reordered")),
            Change::Unchanged => None,
        };
        place.into_iter().chain(words).collect()
    }

    /// Whether something without anything above it has the number of an annex; a record says no more of what it is.
    fn is_annex(&self, clause: &RecordedClause) -> bool {
        let (before, behind) = self.plan.term("annex").split_once("{n}").unwrap_or_default();
        let is_marked = !before.is_empty() || !behind.is_empty();
        is_marked && clause.short.starts_with(before) && clause.short.ends_with(behind)
    }

    /// Gives the rows their reasons. Those of a whole clause stand at its head, and a reason is not repeated line by line.
    fn explain(&self, shown: &[(&Row, bool)], rows: &mut [RowView]) {
        let without: FxHashSet<(Option<usize>, Option<usize>)> =
            crate::edition::without_reason(|row| (self.reason)(row).is_some(), self.compared)
                .map(|row| (row.old, row.new))
                .collect();
        let mut above: Option<String> = None;
        for ((row, context), view) in shown.iter().zip(rows) {
            // Of what one of several editions decided the whole way may not say more than that its number is another.
            let found = (!context && row.is_changed()).then(|| (self.reason)(row)).flatten();
            let (same, reason) = found.unzip();
            view.same_reason = same.is_some() && above == same;
            view.reason = reason;
            view.unexplained = !context && without.contains(&(row.old, row.new));
            above = same;
        }
    }
}

fn name(row: &Row) -> &'static str {
    match (row.change, row.placed) {
        (Change::Added, _) => "added",
        (Change::Deleted, _) => "deleted",
        (Change::Struck, _) => "struck",
        (_, Placed::Moved) => "moved",
        (Change::Amended, _) => "amended",
        (Change::Followed, _) => "followed",
        (Change::Unchanged, Placed::Renumbered) => "renumbered",
        (Change::Unchanged, Placed::Same) => "unchanged",
    }
}

fn of_new(piece: &Piece) -> Option<(bool, &str)> {
    match piece {
        Piece::Same { new, .. } => Some((false, new)),
        Piece::New(text) => Some((true, text)),
        Piece::Old(_) => None,
    }
}

fn of_old(piece: &Piece) -> Option<(bool, &str)> {
    match piece {
        Piece::Same { old, .. } => Some((false, old)),
        Piece::Old(text) => Some((true, text)),
        Piece::New(_) => None,
    }
}

/// What a column of row numbers is called.
const ROW_NUMBERS: [&str; 7] = ["項次", "序號", "編號", "次序", "項", "No.", "No"];

/// The words of a clause without the numbers of rows and what stands above them: a row more would change those of all that follow. Other columns
/// may count, too, and stay: 等級 1, 2, 3.
fn without_row_numbers(words: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    // The number that the next row has, below a head of such a column.
    let mut next = None;
    for line in words.split('\n') {
        let row = next.and_then(|next: u32| line.strip_prefix(&next.to_string())?.strip_prefix(" | "));
        let head = line.split_once(" | ").filter(|(head, _)| ROW_NUMBERS.contains(head)).map(|(_, others)| others);
        next = match (row, head) {
            (Some(_), _) => next.map(|next| next + 1),
            (None, head) => head.map(|_| 1),
        };
        lines.push(row.or(head).unwrap_or(line));
    }
    lines.join("\n")
}

/// One side of some pieces, line by line, each with whether something changed in it on either side.
fn lines(is_headed: bool, pieces: &[Piece], side: fn(&Piece) -> Option<(bool, &str)>) -> Vec<(LineView, bool)> {
    let mut lines = vec![(LineView { heading: is_headed, pieces: Vec::new() }, false)];
    for piece in pieces {
        let Some((changed, text)) = side(piece) else {
            // Here the other side says more.
            lines.last_mut().into_iter().for_each(|(_, is_near)| *is_near = true);
            continue;
        };
        for (at, part) in text.split('\n').enumerate() {
            if at > 0 {
                lines.push((LineView::default(), false));
            }
            if let Some((line, is_near)) = lines.last_mut().filter(|_| !part.is_empty()) {
                *is_near |= changed;
                line.pieces.push(PieceView { changed, text: part.to_owned() });
            }
        }
    }
    lines.retain(|(line, _)| !line.pieces.is_empty());
    lines
}

/// In a long clause of which little changed, such as a form with many rows, the lines that did not change are left out. The first, a title
/// or the head of a table, stays, and so does the head of any table of which a row stays: figures say little without their columns.
fn abridged(lines: Vec<(LineView, bool)>, omitted: &str) -> Vec<LineView> {
    let is_changed = |(_, is_changed): &(LineView, bool)| *is_changed;
    let is_short = lines.len() <= LONG || !lines.iter().any(is_changed);
    let is_near = |at: usize| is_short || at < 2 || lines[at.saturating_sub(1)..].iter().take(3).any(is_changed);
    let mut near: Vec<bool> = (0..lines.len()).map(is_near).collect();
    let columns: Vec<usize> = lines.iter().map(|(line, _)| line.text().matches(" | ").count()).collect();
    let mut head = 0;
    for at in 0..lines.len() {
        if at == 0 || columns[at] != columns[at - 1] {
            head = at;
        }
        near[head] |= near[at] && columns[at] > 0;
    }
    let mut kept: Vec<LineView> = Vec::new();
    let mut leaves_out = false;
    for ((line, _), near) in lines.into_iter().zip(near) {
        if near {
            kept.push(line);
        } else if !leaves_out {
            kept.push(LineView::plain(omitted));
        }
        leaves_out = !near;
    }
    kept
}

impl LineView {
    fn plain(text: &str) -> Self {
        Self { heading: false, pieces: vec![PieceView { changed: false, text: text.to_owned() }] }
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both sides of a long form of which one has a row more, the words that changed in brackets.
    fn sides(old: &[&str], new: &[&str]) -> [String; 2] {
        let rows = |rows: &[&str]| {
            let numbered = (1..).zip(rows).map(|(number, row)| format!("\n{number} | {row}"));
            without_row_numbers(&("項次 | 內容".to_owned() + &numbered.collect::<String>()))
        };
        let pieces = difference(&rows(old), &rows(new));
        [of_old, of_new].map(|side| {
            let words = |piece: &PieceView| if piece.changed { format!("[{}]", piece.text) } else { piece.text.clone() };
            let line = |line: &LineView| line.pieces.iter().map(words).collect::<String>();
            abridged(lines(false, &pieces, side), "（略）").iter().map(line).collect::<Vec<_>>().join("/")
        })
    }

    #[test]
    fn of_a_long_form_with_a_row_more_the_rows_beside_it_are_shown_on_both_sides() {
        let rows: Vec<String> = (b'a'..=b'z').map(|letter| format!("{0}{0}{0}", char::from(letter))).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let within = [&rows[..9], &["新列"], &rows[9..]].concat();
        assert_eq!(sides(&rows, &within), ["內容/aaa/（略）/iii/jjj/kkk/（略）", "內容/aaa/（略）/iii/[新列]/jjj/（略）"]);
        let behind = [&rows[..], &["新列"]].concat();
        assert_eq!(sides(&rows, &behind), ["內容/aaa/（略）/yyy/zzz", "內容/aaa/（略）/zzz/[新列]"]);
        assert_eq!(sides(&rows, &rows[1..])[1], "內容/bbb/ccc/（略）");
    }

    #[test]
    fn the_head_of_a_table_stays_wherever_it_stands_in_a_long_clause() {
        let row = |letter: u8| format!("{} | 四小時", char::from(letter));
        let rows: Vec<String> = (b'a'..=b'z').map(row).collect();
        let old = String::from("重要資料應備份。\n系統如下：\n系統 | 中斷\n") + &rows.join("\n") + "\n詳附件。";
        let new = old.replacen("m | 四", "m | 八", 1);
        let shown = abridged(lines(false, &difference(&old, &new), of_new), "（略）");
        let shown: Vec<String> = shown.iter().map(LineView::text).collect();
        assert_eq!(shown.join("/"), "重要資料應備份。/系統如下：/系統 | 中斷/（略）/l | 四小時/m | 八小時/n | 四小時/（略）");
    }

    #[test]
    fn only_numbers_that_count_rows_are_left_out() {
        assert_eq!(without_row_numbers("文\n項次 | 乙\n1 | 丙\n2 | 丁\n2 | 戊"), "文\n乙\n丙\n丁\n2 | 戊");
        for kept in ["等級 | 說明\n1 | 低度\n2 | 中度", "1 | 甲\n2 | 乙", "項次 一\n1 | 甲"] {
            assert_eq!(without_row_numbers(kept), kept);
        }
    }
}
