/* Where the text is: whole in memory, or in shards of which postings say what they can hold. In: the index. Out: a store, which names the
   most that each page can be worth for some terms, and shows pages, the most promising first, until enough were seen. Nothing is ranked
   here, but the bounds are those of the engine's own formula. */

/**
 * @typedef {[field: number, depth: number, number: string, anchor: string, text: string]} RawEntry
 * @typedef {[path: string, ...entries: RawEntry[]]} RawPage
 * @typedef {{ field: number, number: string, own: string, depth: number, anchor: string, text: string, page: Page, order: number, parent: Entry | null, context?: string }} Entry
 * @typedef {{ path: string, part: string, entries: Entry[] }} Page
 * @typedef {(name: string) => Promise<any>} Load
 * @typedef {{ keys: string, pages: [number, number] }} Map_ the first key of each chunk; how many pages there are, and the bytes of one
 * @typedef {{ all: string, page: (at: number) => Promise<Page>, bounds: (terms: Term[]) => Promise<Float64Array>,
 *   begin: () => void, left: () => number, holds: (term: Term) => Promise<boolean>,
 *   texts: (bounds: Float64Array, above: (seen: number) => number, see: (page: Page) => void) => Promise<void> }} Store
 */

/**
 * @param {ReturnType<typeof planpressWords>} query @param {RawPage[] | null} raw the whole text, or nothing
 * @param {Map_} map of a text in shards @param {Load} load @returns {Store}
 */
// eslint-disable-next-line no-unused-vars
function planpressStore(query, raw, map, load) {
  "use strict";

  const { waysOf, unitsOf, once } = query;
  const chunkBytes = 16_384;
  /** Beside the words and the map. */
  const mostBytes = 370_000;
  /** That one form of a term may need. */
  const mostChunks = 8;
  /** The entries of a page that postings tell from one another. */
  const slots = 64;
  /** How many pages are loaded at once. */
  const wave = 16;
  const mostOfText = 21;

  /** Digits in the order of their codes, six bits each. @param {string} text */
  function digits(text) {
    let at = 0;
    const next = () => {
      const code = text.charCodeAt(at);
      at += 1;
      // No backslash.
      return code - (code > 92 ? 36 : 35);
    };
    const number = () => {
      let [value, shift, part] = [0, 0, 32];
      while (part > 31) {
        part = next();
        value += (part & 31) << shift;
        shift += 5;
      }
      return value;
    };
    return { next, number, more: () => at < text.length };
  }

  /** @param {RawPage} raw @param {number} at its position @returns {Page} */
  function decode([name, ...entries], at) {
    // The title of its part stands behind the path of a page, if there are several parts.
    const [path, part = ""] = name.split("\t");
    const page = /** @type {Page} */ ({ path, part, entries: [] });
    const above = /** @type {Entry[]} */ ([]);
    let order = at * 65_536;
    for (const [field, depth, own, anchor, text] of entries) {
      while (above.length && above[above.length - 1].depth >= depth) above.pop();
      const parent = above[above.length - 1] || null;
      const inside = parent && (!anchor || anchor[0] === ".");
      const address = anchor[0] === "#" ? `${page.entries[0].anchor}.row-${anchor.slice(1)}` : (inside ? parent.anchor : "") + anchor;
      const entry = { field, number: (parent ? parent.number : "") + own, own, depth, anchor: address, text, page, order, parent };
      order += 1;
      page.entries.push(entry);
      if (own && field < 5) above.push(entry);
    }
    return page;
  }

  /** A plan whose whole text is there. @param {RawPage[]} raw @returns {Store} */
  function wholeStore(raw) {
    const pages = raw.map(decode);
    const all = pages.map((page) => page.entries.map((entry) => entry.text).join("\n")).join("\n");
    return {
      all,
      begin() {},
      left: () => 1,
      holds: async (term) => term.any.test(all),
      bounds: async () => new Float64Array(0),
      texts: async (_bounds, _above, see) => pages.forEach(see),
      page: async (at) => pages[at],
    };
  }

  /** A plan whose text is loaded where the postings say that something can be found. @param {Map_} map @returns {Store} */
  function shardedStore(map) {
    /** @type {string[]} */
    const firsts = [];
    for (const [, kind, rest] of map.keys.matchAll(/([,;+])([^,;+]*)/g)) {
      const before = firsts[firsts.length - 1];
      firsts.push(kind === "+" ? before : kind === ";" ? before[0] + rest : rest);
    }
    const [size, pageBytes] = map.pages;
    const top = size * slots;
    /** What the question has read, whether it was there already or not: the same question always reads the same. @type {Set<string>} */
    const used = new Set();
    let left = mostBytes;

    const loaded = once(load);
    /** @param {string} name @param {number} bytes */
    function script(name, bytes) {
      if (!used.has(name)) left -= bytes;
      used.add(name);
      return loaded(name);
    }

    /** @param {string} piece @param {Uint8Array} into */
    function unpack(piece, into) {
      const { next, number, more } = digits(piece.slice(1));
      let page = number();
      for (;;) {
        const byEntry = piece[0] === "e";
        const slot = page * slots + (byEntry ? next() : 0);
        const worth = next();
        for (let at = slot; at < slot + (byEntry ? 1 : slots); at += 1) if (into[at] < worth) into[at] = worth;
        if (into[top + page] < worth) into[top + page] = worth;
        if (!more()) return;
        page += piece[0] === "d" ? 1 : number();
      }
    }

    /** The keys of one or two units with their variants, and the chunks that hold them; a star after them is for every key that begins so. */
    const chunksOf = once((/** @type {string} */ name) => {
      const open = name.endsWith("*");
      const keys = name.replace("*", "").split(" ").map((unit) => unit.length > 1 ? [unit] : waysOf(unit))
        .reduce((keys, ways) => keys.flatMap((key) => ways.map((unit) => key + unit)), [""]);
      const before = (/** @type {string} */ key) => firsts.filter((first) => first < key).length;
      /** @type {Set<number>} */
      const chunks = new Set();
      for (const key of keys) {
        const low = Math.max(0, before(key) - 1);
        const high = Math.min(Math.max(low + 1, before(key + (open ? "\uffff" : "\0"))), low + mostChunks);
        for (let at = low; at < high; at += 1) chunks.add(at);
      }
      return { keys, open, chunks: [...chunks] };
    });

    /** What these keys can be worth in each slot: an entry of a page; and behind all slots, on each page. @param {string} name */
    async function worth(name) {
      const { keys, open, chunks } = chunksOf(name);
      const into = new Uint8Array(top + size);
      for (const chunk of await Promise.all(chunks.map((at) => script(`i${at}`, chunkBytes)))) {
        for (const key of open ? Object.keys(chunk).filter((key) => key.startsWith(keys[0])) : keys) for (const piece of chunk[key]?.split(" ") || []) unpack(piece, into);
      }
      return into;
    }

    /** The same for what two units side by side, or one alone, are worth in a form: the rare ones, which cost least. @param {string} text */
    async function worthsOf(text) {
      const units = unitsOf(text);
      const words = units.map((unit) => /[\p{L}\p{N}]/u.test(unit));
      const names = units.flatMap((unit, at) => {
        const name = words[at + 1] ? `${unit} ${units[at + 1]}` : unit;
        const last = units.length - (words[at + 1] ? 2 : 1);
        if (!words[at] || (name === unit && words[at - 1])) return [];
        return [name + (at === last && /^[a-z]{3}/.test(units[units.length - 1]) ? "*" : "")];
      }).sort((a, b) => chunksOf(a).chunks.length - chunksOf(b).chunks.length);
      // Claimed before they are there, so that nobody else spends the same bytes.
      const worths = [];
      let spent = 0;
      for (const name of names) {
        spent += chunksOf(name).chunks.length;
        if (worths.length ? spent > mostChunks || left < mostBytes / 2 : left < chunkBytes * 2) break;
        worths.push(worthOf(name));
      }
      return Promise.all(worths);
    }

    /** @param {Term} term */
    async function bounded(term) {
      const bounds = new Float32Array(top + size);
      const [equal, ...forms] = await Promise.all([worthOf(`=${unitsOf(term.typed).join("")}`), ...term.forms.map((form) => worthsOf(form.text))]);
      forms.forEach((worths, at) => {
        for (let page = 0; page < size; page += 1) {
          if (!worths.length || !worths.every((worth) => worth[top + page])) continue;
          for (let slot = page * slots; slot < (page + 1) * slots; slot += 1) {
            // No more than the least of what its parts can.
            let least = 63;
            for (const worth of worths) if (worth[slot] < least) least = worth[slot];
            if (!least) continue;
            // More than the text alone is ever worth stands in a heading, which may begin or end with the form.
            const extra = !at && equal[slot] ? 60 : least > mostOfText ? 15 : 0;
            bounds[slot] = Math.max(bounds[slot], (term.weight * least + extra) * (at ? 0.9 : 1));
            bounds[top + page] = Math.max(bounds[top + page], bounds[slot]);
          }
        }
      });
      return bounds;
    }

    /** What the question has worked out: much, so that it is kept no longer. */
    let [worthOf, boundsOf] = [once(worth), once(bounded)];

    const page = async (/** @type {number} */ at) => {
      const [more, ...first] = await script(`t${at}`, pageBytes);
      const rest = await Promise.all([...Array(more).keys()].map((piece) => loaded(`t${at}-${piece + 1}`)));
      return decode([...first, ...rest.flat()], at);
    };

    return {
      all: "",
      holds: async (term) => {
        for (const form of term.forms) {
          const worths = await worthsOf(form.text);
          const both = (/** @type {number} */ at) => worths.every((worth) => worth[at]);
          for (let page = 0; worths.length && page < size; page += 1) {
            if (both(top + page)) for (let slot = page * slots; slot < (page + 1) * slots; slot += 1) if (both(slot)) return true;
          }
        }
        return false;
      },
      begin() {
        used.clear();
        left = mostBytes;
        [worthOf, boundsOf] = [once(worth), once(bounded)];
      },
      left: () => left,
      page,
      bounds: async (all) => {
        const each = await Promise.all(all.map((term) => boundsOf(term)));
        const bounds = new Float64Array(size);
        for (let page = 0; page < size; page += 1) {
          if (!each.every((own) => own[top + page])) continue;
          /** Whether each term was met before: what is not in the entry may stand in what it belongs to. */
          const met = all.map(() => false);
          for (let slot = page * slots; slot < (page + 1) * slots; slot += 1) {
            let [sum, hits, all_] = [0, 0, true];
            for (let at = 0; at < each.length; at += 1) {
              const bound = each[at][slot];
              if (bound) {
                met[at] = true;
                hits += 1;
              }
              all_ &&= met[at];
              sum += bound || all[at].weight * 2;
            }
            if (hits && all_) bounds[page] = Math.max(bounds[page], hits > 1 ? sum * 1.5 : sum);
          }
        }
        return bounds;
      },
      texts: async (bounds, above, see) => {
        let queue = [...bounds.keys()].filter((page) => bounds[page]).sort((a, b) => bounds[b] - bounds[a] || a - b);
        for (let seen = 0; ;) {
          const least = above(seen);
          queue = queue.filter((page) => bounds[page] > least);
          const next = queue.splice(0, Math.min(wave, Math.floor(left / pageBytes)));
          if (!next.length) return;
          seen += next.length;
          (await Promise.all(next.map(page))).forEach(see);
        }
      },
    };
  }

  return raw ? wholeStore(raw) : shardedStore(map);
}
