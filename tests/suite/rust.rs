//! Reading Rust sources for `tidy`: well enough to tell code from comments, texts and tests.
//!
//! In: a source. Out: its code with comments and texts blanked, its imports, the texts given to a function. It knows tokens,
//! not grammar.

/// The source with every comment and every text replaced by spaces; line ends stay.
pub(crate) fn code(source: &str) -> String {
    blank(source, true)
}

/// The source with every comment replaced by spaces.
pub(crate) fn without_comments(source: &str) -> String {
    blank(source, false)
}

/// A text with what stands in quotes replaced by spaces.
pub(crate) fn without_texts(source: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    for c in source.chars() {
        let inside = quote.is_some();
        match quote {
            Some(mark) if c == mark => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        out.push(if inside || quote.is_some() { ' ' } else { c });
    }
    out
}

fn blank(source: &str, texts: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let comment = if rest.starts_with("//") {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            Some(rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else {
            None
        };
        let length = comment.or_else(|| text_length(rest).filter(|_| texts));
        match length {
            Some(length) => {
                out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
                rest = &rest[length..];
            }
            None => {
                let length = text_length(rest).unwrap_or(c.len_utf8());
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    out
}

/// The length of the text or character with which `rest` begins.
fn text_length(rest: &str) -> Option<usize> {
    if let Some(inside) = rest.strip_prefix('"') {
        return Some(1 + closing(inside, '"'));
    }
    if let Some(hashes) = rest.strip_prefix('r').map(|raw| raw.len() - raw.trim_start_matches('#').len()) {
        let close = format!("\"{}", "#".repeat(hashes));
        let inside = rest[1 + hashes..].strip_prefix('"')?;
        return Some(2 + hashes + inside.find(&close)? + close.len());
    }
    // 'a' is a character, 'a a lifetime.
    let inside = rest.strip_prefix('\'')?;
    let mut characters = inside.chars();
    match (characters.next()?, characters.next()?) {
        ('\\', _) => Some(1 + closing(inside, '\'')),
        (c, '\'') => Some(2 + c.len_utf8()),
        _ => None,
    }
}

/// The length up to and with the closing mark, escapes considered.
fn closing(inside: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    inside.len()
}

/// The first part of every path that begins with `crate::`, nested braces included.
pub(crate) fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in code.split("crate::").skip(1) {
        let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let Some(list) = piece.strip_prefix('{') else {
            found.push(word(piece));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(word(std::mem::take(&mut item).trim_start())),
                _ if depth == 0 => item.push(c),
                _ => {}
            }
        }
        found.push(word(item.trim_start()));
    }
    found.retain(|word| !word.is_empty());
    found
}

/// Code without the items under `#[cfg(test)]`.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        out.push_str(before);
        let end = after.find(['{', ';']).unwrap_or(after.len());
        if !after[end..].starts_with('{') {
            rest = &after[end..];
            continue;
        }
        let mut depth = 0;
        let close = after[end..].char_indices().find_map(|(at, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(end + at + 1)
        });
        rest = &after[close.unwrap_or(after.len())..];
    }
    out + rest
}

/// Every text inside the brackets of calls of these functions.
pub(crate) fn texts_given_to(source: &str, functions: &[&str]) -> Vec<String> {
    let source = blank(source, false);
    let mut found = Vec::new();
    for function in functions {
        for (at, _) in source.match_indices(&format!("{function}(")) {
            let before = source[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let mut rest = &source[at + function.len()..];
            let mut depth = 0;
            while let Some(c) = rest.chars().next() {
                let length = text_length(rest).unwrap_or(c.len_utf8());
                if length > 1 && c == '"' {
                    found.push(rest[1..length - 1].to_owned());
                }
                depth += i32::from(c == '(') - i32::from(c == ')');
                rest = &rest[length..];
                if depth == 0 {
                    break;
                }
            }
        }
    }
    found
}

#[test]
fn comments_texts_and_tests_are_no_code() {
    let source = "fn a() { \"//\"; '\"'; r#\"x\"y\"#; } // .unwrap()\n#[cfg(test)]\nmod tests { fn b() { c.unwrap(); } }\nfn d<'a>() {}";
    let code = without_tests(&code(source));
    assert!(!code.contains("unwrap") && !code.contains('x') && code.contains("fn d<'a>() {}"), "{code}");
    assert_eq!(texts_given_to("t.term(if x { \"yes\" } else { \"no\" }); other(\"z\")", &["term"]), ["yes", "no"]);
}
