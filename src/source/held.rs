//! Files that another program has open.
//!
//! In: something to do with a file. Out: its result, tried again for half a second as long as the system refuses because another program,
//! a virus scanner, an indexer or an editor, has the file open. Only Windows refuses for that reason; elsewhere everything is done once.

use crate::diagnostic::is_held;
use std::{io, thread::sleep, time::Duration};

/// How often something is tried again, and after how long.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(25);

/// Reads what an editor may be writing.
///
/// # Errors
/// Those of the last try.
pub fn reading<T>(read: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    tried_again(is_held, read)
}

/// Renames or removes what was written just now, or what somebody may be looking at: access is denied then as well.
///
/// # Errors
/// Those of the last try.
pub fn replacing<T>(replace: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    tried_again(|error| is_held(error) || cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied, replace)
}

fn tried_again<T>(may_pass: impl Fn(&io::Error) -> bool, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut result = act();
    for _ in 0..TRIES {
        match &result {
            Err(error) if may_pass(error) => sleep(PAUSE),
            _ => break,
        }
        result = act();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails some times and then not.
    fn fails(times: usize, error: impl Fn() -> io::Error) -> impl FnMut() -> io::Result<usize> {
        let mut tries = 0;
        move || {
            tries += 1;
            if tries > times { Ok(tries) } else { Err(error()) }
        }
    }

    #[test]
    fn what_passes_is_tried_again_and_anything_else_is_not() {
        let held = || io::ErrorKind::ResourceBusy.into();
        let is_busy = |error: &io::Error| error.kind() == io::ErrorKind::ResourceBusy;
        assert_eq!(tried_again(is_busy, fails(0, held)).unwrap(), 1);
        assert_eq!(tried_again(is_busy, fails(3, held)).unwrap(), 4);
        assert_eq!(tried_again(is_busy, fails(TRIES, held)).unwrap(), TRIES + 1);
        assert!(tried_again(is_busy, fails(TRIES + 1, held)).is_err());
        let mut missing = fails(1, || io::ErrorKind::NotFound.into());
        assert!(tried_again(is_busy, &mut missing).is_err());
        assert_eq!(missing().unwrap(), 2, "it was tried once");
    }

    /// A file that another program has open for itself, as only Windows knows it.
    #[cfg(windows)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at files")]
    fn a_file_is_read_and_replaced_once_another_program_has_closed_it() {
        use std::{fs, os::windows::fs::OpenOptionsExt as _, thread};
        let folder = tempfile::tempdir().unwrap();
        let (held, fresh) = (folder.path().join("held"), folder.path().join("fresh"));
        for act in [
            Box::new(|| reading(|| fs::read(&held)).map(drop)) as Box<dyn Fn() -> io::Result<()>>,
            Box::new(|| replacing(|| fs::rename(&fresh, &held))),
        ] {
            fs::write(&held, "old").unwrap();
            fs::write(&fresh, "new").unwrap();
            let open = fs::OpenOptions::new().read(true).share_mode(0).open(&held).unwrap();
            let error = fs::read(&held).unwrap_err();
            assert!(is_held(&error), "{error}");
            let closes = thread::spawn(move || {
                thread::sleep(PAUSE * 3);
                drop(open);
            });
            act().unwrap();
            closes.join().unwrap();
        }
        assert_eq!(fs::read(&held).unwrap(), b"new");
    }
}
