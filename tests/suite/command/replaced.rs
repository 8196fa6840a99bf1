//! `serve` while chapters are renamed and folders replaced.
//!
//! In: the built program and folders that another takes the place of, as a newer copy or a share that came back does. Out: where a page that is
//! gone leads, and whether what stands at the path now is shown and followed.

use super::{
    copy, edit,
    preview::{Preview, until},
    small, text, utf8,
};
use crate::project::Temporary;
use std::{fs, path::Path, thread::sleep, time::Duration};

/// The address to which a page that is gone leads.
fn leads_to(preview: &Preview, page: &str) -> Option<String> {
    let answer = preview.get(&format!("/{page}"));
    answer.lines().find_map(|line| line.strip_prefix("Location: /")).map(|to| to.trim().to_owned())
}

fn shows(preview: &Preview, page: &str, words: &str) {
    until(words, || preview.body(page).contains(words));
}

fn moves(from: &Path, to: &Path) {
    fs::rename(from, to).expect("a folder moved");
}

#[test]
fn another_project_that_takes_the_place_of_one_is_served_and_followed() {
    let (project, other) = (small(), small());
    let at = tempfile::tempdir().unwrap();
    let here = at.path().join("plan");
    copy(project.folder.path(), &here);
    let preview = Preview::of(at.path(), &["--project", utf8(&here)]);
    // What happens beside it is nobody's business.
    fs::write(at.path().join("notes.md"), "甲").unwrap();
    fs::create_dir(at.path().join("elsewhere")).unwrap();
    sleep(Duration::from_millis(1500));
    assert_eq!(preview.rebuilds(), 0, "{}", preview.said());
    // Moved away, it is said to be gone, and nothing is taken from the page.
    moves(&here, &at.path().join("older"));
    until("the folder is missed", || preview.said().contains("once it is back in its place, the preview goes on"));
    assert!(preview.body("/chapters/b.html").contains("全機關。"));
    edit(&other.folder.path().join("content/chapters/b.md"), "全機關。", "新的一份。");
    copy(other.folder.path(), &here);
    shows(&preview, "/chapters/b.html", "新的一份。");
    edit(&here.join("content/chapters/b.md"), "新的一份。", "新的一份又改。");
    shows(&preview, "/chapters/b.html", "新的一份又改。");
    // What happens to the older one counts no more.
    until("the edit is told", || preview.said().contains("content/chapters/b.md: "));
    let before = preview.rebuilds();
    edit(&at.path().join("older/content/chapters/b.md"), "全機關。", "舊的那份。");
    sleep(Duration::from_millis(300));
    assert_eq!(preview.rebuilds(), before, "{}", preview.said());
    // At once, and with files that look as they did.
    copy(&here, &at.path().join("newer"));
    let times = fs::metadata(here.join("content/chapters/b.md")).unwrap().modified().unwrap();
    edit(&at.path().join("newer/content/chapters/b.md"), "新的一份又改。", "新的二份又改。");
    fs::File::options()
        .write(true)
        .open(at.path().join("newer/content/chapters/b.md"))
        .unwrap()
        .set_modified(times)
        .unwrap();
    moves(&here, &at.path().join("old"));
    moves(&at.path().join("newer"), &here);
    shows(&preview, "/chapters/b.html", "新的二份又改。");
    edit(&here.join("content/chapters/b.md"), "二份", "三份");
    shows(&preview, "/chapters/b.html", "新的三份又改。");
}

#[test]
fn a_folder_above_the_project_may_be_replaced() {
    let project = small();
    let at = tempfile::tempdir().unwrap();
    let here = at.path().join("share/group/plan");
    copy(project.folder.path(), &here);
    let preview = Preview::of(at.path(), &["--project", utf8(&here)]);
    copy(&at.path().join("share"), &at.path().join("again"));
    edit(&at.path().join("again/group/plan/content/chapters/b.md"), "全機關。", "另一份。");
    moves(&at.path().join("share"), &at.path().join("gone"));
    moves(&at.path().join("again"), &at.path().join("share"));
    shows(&preview, "/chapters/b.html", "另一份。");
    edit(&here.join("content/chapters/b.md"), "另一份。", "另一份又改。");
    shows(&preview, "/chapters/b.html", "另一份又改。");
}

#[test]
fn an_overlay_and_a_theme_may_come_late_and_be_replaced() {
    let (project, overlay) = (small(), tempfile::tempdir().unwrap());
    let (root, here) = (project.folder.path(), overlay.path().join("agency"));
    let write = |folder: &Path, words: &str| {
        fs::create_dir_all(folder.join("chapters")).unwrap();
        fs::write(folder.join("chapters/b.md"), format!("---\ntitle: 乙\n---\n\n## 範圍 {{#reach}}\n\n{words}\n")).unwrap();
    };
    write(&here, "疊上去的話。");
    let preview = Preview::of(root, &["--overlay", utf8(&here)]);
    assert!(preview.body("/chapters/b.html").contains("疊上去的話。"));
    write(&overlay.path().join("newer"), "另一個機關的話。");
    moves(&here, &overlay.path().join("older"));
    moves(&overlay.path().join("newer"), &here);
    shows(&preview, "/chapters/b.html", "另一個機關的話。");
    write(&here, "再改的話。");
    shows(&preview, "/chapters/b.html", "再改的話。");
    // A theme that comes as a whole folder, is edited, and is replaced by another.
    let locale = |folder: &str, words: &str| project.write(&format!("{folder}/default/locales/zh-Hant-TW.yaml"), words.as_bytes());
    locale("prepared", "outline: 本計畫章節\n");
    moves(&root.join("prepared"), &root.join("themes"));
    shows(&preview, "/chapters/b.html", "本計畫章節");
    locale("themes", "outline: 各章一覽\n");
    shows(&preview, "/chapters/b.html", "各章一覽");
    locale("another", "outline: 其他主題\n");
    moves(&root.join("themes"), &root.join("put-away"));
    moves(&root.join("another"), &root.join("themes"));
    shows(&preview, "/chapters/b.html", "其他主題");
}

/// Four chapters of which two have no clauses of their own, and two annexes.
fn plain() -> Temporary {
    let sentences = "本計畫適用範圍涵蓋本府全機關及所屬各級機關。\n\n駐外單位準用之，並得另訂補充規定。\n";
    let chapter = |title: &str, words: &str| format!("---\ntitle: {title}\n---\n\n{words}");
    Temporary::new(&[
        ("chapters/aim.md", &chapter("目的", "## 目的 {#purpose}\n\n維護資通安全，見[[form]]與[[list]]。\n")),
        ("chapters/scope.md", &chapter("適用範圍", sentences)),
        ("chapters/terms.md", &chapter("用詞", "用詞依資通安全管理法之規定。\n")),
        ("annexes/form.md", &chapter("申請單", "申請人填寫後送資通安全專責人員。\n")),
        ("annexes/list.md", &chapter("資產清冊", "每年清查一次。\n")),
    ])
}

/// Renames a chapter or an annex, and then, when the preview has found that one is missing, in the list as well.
fn renames(root: &Path, preview: &Preview, folder: &str, from: &str, to: &str) {
    let content = root.join("content");
    let missed = format!("There is no {folder}/{from}.md");
    let before = preview.said().matches(&missed).count();
    moves(&content.join(format!("{folder}/{from}.md")), &content.join(format!("{folder}/{to}.md")));
    until(&missed, || preview.said().matches(&missed).count() > before);
    edit(&content.join("plan.yaml"), &format!("\"{from}\""), &format!("\"{to}\""));
}

#[test]
fn a_renamed_page_without_clauses_leads_to_the_one_that_took_its_place() {
    let project = plain();
    let (root, content) = (project.folder.path(), project.folder.path().join("content"));
    let preview = Preview::of(root, &[]);
    let leads = |from: &str, to: &str| until(&format!("{from} leads to {to}"), || leads_to(&preview, from).as_deref() == Some(to));
    // In two steps, between which a chapter is missing.
    renames(root, &preview, "chapters", "scope", "reach");
    leads("chapters/scope.html", "chapters/reach.html");
    // And with another title.
    edit(&content.join("chapters/reach.md"), "title: 適用範圍", "title: 範圍");
    shows(&preview, "/chapters/reach.html", "範圍</span></h1>");
    edit(&content.join("chapters/reach.md"), "title: 範圍", "title: 適用對象");
    renames(root, &preview, "chapters", "reach", "whom");
    leads("chapters/reach.html", "chapters/whom.html");
    leads("chapters/scope.html", "chapters/whom.html");
    // With other words as well it stands where it stood.
    fs::write(content.join("chapters/whom.md"), "---\ntitle: 對象\n---\n\n全部人員。\n").unwrap();
    renames(root, &preview, "chapters", "whom", "staff");
    leads("chapters/whom.html", "chapters/staff.html");
    // An annex, of which two stand side by side.
    edit(&content.join("chapters/aim.md"), "[[form]]", "[[request]]");
    renames(root, &preview, "annexes", "form", "request");
    leads("annexes/form.html", "annexes/request.html");
    // What is taken off the list leads to the cover, and to no other chapter that happens to be there.
    edit(&content.join("plan.yaml"), ", \"terms\"", "");
    leads("chapters/terms.html", "index.html");
}

#[test]
fn a_page_that_was_split_leads_to_the_one_that_holds_most_of_it() {
    let project = plain();
    let content = project.folder.path().join("content");
    let preview = Preview::of(project.folder.path(), &[]);
    let words = text(&content.join("chapters/scope.md"));
    let (own, others) = words.split_once("\n\n駐外").unwrap();
    fs::write(content.join("chapters/abroad.md"), format!("---\ntitle: 駐外單位\n---\n\n駐外{others}")).unwrap();
    fs::write(content.join("chapters/home.md"), own.replace("適用範圍\n", "國內機關\n") + "\n").unwrap();
    fs::remove_file(content.join("chapters/scope.md")).unwrap();
    edit(&content.join("plan.yaml"), "\"scope\"", "\"abroad\", \"home\"");
    until("the longer half is found", || {
        leads_to(&preview, "chapters/scope.html").as_deref() == Some("chapters/home.html")
    });
}
