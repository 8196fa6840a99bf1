//! What many pages have in common.
//!
//! In: a template that asks for another by name, `{{ once("frame-foot.html") }}`. Out: the other's HTML, rendered once for all pages of
//! one kind with the same way to the top. Such a template sees the words, the view, the site, the options, the way to the top and the
//! kind of page; of a single page it sees nothing, so that it cannot differ from one page to the next.

use super::named::{Named, fields};
use minijinja::{
    Error, State,
    value::{Object, Value, from_args},
};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

/// A value and its name.
type Field = (Cow<'static, str>, Value);

/// The values that all pages share, and what was rendered of nothing but them.
#[derive(Debug)]
pub(super) struct Common {
    values: Vec<Field>,
    rendered: Mutex<FxHashMap<(Pages, String), Value>>,
}

/// The pages that have the same fragments: their kind, and their way to the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pages {
    pub kind: &'static str,
    pub root: &'static str,
}

impl Common {
    /// Shares the fields of a view.
    pub(super) fn new(view: &impl Serialize) -> Arc<Self> {
        Self { values: fields(view).collect(), rendered: Mutex::default() }.into()
    }

    /// The names and values that every one of some pages has, the function `once` among them.
    pub(super) fn of(self: &Arc<Self>, pages: Pages) -> impl Iterator<Item = Field> {
        let once = Value::from_object(Once { common: Arc::clone(self), pages });
        self.with("once", once, pages)
    }

    fn with(&self, name: &'static str, value: Value, pages: Pages) -> impl Iterator<Item = Field> {
        let more = [("root", Value::from(pages.root)), (name, value)];
        self.values.iter().cloned().chain(more.map(|(name, value)| (Cow::Borrowed(name), value)))
    }
}

/// The function `once` of some pages.
#[derive(Debug)]
struct Once {
    common: Arc<Common>,
    pages: Pages,
}

impl Object for Once {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        let (name,): (String,) = from_args(arguments)?;
        let key = (self.pages, name);
        let rendered = || self.common.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = rendered().get(&key) {
            return Ok(known.clone());
        }
        let values = Named::value(self.common.with("page", Named::value([("kind", Value::from(self.pages.kind))]), self.pages));
        // Not under the lock: other threads have other fragments to render.
        let html = Value::from_safe_string(state.env().get_template(&key.1)?.render(values)?);
        rendered().insert(key, html.clone());
        Ok(html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_fragment_is_rendered_once_and_sees_no_single_page() {
        let mut engine = minijinja::Environment::new();
        engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        engine.add_template("page.html", "{{ once('foot.html') }}{{ title }}").unwrap();
        engine.add_template("foot.html", "<p>{{ root }}{{ page.kind }}{{ word }}").unwrap();
        engine.add_template("wrong.html", "{{ once('sees.html') }}").unwrap();
        engine.add_template("sees.html", "\n{{ title }}").unwrap();
        let common = Common::new(&BTreeMap::from([("word", "&")]));
        let render = |template: &str, root, title| {
            let page = common.of(Pages { kind: "chapter", root }).chain([(Cow::Borrowed("title"), Value::from(title))]);
            engine.get_template(template).unwrap().render(Named::value(page))
        };
        assert_eq!(render("page.html", "", "A").unwrap(), "<p>chapter&amp;A");
        assert_eq!(render("page.html", "up", "B").unwrap(), "<p>upchapter&amp;B");
        assert_eq!(render("page.html", "up", "C").unwrap(), "<p>upchapter&amp;C");
        assert_eq!(common.rendered.lock().unwrap().len(), 2);
        let error = render("wrong.html", "", "D").unwrap_err();
        assert_eq!((error.name(), error.line()), (Some("sees.html"), Some(2)), "a mistake is reported where it stands");
    }
}
