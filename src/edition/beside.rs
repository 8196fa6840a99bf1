//! What is printed beside a clause's words: who is in charge of a chapter, a form's own number, pictures with their captions, attachments.
//!
//! In: rows of two editions. Out: the same rows, in which a clause beside whose words something else is printed is [`Change::Amended`]. An
//! earlier program's records say nothing of these, and then nothing is compared. Width and white space do not matter, as with words; nor does a
//! file's name, as long as the same is in it.

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
    /// The pictures that its words show and the attachments that they lead to, in printed order: of a chapter or an annex even where there
    /// are none, of others where there are some; nothing at all in a record of an earlier program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<ShownFile>>,
    /// The numbers that items of its lists were given that are no clauses, as in what is quoted; known where files are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<String>,
}

/// A picture or an attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFile {
    /// Its name below `content/`.
    pub name: String,
    /// The digest of what is in it, in hexadecimal digits.
    pub digest: String,
}

/// The characters that say of a digest and of a given number what they are.
const FILE: char = '\u{5}';
const GIVEN: char = '\u{6}';

impl Beside {
    /// All of it in printed order, each with a character that says what it is and stands in no text.
    pub(super) fn all(&self) -> impl Iterator<Item = (char, &str)> {
        let unit = self.unit.iter().map(|unit| ('\u{2}', unit.as_str()));
        let number = self.number.iter().map(|number| ('\u{3}', number.as_str()));
        let captions = self.captions.iter().map(|caption| ('\u{4}', caption.as_str()));
        let files = self.files.iter().flatten().map(|file| (FILE, file.digest.as_str()));
        unit.chain(number)
            .chain(captions)
            .chain(files)
            .chain(self.numbers.iter().map(|number| (GIVEN, number.as_str())))
    }
}

/// Whether something else is printed beside a clause in the other edition, both of which say what is.
pub(super) fn differs(old: &[RecordedClause], new: &[RecordedClause], before: usize, after: usize) -> bool {
    let words = |clause: &RecordedClause| {
        let all = clause.beside.iter().flat_map(Beside::all).filter(|(kind, _)| !matches!(*kind, FILE | GIVEN));
        all.map(|(kind, words)| (kind, variant::key(words))).collect::<Vec<_>>()
    };
    let differ = both_say(old, new, |_| true) && words(&old[before]) != words(&new[after]);
    differ || differs_in_files(old, new, before, after) || differs_in_numbers(old, new, before, after)
}

/// Whether items that are no clauses were given other numbers.
pub(super) fn differs_in_numbers(old: &[RecordedClause], new: &[RecordedClause], before: usize, after: usize) -> bool {
    let numbers = |clause: &RecordedClause| clause.beside.as_ref().map_or_else(Vec::new, |beside| beside.numbers.clone());
    say_files(old, new) && numbers(&old[before]) != numbers(&new[after])
}

/// Whether other pictures or attachments stand there, or the same in another order.
pub(super) fn differs_in_files(old: &[RecordedClause], new: &[RecordedClause], before: usize, after: usize) -> bool {
    let contents = |clause: &RecordedClause| {
        let files = clause.beside.iter().flat_map(|beside| beside.files.iter().flatten());
        files.map(|file| file.digest.clone()).collect::<Vec<_>>()
    };
    say_files(old, new) && contents(&old[before]) != contents(&new[after])
}

/// Whether both are records, or plans, of programs that say which files there are.
fn say_files(old: &[RecordedClause], new: &[RecordedClause]) -> bool {
    both_say(old, new, |beside| beside.files.is_some())
}

/// Whether both editions say something: of a chapter a record says it even where there is nothing.
fn both_say(old: &[RecordedClause], new: &[RecordedClause], has: fn(&Beside) -> bool) -> bool {
    [old, new].into_iter().all(|side| side.first().and_then(|chapter| chapter.beside.as_ref()).is_some_and(has))
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
