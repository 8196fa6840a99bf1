//! Units: what a text is cut into before it is counted.
//!
//! In: a text. Out: its units in order: each character of a script without spaces between words, each run of letters, and each run of
//! digits with the points between them; and where something stands between two units over which nothing is found. The engine cuts the same
//! way.

use crate::resolve::words::plain;

/// Particles that a phrase goes on over, as over white space: 使用者之權限 is found by 使用者權限.
pub(super) const PARTICLES: [char; 2] = ['之', '的'];

/// Whether a unit is a particle.
pub(super) fn is_particle(code: u16) -> bool {
    PARTICLES.iter().any(|c| u32::from(*c) == u32::from(code))
}

/// Units side by side, or what ends a phrase.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unit<'a> {
    /// Characters each of which is a word's part by itself; none takes more than 16 bits.
    Characters(&'a str),
    /// A run of letters or of digits, lower-case.
    Run(&'a str),
    /// Punctuation: no phrase goes on over it.
    Break,
}

/// Cuts a text.
pub(super) fn cut(text: &str, mut see: impl FnMut(Unit<'_>)) {
    let mut run = String::new();
    let mut chars = text.chars();
    loop {
        // Nearly all there is.
        let rest = chars.as_str();
        let (han, after) = rest.split_at(rest.find(|c| !is_han(c)).unwrap_or(rest.len()));
        if !han.is_empty() {
            see(Unit::Characters(han));
        }
        chars = after.chars();
        let Some(c) = chars.next().map(plain) else { return };
        if c.is_ascii_alphanumeric() {
            run.clear();
            run.push(c);
            let digits = c.is_ascii_digit();
            loop {
                let mut ahead = chars.clone();
                match ahead.next().map(plain) {
                    Some(next) if next.is_ascii_alphanumeric() && next.is_ascii_digit() == digits => run.push(next),
                    // A point belongs to a number if a digit follows.
                    Some('.') if digits && !run.ends_with('.') => run.push('.'),
                    _ => break,
                }
                chars = ahead;
            }
            let point = run.ends_with('.');
            see(Unit::Run(run.trim_end_matches('.')));
            if point {
                see(Unit::Break);
            }
        } else if !is_mark(c) && c.is_alphanumeric() && u32::from(c) < 0x1_0000 {
            see(Unit::Characters(c.encode_utf8(&mut [0; 4])));
        } else if !is_gap(c) {
            see(Unit::Break);
        }
    }
}

/// The characters of [`Unit::Characters`] as the engine counts them.
pub(super) fn codes(characters: &str) -> impl Iterator<Item = u16> {
    characters.chars().map(|c| (u32::from(c) & 0xffff) as u16)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether a character is one of the marks of Chinese that stand beside its characters; to ask whether others are letters takes longer.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}')
}

/// What a phrase goes on over: white space, the hyphen of `Wi-Fi`, and characters without width, among them those that choose a variant of
/// the character before, as names have.
fn is_gap(c: char) -> bool {
    c == '-'
        || c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = Vec::new();
        cut(text, |unit| match unit {
            Unit::Characters(characters) => out.extend(codes(characters).map(|code| String::from_utf16_lossy(&[code]))),
            Unit::Run(run) => out.push(run.to_owned()),
            Unit::Break => out.push(String::from("/")),
        });
        out.join(" ")
    }

    #[test]
    fn a_unit_is_a_character_or_a_run_of_letters_or_of_digits() {
        assert_eq!(shown("需導入 CNS27001 之機關"), "需 導 入 cns 27001 之 機 關");
        assert_eq!(shown("達 99.99%以上。"), "達 99.99 / 以 上 /");
        assert_eq!(shown("１. 網站"), "1 / 網 站");
        assert_eq!(shown("編號 9.2.1"), "編 號 9.2.1");
        assert_eq!(shown("漢ㄅカ字\u{20000}é甲"), "漢 ㄅ カ 字 / é 甲");
    }

    #[test]
    fn white_space_and_hyphens_end_no_phrase_and_punctuation_does() {
        assert_eq!(shown("Wi-Fi 與 e\u{ff0d}mail"), "wi fi 與 e mail");
        assert_eq!(shown("資通\u{200b} 安全、政策"), "資 通 安 全 / 政 策");
        assert_eq!(shown("葛\u{e0100}城、芦\u{fe00}田"), "葛 城 / 芦 田");
    }
}
