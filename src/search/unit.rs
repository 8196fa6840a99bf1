//! Units: what a text is cut into before it is counted.
//!
//! In: a text. Out: its units in order: one character of a script without spaces between words, one run of letters, or one run of digits
//! with the points between them; and where something stands between two units over which nothing is found. The engine cuts the same way.

use crate::resolve::words::plain;

/// Particles that a phrase goes on over, as over white space: 使用者之權限 is found by 使用者權限.
pub(super) const PARTICLES: [char; 2] = ['之', '的'];

/// Whether a unit is a particle.
pub(super) fn is_particle(code: u16) -> bool {
    PARTICLES.iter().any(|c| u32::from(*c) == u32::from(code))
}

/// A unit, or what ends a phrase.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unit<'a> {
    /// One character that is a word's part by itself.
    Single(u16),
    /// A run of letters or of digits, lower-case.
    Run(&'a str),
    /// Punctuation: no phrase goes on over it.
    Break,
}

/// Cuts a text.
pub(super) fn cut(text: &str, mut see: impl FnMut(Unit<'_>)) {
    let mut run = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        // Nearly all there is.
        if let code @ 0x4e00..=0x9fff = u32::from(c) {
            see(Unit::Single(u16::try_from(code).unwrap_or(u16::MAX)));
            continue;
        }
        let c = plain(c);
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
        } else if c.is_alphanumeric() {
            match u16::try_from(u32::from(c)) {
                Ok(code) => see(Unit::Single(code)),
                Err(_) => see(Unit::Break),
            }
        } else if !is_gap(c) {
            see(Unit::Break);
        }
    }
}

/// What a phrase goes on over: white space and characters without width.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = Vec::new();
        cut(text, |unit| {
            out.push(match unit {
                Unit::Single(code) => String::from_utf16_lossy(&[code]),
                Unit::Run(run) => run.to_owned(),
                Unit::Break => String::from("/"),
            });
        });
        out.join(" ")
    }

    #[test]
    fn a_unit_is_a_character_or_a_run_of_letters_or_of_digits() {
        assert_eq!(shown("需導入 CNS27001 之機關"), "需 導 入 cns 27001 之 機 關");
        assert_eq!(shown("達 99.99%以上。"), "達 99.99 / 以 上 /");
        assert_eq!(shown("１. 網站"), "1 / 網 站");
        assert_eq!(shown("編號 9.2.1"), "編 號 9.2.1");
    }

    #[test]
    fn white_space_ends_no_phrase_and_punctuation_does() {
        assert_eq!(shown("資通\u{200b} 安全、政策"), "資 通 安 全 / 政 策");
    }
}
