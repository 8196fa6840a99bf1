//! The shape of `plan.yaml` on disk.
//!
//! In: YAML. Out: [`PlanFile`], every key optional, because an overlay's file holds only what differs. Nothing is checked here.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Every field name of `plan.yaml`, for did-you-mean; those below another field behind a dot.
pub(super) const FIELDS: &[&str] = &[
    "title",
    "language",
    "document",
    "document.number",
    "document.classification",
    "document.classifications",
    "numbering",
    "theme",
    "contents_depth",
    "chapters",
    "annexes",
    "parts",
    "checks",
    "waivers",
    "rule",
    "at",
    "reason",
];

#[derive(Debug, Default, Deserialize)]
pub(super) struct PlanFile {
    pub title: Option<String>,
    pub language: Option<String>,
    pub document: Option<DocumentFile>,
    pub numbering: Option<Vec<String>>,
    pub theme: Option<String>,
    pub contents_depth: Option<u8>,
    pub chapters: Option<Vec<String>>,
    pub annexes: Option<Vec<String>>,
    pub parts: Option<Vec<PartFile>>,
    pub checks: Option<BTreeMap<String, String>>,
    pub waivers: Option<Vec<WaiverFile>>,
}

impl PlanFile {
    /// Whether the file has a list of this name at its top.
    pub(super) fn has(&self, key: &str) -> bool {
        match key {
            "chapters" => self.chapters.is_some(),
            "annexes" => self.annexes.is_some(),
            _ => false,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct DocumentFile {
    pub number: Option<String>,
    pub classification: Option<String>,
    pub classifications: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct PartFile {
    pub title: Option<String>,
    #[serde(default)]
    pub chapters: Vec<String>,
    #[serde(default)]
    pub annexes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct WaiverFile {
    pub rule: String,
    pub at: String,
    pub reason: String,
}
