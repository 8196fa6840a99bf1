/* Where the text is: whole in memory, or in shards of which postings say what they can hold. In: the index. Out: a store, which names the
   most that each page can be worth for some terms, and shows pages, the most promising first, until enough were seen. Nothing is ranked
   here, but the bounds are those of the engine's own formula. */

/**
 * @typedef {[field: number, depth: number, number: string, anchor: string, text: string]} RawEntry
 * @typedef {[path: string, ...entries: RawEntry[]]} RawPage
 * @typedef {{ field: number, number: string, own: string, depth: number, anchor: string, text: string, page: Page, order: number, parent: Entry | null, context?: string }} Entry
 * @typedef {{ path: string, part: string, entries: Entry[] }} Page
 * @typedef {(name: string) => Promise<any>} Load
 * @typedef {{ all: string, page: (at: number) => Promise<Page>, bounds: (terms: Term[]) => Promise<Float64Array>,
 *   begin: () => void, left: () => number, holds: (term: Term) => Promise<boolean>,
 *   texts: (bounds: Float64Array, enough: (next: number, seen: number) => boolean, see: (page: Page) => void) => Promise<void> }} Store
 */

/**
 * @param {ReturnType<typeof planpressWords>} query @param {RawPage[] | null} raw the whole text, or nothing
 * @param {{ keys: string, shards: [number, number, string] }} map of a text in shards @param {Load} load @returns {Store}
 */
// eslint-disable-next-line no-unused-vars
function planpressStore(query, raw, map, load) {
  "use strict";

  const { variants, unitsOf, once } = query;
  const chunkBytes = 16_384;
  const mostBytes = 260_000;
  /** How many pages are loaded at once. */
  const wave = 16;
  const mostOfText = 21;

  /** @param {RawPage[]} pieces of one page @param {number} at its position @returns {Page} */
  function decode(pieces, at) {
    // The title of its part stands behind the path of a page, if there are several parts.
    const [path, part = ""] = pieces[0][0].split("\t");
    const page = /** @type {Page} */ ({ path, part, entries: [] });
    const above = /** @type {Entry[]} */ ([]);
    let order = at * 65_536;
    for (const [field, depth, own, anchor, text] of pieces.flatMap(([, ...entries]) => entries)) {
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
    const pages = raw.map((page, at) => decode([page], at));
    const all = pages.map((page) => page.entries.map((entry) => entry.text).join("\n")).join("\n");
    return {
      all,
      begin() {},
      left: () => 1,
      holds: async (term) => term.any.test(all),
      bounds: async () => new Float64Array(0),
      texts: async (_bounds, _enough, see) => pages.forEach(see),
      page: async (at) => pages[at],
    };
  }

  /** A plan whose text is loaded where the postings say that something can be found. @param {{ keys: string, shards: [number, number, string] }} map @returns {Store} */
  function shardedStore(map) {
    /** @type {string[]} */
    const firsts = [];
    for (const part of map.keys.match(/[,;][^,;]*/g) || []) firsts.push((part[0] === ";" ? firsts[firsts.length - 1][0] : "") + part.slice(1));
    /** The six bits of a digit: characters in the order of their codes, without the backslash. @param {string} text @param {number} at */
    const digit = (text, at) => text.charCodeAt(at) - (text[at] > "\\" ? 36 : 35);
    const [count, shardBytes, begunBy] = map.shards;
    /** How many pages each shard begins. */
    const begun = [...begunBy].flatMap((pair) => [digit(pair, 0) >> 3, digit(pair, 0) & 7]).slice(0, count);
    /** @type {number[]} for each page its first shard */
    const shardOf = [];
    begun.forEach((pages, shard) => { for (let at = 0; at < pages; at += 1) shardOf.push(shard); });
    const size = shardOf.length;
    let read = 0;

    const script = once(load);

    /** @param {string} piece @param {Uint8Array} into */
    function unpack(piece, into) {
      let at = 0;
      const next = () => {
        at += 1;
        return digit(piece, at);
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
      let page = number();
      for (;;) {
        into[page] = Math.max(into[page], next());
        if (at + 1 >= piece.length) return;
        page += piece[0] === "d" ? 1 : number();
      }
    }

    /** What a key can be worth on each page; with `open` every key that begins with it. @param {string} key @param {boolean} open @param {Uint8Array} into */
    async function posting(key, open, into) {
      const end = open ? key + "\uffff" : key;
      const before = (/** @type {string} */ key) => firsts.filter((first) => first < key).length;
      const low = Math.max(0, before(key) - 1);
      const high = Math.min(Math.max(low + 1, before(end + "\0")), low + 5);
      read += (high - low) * chunkBytes;
      const chunks = await Promise.all(firsts.slice(low, high).map((_, at) => script(`i${low + at}`)));
      for (const keys of chunks) {
        if (open) Object.keys(keys).filter((other) => other.startsWith(key)).forEach((other) => unpack(keys[other], into));
        else if (key in keys) unpack(keys[key], into);
      }
    }

    /** The same for one or two units with their variants; a star after them is for `open`. */
    const worthOf = once((/** @type {string} */ name) => {
      const keys = name.replace("*", "").split(" ").map((unit) => unit.length > 1 ? [unit] : [...variants.get(unit) || unit])
        .reduce((keys, ways) => keys.flatMap((key) => ways.map((unit) => key + unit)), [""]);
      const into = new Uint8Array(size);
      return Promise.all(keys.map((key) => posting(key, name.endsWith("*"), into))).then(() => into);
    });

    /** What a form can be worth: no more than the least of what its neighbouring units can. @param {string} text */
    async function formWorth(text) {
      const units = unitsOf(text);
      const words = units.map((unit) => /[\p{L}\p{N}]/u.test(unit));
      const keys = units.flatMap((unit, at) => {
        const name = words[at + 1] ? `${unit} ${units[at + 1]}` : unit;
        const last = units.length - (words[at + 1] ? 2 : 1);
        if (!words[at] || (name === unit && words[at - 1])) return [];
        return [worthOf(name + (at === last && /^[a-z]{3}/.test(units[units.length - 1]) ? "*" : ""))];
      });
      const each = await Promise.all(keys);
      return each.length ? each.reduce((least, worths) => least.map((worth, page) => Math.min(worth, worths[page]))) : new Uint8Array(size);
    }

    /** @param {Term} term */
    async function termBounds(term) {
      const bounds = new Float64Array(size);
      const [equal, ...forms] = await Promise.all([term.weight > 1 ? worthOf(`=${unitsOf(term.typed).join("")}`) : [], ...term.forms.map((form) => formWorth(form.text))]);
      // More than the text alone is ever worth stands in a heading, which may begin or end with the form.
      forms.forEach((form, at) => form.forEach((least, page) => {
        const extra = !at && equal[page] ? 60 : least > mostOfText ? 15 : 0;
        if (least) bounds[page] = Math.max(bounds[page], (term.weight * least + extra) * (at ? 0.9 : 1));
      }));
      return bounds;
    }

    const decoded = once(async (/** @type {number} */ at) => {
      const shards = [shardOf[at]];
      while (begun[shards[shards.length - 1] + 1] === 0) shards.push(shards[shards.length - 1] + 1);
      const [own, ...rest] = await Promise.all(shards.map((shard) => script(`t${shard}`)));
      return decode([own[at - shardOf.indexOf(shardOf[at])], ...rest.map(([piece]) => piece)], at);
    });

    /** Counted each time, so that the same query always reads the same. @param {number} at */
    const page = (at) => {
      read += shardBytes;
      return decoded(at);
    };

    return {
      all: "",
      holds: async (term) => {
        for (const form of term.forms) if ((await formWorth(form.text)).some(Boolean)) return true;
        return false;
      },
      begin() { read = 0; },
      left: () => mostBytes - read,
      page,
      bounds: async (all) => {
        const each = await Promise.all(all.map(termBounds));
        const most = all.length > 1 ? 1.5 : 1;
        return each[0].map((_, page) => each.every((bounds) => bounds[page]) ? each.reduce((sum, bounds) => sum + bounds[page], 0) * most : 0);
      },
      texts: async (bounds, enough, see) => {
        const candidates = [...bounds.keys()].filter((page) => bounds[page]).sort((a, b) => bounds[b] - bounds[a] || a - b);
        for (let at = 0; at < candidates.length; at += wave) {
          if (enough(bounds[candidates[at]], at) || read > mostBytes) return;
          (await Promise.all(candidates.slice(at, at + wave).map(page))).forEach(see);
        }
      },
    };
  }

  return raw ? wholeStore(raw) : shardedStore(map);
}
