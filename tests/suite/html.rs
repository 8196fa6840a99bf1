//! A strict reader of the HTML that planpress writes.
//!
//! In: one page. Out: a tree of elements and texts with their places in the bytes. It panics, with the place, on anything that
//! a browser would have to repair: an element that is not closed, a block inside a paragraph, an attribute without quotes,
//! the same attribute twice. Every test that reads a page therefore also tests that the page is well formed.

use std::ops::Range;

/// An element or a run of text.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    /// Decoded.
    Text(String),
}

/// One element.
#[derive(Debug)]
pub(crate) struct Element {
    pub name: String,
    /// In the order in which they are written, decoded.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// From `<` to the end of the closing tag.
    pub outer: Range<usize>,
    /// Between the tags.
    pub inner: Range<usize>,
}

const VOID: [&str; 9] = ["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"];
/// Elements that end an open paragraph.
const BLOCKS: [&str; 21] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "div",
    "dl",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
];

/// Reads a whole page; the result holds everything after `<!doctype html>`.
pub(crate) fn page(html: &str) -> Element {
    let start = html.strip_prefix("<!doctype html>").map_or_else(|| panic!("no doctype: {}", context(html, 0)), |_| 15);
    let root = read(html, start);
    let elements: Vec<_> = root.elements().collect();
    assert!(matches!(elements.as_slice(), [only] if only.name == "html"), "one html element");
    root
}

/// Reads a piece of a page.
pub(crate) fn fragment(html: &str) -> Element {
    read(html, 0)
}

fn read(html: &str, start: usize) -> Element {
    let root = Element {
        name: String::new(),
        attributes: Vec::new(),
        children: Vec::new(),
        outer: start..html.len(),
        inner: start..html.len(),
    };
    let mut reader = Reader { html, at: start, open: vec![root] };
    while reader.at < html.len() {
        reader.step();
    }
    let root = reader.open.pop().expect("the root");
    assert!(reader.open.is_empty(), "<{}> is never closed: {}", root.name, context(html, root.outer.start));
    root
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
    open: Vec<Element>,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = &self.html[self.at..];
        if let Some(close) = rest.strip_prefix("</") {
            let end = close.find('>').unwrap_or_else(|| self.fail("a closing tag without end"));
            self.close(&close[..end], end + 3);
        } else if rest.starts_with('<') {
            self.element();
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            assert!(!rest[..end].contains('>'), "a bare > in {}", context(self.html, self.at));
            self.add(Node::Text(decoded(&rest[..end])));
            self.at += end;
        }
    }

    fn close(&mut self, name: &str, length: usize) {
        let mut element = self.open.pop().expect("an open element");
        if element.name != name {
            self.fail::<()>(&format!("</{name}> closes <{}>", element.name));
        }
        element.inner.end = self.at;
        self.at += length;
        element.outer.end = self.at;
        self.add(Node::Element(element));
    }

    fn element(&mut self) {
        let start = self.at;
        self.at += 1;
        let name = self.word();
        assert!(
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
            "{}",
            context(self.html, start)
        );
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            self.space();
            if self.html[self.at..].starts_with('>') {
                self.at += 1;
                break;
            }
            let key = self.word();
            assert!(!key.is_empty(), "no attribute: {}", context(self.html, self.at));
            let value = self.value();
            assert!(attributes.iter().all(|(before, _)| *before != key), "{key} twice: {}", context(self.html, start));
            attributes.push((key, value));
        }
        if BLOCKS.contains(&name.as_str()) && self.open.iter().any(|open| matches!(open.name.as_str(), "p" | "h1" | "h2" | "h3" | "h4")) {
            self.fail::<()>(&format!("<{name}> inside a paragraph or heading"));
        }
        let element = Element { attributes, children: Vec::new(), outer: start..self.at, inner: self.at..self.at, name };
        if VOID.contains(&element.name.as_str()) {
            self.add(Node::Element(element));
        } else {
            self.open.push(element);
        }
    }

    fn word(&mut self) -> String {
        let rest = &self.html[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn space(&mut self) {
        let rest = &self.html[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn value(&mut self) -> String {
        if !self.html[self.at..].starts_with('=') {
            return String::new();
        }
        let quoted = self.html[self.at + 1..].strip_prefix('"').unwrap_or_else(|| self.fail("an attribute without quotes"));
        let end = quoted.find('"').unwrap_or_else(|| self.fail("an attribute without end"));
        self.at += end + 3;
        assert!(!quoted[..end].contains(['<', '>']), "markup in an attribute: {}", context(self.html, self.at));
        decoded(&quoted[..end])
    }

    fn add(&mut self, node: Node) {
        self.open.last_mut().expect("an open element").children.push(node);
    }

    fn fail<T>(&self, what: &str) -> T {
        panic!("{what}: {}", context(self.html, self.at));
    }
}

fn context(html: &str, at: usize) -> &str {
    &html[html.floor_char_boundary(at.saturating_sub(120))..html.floor_char_boundary(at + 120)]
}

fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, after) = after.split_once(';').unwrap_or_else(|| panic!("a bare & in {text}"));
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" | "#x27" => '\'',
            "#x2f" => '/',
            other => panic!("an unknown entity &{other}; in {text}"),
        });
        rest = after;
    }
    out + rest
}

impl Element {
    /// The value of an attribute; empty for one without value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has a class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
    }

    /// The elements directly inside.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Every element inside, in document order.
    pub(crate) fn all(&self) -> Vec<&Element> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Element>) {
        for element in self.elements() {
            found.push(element);
            element.collect(found);
        }
    }

    /// Every element inside with a class, in document order.
    pub(crate) fn classed(&self, class: &str) -> Vec<&Element> {
        self.all().into_iter().filter(|element| element.is(class)).collect()
    }

    /// Every element inside with a name, in document order.
    pub(crate) fn named(&self, name: &str) -> Vec<&Element> {
        self.all().into_iter().filter(|element| element.name == name).collect()
    }

    /// The first element inside that a selector fits: `name`, `.class`, `#id` or `name.class`.
    pub(crate) fn find(&self, selector: &str) -> Option<&Element> {
        let fits = |element: &Element| match selector.split_once(['.', '#']) {
            Some((name, rest)) => {
                let of_name = name.is_empty() || element.name == name;
                of_name && if selector.contains('#') { element.attribute("id") == Some(rest) } else { element.is(rest) }
            }
            None => element.name == selector,
        };
        self.all().into_iter().find(|element| fits(element))
    }

    /// All words inside.
    pub(crate) fn text(&self) -> String {
        self.children
            .iter()
            .map(|node| match node {
                Node::Element(element) if element.name == "br" => "\n".into(),
                Node::Element(element) => element.text(),
                Node::Text(text) => text.clone(),
            })
            .collect()
    }
}

#[test]
fn a_page_is_read_into_a_tree() {
    let tree = fragment("<p class=\"a b\">一&amp;<br>二 <em>三</em></p>\n<hr>");
    let paragraph = tree.find("p.b").expect("a paragraph");
    assert_eq!(paragraph.text(), "一&\n二 三");
    assert_eq!(tree.elements().count(), 2);
}

#[test]
#[should_panic(expected = "inside a paragraph")]
fn what_a_browser_would_repair_is_refused() {
    fragment("<p><div></div></p>");
}
