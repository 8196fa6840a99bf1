/* Where the text of a large plan is: in shards, of which postings say what they can hold. In: the index's map. Out: a store, which names the
   most that each page can be worth for some terms, and shows pages, the most promising first, until enough were seen. Nothing is ranked
   here, but the bounds are those of the engine's own formula. */

/**
 * @typedef {{ keys: string, pages: [number, number] }} Map_ the first key of each chunk; how many pages there are, and the bytes of one
 */

/** @param {ReturnType<typeof planpressWords>} query @param {Map_} map @param {Load} load @returns {Store} */
// eslint-disable-next-line no-unused-vars
function planpressShards(query, map, load) {
  const { word, all, waysOf, unitsOf, once } = query;
  const chunkBytes = 16_384;
  /** Beside the words and the map. */
  const mostBytes = 370_000;
  /** What only the first key of a form may use. */
  const kept = mostBytes / 2;
  /** That one form of a term may need. */
  const mostChunks = 8;
  /** The entries of a page that postings tell from one another. */
  const slots = 64;
  /** How many pages are loaded at once. */
  const wave = 10;
  const mostOfText = 21;

  let before = "";
  /** The first key of each chunk: how many characters are those of the key before, and the others. */
  const firsts = map.keys.split(" ").map((part) => before = before.slice(0, +part[0]) + part.slice(1));
  const [size, pageBytes] = map.pages;
  const top = size * slots;
  const pages = [...Array(size).keys()];
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

  /** What reading a key costs that was not read yet. @param {{ chunks: number[] }} name */
  const costOf = ({ chunks }) => chunks.filter((at) => !used.has(`i${at}`)).length * chunkBytes;

  /** Digits are six bits each, the lowest of their codes. @param {string} piece @param {Uint8Array} into */
  function unpack(piece, into) {
    const [kind] = piece;
    let at = 0;
    const next = () => piece.charCodeAt(at += 1);
    const number = () => {
      let value = 0;
      let shift = 0;
      let part;
      do {
        part = next();
        value += (part & 31) << shift;
        shift += 5;
      } while (part & 32);
      return value;
    };
    for (let page = number(); piece[at + 1]; page += kind === "d" ? 1 : number()) {
      let more;
      do {
        let slot = page * slots;
        let end = slot + slots;
        if (kind === "e") {
          slot += next() & 63;
          end = slot + 1;
        }
        let worth = next();
        // Another entry of the page follows.
        more = worth > 35 && worth < 57;
        worth = more ? worth - 35 : worth & 63;
        for (; slot < end; slot += 1) if (into[slot] < worth) into[slot] = worth;
        if (worth) into[top + page] = 1;
      } while (more);
    }
  }

  /** The keys of one or two units with their variants, and the chunks that hold them; a star after them is for every key that begins so. */
  const chunksOf = once((/** @type {string} */ name) => {
    const open = name.endsWith("*");
    const keys = name.replace("*", "").split(" ").map((unit) => unit[1] ? [unit] : waysOf(unit))
      .reduce((keys, ways) => keys.flatMap((key) => ways.map((unit) => key + unit)), [""]);
    const end = open ? "\uffff" : "";
    // A key may go on from one chunk to the next.
    const chunks = [...firsts.keys()].filter((at) => keys.some((key) => !(firsts[at + 1] < key) && firsts[at] <= key + end));
    return { keys, open, chunks: chunks.slice(0, mostChunks) };
  });

  /** What these keys can be worth in each slot: an entry of a page; and behind all slots, for each page whether it has any. @param {{ keys: string[], open?: boolean, chunks: number[] }} name */
  async function worth({ keys, open, chunks }) {
    const into = new Uint8Array(top + size);
    for (const chunk of await all(chunks, (at) => script(`i${at}`, chunkBytes))) {
      for (const key of open ? Object.keys(chunk).filter((key) => key.startsWith(keys[0])) : keys) for (const piece of chunk[key]?.split(" ") || []) unpack(piece, into);
    }
    return into;
  }

  /** The same for what two units side by side, or one alone, are worth in a form: the rare ones, which cost least. @param {string} text */
  async function worthsOf(text) {
    const units = unitsOf(text);
    const is = (/** @type {number} */ at) => word.test(units[at] || "");
    const names = units.flatMap((unit, at) => !is(at) ? [] : is(at + 1) ? `${unit} ${units[at + 1]}` : is(at - 1) ? [] : unit);
    if (/[a-z]{3}$/.test(text)) names[names.length - 1] += "*";
    const worths = [];
    for (const name of names.map(chunksOf).sort((a, b) => a.chunks.length - b.chunks.length)) {
      const cost = costOf(name);
      if (!cost || left - cost > (worths.length && kept)) worths.push(worthOf(name));
    }
    return Promise.all(worths);
  }

  /** What the question has unpacked: much, so that it is kept no longer. */
  let worthOf = once(worth);

  /**
   * The most that any entry of a page can score for these terms; 0 where it cannot hold them.
   * @param {Term[]} terms @param {boolean} [exactly] whether it matters that a heading is a term, and that terms are side by side @returns {Promise<(page: number) => number>}
   */
  async function judge(terms, exactly) {
    const each = await all(terms, async ({ typed, forms, weight }) => {
      const equal = exactly && left > kept && await worthOf(chunksOf(`=${unitsOf(typed).join("")}`));
      return all(forms, async ({ text }, at) => ({
        worths: await worthsOf(text),
        equal: !at && equal,
        // What the form scores where its parts are worth so much, and behind that, where a heading is the term. More than the text alone
        // is ever worth stands in a heading, which may begin or end with the form.
        scores: new Float64Array(2 * slots).map((_, worth) => worth % slots && (weight * (worth % slots) + (worth > slots ? 60 : worth > mostOfText ? 15 : 0)) * (at ? 0.9 : 1)),
      }));
    });
    /** Where each term goes on from the term before; nothing where that is too much to read. */
    const joints = await all(terms.slice(1), async ({ forms }, at) => {
      const names = terms[at].forms.flatMap((before) => forms.map((form) => chunksOf(`${unitsOf(before.text).at(-1)} ${unitsOf(form.text)[0]}`)));
      const chunks = [...new Set(names.flatMap(({ chunks }) => chunks))];
      return exactly && left - costOf({ chunks }) > kept && worth({ keys: names.flatMap(({ keys }) => keys), chunks });
    });
    /** Which terms were met on a page: what is not in the entry may stand in what it belongs to, which is before it. */
    const met = new Set();
    return (page) => {
      if (!each.every((forms) => forms.some(({ worths }) => worths[0] && worths.every((worth) => worth[top + page])))) return 0;
      let best = 0;
      met.clear();
      for (let slot = page * slots; slot < (page + 1) * slots; slot += 1) {
        let sum = 0;
        let hits = 0;
        for (let term = 0; term < each.length; term += 1) {
          let bound = 0;
          for (const { worths, equal, scores } of each[term]) {
            // No more than the least of what its parts can.
            let least = worths[0]?.[slot];
            for (let part = 1; least && part < worths.length; part += 1) if (worths[part][slot] < least) least = worths[part][slot];
            if (!least) continue;
            const score = scores[equal && equal[slot] ? least + slots : least];
            if (score > bound) bound = score;
          }
          if (bound) {
            met.add(term);
            hits += 1;
          }
          sum += bound || terms[term].weight * 2;
        }
        if (hits > 1) sum *= joints.every((joint) => !joint || joint[slot]) ? 1.5 : 1.25;
        if (hits && met.size === terms.length && sum > best) best = sum;
      }
      return best;
    };
  }

  const page = async (/** @type {number} */ at) => {
    const [first, more] = await script(`t${at}`, pageBytes);
    return planpressPage([first, ...await all([...Array(more).keys()], (piece) => loaded(`t${at}-${piece + 1}`))].join("\x1e"), at);
  };

  return {
    text: "",
    begin() {
      used.clear();
      left = mostBytes;
      worthOf = once(worth);
    },
    page,
    holds: async (term) => pages.some(await judge([term])),
    bounds: async (terms, exactly) => pages.map(await judge(terms, exactly)),
    texts: async (bounds, above, see) => {
      // In the order of bounds, and then of the plan.
      const order = pages.filter((at) => bounds[at]).sort((a, b) => bounds[b] - bounds[a]);
      for (let seen = 0; ; seen += wave) {
        const least = above(seen);
        const next = order.slice(seen, seen + Math.min(wave, left / pageBytes)).filter((at) => bounds[at] > least);
        if (!next.length) return;
        (await all(next, page)).forEach(see);
      }
    },
  };
}
