//! Printing.
//!
//! In: words. Out: standard output for results, standard error for the rest; colours where wanted. A reader that closed its end early,
//! such as `head`, is no error.

use crate::{
    diagnostic::{Language, Message},
    message,
};
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// How to talk to the person at the terminal.
pub(super) struct Console {
    pub language: Language,
    pub color: ColorChoice,
    pub quiet: bool,
    unwritten: AtomicBool,
}

impl Console {
    pub(super) fn new(language: Language, color: ColorChoice, quiet: bool) -> Self {
        Self { language, color, quiet, unwritten: AtomicBool::new(false) }
    }

    /// A result, on standard output.
    pub(super) fn result(&self, text: &str) {
        if let Err(error) = result(text, self.color) {
            self.unwritten.store(true, Ordering::Relaxed);
            let why = reason(&error);
            self.error(
                &Message {
                    zh: format!("無法寫到標準輸出：{}", why.zh), en: format!("Cannot write to standard output: {}", why.en)
                },
                None,
            );
        }
    }

    /// Whether a result was lost.
    pub(super) fn has_lost_a_result(&self) -> bool {
        self.unwritten.load(Ordering::Relaxed)
    }

    /// Progress and findings, on standard error.
    pub(super) fn note(&self, text: &str) {
        note(text, self.color);
    }

    /// One line of result.
    pub(super) fn line(&self, message: &Message) {
        if !self.quiet {
            self.result(&format!("{}\n", message.text(self.language)));
        }
    }

    /// Something that stopped the command.
    pub(super) fn error(&self, message: &Message, help: Option<&Message>) {
        let (label, advice) = match self.language {
            Language::Chinese => ("錯誤：", "建議："),
            Language::English => ("error: ", "help: "),
        };
        self.note(&format!("\u{1b}[1;31m{label}\u{1b}[0m{}\n", message.text(self.language)));
        if let Some(help) = help {
            self.note(&format!("{advice}{}\n", help.text(self.language)));
        }
    }

    /// Whether a person watches progress.
    pub(super) fn is_watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }
}

/// Writes to standard output; a closed pipe has nobody to tell.
pub(super) fn result(text: &str, color: ColorChoice) -> io::Result<()> {
    let mut out = AutoStream::new(io::stdout().lock(), resolved(color, io::stdout().is_terminal()));
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error.
pub(super) fn note(text: &str, color: ColorChoice) {
    let _ = AutoStream::new(io::stderr().lock(), resolved(color, io::stderr().is_terminal())).write_all(text.as_bytes());
}

/// `auto` is colour on a terminal, unless the environment refuses it.
fn resolved(color: ColorChoice, terminal: bool) -> ColorChoice {
    match color {
        ColorChoice::Auto if !terminal => ColorChoice::Never,
        other => other,
    }
}

/// The system's reason, in both languages.
pub(super) fn reason(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::NotFound => message!("找不到", "it does not exist"),
        io::ErrorKind::PermissionDenied => message!("沒有權限", "permission denied"),
        io::ErrorKind::IsADirectory => message!("是資料夾，不是檔案", "it is a folder, not a file"),
        io::ErrorKind::NotADirectory => message!("不是資料夾", "it is no folder"),
        io::ErrorKind::StorageFull => message!("磁碟空間不足", "the disk is full"),
        io::ErrorKind::QuotaExceeded => message!("超過磁碟配額", "the disk quota is used up"),
        io::ErrorKind::ReadOnlyFilesystem => message!("磁碟是唯讀的", "the disk is read-only"),
        io::ErrorKind::AlreadyExists => message!("那裡已經有東西", "something stands there"),
        io::ErrorKind::InvalidFilename => {
            message!("檔名太長，或含有不能用的字元", "the name is too long or holds a character that is not allowed")
        }
        io::ErrorKind::FileTooLarge => message!("檔案太大", "the file is too large"),
        io::ErrorKind::InvalidData => message!("不是 UTF-8 文字", "it is not UTF-8 text"),
        _ => {
            let text = error.to_string();
            message!("{text}", "{text}")
        }
    }
}
