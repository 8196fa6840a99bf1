//! Why the system refused.
//!
//! In: an error of the system. Out: its reason in both languages; a rare one in the system's own words, which are said to be its own.

use super::Message;
use crate::message;
use std::io;

/// The system's reason, in both languages.
#[must_use]
pub fn reason(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::NotFound => message!("找不到", "it does not exist"),
        io::ErrorKind::PermissionDenied if cfg!(windows) => {
            message!("沒有權限，或另一個程式正開著它", "permission denied, or another program has it open")
        }
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
        io::ErrorKind::AddrInUse => message!("已有其他程式在用", "another program uses it"),
        io::ErrorKind::AddrNotAvailable => message!("不是這台電腦的位址", "it is no address of this machine"),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => {
            message!("網路不通", "the network does not reach it")
        }
        io::ErrorKind::TimedOut => message!("等了太久", "it took too long"),
        io::ErrorKind::StaleNetworkFileHandle => message!("網路磁碟已中斷或換過", "the network share has gone or was replaced"),
        io::ErrorKind::OutOfMemory => message!("記憶體不足", "there is not enough memory"),
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => message!("正在使用中", "it is in use"),
        _ if is_held(error) => message!("另一個程式正開著它", "another program has it open"),
        _ if is_loop(error) => message!("捷徑（符號連結）繞回自己", "its symbolic links lead in a circle"),
        _ => {
            let text = error.to_string();
            message!("系統的訊息是 {text}", "{text}")
        }
    }
}

/// Whether links lead in a circle, for which the standard library's [`io::ErrorKind`] is not stable yet.
fn is_loop(error: &io::Error) -> bool {
    // `ELOOP`.
    let code = if cfg!(target_os = "linux") { 40 } else { 62 };
    cfg!(unix) && error.raw_os_error() == Some(code)
}

/// Whether the system refuses because another program has the file open, which only Windows does.
#[must_use]
pub fn is_held(error: &io::Error) -> bool {
    /// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`, for which there is no [`io::ErrorKind`].
    const HELD: [i32; 2] = [32, 33];
    cfg!(windows) && error.raw_os_error().is_some_and(|code| HELD.contains(&code))
}
