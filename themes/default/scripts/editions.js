/* Addresses of older editions. A page that is opened with ?edition=1.0, or with an address that it does not have, asks editions/1.0.js
   where the clause of that edition stands now, goes there and says so, or says that its words were amended since. That file is a script that calls one function, because a page over
   file:// may load nothing else. */
(function () {
  "use strict";

  const words = document.body.dataset;
  const older = words.editions ? words.editions.split(" ") : [];
  const asked = new URLSearchParams(location.search);
  const anchor = (hash) => { try { return decodeURIComponent(hash.slice(1)); } catch { return hash.slice(1); } };

  /* ---- The maps of older editions ---- */

  const maps = new Map();
  const waiting = new Map();
  window.planpressEdition = (number, clauses) => { maps.set(number, new Map(Object.entries(clauses))); };

  function load(number) {
    if (!waiting.has(number)) {
      waiting.set(number, new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = words.root + "editions/" + encodeURIComponent(number) + ".js";
        script.onload = script.onerror = () => resolve(maps.get(number));
        document.head.append(script);
      }));
    }
    return waiting.get(number);
  }

  /* ---- What is said ---- */

  let note = null;
  /* `tables` are the amendment tables to be seen, each with what its link says. */
  function say(message, tables) {
    if (note) note.remove();
    note = document.createElement("div");
    note.className = "edition-note";
    const text = document.createElement("p");
    text.setAttribute("role", "status");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    const content = document.getElementById("_content");
    close.addEventListener("click", () => {
      note.remove();
      note = null;
      // Whoever closes it with the keyboard goes on reading.
      content.focus({ preventScroll: true });
    });
    note.append(text, close);
    content.append(note);
    // Only what comes into a status that stands already is read out.
    requestAnimationFrame(() => {
      text.textContent = message;
      for (const [table, name] of tables) {
        const link = document.createElement("a");
        link.href = words.root + table;
        link.textContent = name;
        text.append(" ", link);
      }
    });
  }

  /* The last part of an entry names the tables that gave the clause other words: editions, and "draft" for what is not approved yet.
     Of a clause of which only the number is kept there is no number now. */
  function tell(number, [page, before, now, amended = []]) {
    const of = (sentence) => sentence.replace("{n}", number).replace("{title}", before);
    if (page === null) return say(of(words.editionGone), [[now, words.editionTable]]);
    if (now === null) return say(of(words.editionGone), [[`editions/${encodeURIComponent(amended[0])}.html`, words.editionTable]]);
    const named = (edition) => edition === "draft" ? words.editionDraft : words.editionName.replace("{n}", edition);
    const editions = amended.filter((edition) => edition !== "draft").map(named);
    const moved = before !== now || !amended.length;
    const said = [moved ? of(words.editionMoved).replace("{text}", now) : of(words.editionOf)];
    if (editions.length) said.push(words.editionAmended.replace("{text}", editions.join(words.editionSeparator)));
    if (editions.length < amended.length) said.push(words.editionChanged);
    say(said.join(""), amended.map((edition) => [`editions/${encodeURIComponent(edition)}.html`, (amended.length > 1 ? named(edition) + " " : "") + words.editionTable]));
  }

  /* ---- Going there ---- */

  /* Where this page has led: its address names an older edition until the reader goes on from there. */
  let arrived = null;

  /* `from` is kept in the address, so that coming back or reloading finds the clause where it is then. */
  function go(number, id, entry) {
    // A deleted clause stands nowhere: what has its address now is another one.
    const [path, target] = entry[0] === null ? ["", ""] : entry[0].split("#");
    const asking = new URLSearchParams(location.search);
    asking.set("edition", number);
    asking.set("from", id);
    const there = new URL(words.root + path, location.href);
    const isHere = !path || there.pathname === location.pathname || document.body.classList.contains("page-print") && document.getElementById(target);
    if (!isHere) return location.replace(there.href + "?" + asking + "#" + encodeURIComponent(target));
    arrived = target;
    rewrite("?" + asking + location.hash);
    location.replace("#" + encodeURIComponent(target));
    tell(number, entry);
  }

  function rewrite(address) {
    try { history.replaceState(null, "", address); } catch { /* an address that cannot be changed still leads here */ }
  }

  async function arrive() {
    const id = anchor(location.hash), number = asked.get("edition"), from = asked.get("from");
    arrived = id;
    if (number === null || !older.includes(number)) {
      // Whoever was given it takes what stands here for that edition's words.
      const isUnknown = number && number !== words.edition;
      return await lost(id) || isUnknown && say(words.editionUnknown, [["editions/index.html", words.editionHistory]]);
    }
    const clauses = await load(number);
    const entry = clauses && clauses.get(from === null ? id : from);
    if (!entry) return lost(id);
    return go(number, from === null ? id : from, entry);
  }

  /* An address that names no edition and nothing on this page may be that of any edition; the newest that knows it counts. Returns whether one does. */
  async function lost(id) {
    if (!id || id.startsWith("_") || document.getElementById(id)) return false;
    for (const number of older) {
      const clauses = await load(number);
      if (clauses && clauses.has(id)) {
        go(number, id, clauses.get(id));
        return true;
      }
    }
    return false;
  }

  window.addEventListener("hashchange", () => {
    const id = anchor(location.hash);
    if (id === arrived) return;
    arrived = null;
    const asking = new URLSearchParams(location.search);
    if (asking.has("edition")) {
      asking.delete("edition");
      asking.delete("from");
      rewrite((asking.size ? "?" + asking : location.pathname) + location.hash);
    }
    if (note) note.remove();
    note = null;
    lost(id);
  });
  arrive();
})();
