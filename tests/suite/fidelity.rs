//! `content/` says what the official template says, word for word and number for number.
//!
//! In: the plan source as `plan_source` reads it, and `content/` as the program renders it. What a reader sees on the pages is
//! compared with the source: nothing is read from Markdown or from the compiled plan.

use super::{
    html::{self, Element, Node},
    plan_source::{self, Piece, Template},
    project::{self, Files},
};
use planpress::render::View;
use std::sync::LazyLock;

static TEMPLATE: LazyLock<Template> = LazyLock::new(plan_source::read);
static DRAFT: LazyLock<Files> = LazyLock::new(|| project::publish(&project::compile(&project::template()), View::Draft));
static PUBLISHED: LazyLock<Files> = LazyLock::new(|| project::publish(&project::compile(&project::template()), View::Published));

/// The chapters' articles in the order of the outline.
fn chapters(files: &Files) -> Vec<Element> {
    let cover = html::page(project::text(files, "index.html"));
    let contents = cover.find("nav.contents-chapters").expect("the contents");
    let pages = contents.named("a").into_iter().filter_map(|link| link.attribute("href")).filter(|href| !href.contains('#'));
    let article = |path: &str| {
        let mut page = html::page(project::text(files, path));
        take(&mut page, "article").unwrap_or_else(|| panic!("no article in {path}"))
    };
    pages.map(article).collect()
}

fn take(element: &mut Element, name: &str) -> Option<Element> {
    for at in 0..element.children.len() {
        let Node::Element(child) = &mut element.children[at] else { continue };
        if child.name == name {
            let Node::Element(found) = element.children.swap_remove(at) else { return None };
            return Some(found);
        }
        if let Some(found) = take(child, name) {
            return Some(found);
        }
    }
    None
}

/// What stands on a chapter's page beside the template's words.
fn is_added(element: &Element) -> bool {
    ["guidance", "condition", "backlinks", "footnotes", "opening", "number"].iter().any(|class| element.is(class))
}

/// Headings, clauses, paragraphs and rows of one chapter, in the order in which they stand on its page.
fn pieces(article: &Element) -> Vec<Piece> {
    let number = article.attribute("data-number").expect("a number").to_owned();
    let title = article.find(".title").expect("a title");
    let mut found = vec![Piece { number: number.clone(), under: String::new(), text: words(title) }];
    collect(article, &number, &mut found);
    found
}

fn collect(element: &Element, under: &str, found: &mut Vec<Piece>) {
    for child in element.elements().filter(|child| !is_added(child)) {
        if child.is("clause") {
            let number = child.attribute("data-number").expect("a number").to_owned();
            shows_its_number(child, &number);
            let heading = child.name == "section";
            let title = if heading { child.find(".title") } else { child.find(".text").and_then(first_paragraph) };
            let under = if heading { String::new() } else { under.to_owned() };
            found.push(Piece { number: number.clone(), under, text: title.map(words).unwrap_or_default() });
            let inside = if heading { child } else { child.find(".text").expect("a text") };
            let from = found.len();
            collect(inside, &number, found);
            // An item's first paragraph is the item's own words.
            if !heading && title.is_some() {
                found.remove(from);
            }
        } else if child.name == "tr" {
            let cells: Vec<String> = child.elements().map(|cell| plan_source::cell(&words(cell))).collect();
            found.push(Piece { number: String::new(), under: under.to_owned(), text: cells.join("\t") });
        } else if child.name == "p" {
            found.push(Piece { number: String::new(), under: under.to_owned(), text: words(child) });
        } else if !child.name.starts_with('h') && child.name != "caption" {
            collect(child, under, found);
        }
    }
}

fn first_paragraph(text: &Element) -> Option<&Element> {
    text.elements().next().filter(|first| first.name == "p")
}

/// The number is text on the page, not a counter of the style sheet.
fn shows_its_number(clause: &Element, number: &str) {
    let last = number.rsplit('、').next().unwrap_or_default();
    let shown = clause.find(".number").expect("a shown number").text();
    let expected = match clause.attribute("class").and_then(|classes| classes.rsplit("level-").next()) {
        Some("2") => format!("{last}、"),
        Some("4" | "6") => format!("{last}."),
        _ => last.to_owned(),
    };
    assert_eq!(shown, expected, "{number}");
}

/// An element's words; marks of footnotes as `[12]`, items of a plain ordered list with the number that a browser shows.
fn words(element: &Element) -> String {
    let mut ordinal = 0;
    let word = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(child) if child.is("footnote-mark") => format!("[{}]", child.text()),
        Node::Element(child) if child.name == "li" && element.name == "ol" => {
            ordinal += 1;
            format!("{ordinal}. {} ", words(child))
        }
        Node::Element(child) => words(child),
    };
    element.children.iter().map(word).collect::<String>().trim().to_owned()
}

fn all(files: &Files) -> Vec<Piece> {
    chapters(files).iter().flat_map(pieces).collect()
}

#[test]
fn every_position_paragraph_and_row_stands_in_order_with_its_number_and_its_words() {
    let (source, shown) = (&TEMPLATE.pieces, all(&DRAFT));
    for (expected, found) in source.iter().zip(&shown) {
        assert_eq!(found, expected);
    }
    assert_eq!(shown.len(), source.len());
    assert_eq!(shown.iter().filter(|piece| !piece.number.is_empty()).count(), 397);
}

#[test]
fn every_footnote_stands_in_the_chapter_of_its_mark_with_its_number_and_its_words() {
    let mut number = 0;
    for chapter in chapters(&DRAFT) {
        let marks: Vec<String> = chapter.classed("footnote-mark").iter().map(|mark| mark.text()).collect();
        let notes = chapter.classed("footnote");
        let numbers: Vec<String> = notes.iter().map(|note| note.find(".number").expect("a number").text()).collect();
        assert_eq!(marks, numbers, "the notes of a chapter are those of its marks");
        for note in notes {
            let text = words(note.find(".text").expect("a text"));
            number += 1;
            assert_eq!(
                (note.find(".number").expect("a number").text(), text),
                (number.to_string(), TEMPLATE.footnotes[number - 1].clone())
            );
        }
    }
    assert_eq!(number, 24);
}

#[test]
fn the_draft_shows_every_piece_of_guidance_in_order() {
    let mut shown = Vec::new();
    for guidance in chapters(&DRAFT).iter().flat_map(|chapter| chapter.classed("guidance")) {
        shown.extend(guidance.named("li").into_iter().map(words));
    }
    assert_eq!(shown, TEMPLATE.guidance);
    assert_eq!(shown.len(), 29);
}

#[test]
fn the_draft_shows_every_instruction_in_order() {
    let shown: Vec<String> = chapters(&DRAFT).iter().flat_map(|chapter| chapter.classed("comment")).map(Element::text).collect();
    assert_eq!(shown, plan_source::instructions());
}

#[test]
fn every_circle_is_a_blank() {
    for (view, files) in [("draft", &*DRAFT), ("published", &*PUBLISHED)] {
        let blanks: Vec<String> = chapters(files).iter().flat_map(|chapter| chapter.classed("blank")).map(Element::text).collect();
        let circles: usize = blanks.iter().map(|blank| blank.chars().filter(|c| *c == '○').count()).sum();
        assert_eq!((blanks.len(), circles), (20, 29), "{view}");
        let all: usize = all(files).iter().map(|piece| piece.text.matches('○').count()).sum();
        assert_eq!(all, 29, "{view}: no circle is typed");
    }
}

#[test]
fn readers_see_the_same_plan_without_instructions() {
    let mut expected = Vec::new();
    for (chapter, published) in chapters(&DRAFT).iter_mut().zip(chapters(&PUBLISHED)) {
        remove_comments(chapter);
        expected.clear();
        expected.extend(pieces(chapter).into_iter().filter(|piece| !(piece.number.is_empty() && piece.text.is_empty())));
        assert_eq!(pieces(&published), expected);
    }
}

fn remove_comments(element: &mut Element) {
    element.children.retain(|node| !matches!(node, Node::Element(child) if child.is("comment")));
    for node in &mut element.children {
        if let Node::Element(child) = node {
            remove_comments(child);
        }
    }
}

#[test]
fn readers_get_no_byte_of_guidance_and_instructions() {
    for (path, html) in project::pages(&PUBLISHED) {
        let page = html::page(html);
        assert!(page.classed("guidance").is_empty() && page.classed("comment").is_empty(), "{path}");
        assert!(!html.contains("data-source") && !html.contains("data-path"), "{path} names source files");
        let text = page.text();
        for hidden in TEMPLATE.guidance.iter().chain(&plan_source::instructions()) {
            // Forms may hold a word as short as 「（範例）」 of their own.
            assert!(!text.contains(hidden.as_str()) || path.contains("annexes/"), "{path}: {hidden}");
        }
    }
}

#[test]
fn the_whole_plan_on_one_page_has_the_same_clauses() {
    for files in [&*DRAFT, &*PUBLISHED] {
        let print = html::page(project::text(files, "print.html"));
        let articles: Vec<&Element> = print.named("article").into_iter().filter(|article| article.is("chapter")).collect();
        let found: Vec<Piece> = articles.into_iter().flat_map(pieces).collect();
        assert_eq!(found, all(files));
    }
}

#[test]
fn the_contents_are_the_printed_ones() {
    let cover = html::page(project::text(&PUBLISHED, "index.html"));
    let contents = cover.find("nav.contents-chapters").expect("the contents");
    let entries: Vec<(String, String)> = contents
        .named("a")
        .into_iter()
        .map(|link| (link.find(".number").expect("a number").text(), link.find(".title").expect("a title").text()))
        .map(|(number, title)| (number.trim_end_matches('、').to_owned(), title))
        .collect();
    // The printed contents differ from the body in three entries (inventory, section 13, row 1); the body counts.
    let body = |title: &str| match title {
        "資訊及資通系統之盤點" | "資訊及資通系統盤點" => "資通系統及資訊之盤點".to_owned(),
        "資訊及資通系統之管理" => "資通系統及資訊之管理".to_owned(),
        other => other.to_owned(),
    };
    let printed: Vec<(String, String)> = TEMPLATE.contents.iter().map(|(number, title)| (number.clone(), body(title))).collect();
    assert_eq!(entries, printed);
}
