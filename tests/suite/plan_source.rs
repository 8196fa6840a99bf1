//! The official template, read from the text of its printed edition.
//!
//! In: `tests/plans/source/plan-source.txt`, in which page breaks cut sentences, footnotes stand in the middle of lists and nesting
//! is lost. Out: every heading, clause, paragraph and table row in order, footnotes, guidance and instructions, with the repairs
//! that `inventory.md` section 14 lists and no others. Line numbers are those of that file.

/// One heading, clause, paragraph or table row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// As in a citation, 「玖、二、(二)、1、(1)」; empty for paragraphs and rows.
    pub number: String,
    /// The number of the heading or clause that it stands in.
    pub under: String,
    /// Its words; a footnote's mark is `[12]`, the cells of a row are separated by tabs.
    pub text: String,
}

/// The template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    pub pieces: Vec<Piece>,
    /// By number, from 1.
    pub footnotes: Vec<String>,
    pub guidance: Vec<String>,
    /// The entries of the printed contents: number and title.
    pub contents: Vec<(String, String)>,
}

/// Sentences that a page break cuts: the line where one begins and the line where it goes on (row 1).
const JOINED: [(usize, usize); 7] = [(330, 336), (473, 475), (590, 592), (643, 647), (675, 677), (698, 702), (746, 752)];
/// Paragraphs that belong to the item above them (row 16); all others belong to the heading.
const IN_ITEM: [usize; 2] = [257, 259];
/// Labels of alternatives, examples and model text, which become conditions or nothing (inventory, section 6).
const MARKERS: [&str; 7] = ["撰寫說明：", "範例一：", "範例二：", "● 範例如下：", "範例：", "範本：", "範本如下："];

const FORMAL: [&str; 17] =
    ["壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖", "壹拾", "壹拾壹", "壹拾貳", "壹拾參", "壹拾肆", "壹拾伍", "壹拾陸", "壹拾柒"];

/// The 22 instructions to the drafter and the 4 marks of example data, as inventory section 7.3 lists them: line and beginning.
const INSTRUCTIONS: [(usize, &str); 26] = [
    (80, "（請依實際情形列出"),
    (101, "(範例"),
    (116, "（範例"),
    (117, "（範例"),
    (121, "（請依機關實際情形列出"),
    (147, "(請各機關自行訂定資通安全目標"),
    (156, "(請視實際需要填列"),
    (186, "(針對特定非公務機關"),
    (215, "（以下為例示規定"),
    (259, "(以下分工供例示參考"),
    (302, "（分類僅供參考"),
    (308, "（供參"),
    (314, "（如人員資料："),
    (324, "（請機關依資通安全責任等級分級辦法"),
    (352, "（範例"),
    (352, "（提供該網站網路服務"),
    (367, "（請機關確認現有程序"),
    (404, "(請機關視實際情形增列"),
    (418, "（公務機關適用"),
    (588, "(有維護、自行或委外開發"),
    (602, "（有核心資通系統之 C 級機關適用"),
    (608, "（C 級機關適用"),
    (704, "(得視情形刪去"),
    (705, "(得視情形刪去"),
    (740, "（請視實際情形增列"),
    (756, "(請填寫機關內部獎懲辦法"),
];

fn text() -> String {
    let path = super::project::root().join("tests/plans/source/plan-source.txt");
    std::fs::read_to_string(path).expect("the plan source")
}

/// Reads the template.
pub(crate) fn read() -> Template {
    let text = text();
    let mut reader = Reader::default();
    for (index, line) in text.lines().enumerate() {
        match index + 1 {
            1..=6 => {}
            number @ 7..=58 => reader.contents(number, line),
            number => reader.line(number, line.trim_matches(' ')),
        }
    }
    reader.template
}

/// The 26 instructions in full, with their brackets, in the order of the text.
pub(crate) fn instructions() -> Vec<String> {
    let text = text();
    let lines: Vec<&str> = text.lines().collect();
    let whole = |(number, beginning): (usize, &str)| {
        let from = lines[number - 1]
            .find(beginning)
            .map(|at| &lines[number - 1][at..])
            .unwrap_or_else(|| panic!("{number}: {beginning}"));
        let (open, close) = if from.starts_with('（') { ('（', '）') } else { ('(', ')') };
        let mut depth = 0;
        let end = from.char_indices().find_map(|(at, c)| {
            depth += i32::from(c == open) - i32::from(c == close);
            (depth == 0).then_some(at + c.len_utf8())
        });
        from[..end.expect("a closing bracket")].to_owned()
    };
    INSTRUCTIONS.map(whole).to_vec()
}

#[derive(Default)]
struct Reader {
    template: Template,
    /// The numbers of the open chapter, section, subsection, item, sub-item and letter; empty where a level is absent.
    open: [String; 6],
    in_guidance: bool,
    /// What the first half of a cut sentence has become.
    cut: Option<Cut>,
}

#[derive(Clone, Copy)]
enum Cut {
    Piece(usize),
    Guidance(usize),
}

impl Reader {
    fn contents(&mut self, number: usize, line: &str) {
        let Some((entry, page)) = line.split_once('\t') else {
            assert!(line.is_empty(), "{number}: {line}");
            return;
        };
        assert!(page.parse::<u8>().is_ok(), "{number}: {line}");
        let (numeral, title) = entry.split_once('、').expect("a numeral");
        self.template.contents.push((numeral.to_owned(), title.trim().to_owned()));
    }

    fn line(&mut self, number: usize, line: &str) {
        if line.is_empty() {
        } else if JOINED.iter().any(|(_, second)| *second == number) {
            match self.cut.take().unwrap_or_else(|| panic!("{number} continues nothing")) {
                Cut::Piece(index) => self.template.pieces[index].text.push_str(&words(line)),
                Cut::Guidance(index) => self.template.guidance[index].push_str(line),
            }
        } else if let Some(text) = footnote(line) {
            let (at, text) = text;
            self.template.footnotes.push(text.to_owned());
            assert_eq!(self.template.footnotes.len(), at, "{number}: footnotes stand in order");
        } else if MARKERS.contains(&line) {
            self.in_guidance = line == "撰寫說明：";
        } else if line.contains('\t') {
            let cells: Vec<String> = line.split('\t').map(cell).collect();
            self.add(String::new(), self.heading(), cells.join("\t"));
        } else if let Some((level, numeral, rest)) = numbered(line) {
            self.in_guidance = false;
            // The two items 一、 of chapter 壹 are a list, the other 33 are headings.
            self.clause(level, level > 3 || line.starts_with("- "), numeral, rest);
        } else if let Some(bullet) = line.strip_prefix("- ") {
            assert!(self.in_guidance, "{number}: a bullet outside guidance: {line}");
            self.template.guidance.push(bullet.to_owned());
        } else {
            let under = if IN_ITEM.contains(&number) { self.path(4) } else { self.heading() };
            self.add(String::new(), under, words(line));
        }
        if JOINED.iter().any(|(first, _)| *first == number) {
            assert!(self.cut.is_none(), "{number}: a cut sentence inside another");
            let piece = Cut::Piece(self.template.pieces.len() - 1);
            self.cut = Some(if self.in_guidance { Cut::Guidance(self.template.guidance.len() - 1) } else { piece });
        }
    }

    fn clause(&mut self, level: usize, is_item: bool, numeral: String, rest: &str) {
        let under = if is_item { self.path(level - 1) } else { String::new() };
        self.open[level - 1] = numeral;
        self.open[level..].iter_mut().for_each(String::clear);
        let path = self.path(level);
        self.add(path, under, words(rest));
    }

    fn add(&mut self, number: String, under: String, text: String) {
        self.template.pieces.push(Piece { number, under, text });
    }

    /// The path down to a level, levels that are absent left out.
    fn path(&self, level: usize) -> String {
        self.open[..level].iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("、")
    }

    fn heading(&self) -> String {
        self.path(3)
    }
}

/// The level, numeral and words of a numbered line.
fn numbered(line: &str) -> Option<(usize, String, &str)> {
    let line = line.strip_prefix("- ").filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(line);
    if let Some((numeral, rest)) = line.split_once('、') {
        if FORMAL.contains(&numeral) {
            return Some((1, numeral.to_owned(), rest));
        }
        if matches!(numeral, "一" | "二" | "三" | "四" | "五" | "六" | "七") {
            return Some((2, numeral.to_owned(), rest));
        }
    }
    if let Some((numeral, rest)) = line.strip_prefix(['(', '（']).and_then(|inside| inside.split_once([')', '）'])) {
        if numeral.chars().count() == 1 && "一二三四五六七八九".contains(numeral) {
            return Some((3, format!("({numeral})"), rest));
        }
        if numeral.len() == 1 && numeral.as_bytes()[0].is_ascii_digit() {
            return Some((5, format!("({numeral})"), rest));
        }
    }
    let (numeral, rest) = line.split_once('.')?;
    let digits = !numeral.is_empty() && numeral.bytes().all(|byte| byte.is_ascii_digit());
    // Row 8: sixteen lines lack the space after the number.
    if digits {
        return Some((4, numeral.to_owned(), rest));
    }
    matches!(numeral, "A" | "B" | "C" | "D" | "E").then(|| (6, numeral.to_owned(), rest))
}

/// A footnote's definition: its number and words.
fn footnote(line: &str) -> Option<(usize, &str)> {
    let (number, length) = superscript(line)?;
    Some((number, line[length..].strip_prefix(' ')?))
}

/// The number at the beginning of a text in superscript digits, and its length in bytes; the longest run counts (row 4).
fn superscript(text: &str) -> Option<(usize, usize)> {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let run: Vec<(usize, usize)> = text.chars().map_while(|c| Some((digits.chars().position(|digit| digit == c)?, c.len_utf8()))).collect();
    let number = run.iter().fold(0, |number, (digit, _)| number * 10 + digit);
    (!run.is_empty()).then(|| (number, run.iter().map(|(_, length)| length).sum()))
}

/// Words with marks as `[12]`, and `≤` for its LaTeX name (row 11).
fn words(text: &str) -> String {
    let mut out = String::new();
    let text = text.trim().replace("\\leq", "≤");
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((number, length)) = superscript(rest) {
            out.push_str(&format!("[{number}]"));
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// A cell's words without white space, in which line breaks were lost (row 9), and with boxes as characters (row 10).
pub(crate) fn cell(text: &str) -> String {
    let boxes = text.replace("<input type=\"checkbox\"/>", "☐").replace("<input checked=\"\" type=\"checkbox\"/>", "☑");
    boxes.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_source_has_what_the_inventory_counts() {
    let template = read();
    let of_level = |level: usize| {
        let is = |piece: &&Piece| {
            let last = piece.number.rsplit('、').next().unwrap_or_default();
            level
                == match last {
                    "" => 0,
                    _ if !piece.number.contains('、') => 1,
                    _ if last.parse::<u8>().is_ok() => 4,
                    _ if last.starts_with('(') && last.as_bytes()[1].is_ascii_digit() => 5,
                    _ if last.starts_with('(') => 3,
                    _ if last.is_ascii() => 6,
                    _ => 2,
                }
        };
        template.pieces.iter().filter(is).count()
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(of_level), [17, 35, 30, 211, 99, 5]);
    assert_eq!(template.pieces.iter().filter(|piece| !piece.number.is_empty()).count(), 397);
    assert_eq!((template.guidance.len(), template.footnotes.len(), template.contents.len()), (29, 24, 50));
    let all: String = template.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let circles = all.matches('○').count();
    let runs = all.split(|c| c != '○').filter(|run| !run.is_empty()).count();
    assert_eq!((runs, circles), (20, 29));
    assert!((1..=24).all(|number| all.matches(&format!("[{number}]")).count() == 1), "each mark once");
    assert_eq!(template.pieces.iter().filter(|piece| piece.text.contains('\t')).count(), 8);
    assert_eq!((all.matches('☐').count(), all.matches('☑').count()), (5, 1));
}
