//! Which words changed.
//!
//! In: an old text and a new one. Out: [`Piece`]s that together are both texts: what both say, what only the old one says and what only the
//! new one says. Lines are compared first and the words of changed lines then. How a piece looks is not decided here.

use super::variant::{self, Unit, units};
use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A part of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Both say it; the widths may differ.
    Same {
        /// As the old text writes it.
        old: String,
        /// As the new text writes it.
        new: String,
    },
    /// Only the old text says it.
    Old(String),
    /// Only the new text says it.
    New(String),
}

/// Texts of more units than this, multiplied, are not compared word by word.
const MOST: usize = 16_000_000;

/// The pieces of an old and a new text.
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    if variant::are_variants(old, new) {
        pieces.same(old, new);
    } else {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
        let keys = |lines: &[&str]| lines.iter().map(|line| variant::key(line)).collect::<Vec<_>>();
        for op in operations(&keys(&ours), &keys(&theirs)) {
            let (left, right) = (&ours[op.old_range()], &theirs[op.new_range()]);
            if left.len() == right.len() {
                left.iter().zip(right).for_each(|(old, new)| words(old, new, &mut pieces));
            } else {
                words(&left.concat(), &right.concat(), &mut pieces);
            }
        }
    }
    pieces.trimmed()
}

/// Compares two texts word by word.
fn words(old: &str, new: &str, pieces: &mut Pieces) {
    let (ours, theirs) = (units(old), units(new));
    if ours.len().saturating_mul(theirs.len()) > MOST || ours.is_empty() || theirs.is_empty() {
        return if variant::are_variants(old, new) { pieces.same(old, new) } else { pieces.changed(old, new) };
    }
    let keys = |units: &[Unit]| units.iter().map(|unit| unit.key.clone()).collect::<Vec<_>>();
    for op in without_islands(&operations(&keys(&ours), &keys(&theirs))) {
        let (left, right) = (slice(old, &ours[op.old_range()]), slice(new, &theirs[op.new_range()]));
        match op {
            DiffOp::Equal { .. } => pieces.same(left, right),
            _ => pieces.changed(left, right),
        }
    }
}

fn operations<'a>(old: &'a [String], new: &'a [String]) -> Vec<DiffOp> {
    if old.len().saturating_mul(new.len()) > MOST {
        return vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }];
    }
    // Numbers are compared faster than texts.
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    let mut number = |key: &'a String| {
        let next = known.len();
        *known.entry(key.as_str()).or_insert(next)
    };
    let (old, new): (Vec<usize>, Vec<usize>) = (old.iter().map(&mut number).collect(), new.iter().map(&mut number).collect());
    capture_diff_slices(Algorithm::Myers, &old, &new)
}

/// A single character that stays between two changes would only break up what is read as one.
fn without_islands(operations: &[DiffOp]) -> Vec<DiffOp> {
    let is_change = |op: Option<&DiffOp>| op.is_some_and(|op| !matches!(op, DiffOp::Equal { .. }));
    let island = |at: usize| {
        let between = at > 0 && is_change(operations.get(at - 1)) && is_change(operations.get(at + 1));
        between && matches!(operations[at], DiffOp::Equal { len: 1, .. })
    };
    let softened = operations.iter().enumerate().map(|(at, op)| match *op {
        DiffOp::Equal { old_index, new_index, len } if island(at) => DiffOp::Replace { old_index, old_len: len, new_index, new_len: len },
        op => op,
    });
    softened.collect()
}

/// What some units of a text say.
fn slice<'a>(text: &'a str, units: &[Unit]) -> &'a str {
    match (units.first(), units.last()) {
        (Some(first), Some(last)) => &text[first.range.start..last.range.end],
        _ => "",
    }
}

/// Pieces, neighbours of one kind joined.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn same(&mut self, old: &str, new: &str) {
        match self.0.last_mut() {
            Some(Piece::Same { old: before, new: with }) => {
                before.push_str(old);
                with.push_str(new);
            }
            _ => self.0.push(Piece::Same { old: old.to_owned(), new: new.to_owned() }),
        }
    }

    /// What is gone stands before what is new.
    fn changed(&mut self, old: &str, new: &str) {
        let (mut gone, mut come) = (String::new(), String::new());
        while let Some(Piece::Old(_) | Piece::New(_)) = self.0.last() {
            match self.0.pop() {
                Some(Piece::Old(text)) => gone = text,
                Some(Piece::New(text)) => come = text,
                _ => {}
            }
        }
        gone.push_str(old);
        come.push_str(new);
        self.0.extend((!gone.is_empty()).then_some(Piece::Old(gone)));
        self.0.extend((!come.is_empty()).then_some(Piece::New(come)));
    }

    /// White space that ends both sides of a change has not changed.
    fn trimmed(self) -> Vec<Piece> {
        let mut all: Vec<Piece> = Vec::with_capacity(self.0.len());
        for mut piece in self.0 {
            let mut space = None;
            if let (Some(Piece::Old(old)), Piece::New(new)) = (all.last_mut(), &mut piece) {
                let (ours, theirs) = (old.split_off(old.trim_end().len()), new.split_off(new.trim_end().len()));
                if ours.is_empty() || theirs.is_empty() {
                    old.push_str(&ours);
                    new.push_str(&theirs);
                } else {
                    space = Some(Piece::Same { old: ours, new: theirs });
                }
            }
            all.push(piece);
            all.extend(space);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Old words in [ ], new ones in { }.
    fn marked(old: &str, new: &str) -> String {
        let pieces = difference(old, new);
        let side = |wanted: fn(&Piece) -> &str| pieces.iter().map(wanted).collect::<String>();
        let ours = side(|piece| match piece {
            Piece::Same { old, .. } | Piece::Old(old) => old,
            Piece::New(_) => "",
        });
        let theirs = side(|piece| match piece {
            Piece::Same { new, .. } | Piece::New(new) => new,
            Piece::Old(_) => "",
        });
        assert_eq!((ours.as_str(), theirs.as_str()), (old, new), "the pieces are both texts");
        let mark = |piece: &Piece| match piece {
            Piece::Same { new, .. } => new.clone(),
            Piece::Old(text) => format!("[{text}]"),
            Piece::New(text) => format!("{{{text}}}"),
        };
        pieces.iter().map(mark).collect()
    }

    #[test]
    fn figures_and_words_change_as_a_whole() {
        assert_eq!(marked("通行碼長度 8 碼以上。", "通行碼長度 12 碼以上。"), "通行碼長度 [8]{12} 碼以上。");
        assert_eq!(marked("使用 SSL 連線", "使用 TLS 連線"), "使用 [SSL]{TLS} 連線");
        assert_eq!(marked("每年檢討", "每年至少檢討"), "每年{至少}檢討");
    }

    #[test]
    fn one_character_does_not_break_up_a_change() {
        assert_eq!(marked("由資訊室之承辦人辦理", "由秘書處之同仁辦理"), "由[資訊室之承辦人]{秘書處之同仁}辦理");
    }

    #[test]
    fn widths_and_line_ends_are_the_same() {
        assert_eq!(marked("臺北市：甲\n乙", "台北市︰甲乙"), "台北市︰甲乙");
    }

    #[test]
    fn only_changed_lines_are_compared_closely() {
        assert_eq!(marked("甲 | 一\n乙 | 二\n丙 | 三", "甲 | 一\n乙 | 四\n丙 | 三"), "甲 | 一\n乙 | [二]{四}\n丙 | 三");
        assert_eq!(marked("甲\n乙", "甲\n丙丙\n乙"), "甲\n{丙丙\n}乙");
    }

    #[test]
    fn everything_and_nothing() {
        assert_eq!((marked("", "甲"), marked("甲", ""), marked("", "")), ("{甲}".into(), "[甲]".into(), String::new()));
    }
}
