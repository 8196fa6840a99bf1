//! The grammars by which code is marked.
//!
//! In: all grammars of the library. Out: `src/render/grammars.packdump`, which has those that no agency's documents show taken out, written anew
//! with `UPDATE=1`. How a text is marked is the library's business.

use crate::project::root;
use serde_json::{Value, json};
use std::{env, fs};
use syntect::{
    dumps::{dump_to_uncompressed_file, from_uncompressed_data},
    html::{ClassStyle, ClassedHTMLGenerator},
    parsing::SyntaxSet,
    util::LinesWithEndings,
};

/// Languages of research, of typesetting and of other times, and those that are marked without the library: shells and YAML.
const LEFT_OUT: [&str; 48] = [
    "ActionScript",
    "AppleScript",
    "BibTeX",
    "Bourne Again Shell (bash)",
    "Cargo Build Results",
    "Clojure",
    "D",
    "Erlang",
    "Graphviz (DOT)",
    "HTML (Erlang)",
    "HTML (Rails)",
    "HTML (Tcl)",
    "Haskell",
    "JavaScript (Rails)",
    "LaTeX",
    "LaTeX Log",
    "Lisp",
    "Literate Haskell",
    "MATLAB",
    "Make Output",
    "MultiMarkdown",
    "NAnt Build File",
    "OCaml",
    "OCamllex",
    "OCamlyacc",
    "Objective-C",
    "Objective-C++",
    "Pascal",
    "R",
    "R Console",
    "Rd (R Documentation)",
    "Ruby",
    "Ruby Haml",
    "Ruby on Rails",
    "Rust",
    "SQL (Rails)",
    "Scala",
    "Shell-Unix-Generic",
    "Tcl",
    "TeX",
    "Textile",
    "YAML",
    "camlp4",
    "commands-builtin-shell-bash",
    "reStructuredText",
    "Java Server Page (JSP)",
    "Groovy",
    "Lua",
];

/// What the program is to hold. The others point at one another by their places, so that an empty grammar stands where one was taken out.
fn trimmed() -> Value {
    let mut all = serde_json::to_value(SyntaxSet::load_defaults_newlines()).unwrap();
    let grammars = all["syntaxes"].as_array_mut().unwrap();
    let plain = grammars.iter().find(|grammar| grammar["name"] == "Plain Text").unwrap().clone();
    for grammar in grammars.iter_mut().filter(|grammar| LEFT_OUT.iter().any(|name| grammar["name"] == *name)) {
        *grammar = plain.clone();
        (grammar["name"], grammar["file_extensions"], grammar["hidden"]) = (json!(""), json!([]), json!(true));
    }
    all
}

#[test]
fn the_program_holds_the_grammars_that_documents_show() {
    let path = root().join("src/render/grammars.packdump");
    let trimmed = trimmed();
    if env::var_os("UPDATE").is_some() {
        let all: SyntaxSet = serde_json::from_value(trimmed.clone()).unwrap();
        dump_to_uncompressed_file(&all, &path).unwrap();
    }
    let held: SyntaxSet = from_uncompressed_data(&fs::read(&path).unwrap()).unwrap();
    assert!(serde_json::to_value(&held).unwrap() == trimmed, "UPDATE=1 writes it anew");
    // What stands in one language may be another: nothing of these leads into a grammar that was taken out.
    let text = "<?php echo 1; ?><% x = 1 %>\n<script>var a = /b/; // c\n</script><style>a { b: c }</style>\n/** @see x */ \"s\" r'(x)' $(y)\n\tz: 1\n";
    for grammar in held.syntaxes().iter().filter(|grammar| !grammar.name.is_empty()) {
        let mut marked = ClassedHTMLGenerator::new_with_class_style(grammar, &held, ClassStyle::Spaced);
        for line in LinesWithEndings::from(text) {
            let read = marked.parse_html_for_line_which_includes_newline(line);
            assert!(read.is_ok(), "{}: {read:?}", grammar.name);
        }
    }
}
