//! The theme: templates, styles, scripts, words and options.
//!
//! In: the theme embedded in the program, and the files of the project's `themes/NAME/` that lie over it. Out: a [`Theme`]
//! whose templates compile, or findings. Nothing is rendered here.

mod depth;
mod escape;
mod locale;
mod options;
mod template_error;
mod unread;

pub use escape::{Html, escape, escaped};
pub use options::Options;
pub use template_error::template_finding;

use crate::{
    diagnostic::{Diagnostic, Rule, Span},
    message,
    source::{ReadError, Source, Sources, held, is_inside, is_visible},
};
use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use rayon::prelude::*;
use std::{borrow::Cow, collections::BTreeMap, fs, io, path::Path, sync::Arc};

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
/// A theme file larger than this (bytes) is a mistake.
const LIMIT: u64 = 4 << 20;

/// How many steps a template may take for one page: loops in loops of a theme from elsewhere end as a finding. The cover of a plan with ten
/// thousand chapters takes some two million.
const FUEL: u64 = 50_000_000;

/// A theme, ready to render with.
#[derive(Debug)]
pub struct Theme {
    /// The compiled templates.
    pub templates: Environment<'static>,
    /// Styles, scripts and icons by their name in the theme, such as `styles/page.css`.
    pub assets: BTreeMap<String, ThemeAsset>,
    /// The words of the plan's language.
    pub locale: BTreeMap<String, String>,
    /// What its templates offer.
    pub options: Options,
}

/// A style, a script or an icon.
#[derive(Debug)]
pub struct ThemeAsset {
    /// Where it is published, with a digest in its name.
    pub path: String,
    /// Its text.
    pub text: Arc<String>,
}

/// Adds the theme's files to the sources, so that findings can point into them and the plan's digest covers the project's own. Files that are still
/// the same as in an earlier read are shared with it.
///
/// # Errors
/// When a theme file cannot be read.
pub fn read(sources: &mut Sources, root: &Path, name: &str, earlier: &Sources) -> Result<Vec<Diagnostic>, ReadError> {
    let mut texts: BTreeMap<String, Cow<'static, str>> = BTreeMap::new();
    for (folder, _) in unread::KINDS {
        let files = DEFAULT.get_dir(folder).into_iter().flat_map(include_dir::Dir::files);
        texts.extend(files.filter_map(|file| Some((slashed(file.path()), file.contents_utf8()?.into()))));
    }
    texts.extend(
        DEFAULT
            .get_file(options::FILE)
            .and_then(|file| Some((options::FILE.to_owned(), file.contents_utf8()?.into()))),
    );
    let own = root.join("themes").join(name);
    let mut findings = Vec::new();
    if name != "default" && !own.is_dir() {
        let message = message!("沒有佈景主題 themes/{name}", "There is no theme themes/{name}");
        let help = message!("請建立該資料夾，或在 plan.yaml 寫 theme: default", "Make that folder, or write `theme: default` in plan.yaml");
        // The place is that of the file that counts.
        let span = [sources.named("plan.yaml"), sources.base_plan()].into_iter().flatten().find_map(|file| {
            let source = sources.file(file);
            let at = source.text.lines().position(|line| line.starts_with("theme:"))?;
            let start = source.line_start(at + 1);
            Some(Span::new(file, start, source.line_start(at + 2).saturating_sub(1).max(start)))
        });
        findings.push(Diagnostic { span, ..Diagnostic::nowhere(Rule::Theme, message).help(help) });
    }
    let folders = unread::KINDS.map(|(folder, _)| (own.join(folder), format!("themes/{name}/{folder}"), folder));
    for (folder, shown, kind) in std::iter::once((own.clone(), format!("themes/{name}"), "")).chain(folders) {
        if folder.is_dir() && !is_inside(&folder, root) {
            findings.push(leads_out(&shown));
            continue;
        }
        findings.append(&mut overlay(&folder, &shown, kind, root, &mut texts)?);
    }
    let of_project: Vec<String> = texts.iter().filter(|(_, text)| matches!(text, Cow::Owned(_))).map(|(file, _)| file.clone()).collect();
    let source = |(file, text): (String, Cow<'static, str>)| {
        let (file, path) = (format!("theme/{file}"), format!("themes/{name}/{file}"));
        let embedded = matches!(text, Cow::Borrowed(_));
        let same = earlier.same(&file, &path, &text);
        same.unwrap_or_else(|| Source::new(file, path, text).embedded(embedded).into())
    };
    let read: Vec<Arc<Source>> = texts.into_par_iter().map(source).collect();
    for source in read {
        sources.add(source);
    }
    if is_inside(&own, root) {
        findings.append(&mut unread::find(&own, &format!("themes/{name}"), &of_project, sources));
    }
    findings.extend(unread::misnamed_folder(root, sources));
    Ok(findings)
}

/// What is a link out of the project is not read.
fn leads_out(shown: &str) -> Diagnostic {
    let message = message!("「{shown}」是失效或連到專案外的連結", "`{shown}` is a link that is broken or leads out of the project");
    let help = message!("請把檔案本身放進專案", "Put the files themselves into the project");
    Diagnostic::nowhere(Rule::OutsideProject, message).help(help)
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Lays the files of one theme folder over the embedded ones; of the theme's own folder, only its options.
#[expect(clippy::disallowed_methods, reason = "this is where theme files are read")]
fn overlay(
    folder: &Path,
    shown: &str,
    name: &str,
    root: &Path,
    texts: &mut BTreeMap<String, Cow<'static, str>>,
) -> Result<Vec<Diagnostic>, ReadError> {
    let mut findings = Vec::new();
    let failed = |error| ReadError { path: shown.to_owned(), error };
    let listing = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(findings),
        other => other.map_err(failed)?,
    };
    for entry in listing {
        let entry = entry.map_err(failed)?;
        let Some(file) = entry
            .file_name()
            .to_str()
            .map(str::to_owned)
            .filter(|file| is_visible(file) && (!name.is_empty() || file == options::FILE))
        else {
            continue;
        };
        let failed = |error| ReadError { path: format!("{shown}/{file}"), error };
        if entry.path().is_symlink() && !is_inside(&entry.path(), root) {
            findings.push(leads_out(&format!("{shown}/{file}")));
            continue;
        }
        let metadata = fs::metadata(entry.path()).map_err(failed)?;
        if !metadata.is_file() {
            continue;
        }
        if metadata.len() > LIMIT {
            return Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, "theme file too large")));
        }
        if let Ok(text) = String::from_utf8(held::reading(|| fs::read(entry.path())).map_err(failed)?) {
            let file = if name.is_empty() { file } else { format!("{name}/{file}") };
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
            // A copy that says the same is no theme of the project's own.
            if texts.get(&file).is_none_or(|embedded| **embedded != text) {
                texts.insert(file, text.into());
            }
        } else if unread::is_media(&file) {
            let message = message!(
                "{shown}/{file} 是圖片或字型，佈景主題只放文字檔",
                "{shown}/{file} is a picture or a font; a theme holds texts only"
            );
            findings.push(Diagnostic::nowhere(Rule::Theme, message).help(unread::help_with_media()));
        } else {
            let message = message!("{shown}/{file} 不是 UTF-8", "{shown}/{file} is not UTF-8");
            findings.push(Diagnostic::nowhere(Rule::Theme, message).help(message!("請另存為 UTF-8", "Save it as UTF-8")));
        }
    }
    Ok(findings)
}

impl Theme {
    /// Compiles a theme from its files among the sources, with the words of one language.
    #[must_use]
    pub fn new(sources: &Sources, language: &str) -> (Self, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let mut templates = Environment::new();
        templates.set_fuel(Some(FUEL));
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_formatter(escape::format);
        templates.set_auto_escape_callback(|name| {
            if Path::new(name).extension().is_some_and(|extension| extension == "html") { AutoEscape::Html } else { AutoEscape::None }
        });
        for (name, file) in sources.in_folder("theme/templates", "html") {
            let source = sources.file(file);
            // The program's own are not deep.
            if let Some(finding) = Some(source).filter(|source| !source.embedded).and_then(|source| depth::too_deep(&source.text, file)) {
                findings.push(finding);
                continue;
            }
            if let Err(error) = templates.add_template_owned(format!("{name}.html"), source.text.to_string()) {
                findings.push(template_finding(&error, sources, &[]));
            }
        }
        let (mut assets, mut published) = (BTreeMap::new(), BTreeMap::new());
        for (folder, extension) in [("styles", "css"), ("scripts", "js"), ("icons", "svg")] {
            for (stem, file) in sources.in_folder(&format!("theme/{folder}"), extension) {
                let source = sources.file(file);
                let (text, digest) = (Arc::clone(&source.text), &source.digest.hex()[..8]);
                let path = format!("assets/{stem}.{digest}.{extension}");
                let name = format!("{folder}/{stem}.{extension}");
                published.insert(name.clone(), path.clone());
                assets.insert(name, ThemeAsset { path, text });
            }
        }
        templates.add_function("asset", move |state: &minijinja::State<'_, '_>, name: String| asset_url(state, &published, &name));
        let locale = locale::read(sources, language, &mut findings);
        let options = options::read(sources, &mut findings);
        (Self { templates, assets, locale, options }, findings)
    }
}

/// `asset('styles/page.css')` in a template: the page-relative address of a style or script.
fn asset_url(state: &minijinja::State<'_, '_>, published: &BTreeMap<String, String>, name: &str) -> Result<String, minijinja::Error> {
    let root = state.lookup("root").unwrap_or_default();
    let path = published.get(name).ok_or_else(|| {
        let near = crate::diagnostic::nearest(name, published.keys().map(String::as_str))
            .map(|near| format!(", did you mean `{near}`?"))
            .unwrap_or_default();
        minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, format!("the theme has no `{name}`{near}"))
    })?;
    Ok(format!("{root}{path}"))
}
