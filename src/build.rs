//! Build script: makes cargo embed new files of `content/` and `themes/` as well as changed ones, and tells the program which one it is.
//!
//! In: the files that make the program. Out: the folders to watch, `PLANPRESS_PROGRAM`, which two programs share only if they were made
//! from the same files, and what is linked into the program. Builds nothing by itself.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::Path,
};

/// What the bytes of a site depend on besides its sources.
const MADE_FROM: [&str; 4] = ["Cargo.lock", "Cargo.toml", "src", "themes"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=content");
    let mut hasher = DefaultHasher::new();
    env::var_os("CARGO_FEATURE_PDF").is_some().hash(&mut hasher);
    for name in MADE_FROM {
        println!("cargo::rerun-if-changed={name}");
        add(Path::new(name), &mut hasher)?;
    }
    if ["CARGO_CFG_TARGET_OS", "CARGO_CFG_TARGET_ENV"].map(|name| env::var(name).unwrap_or_default()) == ["linux", "gnu"] {
        // What unwinds after a panic, in the program itself: the same in a library of its own takes a tenth of a millisecond at each start.
        println!("cargo::rustc-link-lib=gcc_eh");
    }
    println!("cargo::rustc-env=PLANPRESS_PROGRAM={} {:016x}", env!("CARGO_PKG_VERSION"), hasher.finish());
    Ok(())
}

/// Adds a file, or a folder's files in the order of their names; what does not exist adds nothing.
#[expect(clippy::disallowed_methods, reason = "the program's own files are read while it is built")]
fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_dir() {
        let mut below = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
        below.sort();
        below.iter().try_for_each(|path| add(path, hasher))
    } else if path.is_file() {
        path.to_string_lossy().replace('\\', "/").hash(hasher);
        fs::read(path)?.hash(hasher);
        Ok(())
    } else {
        Ok(())
    }
}
