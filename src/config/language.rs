//! Language tags.
//!
//! In: a word. Out: whether it has the shape of a tag (BCP 47), which browsers and voices take for the language of a page. Whether such a language
//! exists is not asked.

/// Whether a word is a language tag by its shape: a language, then perhaps a script, a region, variants, extensions and private words.
#[must_use]
pub fn is_language(tag: &str) -> bool {
    let all: Vec<&str> = tag.split('-').collect();
    let is_word = |part: &&str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !all.iter().all(is_word) {
        return false;
    }
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    // Behind a single letter another word follows; behind an x, whatever anybody likes.
    let marked = all.iter().position(|part| part.len() == 1).unwrap_or(all.len());
    let (plain, rest) = all.split_at(marked);
    let private = rest.iter().position(|part| part.eq_ignore_ascii_case("x")).unwrap_or(rest.len());
    let are_filled = rest[..private].chunk_by(|_, next| next.len() > 1).all(|chunk| chunk.len() > 1) && rest.len() != private + 1;
    let Some((language, mut parts)) = plain.split_first() else { return are_filled && private == 0 };
    let mut skip = |most: usize, is: &dyn Fn(&str) -> bool| {
        let count = parts.iter().take(most).take_while(|part| is(part)).count();
        parts = &parts[count..];
        parts.is_empty()
    };
    let others = if language.len() <= 3 { 3 } else { 0 };
    skip(others, &|part| part.len() == 3 && is_letters(part));
    skip(1, &|part| part.len() == 4 && is_letters(part));
    skip(1, &|part| (part.len() == 2 && is_letters(part)) || (part.len() == 3 && is_digits(part)));
    let is_read = skip(usize::MAX, &|part| part.len() >= 5 || (part.len() == 4 && is_digits(&part[..1])));
    is_read && are_filled && language.len() >= 2 && is_letters(language)
}

#[cfg(test)]
mod tests {
    use super::is_language;

    #[test]
    fn a_tag_is_known_by_its_shape() {
        for tag in [
            "zh-Hant-TW",
            "zh-TW",
            "zh",
            "en-GB",
            "nan-Hant-TW",
            "zh-cmn-Hant",
            "es-419",
            "de-CH-1901",
            "sl-rozaj",
            "en-u-ca-roc",
            "x-own",
            "zh-x-a",
        ] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in [
            "",
            "en_GB",
            "繁體中文",
            "zh_Hant_TW",
            "zh-TW-Hant",
            "zh TW",
            "zh-",
            "-zh",
            "z",
            "x",
            "en-u",
            "en-u-x",
            "zh-x",
            "english language",
            "12",
            "Chinese (Taiwan)",
        ] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
