//! Taking requests and sending answers.
//!
//! In: connections. Out: answers from the pages served now, and streams of events. Each answer is sent from a thread of its own, so that
//! a client that reads slowly or never holds up no other client and no rebuild.

use super::{
    client,
    feed::Feed,
    http::{Answer, Asked, Body, Desk},
    pages::Pages,
};
use crate::diagnostic::Language;
use socket2::SockRef;
use std::{
    io::{self, Write as _},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    panic,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};
use tiny_http::{Method, Request, StatusCode};

/// Answers being sent at the same time, streams of events not counted.
const ANSWERS: usize = 512;
/// A thread that sends an answer needs little.
const STACK: usize = 256 << 10;
/// Files that the process may have open: each connection takes two.
const OPEN_FILES: u64 = 8192;
/// How often it is looked whether the library still takes connections.
const MOMENT: Duration = Duration::from_secs(1);
/// How long a browser keeps a connection that it opened ahead.
const UNUSED: Duration = Duration::from_mins(1);
/// How long after a request the first connection of our own follows.
const SOON: Duration = Duration::from_millis(30);
/// How long apart they come when nobody asks for anything.
const AT_TIMES: Duration = Duration::from_secs(2);
/// How many of them come together at most.
const TOGETHER: u32 = 16;

/// What is served now, and who listens.
#[derive(Debug)]
pub(super) struct Server {
    pages: Mutex<Arc<Pages>>,
    pub(super) feed: Arc<Feed>,
    desk: Desk,
    answers: AtomicUsize,
    /// Set when a thread of the library panicked, which may be the one that takes connections.
    panicked: AtomicBool,
}

impl Server {
    pub(super) fn new(host: &str, language: Language) -> Self {
        Self {
            pages: Mutex::default(),
            feed: Arc::default(),
            desk: Desk { host: host.to_owned(), client: client::Client::new(language) },
            answers: AtomicUsize::new(0),
            panicked: AtomicBool::new(false),
        }
    }

    /// The pages served now.
    pub(super) fn pages(&self) -> Arc<Pages> {
        Arc::clone(&self.pages.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Serves other pages from now on.
    pub(super) fn replace(&self, pages: Arc<Pages>) {
        *self.pages.lock().unwrap_or_else(PoisonError::into_inner) = pages;
    }

    /// Begins to take requests, in the background.
    pub(super) fn start(server: &Arc<Self>, listener: TcpListener) -> io::Result<()> {
        // Without more the first few hundred windows are served all the same.
        let _ = rlimit::increase_nofile_limit(OPEN_FILES);
        let mut address = listener.local_addr()?;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        let (took, requests) = sync_channel(1);
        thread::Builder::new().name("nudge".into()).spawn(move || Self::nudge(address, &requests))?;
        Self::hear_panics(server);
        let server = Arc::clone(server);
        thread::Builder::new().name("requests".into()).spawn(move || server.take_requests(&listener, &took))?;
        Ok(())
    }

    /// The library panics, and takes no more connections, when the system has no file left for the second half of one. That is no fault to
    /// tell anybody of, but a reason to begin again.
    fn hear_panics(server: &Arc<Self>) {
        let (server, others) = (Arc::downgrade(server), panic::take_hook());
        panic::set_hook(Box::new(move |panic| {
            if !panic.location().is_some_and(|place| place.file().contains("tiny_http")) {
                others(panic);
            } else if let Some(server) = server.upgrade() {
                server.panicked.store(true, Ordering::Release);
            }
        }));
    }

    fn take_requests(self: &Arc<Self>, listener: &TcpListener, took: &SyncSender<()>) {
        loop {
            if let Ok(requests) = listener
                .try_clone()
                .map_err(io::Error::other)
                .and_then(|listener| tiny_http::Server::from_listener(listener, None).map_err(|error| io::Error::other(error.to_string())))
            {
                loop {
                    match requests.recv_timeout(MOMENT) {
                        Ok(Some(request)) => {
                            self.dispatch(request);
                            // Full means that it will be nudged anyway.
                            let _ = took.try_send(());
                        }
                        // The library gives up when the system refuses one connection, as it does while too many files are open.
                        Ok(None) if self.panicked.swap(false, Ordering::AcqRel) => break,
                        Ok(None) => {}
                        Err(_) => break,
                    }
                }
                let server = Arc::clone(self);
                let _ = thread::Builder::new()
                    .name("last requests".into())
                    .stack_size(STACK)
                    .spawn(move || server.take_last(&requests));
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Takes what comes over the connections that the library had when it gave up.
    fn take_last(self: &Arc<Self>, requests: &tiny_http::Server) {
        while let Ok(Some(request)) = requests.recv_timeout(UNUSED) {
            self.dispatch(request);
        }
    }

    /// Connects to ourselves soon after a request, and ever less often while there is none. The library can leave connections that came
    /// together in its queue, where each waits until another ends, as ours do at once. More and more of them go together, because in
    /// front of a request may wait clients that say nothing.
    fn nudge(address: SocketAddr, requests: &Receiver<()>) {
        let (mut pause, mut together) = (SOON, 1);
        loop {
            match requests.recv_timeout(pause) {
                Ok(()) => {
                    (pause, together) = (SOON, 1);
                    thread::sleep(SOON);
                    while requests.try_recv().is_ok() {}
                }
                Err(RecvTimeoutError::Timeout) => (pause, together) = ((pause * 2).min(AT_TIMES), (together * 2).min(TOGETHER)),
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
            for connection in (0..together).map_while(connect).collect::<Vec<_>>() {
                // Closed without ceremony it does not occupy its port for a minute. Elsewhere that is a connection refused, after which the
                // library gives up.
                if cfg!(target_os = "linux") {
                    let _ = SockRef::from(&connection).set_linger(Some(Duration::ZERO));
                }
            }
        }
    }

    fn dispatch(self: &Arc<Self>, request: Request) {
        let is_stream = *request.method() == Method::Get && super::http::path(request.url()) == super::http::EVENTS;
        if !is_stream && self.answers.fetch_add(1, Ordering::Relaxed) >= ANSWERS {
            self.answers.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let server = Arc::clone(self);
        let answer = move || {
            // Whoever asked may be gone; there is nobody to tell.
            let _ = server.respond(request);
            if !is_stream {
                server.answers.fetch_sub(1, Ordering::Relaxed);
            }
        };
        let spawned = thread::Builder::new().name("answer".into()).stack_size(STACK).spawn(answer);
        if spawned.is_err() && !is_stream {
            self.answers.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn respond(&self, request: Request) -> io::Result<()> {
        let header = |name: &'static str| {
            let found = request.headers().iter().find(|header| header.field.equiv(name));
            found.map(|header| header.value.as_str().to_owned())
        };
        let (method, url, host, tags) = (request.method().to_string(), request.url().to_owned(), header("Host"), header("If-None-Match"));
        let asked = Asked { method: &method, url: &url, host: host.as_deref(), if_none_match: tags.as_deref() };
        let Answer { status, headers, body } = self.desk.answer(asked, &self.pages());
        let (body, stream) = match body {
            Body::Events if method == "HEAD" => (Vec::new(), None),
            Body::Events => match self.feed.open(shown(&url)) {
                Some(stream) => (Vec::new(), Some(stream)),
                None => return send(request, 503, &[], &[], false).map(drop),
            },
            Body::Empty => (Vec::new(), None),
            Body::Text(text) => (text.into_bytes(), None),
            Body::File(file) => (file.bytes.clone(), None),
            Body::Page(page) => (page.with_client(), None),
        };
        match stream {
            None => send(request, status, &headers, &body, true).map(drop),
            Some(stream) => stream.run(send(request, status, &headers, &[], false)?),
        }
    }
}

/// Sends an answer in one piece, and hands over the connection for what may follow.
///
/// Every connection serves one request. One that stays open would keep one of the library's threads waiting, and the library, when
/// connections come at the same time, can leave one in its queue until a thread is free.
fn send(
    request: Request,
    status: u16,
    headers: &[(&'static str, String)],
    body: &[u8],
    whole: bool,
) -> io::Result<Box<dyn io::Write + Send>> {
    let is_head = *request.method() == Method::Head;
    let mut out = format!("HTTP/1.1 {status} {}\r\nConnection: close\r\n", StatusCode(status).default_reason_phrase()).into_bytes();
    let always = ALWAYS.map(|(name, value)| (name, value.to_owned()));
    for (name, value) in headers.iter().chain(&always) {
        out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    // A length in front lets a browser tell a whole page from one cut short.
    if whole && status != 304 {
        out.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    if !is_head {
        out.extend_from_slice(body);
    }
    let mut writer = request.into_writer();
    writer.write_all(&out)?;
    writer.flush()?;
    Ok(writer)
}

/// The page that a window says it shows: `?page=chapters/scope.html`.
fn shown(url: &str) -> &str {
    url.split_once("?page=").map_or("", |(_, page)| page)
}

/// Headers of every answer: no guessing of media types, and no other site may show or use what is sent.
const ALWAYS: [(&str, &str); 3] =
    [("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Resource-Policy", "same-origin"), ("Referrer-Policy", "no-referrer")];
