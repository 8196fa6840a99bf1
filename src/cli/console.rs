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

/// How to talk to the person at the terminal.
pub(super) struct Console {
    pub language: Language,
    pub color: ColorChoice,
    pub quiet: bool,
}

impl Console {
    pub(super) fn new(language: Language, color: ColorChoice, quiet: bool) -> Self {
        Self { language, color, quiet }
    }

    /// A result, on standard output.
    pub(super) fn result(&self, text: &str) {
        result(text, self.color);
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

/// Writes to standard output.
pub(super) fn result(text: &str, color: ColorChoice) {
    // A closed pipe has nobody to tell.
    let _ = AutoStream::new(io::stdout().lock(), resolved(color, io::stdout().is_terminal())).write_all(text.as_bytes());
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
        io::ErrorKind::StorageFull => message!("磁碟已滿", "the disk is full"),
        io::ErrorKind::FileTooLarge => message!("檔案太大", "the file is too large"),
        io::ErrorKind::InvalidData => message!("不是 UTF-8 文字", "it is not UTF-8 text"),
        _ => {
            let text = error.to_string();
            message!("{text}", "{text}")
        }
    }
}
