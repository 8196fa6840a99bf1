//! A corpus shaped like a large maintenance plan, of any size.
//!
//! In: how many chapters, and for which program. Out: a project on disk. The same number gives the same words for every program; only
//! front matter, the form of a link and the settings differ. 35 chapters and annexes make a part, which is one agency's plan.

#![allow(dead_code, clippy::unwrap_used, clippy::must_use_candidate, unreachable_pub, reason = "each benchmark uses some of it")]

use std::{fs, path::Path};

/// How many chapters and annexes one agency's plan has, and how many of them are chapters.
const PART: usize = 35;
const CHAPTERS: usize = 17;

/// What clauses are put together from.
const CLAUSES: [&str; 40] = [
    "依資通安全管理法第十條及施行細則第六條訂定本計畫",
    "資通安全推動小組應每年至少召開一次管理審查會議",
    "由資通安全長核定後公告實施",
    "各單位應指派資通安全窗口",
    "核心資通系統應每年辦理一次業務持續運作演練",
    "非核心資通系統每兩年辦理一次",
    "演練結果應留存紀錄並檢討改善",
    "委外廠商應簽署保密切結書",
    "委外辦理資通系統之建置應納入安全性檢測",
    "發現資通安全事件應於一小時內通報",
    "事件完成損害控制後應提出調查與改善報告",
    "資訊資產應每年盤點並更新清冊",
    "依機密性、完整性與可用性評定防護需求等級",
    "風險值高於可接受水準者應擬定處理計畫",
    "使用者帳號應經申請與核准",
    "離職或調職時應即時停用帳號",
    "特權帳號應每半年審查一次",
    "密碼長度與複雜度應符合規定",
    "重要資料應定期備份並異地存放",
    "備份資料應每年測試還原",
    "電腦機房應管制人員進出並留存紀錄",
    "機房內禁止攜入易燃物品",
    "不斷電系統應定期維護",
    "伺服器應安裝防毒軟體並更新病毒碼",
    "系統弱點應於公告後一個月內修補",
    "網路應依用途區隔並設置防火牆",
    "防火牆規則應每年檢視",
    "遠端連線應經核准並採加密通道",
    "可攜式媒體使用前應掃描惡意程式",
    "一般使用者每年接受三小時以上資通安全教育訓練",
    "資通安全專職人員每年接受十二小時以上專業訓練",
    "每年辦理兩次社交工程演練",
    "未通過演練者應接受額外訓練",
    "稽核小組應每年辦理一次內部稽核",
    "稽核發現事項應追蹤至改善完成",
    "績效指標應量測並提報管理審查",
    "情資應依性質分享給相關單位",
    "限制使用危害國家資通安全產品",
    "人員辦理業務涉及資通安全者應予考核",
    "本計畫應每年檢討並視需要修正",
];

/// What headings, cells and labels are.
const TERMS: [&str; 24] = [
    "核心業務",
    "資通系統",
    "防護需求",
    "存取控制",
    "稽核紀錄",
    "業務持續",
    "備份還原",
    "帳號管理",
    "密碼原則",
    "機房管理",
    "網路安全",
    "弱點修補",
    "委外管理",
    "教育訓練",
    "情資分享",
    "事件通報",
    "應變演練",
    "風險評估",
    "資產盤點",
    "內部稽核",
    "管理審查",
    "績效評估",
    "人員考核",
    "持續改善",
];

/// A code block in every fourth chapter.
const CODE: [(&str, &str); 3] = [
    ("bash", "#!/bin/sh\nset -eu\n# 每日備份\npg_dump --format=custom plan > /backup/plan-$(date +%F).dump\n"),
    ("yaml", "system: 人事管理系統\nlevel: 高\nrto_hours: 4\ncontrols: [存取控制, 稽核紀錄, 備援]\n"),
    ("json", "{\n  \"asset\": \"資訊資產清冊\",\n  \"rows\": 128,\n  \"reviewed\": true\n}\n"),
];

const ORDINALS: [&str; 3] = ["一", "二", "三"];

/// Whose form a corpus has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Numbers are counted and every heading has an address.
    Planpress,
    /// Markdown alone, for a bare parser.
    Raw,
    MdBook,
    Hugo,
    MkDocs,
}

/// Draws words, the same ones from the same beginning everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn term(&mut self) -> &'static str {
        TERMS[self.below(TERMS.len())]
    }

    fn sentence(&mut self, clauses: usize) -> String {
        let clauses: Vec<_> = (0..clauses).map(|_| CLAUSES[self.below(CLAUSES.len())]).collect();
        clauses.join("，") + "。"
    }
}

/// A chapter's title and body.
fn chapter(index: usize, count: usize, layout: Layout) -> (String, String) {
    let mut draw = Draw(1_000_003 + index as u64);
    let ours = layout == Layout::Planpress;
    let title = format!("{}之{}", draw.term(), draw.term());
    let link = |draw: &mut Draw| {
        let target = draw.below(count);
        let words = format!("參見第 {} 章", target + 1);
        match layout {
            Layout::Planpress => format!("[[c{target:05}|{words}]]"),
            Layout::Raw | Layout::MdBook | Layout::MkDocs => format!("[{words}](../p{:03}/c{target:05}.md)", target / PART),
            Layout::Hugo => format!("[{words}](/p{:03}/c{target:05}.md)", target / PART),
        }
    };
    let (mut body, mut notes) = (String::new(), String::new());
    for (section, ordinal) in ORDINALS.iter().enumerate() {
        let (number, heading, sub) = (section + 1, draw.term(), draw.term());
        let (before, target, after) = (draw.sentence(3), link(&mut draw), draw.sentence(2));
        if ours {
            body += &format!("## {heading} {{#c{index:05}-s{number}}}\n\n{before}{target}，{after}[^f{number}]\n\n");
            body += &format!("### {sub} {{#c{index:05}-s{number}-1}}\n\n");
        } else {
            body += &format!("## {ordinal}、{heading}\n\n{before}{target}，{after}[^f{number}]\n\n### （{ordinal}）{sub}\n\n");
        }
        notes += &format!("[^f{number}]: 格式可參附件：{}。{}\n\n", draw.term(), draw.sentence(1));
        for item in 1..=3 {
            body += &format!("{item}. **{}**：{}\n", draw.term(), draw.sentence(1));
            for point in 1..=2 {
                let clauses = 1 + draw.below(2);
                let mark = if ours { format!("{point}.") } else { format!("- ({point})") };
                body += &format!("   {mark} {}\n", draw.sentence(clauses));
                if (item, point) == (2, 1) {
                    for (nth, letter) in ["A", "B"].iter().enumerate() {
                        let mark = if ours { format!(" {}.", nth + 1) } else { format!("- {letter}.") };
                        body += &format!("     {mark} {}\n", draw.sentence(1));
                    }
                }
            }
        }
        body.push('\n');
    }
    let (before, one, two) = (draw.sentence(3), link(&mut draw), link(&mut draw));
    body += &format!("{before}{one}；{two}。文件編號：資安字第 {} 號，系統代號 SYS-{index:05}。\n\n", 113_000_000 + index * 7);
    body += "| 核心業務 | 核心資通系統 | 重要性說明 | 最大可容忍中斷時間 |\n|---|---|---|---:|\n";
    for _ in 0..10 {
        body += &format!("| {} | {}系統 | {} | {} 小時 |\n", draw.term(), draw.term(), draw.term(), 1 + draw.below(72));
    }
    body.push('\n');
    if index.is_multiple_of(4) {
        let (language, text) = CODE[index / 4 % CODE.len()];
        body += &format!("```{language}\n{text}```\n\n");
    }
    (title, body + &notes)
}

/// Markdown alone, for a parser without files.
pub fn markdown(count: usize) -> Vec<String> {
    (0..count).map(|index| chapter(index, count, Layout::Raw).1).collect()
}

/// Writes a corpus in a program's form.
pub fn write(root: &Path, count: usize, layout: Layout) {
    let put = |path: String, text: String| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let folder = |index: usize| if index % PART < CHAPTERS { "chapters" } else { "annexes" };
    let path = |index: usize| format!("p{:03}/c{index:05}.md", index / PART);
    let mut titles = Vec::new();
    for index in 0..count {
        let (title, body) = chapter(index, count, layout);
        let numbered = format!("第 {} 章 {title}", index + 1);
        let weight = index % PART + 1;
        match layout {
            Layout::Planpress => put(format!("content/{}/c{index:05}.md", folder(index)), format!("---\ntitle: {title}\n---\n\n{body}")),
            Layout::Raw => put(path(index), body),
            Layout::MdBook => put(format!("src/{}", path(index)), format!("# {numbered}\n\n{body}")),
            Layout::Hugo => put(format!("content/{}", path(index)), format!("---\ntitle: \"{numbered}\"\nweight: {weight}\n---\n\n{body}")),
            Layout::MkDocs => put(format!("docs/{}", path(index)), format!("---\ntitle: \"{numbered}\"\n---\n\n{body}")),
        }
        titles.push(numbered);
    }
    let parts: Vec<Vec<usize>> = (0..count).collect::<Vec<_>>().chunks(PART).map(<[usize]>::to_vec).collect();
    match layout {
        Layout::Planpress => {
            let ids = |part: &[usize], wanted: &str| -> String {
                let ids: Vec<_> = part.iter().filter(|index| folder(**index) == wanted).map(|index| format!("c{index:05}")).collect();
                ids.join(", ")
            };
            let mut plan = String::from("title: 資通安全維護計畫\nlanguage: zh-Hant-TW\nparts:\n");
            for (nth, part) in parts.iter().enumerate() {
                plan += &format!("  - title: 第 {} 編 機關計畫\n", nth + 1);
                plan += &format!("    chapters: [{}]\n    annexes: [{}]\n", ids(part, "chapters"), ids(part, "annexes"));
            }
            put("content/plan.yaml".into(), plan);
        }
        Layout::Raw => {}
        Layout::MdBook => {
            let mut summary = String::from("# Summary\n\n[首頁](index.md)\n\n");
            for (nth, part) in parts.iter().enumerate() {
                summary += &format!("- [第 {} 編](p{nth:03}/index.md)\n", nth + 1);
                put(format!("src/p{nth:03}/index.md"), format!("# 第 {} 編\n", nth + 1));
                for index in part {
                    summary += &format!("  - [{}]({})\n", titles[*index], path(*index));
                }
            }
            put("src/SUMMARY.md".into(), summary);
            put("src/index.md".into(), "# 資通安全維護計畫\n".into());
            put("book.toml".into(), "[book]\ntitle = \"資通安全維護計畫\"\nlanguage = \"zh-TW\"\n".into());
        }
        Layout::Hugo => hugo(parts.len(), &put),
        Layout::MkDocs => {
            put("docs/index.md".into(), "# 資通安全維護計畫\n".into());
            let theme = "theme: {name: material, language: zh-TW, font: false, features: [navigation.prune, navigation.footer]}";
            let settings = "plugins: [{search: {lang: [zh]}}]\nmarkdown_extensions: [footnotes, tables, pymdownx.superfences]";
            put("mkdocs.yml".into(), format!("site_name: 資通安全維護計畫\n{theme}\n{settings}\n"));
        }
    }
}

/// Settings and the plainest templates that show a part's list, a page and its contents.
fn hugo(parts: usize, put: &dyn Fn(String, String)) {
    let settings = "baseURL = \"http://127.0.0.1/\"\ntitle = \"資通安全維護計畫\"\nlanguageCode = \"zh-TW\"\nhasCJKLanguage = true\n\
                    disableKinds = [\"taxonomy\",\"term\",\"RSS\",\"sitemap\",\"404\"]\n\
                    [markup.goldmark.renderHooks.link]\nuseEmbedded = \"always\"\n";
    put("hugo.toml".into(), settings.into());
    put("content/_index.md".into(), "---\ntitle: 資通安全維護計畫\n---\n".into());
    for part in 0..parts {
        put(format!("content/p{part:03}/_index.md"), format!("---\ntitle: 第 {0} 編\nweight: {0}\n---\n", part + 1));
    }
    let base = "<!doctype html><html lang=\"zh-TW\"><head><meta charset=\"utf-8\"><title>{{ .Title }}</title></head>\
                <body>{{ block \"main\" . }}{{ end }}</body></html>\n";
    put("layouts/_default/baseof.html".into(), base.into());
    let list = |pages: &str| {
        format!(
            "{{{{ define \"main\" }}}}<main><h1>{{{{ .Title }}}}</h1><ul>{{{{ range {pages} }}}}<li>\
             <a href=\"{{{{ .RelPermalink }}}}\">{{{{ .Title }}}}</a></li>{{{{ end }}}}</ul></main>{{{{ end }}}}"
        )
    };
    put("layouts/index.html".into(), list(".Sections"));
    put("layouts/_default/list.html".into(), list(".RegularPages"));
    let single = "{{ define \"main\" }}<nav><ul>{{ range .CurrentSection.RegularPages }}<li><a href=\"{{ .RelPermalink }}\">\
                  {{ .Title }}</a></li>{{ end }}</ul></nav><main><h1>{{ .Title }}</h1>{{ .Content }}</main><aside>{{ .TableOfContents }}\
                  </aside>{{ end }}";
    put("layouts/_default/single.html".into(), single.into());
}
