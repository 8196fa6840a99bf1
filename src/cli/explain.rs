//! `planpress explain`: what a rule means and what to do about it.
//!
//! In: a rule's name, or none. Out: its page, or the list of all rules by family, on standard output.

use super::{Outcome, console::Console};
use crate::{
    diagnostic::{Family, Language, Rule, did_you_mean},
    message, report,
};

/// Runs the command.
pub(super) fn run(name: Option<&str>, console: &Console) -> Outcome {
    let Some(name) = name else {
        console.result(&list(console.language));
        return Outcome::Done;
    };
    let Some(rule) = Rule::named(name) else {
        let help = did_you_mean(name, Rule::ALL.iter().map(|rule| rule.name()))
            .unwrap_or_else(|| message!("全部規則請看 planpress explain", "`planpress explain` lists them all"));
        console.error(&message!("沒有「{name}」這條規則", "There is no rule `{name}`"), Some(&help));
        return Outcome::Failed;
    };
    let severity = rule.severity().name();
    console.result(&format!("{name} ({severity})\n\n{}\n", report::explanation(rule, console.language).trim()));
    Outcome::Done
}

fn list(language: Language) -> String {
    // In the order of the rules themselves.
    let mut families: Vec<Family> = Rule::ALL.iter().map(|rule| rule.family()).collect();
    families.dedup();
    let mut out = String::new();
    for family in families {
        out.push_str(&format!("{}\n", title(family).text(language)));
        for rule in Rule::ALL.iter().filter(|rule| rule.family() == family) {
            out.push_str(&format!(
                "  {:<28}{:<9}{}\n",
                rule.name(),
                rule.severity().name(),
                first_sentence(report::explanation(*rule, language))
            ));
        }
        out.push('\n');
    }
    out
}

fn title(family: Family) -> crate::diagnostic::Message {
    match family {
        Family::Source => message!("原始檔", "Source"),
        Family::Address => message!("位址與編號", "Addresses and numbers"),
        Family::Footnote => message!("註腳", "Footnotes"),
        Family::Media => message!("圖片與附檔", "Pictures and attachments"),
        Family::Data => message!("資料", "Data"),
        Family::Annex => message!("附件", "Annexes"),
        Family::Law => message!("法規", "Laws"),
        Family::Completeness => message!("完整", "Completeness"),
        Family::Coverage => message!("法定事項", "Coverage"),
        Family::Wording => message!("用詞", "Wording"),
        Family::Plan => message!("計畫設定", "Settings"),
        Family::Edition => message!("版次", "Editions"),
        Family::Theme => message!("佈景主題", "Theme"),
    }
}

/// The first sentence of a page, below its heading.
fn first_sentence(page: &str) -> &str {
    let line = page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    line.find('。')
        .map_or_else(|| line.find(". ").map_or(line, |end| &line[..=end]), |end| &line[..end + '。'.len_utf8()])
}
