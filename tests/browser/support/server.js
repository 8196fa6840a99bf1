// A folder served over plain HTTP, with the headers that the README gives for IIS and nginx.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".pdf": "application/pdf" };

/** Serves a folder below `prefix`. `asked` lists what was asked for and not there; `close` ends it. */
export async function serve(directory, prefix = "/") {
  const asked = [];
  const server = createServer((request, response) => {
    const address = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const inside = address.startsWith(prefix) ? path.normalize("/" + address.slice(prefix.length)) : "";
    const file = path.join(directory, inside.endsWith("/") ? inside + "index.html" : inside);
    if (!inside || !existsSync(file) || !statSync(file).isFile()) {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not there");
      return;
    }
    response.writeHead(200, {
      "Content-Type": types[path.extname(file)] || "application/octet-stream",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "frame-ancestors 'self'",
      "Cache-Control": inside.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    asked,
    port: server.address().port,
    /** The address of a page under a name of this machine. */
    url: (page, host = "127.0.0.1") => `http://${host}:${server.address().port}${prefix}${page}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
