//! The preview server.
//!
//! In: a project and a port to listen on. Out: its website over HTTP, kept up to date while files change, and an account of each rebuild
//! for whoever started it. It is the same compile as everywhere; nothing is written to disk and nothing is printed here.

mod cause;
mod client;
mod connection;
mod feed;
mod folder;
mod http;
mod interrupt;
mod listen;
mod open_points;
mod pages;
mod pending;
mod poll;
mod rebuild;
mod scope;
mod successor;
mod watch;

pub use cause::Cause;
pub use listen::{BindError, bind};
pub use rebuild::{Outcome, Rebuild};

use crate::{diagnostic::Language, render::View, source::Project};
use connection::Server;
use std::{io, net::TcpListener, path::PathBuf, sync::Arc};

/// What to serve, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The project.
    pub project: Project,
    /// Who looks.
    pub view: View,
    /// The editor's language.
    pub language: Language,
    /// Whether to look at the files again and again, for folders that send no events.
    pub poll: bool,
    /// The name under which the server listens.
    pub host: String,
}

/// Serves a project until the process ends, and tells of every rebuild, the first one included.
///
/// # Errors
/// When no connections can be taken.
pub fn serve(listener: TcpListener, options: &Options, tell: &mut dyn FnMut(&Rebuild<'_>)) -> io::Result<()> {
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    // The system tells of changes by absolute paths.
    let project = Project { root: absolute(options.project.root.clone()), overlay: options.project.overlay.clone().map(absolute) };
    // From here on nothing that changes is missed.
    let mut watch = watch::Watch::new(&project, options.poll);
    let server = Arc::new(Server::new(&options.host, options.language));
    let mut rebuilder = rebuild::Rebuilder::new(project, options.view, options.language, watch.polls());
    rebuilder.first(&server, tell);
    Server::start(&server, listener)?;
    while let Some(changed) = watch.next(rebuilder.is_unfinished()) {
        rebuilder.again(&changed, &mut watch, &server, tell);
    }
    Ok(())
}
