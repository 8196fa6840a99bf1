//! The lines of a literal block of YAML in its file.
//!
//! In: the place of a value and a range of its text. Out: the same range in the file, where the value is a literal block (`|`), each of whose lines
//! is one of the file's, indented. Folded and quoted texts have other lines than their file, and no answer. Nothing is asked but for a finding.

use super::Sources;
use crate::diagnostic::Span;
use std::ops::Range;

/// So many lines of a block are counted: a finding in each of them must not count all of them each time.
const LINES: usize = 1000;

/// The place in the file of a range of a value that stands at `value`.
#[must_use]
pub fn in_block(sources: &Sources, value: Span, range: Range<usize>) -> Option<Span> {
    let source = sources.file(value.file);
    if source.extension() != "yaml" {
        return None;
    }
    // A block's place is that of its first words; the sign that begins it stands at the end of a line above.
    let before = source
        .text
        .get(..value.start as usize)?
        .trim_end_matches(' ')
        .strip_suffix('\n')?
        .trim_end_matches([' ', '\n']);
    let head = before.rsplit('\n').next()?;
    // An indentation that is given counts from that of what holds the block, which is not known here.
    let sign = head.split_once(" #").map_or(head, |(sign, _)| sign).trim_end().trim_end_matches(['+', '-']);
    if !sign.ends_with(" |") {
        return None;
    }
    let (_, body) = source.text[before.len()..].split_once('\n')?;
    let base = source.text.len() - body.len();
    let spaces = |line: &str| line.bytes().take_while(|byte| *byte == b' ').count();
    let indentation = body.lines().find(|line| spaces(line) < line.len()).map(spaces)?;
    let (mut in_file, mut in_value, mut start) = (0, 0, None);
    for line in body.lines().take(LINES) {
        let own = spaces(line).min(indentation);
        if own < indentation && own < line.len() {
            break;
        }
        let end = in_value + line.len() - own;
        let at = |offset: usize| base + in_file + own + offset - in_value;
        if start.is_none() && range.start <= end {
            start = Some(at(range.start));
        }
        if let Some(start) = start.filter(|_| range.end <= end) {
            let place = Span::new(value.file, start, at(range.end.max(range.start)));
            return source.text.get(place.range()).map(|_| place);
        }
        (in_file, in_value) = (in_file + line.len() + 1, end + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// Every piece of the value of `b` in a file, as the file has it.
    fn found(yaml: &str, pieces: &[&str]) -> Vec<Option<(usize, String)>> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("data/a.yaml", "data/a.yaml", yaml));
        let read: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
        let value = read["b"].as_str().unwrap();
        let place = super::super::yaml::locate(&sources, file, &["b".into()], super::super::yaml::Part::Value);
        let find = |piece: &&str| {
            let at = value.find(piece).unwrap();
            let span = in_block(&sources, place, at..at + piece.len())?;
            Some((sources.file(file).line(span.start as usize), sources.slice(span).to_owned()))
        };
        pieces.iter().map(find).collect()
    }

    fn at(line: usize, words: &str) -> (usize, String) {
        (line, words.into())
    }

    #[test]
    fn each_line_of_a_literal_block_is_one_of_the_file() {
        let yaml = "a: 0\nb: |- # 說明\n  一二\n\n    三四\n \n  五\nc: 六\n";
        assert_eq!(found(yaml, &["二", "三四", "五", "一"]), [at(3, "二"), at(5, "三四"), at(7, "五"), at(3, "一")].map(Some));
        assert_eq!(found(yaml, &["二\n\n  三"]), [at(3, "二\n\n    三")].map(Some), "several lines with what stands before them");
        assert_eq!(
            found("b: |\n\n   一\n   二", &["\n一", "二"]),
            [at(2, "\n   一"), at(4, "二")].map(Some),
            "blank lines before the first"
        );
        assert_eq!(found("b: |+\n  一\n\n", &["一\n"]), [at(2, "一\n")].map(Some));
    }

    #[test]
    fn other_texts_have_no_answer() {
        for yaml in [
            "b: 一\n",
            "b: \"一\\n二\"\n",
            "b: '|一'\n",
            "b: >\n  一\n  二\n",
            "b: |2\n    一\n",
            "a: &a |\n  一\nb: *a\n",
            "c: x |\nb:\n  一\n",
            "c: x |\nb: 一\n",
            "b: !!str |\n  一\n",
        ] {
            assert_eq!(found(yaml, &["一"]), [None], "{yaml}");
        }
    }
}
