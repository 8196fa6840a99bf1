//! The rules: names, families and default severities.
//!
//! In: nothing. Out: one [`Rule`] per thing that can be wrong with content. The pages of `planpress explain` stand in
//! `src/diagnostic/explanations/NAME.md`; a test holds that each rule has one and that each has cases both ways.

use super::Severity;

macro_rules! rules {
    ($($variant:ident $name:literal $family:ident $severity:ident $doc:literal,)*) => {
        /// One thing that can be wrong with content.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $doc] $variant,)*
        }

        impl Rule {
            /// Every rule, by family.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The kebab-case name that users see and write.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The family it belongs to.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family,)* }
            }

            /// Its severity where `plan.yaml` says nothing else.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// The page that `planpress explain` shows: Chinese, a line `---`, English.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explanations/", $name, ".md")),)* }
            }
        }
    };
}

rules! {
    InvalidUtf8 "invalid-utf8" Source Error "A file is not UTF-8 text.",
    OversizedFile "oversized-file" Source Error "A file is larger than any chapter or table can be.",
    OversizedText "oversized-text" Source Error "A text that becomes too large once values, tables and titles stand in it.",
    InvalidYaml "invalid-yaml" Source Error "YAML that cannot be read, or a value of the wrong shape.",
    FrontMatter "front-matter" Source Error "A chapter without front matter, or without a title in it.",
    UnknownField "unknown-field" Source Error "A field that planpress does not know.",
    UnlistedFile "unlisted-file" Source Warning "A chapter or annex file that plan.yaml does not list, or a file that nothing uses.",
    RawHtml "raw-html" Source Error "HTML inside Markdown.",
    UnknownDirective "unknown-directive" Source Error "A `:::name` that planpress does not know.",
    UnclosedDirective "unclosed-directive" Source Error "A `:::name` without its closing fence.",
    UnnamedDirective "unnamed-directive" Source Error "A `:::` that opens a directive without a name.",
    UnknownAttribute "unknown-attribute" Source Error "An attribute or argument that planpress does not know.",
    UnclosedCode "unclosed-code" Source Error "A fence of code without its closing fence.",
    UnclosedComment "unclosed-comment" Source Error "A `%%` without its closing `%%`.",
    UnsupportedMarkdown "unsupported-markdown" Source Error "A Markdown construct that a plan cannot contain.",
    UnrecognisedListItem "unrecognised-list-item" Source Error "A line that looks like a list item and is not one.",
    NestedTooDeeply "nested-too-deeply" Source Error "Blocks nested deeper than any plan needs.",
    PrivateUseCharacter "private-use-character" Source Warning "A character without a public meaning.",
    InvalidCondition "invalid-condition" Source Error "A condition that cannot be evaluated.",
    MissingId "missing-id" Address Warning "A heading without an id.",
    ShiftingReference "shifting-reference" Address Warning "A reference to an address that shifts with its position.",
    TypedReference "typed-reference" Address Warning "The number of a clause or an annex where a reference would follow it.",
    InvalidId "invalid-id" Address Error "An id that cannot be part of an address.",
    DuplicateId "duplicate-id" Address Error "One id for two places.",
    UnknownReference "unknown-reference" Address Error "A reference to nothing.",
    ReferenceToAbsentClause "reference-to-absent-clause" Address Error "A reference to a clause that a condition removed, or that was deleted.",
    RepeatedClauseNumber "repeated-clause-number" Address Error "Two clauses with the same number.",
    UnknownFootnote "unknown-footnote" Footnote Error "A footnote mark without a footnote.",
    UnusedFootnote "unused-footnote" Footnote Warning "A footnote without a mark.",
    MissingFile "missing-file" Media Error "A file that the plan names and that does not exist.",
    MissingAlternativeText "missing-alternative-text" Media Error "A picture without a description.",
    UnreadablePicture "unreadable-picture" Media Error "A picture that no browser shows.",
    ActiveContent "active-content" Media Error "An attachment or a picture that could run something.",
    OutsideProject "outside-project" Media Error "A path that leads out of the project.",
    UnknownValue "unknown-value" Data Error "A value, table, field or literal that the data does not have.",
    CyclicValue "cyclic-value" Data Error "A value that refers to itself.",
    SchemaViolation "schema-violation" Data Error "A value that breaks its field's rules.",
    MissingRow "missing-row" Data Warning "A row of one table that another table lacks.",
    MissingColumn "missing-column" Data Warning "A field for which a CSV file has no column.",
    UnusedSynonym "unused-synonym" Data Warning "A group of synonyms that no text uses.",
    NotAString "not-a-string" Data Error "A text that YAML reads as something else.",
    UnreferencedAnnex "unreferenced-annex" Annex Warning "An annex that no clause refers to.",
    AnnexNameMismatch "annex-name-mismatch" Annex Warning "An annex under another name than its own.",
    UnlistedForm "unlisted-form" Annex Warning "A form that the text names and the plan has not.",
    UnlistedLaw "unlisted-law" Law Warning "A law that is cited and not listed.",
    UncitedLaw "uncited-law" Law Warning "A law that is listed and not cited.",
    StaleArticle "stale-article" Law Warning "An article that stands elsewhere in the version in force.",
    Blank "blank" Completeness Warning "A value that nobody has given.",
    UndecidedAlternative "undecided-alternative" Completeness Warning "A condition that cannot be decided yet.",
    EmptyItem "empty-item" Completeness Warning "A clause, a heading or a chapter without a word.",
    LeftoverEllipsis "leftover-ellipsis" Completeness Warning "A sentence that is not finished.",
    LeftoverGuidance "leftover-guidance" Completeness Warning "Words for those who write the plan.",
    BrokenBlank "broken-blank" Completeness Warning "A sentence in which a blank was deleted, or filled in with what the sentence says itself.",
    MissingChapter "missing-chapter" Coverage Warning "A plan without a chapter.",
    UncoveredRequirement "uncovered-requirement" Coverage Warning "A statutory item that no chapter fulfils.",
    MissingSection "missing-section" Coverage Warning "A chapter without a section that it needs.",
    TermVariant "term-variant" Wording Warning "A variant of one of the plan's terms.",
    BracketWidth "bracket-width" Wording Warning "Half-width brackets around Chinese.",
    ConflictingFigure "conflicting-figure" Wording Warning "Figures of one clause that contradict each other.",
    ConflictingName "conflicting-name" Wording Warning "More than one name by which the agency calls itself.",
    VanishedSign "vanished-sign" Wording Warning "A sign of the text that Markdown or YAML took for its own.",
    PrintedMarkup "printed-markup" Wording Warning "Markdown, or a word processor's quotes, where words are printed as they stand.",
    TypedNumber "typed-number" Wording Warning "A number typed before a title or an item that is printed with its own.",
    RepeatedFootnote "repeated-footnote" Wording Warning "Two footnotes that say the same.",
    BrokenRecord "broken-record" Edition Error "A record of an edition that cannot be read.",
    MissingRecord "missing-record" Edition Warning "An edition whose record is gone, although another one follows it.",
    VanishedId "vanished-id" Edition Error "An id of an approved edition that is gone.",
    MissingReason "missing-reason" Edition Warning "A change since the latest edition without a reason.",
    UnusedWaiver "unused-waiver" Plan Warning "A waiver that no longer applies.",
    Theme "theme" Theme Error "A theme file that cannot be used.",
}

/// A family of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// What a file's text may contain.
    Source,
    /// Ids, references and numbers.
    Address,
    /// Footnotes.
    Footnote,
    /// Pictures and attachments.
    Media,
    /// Values, tables and their rules.
    Data,
    /// Annexes and the names by which the text calls them.
    Annex,
    /// Laws that are cited, listed or amended.
    Law,
    /// What is still to be filled in, decided or finished.
    Completeness,
    /// What the law and the guidance say must be there.
    Coverage,
    /// Terms, brackets, figures and names.
    Wording,
    /// Approved editions and what changed since.
    Edition,
    /// The plan's own settings.
    Plan,
    /// Templates, styles and locales.
    Theme,
}

impl Rule {
    /// Whether a finding means that content is missing, that addresses lead to the wrong place, that a reader is in danger, or that there is nothing to
    /// approve. `plan.yaml` can neither lower such a finding nor turn it off.
    #[must_use]
    pub fn is_vital(self) -> bool {
        let addresses =
            matches!(self, Self::InvalidId | Self::DuplicateId | Self::ActiveContent | Self::OutsideProject | Self::BrokenRecord);
        let is_error = self.severity() == Severity::Error && (addresses || matches!(self.family(), Family::Source | Family::Theme));
        is_error || self == Self::MissingChapter
    }

    /// Whether a finding means that a file was not read, or not to its end: nobody knows what it says.
    #[must_use]
    pub fn leaves_out_a_file(self) -> bool {
        let unread = matches!(self, Self::InvalidUtf8 | Self::OversizedFile | Self::OversizedText | Self::OutsideProject);
        unread || matches!(self, Self::InvalidYaml | Self::FrontMatter)
    }

    /// Whether a finding is no more than a warning in a draft and holds back an approval.
    #[must_use]
    pub fn holds_back_approval(self) -> bool {
        let families = matches!(self.family(), Family::Annex | Family::Law | Family::Completeness | Family::Coverage | Family::Wording);
        families || matches!(self, Self::MissingRow | Self::MissingColumn | Self::MissingReason)
    }

    /// Whether a finding forbids an approval, if the plan does not turn it off.
    #[must_use]
    pub fn forbids_approval(self) -> bool {
        self.severity() == Severity::Error || self.holds_back_approval()
    }

    /// The rule with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}
