//! `planpress serve`: previews the plan while it is edited.
//!
//! In: a project and a port. Out: a server that runs until it is stopped; its address on standard output, and on standard error the
//! findings of each rebuild and one line about it. Nothing is written to disk.

use super::{Outcome, arguments::Arguments, console::Console, project, unreadable_help};
use crate::{
    diagnostic::{Message, reason},
    message,
    render::View,
    serve::{self, Cause, Options, Rebuild},
};
use std::{io, net::TcpListener};

/// How many pages are named for one cause.
const PAGES: usize = 8;
/// The first port that systems let anybody listen to.
const FIRST_FREE: u16 = 1024;

/// Where to listen, and what to show.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    pub host: String,
    pub port: u16,
    pub open: bool,
    pub view: View,
    pub poll: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, choices: &Choices, console: &Console) -> Outcome {
    let project = project(arguments);
    // A plan that is not there is a slip of the command, not something to wait for.
    if !matches!(project.root.join("content/plan.yaml").try_exists(), Ok(true)) {
        return super::compiled(arguments, console).map_or(Outcome::Failed, |_| Outcome::Done);
    }
    let Some(listener) = listener(choices, console) else { return Outcome::Failed };
    let Ok(address) = listener.local_addr() else { return Outcome::Failed };
    let url = format!(
        "http://{}",
        if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
    );
    let options = Options { project, view: choices.view, language: console.language, poll: choices.poll, host: choices.host.clone() };
    let mut first = true;
    let mut tell = |rebuild: &Rebuild<'_>| {
        if std::mem::take(&mut first) {
            began(rebuild, &url, choices, console);
        } else {
            rebuilt(rebuild, arguments.verbose, console);
        }
    };
    match serve::serve(listener, &options, &mut tell) {
        Ok(()) => Outcome::Done,
        Err(error) => {
            console.error(&reason(&error), None);
            Outcome::Failed
        }
    }
}

fn listener(choices: &Choices, console: &Console) -> Option<TcpListener> {
    let (host, port) = (&choices.host, choices.port);
    serve::bind(host, port)
        .map_err(|refused| {
            let (message, help) = if let Some(free) = refused.free {
                let help = message!("可改用 --port {free}", "Port {free} is free: --port {free}");
                (message!("連接埠 {port} 已有其他程式在用", "Port {port} is in use"), Some(help))
            } else {
                let Message { zh, en } = reason(&refused.error);
                (
                    message!("無法在 {host}:{port} 開啟預覽：{zh}", "Cannot listen on {host}:{port}: {en}"),
                    host_help(host, port, &refused.error),
                )
            };
            console.error(&message, help.as_ref());
        })
        .ok()
}

/// What to name instead of a host that cannot be listened to.
fn host_help(host: &str, port: u16, error: &io::Error) -> Option<Message> {
    if let Some((name, with)) = host.rsplit_once(':')
        && let Ok(with) = with.parse::<u16>()
        && !name.contains(':')
    {
        return Some(message!("連接埠請另外寫：--host {name} --port {with}", "Name the port apart: --host {name} --port {with}"));
    }
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::AddrNotAvailable => Some(message!(
            "請寫這台電腦自己的名稱或 IP 位址：只在這台電腦看用 127.0.0.1，別台電腦也要看用 0.0.0.0",
            "Name this machine itself or one of its IP addresses: 127.0.0.1 for nobody else, 0.0.0.0 for other machines, too"
        )),
        io::ErrorKind::PermissionDenied if port < FIRST_FREE => Some(message!(
            "{FIRST_FREE} 以下的連接埠常只許管理員用，請用 --port 換一個",
            "Ports below {FIRST_FREE} are often kept for administrators; name another with --port"
        )),
        _ => None,
    }
}

/// The first build: where to look, and what there is to see.
fn began(rebuild: &Rebuild<'_>, url: &str, choices: &Choices, console: &Console) {
    findings(rebuild, console);
    let preview = message!("預覽：{url}", "Preview: {url}");
    if choices.port == 0 {
        // Nobody could know it otherwise.
        console.result(&format!("{}\n", preview.text(console.language)));
    } else {
        console.line(&preview);
    }
    if !console.quiet {
        console.say(&message!("按 Ctrl+C 結束", "Ctrl+C ends it"));
    }
    if rebuild.polls && !choices.poll {
        console.say(&message!(
            "系統無法通知檔案變動，改為定時查看",
            "The system cannot tell of changed files; they are looked at again and again"
        ));
    }
    if choices.open && open::that(url).is_err() {
        console.say(&message!("無法開啟瀏覽器", "Cannot open a browser"));
    }
}

/// One line for each rebuild, below what is wrong.
fn rebuilt(rebuild: &Rebuild<'_>, verbose: bool, console: &Console) {
    // What an earlier rebuild left for later needs no line of its own.
    if rebuild.files.is_empty() {
        return;
    }
    findings(rebuild, console);
    if console.quiet {
        return;
    }
    let files = match rebuild.files.as_slice() {
        [file] => message!("{file}", "{file}"),
        files => message!("{n} 個檔案", "{n} files", n = files.len()),
    };
    let took = format!("{:.0}", rebuild.took.as_secs_f64() * 1e3);
    let what = match rebuild.outcome {
        serve::Outcome::Served { pages: 0, .. } => message!("頁面不變", "no page changed"),
        serve::Outcome::Served { pages, clauses, .. } => {
            message!("{pages} 頁、{clauses} 條更新", "{pages} pages, {clauses} clauses changed")
        }
        serve::Outcome::Kept { .. } | serve::Outcome::Unreadable(_) => {
            message!("有錯誤，頁面維持上一次的內容", "errors; the pages stay as they were")
        }
    };
    let said = Message {
        zh: format!("{}：{}（{took} 毫秒）", files.zh, what.zh).into(),
        en: format!("{}: {} ({took} ms)", files.en, what.en).into(),
    };
    console.say(&said);
    if let serve::Outcome::Served { causes, .. } = &rebuild.outcome
        && verbose
    {
        for (cause, pages) in causes {
            console.note(&format!("  {}\n", because(*cause, pages).text(console.language)));
        }
    }
}

/// Why some pages changed.
fn because(cause: Cause, pages: &[String]) -> Message {
    let Message { zh, en } = match cause {
        Cause::OwnText => message!("自己的原稿改了", "its own text changed"),
        Cause::Gone => message!("已不在計畫裡", "no longer in the plan"),
        Cause::Theme => message!("佈景主題改了", "the theme changed"),
        Cause::Settings => message!("plan.yaml 改了", "plan.yaml changed"),
        Cause::Data => message!("資料改了", "data changed"),
        Cause::Gathers => message!("收錄了改過的章", "gathers chapters that changed"),
        Cause::Refers => {
            message!("引用或列出的編號、標題變了", "a number, title or citation that it shows changed")
        }
    };
    let (named, count) = (pages[..pages.len().min(PAGES)].join(", "), pages.len());
    if count > PAGES {
        message!("{zh}：{named} 等 {count} 頁", "{en}: {named} … {count} pages")
    } else {
        message!("{zh}：{named}", "{en}: {named}")
    }
}

fn findings(rebuild: &Rebuild<'_>, console: &Console) {
    let (findings, sources) = match rebuild.outcome {
        serve::Outcome::Served { findings, sources, .. } | serve::Outcome::Kept { findings, sources } => (findings, sources),
        serve::Outcome::Unreadable(error) => {
            let lost = error.lost().filter(|_| !rebuild.files.is_empty());
            return console.error(&error.message(), lost.or_else(|| unreadable_help(error)).as_ref());
        }
    };
    let shown = console.shown_of_draft(findings);
    console.findings(&shown, sources);
}
