//! What is printed beside a clause's words: who is in charge of a chapter, a form's own number, captions of pictures.
//!
//! In: rows of two editions. Out: the same rows, in which a clause beside whose words something else is printed is [`Change::Amended`]. An
//! earlier program's records say nothing of these, and then nothing is compared. Width and white space do not matter, as with words.

use super::{Change, RecordedClause, Row, tree::Tree, variant};
use serde::{Deserialize, Serialize};

/// What is printed beside a clause's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The unit in charge of a chapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// An annex's number as a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The captions of pictures among its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<String>,
}

impl Beside {
    /// All of it in printed order, each with a character that says what it is and stands in no text.
    pub(super) fn all(&self) -> impl Iterator<Item = (char, &str)> {
        let unit = self.unit.iter().map(|unit| ('\u{2}', unit.as_str()));
        let number = self.number.iter().map(|number| ('\u{3}', number.as_str()));
        unit.chain(number).chain(self.captions.iter().map(|caption| ('\u{4}', caption.as_str())))
    }
}

/// Whether something else is printed beside a clause in the other edition, both of which say what is.
pub(super) fn differs(old: &[RecordedClause], new: &[RecordedClause], before: usize, after: usize) -> bool {
    // Of a chapter a record says it even where there is nothing.
    let is_known = |clauses: &[RecordedClause]| clauses.first().is_some_and(|chapter| chapter.beside.is_some());
    let of = |clause: &RecordedClause| {
        let all = clause.beside.iter().flat_map(Beside::all);
        all.map(|(kind, words)| (kind, variant::key(words))).collect::<Vec<_>>()
    };
    is_known(old) && is_known(new) && of(&old[before]) != of(&new[after])
}

/// Marks the rows beside whose words something changed.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, rows: &mut [Row]) {
    for row in rows.iter_mut().filter(|row| matches!(row.change, Change::Unchanged | Change::Followed)) {
        if let (Some(before), Some(after)) = (row.old, row.new)
            && differs(old.clauses, new.clauses, before, after)
        {
            row.change = Change::Amended;
        }
    }
}
