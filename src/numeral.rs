//! Numerals: how a clause's ordinal is written at each level.
//!
//! In: one sample such as `壹、` or `(1)`. Out: a [`Pattern`] that writes any ordinal in that style.
//! Ten is 壹拾 and eleven 壹拾壹, as the official template has it; nothing here knows about clauses.

/// A system of numerals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    /// 壹 貳 參 … 壹拾.
    Formal,
    /// 一 二 三 … 十.
    Han,
    /// 甲 乙 丙 … 癸, then 甲甲.
    Stem,
    /// 1 2 3.
    Arabic,
    /// A B C … Z, then AA.
    UpperLatin,
    /// a b c.
    LowerLatin,
}

/// A prefix, a numeral system and a suffix, read from one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    prefix: String,
    system: System,
    suffix: String,
    /// The labels of the first ordinals, which nearly all are.
    first: Vec<String>,
}

/// How many ordinals have their labels at hand.
const FIRST: u32 = 40;

const FORMAL: [&str; 10] = ["零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"];
const HAN: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

/// The signs of Chinese numerals, ordinary and formal: each sign and what it stands for, which is its digit, or `a`, `b` or `c` for ten, a
/// hundred or a thousand. Ordinary ones begin with the digits from zero on and the sign for ten.
#[must_use]
pub fn signs() -> [String; 2] {
    let digits = |digits: [&str; 10]| (0..).zip(digits).fold(String::new(), |all, (digit, sign): (u8, _)| all + sign + &digit.to_string());
    [digits(HAN) + "十a百b千c○0兩2", digits(FORMAL) + "拾a佰b仟c"]
}

/// Whether a character can stand in a numeral of any system.
#[must_use]
pub fn is_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || "十百千拾佰仟".contains(c) || [FORMAL, HAN, STEMS].iter().flatten().any(|sign| sign.starts_with(c))
}

/// The number that Arabic digits or a Chinese numeral below ten thousand write, be it ordinary or formal: 12, 十二, 壹拾貳. `None` for anything else.
#[must_use]
pub fn value(numeral: &str) -> Option<u32> {
    if numeral.starts_with(|c: char| c.is_ascii_digit()) {
        return numeral.parse().ok();
    }
    let (mut total, mut digit, mut below) = (0, None, u32::MAX);
    for c in numeral.chars() {
        match stands_for(c)? {
            unit @ 10.. => {
                // Each is smaller than the one before.
                if std::mem::replace(&mut below, unit) <= unit {
                    return None;
                }
                total += digit.take().unwrap_or(1) * unit;
            }
            // 一二 is no number; 零 says that a place is empty.
            value => {
                if digit.replace(value).is_some_and(|before| before > 0) {
                    return None;
                }
            }
        }
    }
    Some(total + digit.unwrap_or(0)).filter(|total| *total > 0)
}

/// The digit, or the ten, hundred or thousand, that a sign of a Chinese numeral stands for.
fn stands_for(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        '兩' => Some(2),
        _ => (0..)
            .zip(HAN.iter().zip(&FORMAL))
            .find(|(_, (han, formal))| han.starts_with(c) || formal.starts_with(c))
            .map(|(digit, _)| digit),
    }
}

impl Pattern {
    /// Reads a sample: exactly one numeral for "one" (壹 一 甲 1 A a) with anything before and after it.
    #[must_use]
    pub fn parse(sample: &str) -> Option<Self> {
        let system_of = |c: char| match c {
            '壹' => Some(System::Formal),
            '一' => Some(System::Han),
            '甲' => Some(System::Stem),
            '1' => Some(System::Arabic),
            'A' => Some(System::UpperLatin),
            'a' => Some(System::LowerLatin),
            _ => None,
        };
        let mut found = sample.char_indices().filter_map(|(at, c)| Some((at, c, system_of(c)?)));
        let (at, c, system) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let mut pattern = Self { prefix: sample[..at].into(), system, suffix: sample[at + c.len_utf8()..].into(), first: Vec::new() };
        pattern.first = (1..=FIRST).map(|ordinal| pattern.label(ordinal)).collect();
        Some(pattern)
    }

    /// The numeral as it stands before the clause's text: `壹拾、`, `(一)`, `1.`.
    #[must_use]
    pub fn label(&self, ordinal: u32) -> String {
        let mut out = String::with_capacity(self.prefix.len() + self.suffix.len() + 8);
        self.write_label(ordinal, &mut out);
        out
    }

    /// Adds what [`Pattern::label`] returns.
    pub fn write_label(&self, ordinal: u32, out: &mut String) {
        if let Some(label) = self.at_hand(ordinal) {
            return out.push_str(label);
        }
        out.push_str(&self.prefix);
        self.system.write(ordinal, out);
        out.push_str(&self.suffix);
    }

    /// The numeral inside a citation: brackets stay, a trailing mark goes: `壹拾`, `(一)`, `1`.
    #[must_use]
    pub fn bare(&self, ordinal: u32) -> String {
        let mut out = String::new();
        self.write_bare(ordinal, &mut out);
        out
    }

    /// What must stand between two bare numerals, that of `before` and this one, lest they read as one: `1.1`, not `11`.
    #[must_use]
    pub fn after(&self, before: &Self) -> &'static str {
        let ends = before.prefix.is_empty() || before.suffix.is_empty();
        match self.system {
            system if system != before.system || !ends || !self.prefix.is_empty() => "",
            System::Formal | System::Han | System::Stem => "、",
            System::Arabic | System::UpperLatin | System::LowerLatin => ".",
        }
    }

    /// Adds what [`Pattern::bare`] returns.
    pub fn write_bare(&self, ordinal: u32, out: &mut String) {
        let end = self.suffix.len();
        match self.at_hand(ordinal) {
            _ if !self.prefix.is_empty() => self.write_label(ordinal, out),
            Some(label) => out.push_str(&label[..label.len() - end]),
            None => self.system.write(ordinal, out),
        }
    }

    fn at_hand(&self, ordinal: u32) -> Option<&str> {
        self.first.get(ordinal.checked_sub(1)? as usize).map(String::as_str)
    }
}

impl System {
    fn write(self, ordinal: u32, out: &mut String) {
        match self {
            Self::Formal => chinese(ordinal, &FORMAL, ["", "拾", "佰", "仟"], true, out),
            Self::Han => chinese(ordinal, &HAN, ["", "十", "百", "千"], false, out),
            Self::Stem => letters(ordinal, 10, &mut |digit| out.push_str(STEMS[digit])),
            Self::Arabic => arabic(ordinal, out),
            Self::UpperLatin => letters(ordinal, 26, &mut |digit| out.push_str(&UPPER[digit..=digit])),
            Self::LowerLatin => letters(ordinal, 26, &mut |digit| out.push_str(&LOWER[digit..=digit])),
        }
    }
}

/// Adds decimal digits.
pub fn arabic(number: u32, out: &mut String) {
    if number >= 10 {
        arabic(number / 10, out);
    }
    out.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}

/// Bijective numeration: … Y Z AA AB …; zero is written as nothing. Hands over each digit, counted from 0.
fn letters(ordinal: u32, base: u32, write: &mut dyn FnMut(usize)) {
    let Some(rest) = ordinal.checked_sub(1) else { return };
    letters(rest / base, base, write);
    write((rest % base) as usize);
}

/// Chinese numerals below ten thousand; larger ordinals fall back to Arabic digits. With `one_ten` ten is 壹拾, without it 十.
fn chinese(ordinal: u32, digits: &[&str; 10], units: [&str; 4], one_ten: bool, out: &mut String) {
    if ordinal == 0 || ordinal > 9999 {
        return arabic(ordinal, out);
    }
    let (mut begun, mut gap) = (false, false);
    for (place, power) in [(3, 1000), (2, 100), (1, 10), (0, 1)] {
        let digit = (ordinal / power % 10) as usize;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap && begun {
            out.push_str(digits[0]);
        }
        gap = false;
        let silent = digit == 1 && place == 1 && !begun && !one_ten;
        if !silent {
            out.push_str(digits[digit]);
        }
        out.push_str(units[place]);
        begun = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(sample: &str, ordinal: u32) -> String {
        Pattern::parse(sample).expect("a pattern").label(ordinal)
    }

    #[test]
    fn formal_numerals_write_ten_as_one_ten() {
        let written: Vec<_> = [1, 2, 3, 4, 9, 10, 11, 17, 20, 21, 101, 110, 1010].map(|n| label("壹、", n)).into();
        let expected = [
            "壹、",
            "貳、",
            "參、",
            "肆、",
            "玖、",
            "壹拾、",
            "壹拾壹、",
            "壹拾柒、",
            "貳拾、",
            "貳拾壹、",
            "壹佰零壹、",
            "壹佰壹拾、",
            "壹仟零壹拾、",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn ordinary_numerals_write_ten_alone() {
        let written: Vec<_> = [9, 10, 11, 20, 35, 100, 111].map(|n| label("(一)", n)).into();
        assert_eq!(written, ["(九)", "(十)", "(十一)", "(二十)", "(三十五)", "(一百)", "(一百一十一)"]);
    }

    #[test]
    fn numerals_are_read_as_they_are_written() {
        for sample in ["壹", "一", "1"] {
            let pattern = Pattern::parse(sample).expect("a pattern");
            for ordinal in (1..=1200).chain([9999]) {
                assert_eq!(value(&pattern.bare(ordinal)), Some(ordinal));
            }
        }
        for no_number in ["", "一二", "零", "甲", "1a", "a", "一千萬", "千千", "十百", "99999999999"] {
            assert_eq!(value(no_number), None, "{no_number}");
        }
    }

    #[test]
    fn letters_go_on_after_the_last() {
        assert_eq!([1, 26, 27, 53].map(|n| label("A.", n)), ["A.", "Z.", "AA.", "BA."]);
        assert_eq!([1, 10, 11].map(|n| label("甲、", n)), ["甲、", "癸、", "甲甲、"]);
    }

    #[test]
    fn a_citation_keeps_brackets_and_drops_trailing_marks() {
        let bare = |sample: &str, n| Pattern::parse(sample).expect("a pattern").bare(n);
        assert_eq!(
            [bare("壹、", 9), bare("一、", 2), bare("(一)", 2), bare("1.", 1), bare("(1)", 1), bare("A.", 3)],
            ["玖", "二", "(二)", "1", "(1)", "C"]
        );
    }

    #[test]
    fn labels_at_hand_are_those_that_are_worked_out() {
        for sample in ["第壹章", "一、", "(甲)", "1.", "A.", "a)"] {
            let pattern = Pattern::parse(sample).expect("a pattern");
            let worked_out = Pattern { first: Vec::new(), ..pattern.clone() };
            for ordinal in 0..=2 * FIRST {
                assert_eq!(pattern.label(ordinal), worked_out.label(ordinal));
                assert_eq!(pattern.bare(ordinal), worked_out.bare(ordinal));
            }
        }
    }

    #[test]
    fn a_sample_needs_exactly_one_numeral() {
        assert_eq!(Pattern::parse("第、"), None);
        assert_eq!(Pattern::parse("1.1"), None);
        assert!(Pattern::parse("第一條").is_some());
    }
}
