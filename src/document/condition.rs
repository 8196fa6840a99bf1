//! Conditions as written: `agency.level == 'C' and agency.core_systems`.
//!
//! In: nothing. Out: the expression tree that `parse` builds and `resolve` decides. Whether a path exists is not known here.

use crate::diagnostic::Span;

/// A condition and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What it says.
    pub expression: Expression,
    /// Where it is written.
    pub span: Span,
}

/// A dotted path and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The path as written.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

/// A literal and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: serde_yaml::Value,
    /// Where it is written.
    pub span: Span,
}

/// How two things are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// An expression that is true, false or not yet known.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A boolean field by itself.
    Field(Path),
    /// A field compared with a literal.
    Compare(Path, Comparison, Literal),
    /// A field among literals; `true` for `not in`.
    Among(Path, Vec<Literal>, bool),
    /// `not`
    Not(Box<Expression>),
    /// `and`
    And(Box<Expression>, Box<Expression>),
    /// `or`
    Or(Box<Expression>, Box<Expression>),
}
