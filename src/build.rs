//! Build script: makes cargo embed new files of `content/` and `themes/` as well as changed ones.
//!
//! In: nothing. Out: the folders to watch. Builds nothing by itself.

fn main() {
    println!("cargo::rerun-if-changed=content");
    println!("cargo::rerun-if-changed=themes");
}
