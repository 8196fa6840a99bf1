//! Forms as HTML.
//!
//! In: a grid of fields or a row of signatures. Out: boxes that a pen can fill; their size is the theme's.

use super::{body::Body, html::escape};
use crate::document::{Field, Fields, Runs};

impl Body<'_> {
    pub(super) fn fields(&mut self, fields: &Fields<'_>) {
        self.out.push_str(&format!("<div class=\"fields columns-{}\">\n", fields.columns));
        fields.fields.iter().for_each(|field| self.field(&field));
        self.out.push_str("</div>\n");
    }

    fn field(&mut self, field: &Field<'_>) {
        match field.rows {
            1 => self.out.push_str("<div class=\"field\">"),
            rows => self.out.push_str(&format!("<div class=\"field rows-{rows}\">")),
        }
        self.out.push_str("<div class=\"label\">");
        self.inlines(field.label);
        self.out.push_str("</div><div class=\"entry\">");
        self.inlines(field.preprinted);
        if !field.choices.is_empty() {
            self.out.push_str("<ul class=\"choices\">");
            for choice in field.choices {
                self.out.push_str("<li>");
                self.inlines(choice);
                self.out.push_str("</li>");
            }
            self.out.push_str("</ul>");
        }
        self.out.push_str("</div></div>\n");
    }

    pub(super) fn signature(&mut self, roles: Runs<'_>) {
        self.out.push_str("<div class=\"signatures\">\n");
        for role in roles {
            self.out.push_str("<div class=\"signature\"><p class=\"role\">");
            self.inlines(role);
            self.out.push_str("</p>");
            for (class, term) in [("seal", "signature_seal"), ("date", "signature_date")] {
                self.out.push_str(&format!("<p class=\"{class}\">"));
                escape(&mut self.out, self.renderer.plan.term(term));
                self.out.push_str("</p>");
            }
            self.out.push_str("</div>\n");
        }
        self.out.push_str("</div>\n");
    }
}
