//! A run that is killed at any moment leaves, of every file, the old bytes or the new ones, and the next run repairs all.
//!
//! In: what to run, what it changes, and how often. Out: a failure that names the moment and the file. The moments are spread over
//! the length of a run by a seed, so that the same ones are tried on every machine; `KILLS=2000` tries more of them.

use super::{Standing, command, differing, run, standing};
use crate::project::{Random, Temporary, count};
use std::{path::Path, thread::sleep, time::Instant};

/// What one run does to a folder.
pub(super) struct Change<'a> {
    /// The folder in which the program runs.
    pub root: &'a Path,
    /// What it is told.
    pub words: &'a [&'a str],
    /// The folder below `root` whose files it changes.
    pub folder: &'a str,
    /// Sets everything up for the run: 0 and 1 lead to two different outcomes, by turns.
    pub prepare: &'a dyn Fn(usize),
    /// What may be left behind by a run that was killed, beside the files of the two outcomes: beginnings of paths below `folder`.
    pub leftovers: &'a [&'a str],
}

/// How often to kill, unless `KILLS` says otherwise.
const KILLS: usize = 220;

pub(super) fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

/// Kills the run again and again; how often it was still running, and how often some of its files, but not all, were in place.
pub(super) fn assert_survives(change: &Change<'_>, kills: usize) -> (usize, usize) {
    let folder = change.root.join(change.folder);
    let whole = |side: usize| {
        (change.prepare)(side);
        let since = Instant::now();
        run(change.root, change.words).ends(0);
        (standing(&folder), since.elapsed())
    };
    // The shortest of a few runs: on a busy machine one may take much longer than the next.
    let (old, mut length) = whole(0);
    for side in [1, 0] {
        length = length.min(whole(side).1);
    }
    let (new, last) = whole(1);
    length = length.min(last);
    assert!(!differing(&old, &new).is_empty(), "the two outcomes are the same");
    let sides = [old, new];
    let mut random = Random::new(9);
    let (mut killed, mut partly) = (0, 0);
    count("faults", kills);
    for round in 0..kills {
        let side = round % 2;
        (change.prepare)(side);
        // From before its first to after its last change.
        let moment = length.mul_f64(random.below(1_000) as f64 / 1_000.0 * 1.1);
        let mut child = command(change.root, change.words).spawn().expect("a run");
        sleep(moment);
        child.kill().expect("a kill");
        let ended = child.wait().expect("an end").code();
        assert!(matches!(ended, None | Some(0)), "round {round}: ended with {ended:?}");
        killed += usize::from(ended.is_none());
        let now = standing(&folder);
        partly += usize::from(assert_old_or_new(&now, &sides, change.leftovers, &format!("round {round}, after {moment:?}")));
        if ended == Some(0) {
            assert!(differing(&now, &sides[side]).is_empty(), "round {round}: a run that ended left something else");
        }
        // By turns the next run finishes this one, or goes back to what was before.
        let next = if round % 4 < 2 { side } else { 1 - side };
        (change.prepare)(next);
        run(change.root, change.words).ends(0);
        let left = differing(&standing(&folder), &sides[next]);
        assert!(left.is_empty(), "round {round}, after {moment:?}: the next run leaves {left:?}");
        if next == side {
            continue;
        }
        // The next round begins where the other outcome stands.
        (change.prepare)(side);
        run(change.root, change.words).ends(0);
    }
    (killed, partly)
}

/// That every file is whole; whether files of both outcomes stand side by side.
#[track_caller]
fn assert_old_or_new(now: &Standing, sides: &[Standing; 2], leftovers: &[&str], moment: &str) -> bool {
    let [old, new] = sides;
    for (path, bytes) in now.iter().filter(|(path, _)| !leftovers.iter().any(|left| path.starts_with(left))) {
        let is_whole = [old, new].iter().any(|side| side.get(path) == Some(bytes));
        assert!(is_whole, "{moment}: {path} is neither old nor new ({} bytes)", bytes.len());
    }
    let lost: Vec<_> = old.iter().filter(|(path, bytes)| new.get(*path) == Some(*bytes) && !now.contains_key(*path)).collect();
    assert!(lost.is_empty(), "{moment}: {:?} is gone", lost.first().map(|(path, _)| path));
    let changed: Vec<_> = differing(old, new).into_iter().filter(|path| now.contains_key(path)).collect();
    let news = changed.iter().filter(|path| now.get(*path) == new.get(*path)).count();
    news > 0 && news < changed.len()
}

/// A plan whose build changes many files, and adds and removes some.
fn plan() -> Temporary {
    let project = Temporary::new(&[]);
    let text = "本機關應依資通安全管理法辦理各項防護措施。".repeat(10);
    for at in 0..24 {
        let chapter = format!("---\ntitle: 第 {at} 章\n---\n\n## 目的 {{#aim-{at}}}\n\n{text}\n");
        project.write(&format!("content/chapters/c{at}.md"), chapter.as_bytes());
    }
    project
}

#[test]
fn a_build_killed_at_any_moment_leaves_whole_files_and_the_next_repairs() {
    let project = plan();
    let root = project.folder.path();
    let prepare = |side: usize| {
        let chapters: Vec<String> = (side * 4..side * 4 + 20).map(|at| format!("c{at}")).collect();
        let plan = format!("title: {}\nchapters: [{}]\n", ["舊版計畫", "新版計畫"][side], chapters.join(", "));
        project.write("content/plan.yaml", plan.as_bytes());
    };
    let change = Change {
        root,
        words: &["-q", "build"],
        folder: "public",
        prepare: &prepare,
        leftovers: &[".planpress-staging", ".planpress"],
    };
    let kills = kills();
    let (killed, partly) = assert_survives(&change, kills);
    println!("{killed} of {kills} runs were killed while they ran, {partly} with old and new files side by side");
    assert!(killed * 2 > kills, "only {killed} of {kills} runs were still running");
}
