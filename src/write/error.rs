//! Why an output could not be written, in words for people.
//!
//! In: what was attempted and the system's error. Out: [`WriteError`] with both languages and, where there is one, a way out. It
//! travels through `io::Result` (as [`Sink`](crate::site::Sink) has it) and comes out unchanged.

use crate::{diagnostic::Message, message};
use std::{fmt, io};

/// An output that was not written; what stood in its folder before stands there still, unless `message` says otherwise.
#[derive(Debug)]
pub struct WriteError {
    /// What happened.
    pub message: Message,
    /// What to do about it.
    pub help: Option<Message>,
    /// Whether the run was stopped on request, such as by Ctrl+C.
    pub cancelled: bool,
    source: Option<io::Error>,
}

impl WriteError {
    pub(super) fn new(message: Message) -> Self {
        Self { message, help: None, cancelled: false, source: None }
    }

    pub(super) fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
        self
    }

    pub(super) fn cancelled() -> Self {
        let message = message!("已中斷，輸出資料夾沒有變動", "Stopped; the output folder is as it was");
        Self { cancelled: true, ..Self::new(message) }
    }

    /// Another run is at work.
    pub(super) fn busy(shown: &str) -> Self {
        let message = message!("另一個 planpress 正在寫入「{shown}」", "Another planpress is writing into `{shown}`");
        Self::new(message).help(message!("請等它結束再試一次", "Try again when it is done"))
    }

    /// A file of somebody else where one of ours should go.
    pub(super) fn foreign(path: &str) -> Self {
        let message = message!(
            "輸出資料夾裡的「{path}」不是 planpress 寫的，不會覆蓋",
            "`{path}` in the output folder was not written by planpress and stays"
        );
        Self::new(message).help(message!("請移走它，或用 --out 指定別的資料夾", "Move it away, or name another folder with --out"))
    }

    /// A file or folder that the system would not let us write.
    pub(super) fn system(path: &str, error: io::Error) -> Self {
        let Message { zh, en } = reason(&error);
        let message = message!("無法寫入「{path}」：{zh}", "Cannot write `{path}`: {en}");
        Self { source: Some(error), ..Self::new(message) }
    }
}

/// The system's reason, in words about writing where those for reading would mislead.
fn reason(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            message!("沒有寫入權限，或檔案正由其他程式開啟", "permission denied, or another program has it open")
        }
        io::ErrorKind::NotADirectory => message!("路徑中有一段是檔案，不是資料夾", "a part of the path is a file, not a folder"),
        io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => message!("那裡有一個資料夾", "a folder stands there"),
        io::ErrorKind::NotFound => message!("找不到這個路徑", "the path does not exist"),
        _ => crate::diagnostic::reason(error),
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message.en)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        let kind = error.source.as_ref().map_or(io::ErrorKind::Other, io::Error::kind);
        Self::new(kind, error)
    }
}

impl From<io::Error> for WriteError {
    /// The error that [`Output`](super::Output) gave to a [`Sink`](crate::site::Sink)'s caller, or any other in general words.
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(|error| {
            let Message { zh, en } = reason(&error);
            let message = message!("無法寫入輸出：{zh}", "Cannot write the output: {en}");
            Self { source: Some(error), ..Self::new(message) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_survives_the_way_through_a_sink() {
        let through: io::Error = WriteError::cancelled().into();
        assert!(WriteError::from(through).cancelled);
        let full = WriteError::system("public/a.html", io::ErrorKind::StorageFull.into());
        let back = WriteError::from(io::Error::from(full));
        assert_eq!(&*back.message.zh, "無法寫入「public/a.html」：磁碟空間不足");
        assert_eq!(back.to_string(), "Cannot write `public/a.html`: the disk is full");
        let other = WriteError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(&*other.message.en, "Cannot write the output: the disk is full");
    }
}
