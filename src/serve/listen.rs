//! Finding a port.
//!
//! In: a host and a port. Out: a listener whose connections send at once and do not wait for ever, or an error that names a port that is
//! free. Nothing is accepted here.

use socket2::SockRef;
use std::{
    io,
    net::{TcpListener, ToSocketAddrs},
    time::Duration,
};

/// How long a client may leave what it asked for unread.
const UNREAD: Duration = Duration::from_secs(10);
/// How many ports are tried before none is named.
const TRIES: u16 = 50;

/// Why nobody can be listened to.
#[derive(Debug)]
pub struct BindError {
    /// The system's reason; a name that no machine has is not found.
    pub error: io::Error,
    /// The next port that is free, when the port is in use.
    pub free: Option<u16>,
}

/// Listens on a host's port; port 0 is any that is free.
///
/// # Errors
/// When the name is not this machine's, or the port is in use or not allowed.
pub fn bind(host: &str, port: u16) -> Result<TcpListener, BindError> {
    // IPv6 addresses stand in brackets where a port follows.
    let host = host.trim_matches(['[', ']']);
    let addresses = (host, port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    let addresses = addresses.map_err(|_| BindError { error: io::ErrorKind::NotFound.into(), free: None })?;
    let listener = TcpListener::bind(&addresses[..]).map_err(|error| {
        let in_use = error.kind() == io::ErrorKind::AddrInUse;
        BindError { error, free: in_use.then(|| next_free(host, port)).flatten() }
    })?;
    // Connections inherit both. Where they do not, a preview is a little slower, no more.
    let socket = SockRef::from(&listener);
    let _ = socket.set_tcp_nodelay(true);
    let _ = socket.set_write_timeout(Some(UNREAD));
    Ok(listener)
}

fn next_free(host: &str, port: u16) -> Option<u16> {
    let after = port.checked_add(1)?;
    (after..=after.saturating_add(TRIES)).find(|port| {
        let address = (host, *port).to_socket_addrs().ok().and_then(|mut all| all.next());
        address.is_some_and(|address| TcpListener::bind(address).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_refused_with_one_that_is_free() {
        let first = bind("127.0.0.1", 0).unwrap();
        let port = first.local_addr().unwrap().port();
        let refused = bind("127.0.0.1", port).unwrap_err();
        assert_eq!(refused.error.kind(), io::ErrorKind::AddrInUse);
        let free = refused.free.unwrap();
        assert!(free > port && bind("127.0.0.1", free).is_ok());
    }

    #[test]
    fn connections_inherit_what_the_listener_has() {
        let listener = bind("127.0.0.1", 0).unwrap();
        let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (connection, _) = listener.accept().unwrap();
        assert!(connection.nodelay().unwrap());
        assert_eq!(connection.write_timeout().unwrap(), Some(UNREAD));
    }
}
