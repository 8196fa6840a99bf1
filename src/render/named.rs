//! Values that templates find by name.
//!
//! In: names and values. Out: [`Named`], one value whose attributes they are. The template engine's own maps compare values of any kind;
//! a page asks for some two hundred words, and here a name is hashed once.

use minijinja::value::{Enumerator, Object, Serde, Value};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::{borrow::Cow, sync::Arc};

/// Values by name.
#[derive(Debug)]
pub(super) struct Named(FxHashMap<Cow<'static, str>, Value>);

impl Named {
    /// One value that has all these as attributes; of two with one name the later counts.
    pub(super) fn value<N: Into<Cow<'static, str>>>(values: impl IntoIterator<Item = (N, Value)>) -> Value {
        Value::from_object(Self(values.into_iter().map(|(name, value)| (name.into(), value)).collect()))
    }
}

/// The fields of a view, each by its name.
pub(super) fn fields(view: &impl Serialize) -> impl Iterator<Item = (Cow<'static, str>, Value)> {
    let view = Value::from(Serde(view));
    let names: Vec<Value> = view.try_iter().into_iter().flatten().collect();
    names.into_iter().map(move |name| (Cow::Owned(name.to_string()), view.get_item(&name).unwrap_or_default()))
}

impl Object for Named {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut names: Vec<&str> = self.0.keys().map(AsRef::as_ref).collect();
        names.sort_unstable();
        Enumerator::Values(names.into_iter().map(Value::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_find_values_by_name_and_see_them_in_order() {
        let context = Named::value([("b", Value::from("two")), ("a", Value::from("one"))]);
        let render = |source: &str| {
            let mut engine = minijinja::Environment::new();
            engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
            engine.render_str(source, minijinja::context! { t => context.clone() }).map_err(|error| error.kind())
        };
        assert_eq!(render("{{ t.a }} {{ t['b'] }} {% for name in t %}{{ name }}{% endfor %}"), Ok("one two ab".into()));
        assert_eq!(render("{{ t.c }}"), Err(minijinja::ErrorKind::UndefinedError));
    }
}
