// The stream of events from the preview server. It is closed while the window is hidden, because a browser opens at most six connections
// to one server, and opened again when it is seen; whoever listens is told, since anything may have happened in between.

const address = "/_planpress/events?page=";

/** Listens for changes, those of the page shown first of all. `listeners` has a function for each event, one named `open` for each time the stream begins, and `lost` for when it ends. */
export function listen(page, listeners) {
  let source = null;
  let again = 0;

  function connect() {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource(address + page);
    source.addEventListener("open", () => listeners.open());
    source.addEventListener("error", () => {
      listeners.lost();
      // The browser tries again by itself unless it has given up.
      if (source?.readyState !== EventSource.CLOSED) return;
      disconnect();
      again = setTimeout(connect, 1000);
    });
    for (const name of ["page", "reload", "diagnostics", "open-points"]) {
      source.addEventListener(name, (event) => listeners[name](JSON.parse(event.data)));
    }
  }

  function disconnect() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
}
