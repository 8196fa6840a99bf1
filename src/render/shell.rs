//! A grammar of shell scripts.
//!
//! In: nothing. Out: [`grammar`], what a reader tells apart in a script: comments, words in quotes, variables, options and keywords. The
//! grammar that comes with the library knows far more and compiles 130 patterns for it, which takes longer than all else about a plan of
//! 35 chapters; these patterns keep to ASCII and to one line.

use serde_json::json;
use std::collections::HashMap;
use syntect::parsing::{
    Scope, SyntaxSet, SyntaxSetBuilder,
    syntax_definition::{Context, ContextReference, MatchOperation, MatchPattern, Pattern, SyntaxDefinition},
};

/// What a pattern does beside naming what it found.
enum Then {
    Stay,
    Push(&'static str),
    Pop,
}

/// A context, the scope of all in it, and its rules, the first of which that fits counts.
type Rules = (&'static str, Option<&'static str>, &'static [(&'static str, Option<&'static str>, Then)]);

/// The beginning of a word: nothing before it, or what parts words.
macro_rules! word {
    ($rest:literal) => {
        concat!("(?<![^ \\t;|&(`])", $rest)
    };
}

const ESCAPE: (&str, Option<&str>, Then) = ("\\\\.", Some("constant.character.escape.shell"), Then::Stay);
const VARIABLE: (&str, Option<&str>, Then) =
    ("\\$(?:\\{[^}]*\\}|[A-Za-z_][0-9A-Za-z_]*|[0-9@*#?$!-])", Some("variable.other.readwrite.shell"), Then::Stay);

const CONTEXTS: [Rules; 5] = [
    ("__start", None, &[("", None, Then::Push("main"))]),
    (
        "main",
        None,
        &[
            (word!("#.*"), Some("comment.line.number-sign.shell"), Then::Stay),
            ESCAPE,
            ("'", None, Then::Push("single")),
            ("\"", None, Then::Push("double")),
            VARIABLE,
            ("<<-?[ \\t]*(['\"]?)([A-Za-z_]+)\\1", Some("keyword.operator.heredoc.shell"), Then::Push("heredoc")),
            (word!("[A-Za-z_][0-9A-Za-z_]*(?=\\+?=)"), Some("variable.other.readwrite.shell"), Then::Stay),
            (
                word!(
                    "(?:if|then|elif|else|fi|for|in|do|done|case|esac|while|until|function|return|exit|break|continue)(?![^ \\t\\n;|&)])"
                ),
                Some("keyword.control.shell"),
                Then::Stay,
            ),
            (
                word!(
                    "(?:alias|cd|echo|eval|exec|export|local|printf|read|readonly|set|shift|source|test|trap|ulimit|umask|unset)(?![^ \\t\\n;|&)])"
                ),
                Some("support.function.shell"),
                Then::Stay,
            ),
            ("(?<=[ \\t])--?[A-Za-z][0-9A-Za-z-]*", Some("variable.parameter.option.shell"), Then::Stay),
            ("&&|[|][|]|;;|[|;&]|[0-9]?>>?(?:&[0-9])?|<", Some("keyword.operator.shell"), Then::Stay),
        ],
    ),
    ("single", Some("string.quoted.single.shell"), &[("'", None, Then::Pop)]),
    ("double", Some("string.quoted.double.shell"), &[("\"", None, Then::Pop), ESCAPE, VARIABLE]),
    (
        "heredoc",
        Some("string.unquoted.heredoc.shell"),
        &[("^[ \\t]*\\2(?m:$)", Some("keyword.operator.heredoc.shell"), Then::Pop), VARIABLE],
    ),
];

/// The grammar; `None` only if it did not fit the library.
pub(super) fn grammar() -> Option<SyntaxSet> {
    let scopes = |name: Option<&str>| name.map(Scope::new).into_iter().collect::<Result<Vec<_>, _>>().ok();
    let mut contexts = HashMap::new();
    for (name, scope, rules) in CONTEXTS {
        let mut context = Context::new(false);
        context.meta_scope = scopes(scope)?;
        context.uses_backrefs = name == "heredoc";
        for (regex, scope, then) in rules {
            let operation = match then {
                Then::Stay => MatchOperation::None,
                // The library makes a reference only from data.
                Then::Push(name) => MatchOperation::Push(vec![serde_json::from_value::<ContextReference>(json!({ "Named": name })).ok()?]),
                Then::Pop => MatchOperation::Pop,
            };
            let has_captures = context.uses_backrefs && regex.contains("\\2");
            context.patterns.push(Pattern::Match(MatchPattern::new(
                has_captures,
                (*regex).to_owned(),
                scopes(*scope)?,
                None,
                operation,
                None,
            )));
        }
        contexts.insert(name.to_owned(), context);
    }
    let mut all = SyntaxSetBuilder::new();
    all.add(SyntaxDefinition {
        name: String::from("Shell"),
        file_extensions: ["sh", "bash", "shell", "zsh", "ksh"].map(String::from).into(),
        scope: Scope::new("source.shell").ok()?,
        first_line_match: None,
        hidden: false,
        variables: HashMap::new(),
        contexts,
    });
    Some(all.build())
}
