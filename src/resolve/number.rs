//! A clause's number.
//!
//! In: levels and ordinals. Out: the four ways in which a number is written: for a citation, for a link, before the clause itself, and
//! without the number of what holds it. How ordinals are counted is the business of
//! `walk`; how a numeral looks is the business of `numeral`.

use crate::{
    document::Kind,
    numeral::{Pattern, arabic},
};

/// The ordinals on the way from the chapter to a clause, each with its level (1 is the chapter).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(Way);

/// Nearly every clause stands less than seven levels deep.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// How many, and these before nothing.
    Short(u8, [Step; SHORT]),
    Long(Box<[Step]>),
}

/// The most steps of a short way.
const SHORT: usize = 7;

/// A level, in the upper eight bits, and an ordinal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step(u32);

impl Step {
    /// The largest ordinal that is told from the others.
    const LAST: u32 = 0x00ff_ffff;

    pub(super) fn new(level: u8, ordinal: u32) -> Self {
        Self(u32::from(level) << 24 | ordinal.min(Self::LAST))
    }

    pub(super) fn level(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    pub(super) fn ordinal(self) -> u32 {
        self.0 & Self::LAST
    }
}

/// How a plan writes numbers.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// A pattern for each level.
    pub patterns: &'a [Pattern],
    /// What an annex is called: `附件{n}`.
    pub annex: &'a str,
}

impl Number {
    /// The number of a chapter or annex.
    #[must_use]
    pub fn of_chapter(ordinal: u32) -> Self {
        let mut steps = [Step::default(); SHORT];
        steps[0] = Step::new(1, ordinal);
        Self(Way::Short(1, steps))
    }

    /// The number of a clause below this one: the steps to it, from its own upwards.
    pub(super) fn below(&self, upwards: impl Iterator<Item = Step> + Clone) -> Self {
        let above = self.steps();
        let count = above.len() + upwards.clone().count();
        if count > SHORT {
            let mut steps: Vec<Step> = upwards.chain(above.iter().rev().copied()).collect();
            steps.reverse();
            return Self(Way::Long(steps.into()));
        }
        let mut steps = [Step::default(); SHORT];
        steps[..above.len()].copy_from_slice(above);
        steps[..count].iter_mut().rev().zip(upwards).for_each(|(place, step)| *place = step);
        Self(Way::Short(u8::try_from(count).unwrap_or(u8::MAX), steps))
    }

    fn steps(&self) -> &[Step] {
        match &self.0 {
            Way::Short(count, steps) => &steps[..usize::from(*count)],
            Way::Long(steps) => steps,
        }
    }

    /// The last ordinal.
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.steps().last().map_or(0, |step| step.ordinal())
    }

    /// The clause's level.
    #[must_use]
    pub fn level(&self) -> u8 {
        self.steps().last().map_or(0, |step| step.level())
    }

    /// How many clauses hold this one; 0 for a chapter.
    #[must_use]
    pub fn depth(&self) -> u8 {
        u8::try_from(self.steps().len().saturating_sub(1)).unwrap_or(u8::MAX)
    }

    /// As it stands before the clause: `(1)`; a chapter's with its mark: `玖、`; an annex's: `附件4`.
    #[must_use]
    pub fn label(&self, kind: Kind, style: Style<'_>) -> String {
        let mut out = String::with_capacity(16);
        self.write_label(kind, style, &mut out);
        out
    }

    /// Adds what [`Number::label`] returns.
    pub fn write_label(&self, kind: Kind, style: Style<'_>, out: &mut String) {
        let (level, ordinal) = (self.level(), self.ordinal());
        match (kind, pattern(level, style)) {
            (Kind::Annex, _) if self.depth() == 0 => annex(ordinal, style, out),
            (_, Some(pattern)) => pattern.write_label(ordinal, out),
            (_, None) => arabic(ordinal, out),
        }
    }

    /// In a citation: 「玖、二、(二)、1、(1)」.
    #[must_use]
    pub fn citation(&self, kind: Kind, style: Style<'_>) -> String {
        let mut out = String::with_capacity(8 * self.steps().len());
        self.write_citation(kind, style, &mut out);
        out
    }

    /// Adds what [`Number::citation`] returns.
    pub fn write_citation(&self, kind: Kind, style: Style<'_>, out: &mut String) {
        self.write_joined(kind, style, "、", out);
    }

    /// In a link: 「玖二(二)1(1)」.
    #[must_use]
    pub fn short(&self, kind: Kind, style: Style<'_>) -> String {
        let mut out = String::with_capacity(8 * self.steps().len());
        self.write_joined(kind, style, "", &mut out);
        out
    }

    /// What stands in [`Number::short`] after the number of what holds the clause.
    #[must_use]
    pub fn own(&self, kind: Kind, style: Style<'_>) -> String {
        let mut out = String::new();
        if let Some(last) = self.steps().len().checked_sub(1) {
            self.part(last, kind, style, "", &mut out);
        }
        out
    }

    fn write_joined(&self, kind: Kind, style: Style<'_>, separator: &str, out: &mut String) {
        (0..self.steps().len()).for_each(|at| self.part(at, kind, style, separator, out));
    }

    fn part(&self, at: usize, kind: Kind, style: Style<'_>, separator: &str, out: &mut String) {
        let (level, ordinal) = (self.steps()[at].level(), self.steps()[at].ordinal());
        if at > 0 {
            // 「附件15、2」 and 「1.1」: without a mark the two numerals would read as one.
            let between = || {
                pattern(level, style)
                    .zip(pattern(self.steps()[at - 1].level(), style))
                    .map_or("", |(own, above)| own.after(above))
            };
            out.push_str(match (at, kind) {
                (1, Kind::Annex) => "、",
                _ if separator.is_empty() => between(),
                _ => separator,
            });
        }
        match (kind, at, pattern(level, style)) {
            (Kind::Annex, 0, _) => annex(ordinal, style, out),
            (_, _, Some(pattern)) => pattern.write_bare(ordinal, out),
            (_, _, None) => arabic(ordinal, out),
        }
    }
}

fn pattern(level: u8, style: Style<'_>) -> Option<&Pattern> {
    style.patterns.get(usize::from(level).checked_sub(1)?)
}

fn annex(ordinal: u32, style: Style<'_>, out: &mut String) {
    let mut pieces = style.annex.split('{');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match piece.strip_prefix("n}") {
            Some(rest) => {
                arabic(ordinal, out);
                out.push_str(rest);
            }
            None => out.extend(["{", piece]),
        }
    }
}

/// Writes the citations of a chapter's clauses, one after the other: what one has in common with the one before is not written anew.
#[derive(Debug)]
pub struct CitationWriter<'a> {
    kind: Kind,
    style: Style<'a>,
    /// The last citation.
    text: String,
    /// Its steps, and where in the text each ends.
    steps: Vec<(Step, usize)>,
}

impl<'a> CitationWriter<'a> {
    /// For the clauses of a chapter of that kind.
    #[must_use]
    pub fn new(kind: Kind, style: Style<'a>) -> Self {
        Self { kind, style, text: String::new(), steps: Vec::new() }
    }

    /// What [`Number::citation`] returns.
    pub fn of(&mut self, number: &Number) -> &str {
        let steps = number.steps();
        let shared = self.steps.iter().zip(steps).take_while(|((last, _), step)| last == *step).count();
        self.steps.truncate(shared);
        self.text.truncate(self.steps.last().map_or(0, |(_, end)| *end));
        for (at, step) in steps.iter().enumerate().skip(shared) {
            number.part(at, self.kind, self.style, "、", &mut self.text);
            self.steps.push((*step, self.text.len()));
        }
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(number: &Number, steps: &[(u8, u32)]) -> Number {
        number.below(steps.iter().rev().map(|(level, ordinal)| Step::new(*level, *ordinal)))
    }

    #[test]
    fn a_number_is_written_four_ways() {
        let patterns: Vec<Pattern> =
            ["壹、", "一、", "(一)", "1.", "(1)", "A."].iter().filter_map(|sample| Pattern::parse(sample)).collect();
        let style = Style { patterns: &patterns, annex: "附件{n}" };
        let number = below(&Number::of_chapter(9), &[(2, 2), (3, 2), (4, 1), (5, 1)]);
        assert_eq!(number.citation(Kind::Chapter, style), "玖、二、(二)、1、(1)");
        assert_eq!(number.short(Kind::Chapter, style), "玖二(二)1(1)");
        assert_eq!(number.label(Kind::Chapter, style), "(1)");
        let annex = Number::of_chapter(4);
        assert_eq!((annex.label(Kind::Annex, style), annex.label(Kind::Chapter, style)), ("附件4".into(), "肆、".into()));
        assert_eq!(below(&annex, &[(2, 1)]).citation(Kind::Annex, style), "附件4、一");
        assert_eq!(below(&annex, &[(4, 2), (5, 1)]).short(Kind::Annex, style), "附件4、2(1)");
        let own = |number: &Number, kind| number.own(kind, style);
        assert_eq!((own(&number, Kind::Chapter), own(&annex, Kind::Annex)), ("(1)".into(), "附件4".into()));
        assert_eq!(own(&below(&annex, &[(4, 2)]), Kind::Annex), "、2");
    }

    #[test]
    fn two_numerals_never_read_as_one() {
        for (samples, short) in [
            (["1.", "1.", "(1)", "a.", "a)"], "12.3(4)e.f"),
            (["第1章", "1", "1", "（a）", "a"], "第12章3.4（e）f"),
            (["壹、", "壹、", "一、", "(一)", "一"], "壹拾貳、參四(五)六"),
            (["1", "1)", "[1", "1", "1"], "12.3[4.5.6"),
        ] {
            let patterns: Vec<Pattern> = samples.into_iter().filter_map(Pattern::parse).collect();
            let style = Style { patterns: &patterns, annex: "附件{n}" };
            let number = below(&Number::of_chapter(12), &[(2, 3), (3, 4), (4, 5), (5, 6)]);
            assert_eq!(number.short(Kind::Chapter, style), short);
        }
    }

    #[test]
    fn citations_one_after_the_other_are_the_same_as_each_alone() {
        let patterns: Vec<Pattern> = ["壹、", "一、", "(一)", "1."].iter().filter_map(|sample| Pattern::parse(sample)).collect();
        let style = Style { patterns: &patterns, annex: "附件{n}" };
        let chapter = Number::of_chapter(12);
        let deep = below(&chapter, &[(2, 1), (3, 2), (4, 3)]);
        for kind in [Kind::Chapter, Kind::Annex] {
            let mut writer = CitationWriter::new(kind, style);
            let others = [below(&chapter, &[(2, 1), (4, 2)]), below(&chapter, &[(3, 1)]), Number::of_chapter(3)];
            for number in [&deep, &deep, &others[0], &chapter, &deep, &others[1], &others[2]] {
                assert_eq!(writer.of(number), number.citation(kind, style));
            }
        }
    }
}
