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

/// What of it differs between two editions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differing {
    /// Words: a unit, a form's number, captions.
    pub words: bool,
    /// Pictures or attachments, or their order.
    pub files: bool,
    /// The numbers that items were given which are no clauses.
    pub numbers: bool,
}

impl Differing {
    /// Whether anything does.
    #[must_use]
    pub fn any(self) -> bool {
        self.words || self.files || self.numbers
    }
}

/// What differs beside a clause of two editions, as far as both say what stands there.
pub(super) fn differing(old: &[RecordedClause], new: &[RecordedClause], before: usize, after: usize) -> Differing {
    // Of a chapter a record says it even where there is nothing.
    let both_say = |has: fn(&Beside) -> bool| {
        let says = |side: &[RecordedClause]| side.first().and_then(|chapter| chapter.beside.as_ref()).is_some_and(has);
        says(old) && says(new)
    };
    let differ = |is_wanted: fn(char) -> bool| {
        let of = |clause: &RecordedClause| {
            let all = clause.beside.iter().flat_map(Beside::all).filter(|(kind, _)| is_wanted(*kind));
            all.map(|(kind, words)| (kind, variant::key(words))).collect::<Vec<_>>()
        };
        of(&old[before]) != of(&new[after])
    };
    let say_files = both_say(|beside| beside.files.is_some());
    Differing {
        words: both_say(|_| true) && differ(|kind| !matches!(kind, FILE | GIVEN)),
        files: say_files && differ(|kind| kind == FILE),
        numbers: say_files && differ(|kind| kind == GIVEN),
    }
}

/// Marks the rows beside whose words something changed.
pub(super) fn mark(old: &Tree<'_>, new: &Tree<'_>, rows: &mut [Row]) {
    for row in rows.iter_mut().filter(|row| matches!(row.change, Change::Unchanged | Change::Followed)) {
        if let (Some(before), Some(after)) = (row.old, row.new)
            && differing(old.clauses, new.clauses, before, after).any()
        {
            row.change = Change::Amended;
        }
    }
}
