/* Where the text of a large plan is: in shards, of which postings say what they can hold. In: the index's map. Out: a store, which names the
   most that each page can be worth for some terms, and shows pages, the most promising first, until enough were seen. Nothing is ranked
   here, but the bounds are those of the engine's own formula. */

/**
 * @typedef {{ keys: string, worths: string, pages: [number, number] }} Map_ the first key of each chunk; what keys are worth, most often first; how
 *   many pages there are, and the bytes of one
 * @typedef {{ fits: (key: string) => boolean, from: number[] }} Keys
 */

/** @param {ReturnType<typeof planpressWords>} words @param {Map_} map @param {Load} load @returns {Store} */
// eslint-disable-next-line no-unused-vars
function planpressShards({ word, all, waysOf, unitsOf, once }, map, load) {
  const chunkBytes = 16_384;
  /** Beside the words and the map. */
  const mostBytes = 370_000;
  /** What only the first key of a form may use, a third of that: down to a third of it. */
  const kept = 120_000;
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
  let used;
  /** @type {number} */
  let left;

  const loaded = once(load);
  /** @param {string} name @param {number} bytes */
  function script(name, bytes) {
    if (!used.has(name)) left -= bytes;
    used.add(name);
    return loaded(name);
  }

  /** What reading keys costs that were not read yet. @param {Keys} keys */
  const costOf = ({ from }) => from.filter((at) => !used.has(`i${at}`)).length * chunkBytes;

  /** Digits are six bits each, the lowest of their codes. @param {string} piece @param {Uint8Array} into */
  function unpack(piece, into) {
    let at = -1;
    // Bits that were read and not yet taken are the lowest.
    let open = 0;
    let rest = 0;
    /** @param {number} count */
    const take = (count) => {
      for (; rest < count; rest += 6) open = open << 6 | piece.charCodeAt(at += 1) & 63;
      rest -= count;
      return open >>> rest & (1 << count) - 1;
    };
    /** One with so many bits at least, and one bit more for each zero before them. @param {number} least */
    const number = (least) => {
      let more = least;
      while (!take(1)) more += 1;
      return (1 << more) + take(more) - (1 << least);
    };
    const kind = take(6);
    const unit = kind > 31 ? slots : 1;
    let position = -1;
    let least = 16;
    for (let count = number(0) + 1; count; count -= 1) {
      position += number(least) + 1;
      least = kind & 31;
      const most = map.worths.charCodeAt(number(1)) & 255;
      const end = (position + 1) * unit;
      const page = top + (end - 1 >> 6);
      if (!into[page]) into.fill(most, end - unit, end);
      else for (let slot = end - unit; slot < end; slot += 1) into[slot] = Math.max(into[slot] & 63, most & 63) | (into[slot] | most) & 192;
      into[page] = 1;
    }
  }

  /** Which keys are one or two units with their variants, and the chunks that hold them; `~` after them is for every key that begins so. */
  const keysOf = once((/** @type {string} */ name) => {
    const [units, end = ""] = name.split(/(?=~)/);
    const keys = units.split(" ").map((unit) => unit[1] ? [unit] : waysOf(unit))
      .reduce((keys, ways) => keys.flatMap((key) => ways.map((unit) => key + unit)), [""]);
    return {
      fits: (/** @type {string} */ key) => keys.some((own) => own <= key && key <= own + end),
      // A key may go on from one chunk to the next.
      from: firsts.flatMap((first, at) => keys.some((key) => !(firsts[at + 1] < key) && first <= key + end) ? at : []),
    };
  });

  /** What these keys can be worth in each slot: an entry of a page; in two more bits whether a heading begins or ends with one; and behind all slots, for each page whether it has any. @param {Keys} keys */
  async function worth({ fits, from }) {
    const into = new Uint8Array(top + size);
    for (const chunk of await all(from, (at) => script(`i${at}`, chunkBytes))) {
      for (const key in chunk) if (fits(key)) for (const piece of chunk[key].split(" ")) unpack(piece, into);
    }
    return into;
  }

  /** Whether a page has all of these. @param {Uint8Array[]} worths @param {number} page */
  const holds = (worths, page) => worths.every((worth) => worth[top + page]);

  /** What the question has unpacked: much, so that it is kept no longer. @type {typeof worth} */
  let worthOf;

  /**
   * The most that any entry of a page can score for these terms; 0 where it cannot hold them.
   * @param {Term[]} terms @param {number} depth how much is asked: which pages hold them, whether a term is there at all, what entries score, or what they score for some of them @returns {Promise<(page: number) => number>}
   */
  async function judge(terms, depth) {
    const ways = terms.map(({ forms, weight }) => forms.map(({ text }, at) => {
      const units = unitsOf(text).map((unit) => word.test(unit) && unit);
      // Two units side by side, or one alone.
      const names = units.flatMap((unit, at) => !unit ? [] : units[at + 1] ? `${unit} ${units[at + 1]}` : units[at - 1] ? [] : unit);
      if (/[a-z]{3}-*$/.test(text)) names[names.length - 1] += "~";
      return { keys: names.map(keysOf), read: /** @type {Uint8Array[]} */ ([]), ends: 0, weight: at ? weight * 0.8 : weight };
    }));
    // First what was typed. What else it may be called is read if by what was read already it can be anywhere.
    for (const isTyped of [1, 0]) {
      const due = ways.flatMap(([typed, ...others]) => isTyped ? typed : others);
      const known = await all(due, ({ keys }) => all(keys.filter((part) => !costOf(part)), worthOf));
      await all(due, async (form, at) => {
        const isNowhere = known[at][0] && !pages.some((page) => holds(known[at], page));
        const reading = [];
        // The rare ones, which cost least.
        for (const part of form.keys.sort((a, b) => a.from.length - b.from.length)) {
          const cost = costOf(part);
          if (!cost || !isNowhere && left - cost > (reading.length ? kept : kept / 3)) reading.push(worthOf(part));
          // What is not read may begin or end a heading.
          else form.ends = 192;
        }
        form.read = await Promise.all(reading);
        // Whether it is there at all, nobody knows by a part of it.
        if (depth < 2 && !isTyped && form.ends) form.read = [];
      });
    }
    // Where nothing can be read of a term, it may be anywhere.
    const each = ways.map((forms) => forms.filter(({ read }) => read[0])).filter((forms) => forms[0]);
    return (page) => {
      if (depth < 3 && !each.every((forms) => forms.some(({ read }) => holds(read, page)))) return 0;
      if (!depth) return 1;
      let best = 0;
      // Which terms were met on the page, and which in its headings: what is not in the entry may stand in what it belongs to, which is before it.
      let met = 0;
      let above = 0;
      for (let slot = page * slots; each[0] && slot < (page + 1) * slots; slot += 1) {
        let sum = 0;
        let here = 0;
        let heading = slot % slots ? 0 : 1;
        for (let term = 0; term < each.length; term += 1) {
          let bound = 0;
          const forms = each[term];
          for (let form = 0; form < forms.length; form += 1) {
            const { read, ends, weight } = forms[form];
            // No more than the least of what its parts can.
            let least = 63;
            let of = ends;
            for (let part = 0; least && part < read.length; part += 1) {
              const worth = read[part][slot];
              of |= worth;
              if ((worth & 63) < least) least = worth & 63;
            }
            let score = weight * least;
            if (least > mostOfText) {
              // The last slot is of several entries.
              heading = (slot + 1) % slots;
              score += [0, 15, 15, 60][of >> 6];
            }
            if (score > bound) bound = score;
          }
          if (bound) here |= 1 << term;
          // Twice the term's weight, of which that of a form may be four fifths, where it stands above.
          sum += bound || forms[0].weight * 2.5;
        }
        if (!here) continue;
        if (here & here - 1) sum *= 1.5;
        met |= here;
        // What is above a heading is one.
        if (heading) above |= here;
        if ((depth > 2 || (heading ? above : met) + 1 === 1 << each.length) && sum > best) best = sum;
      }
      return best;
    };
  }

  const page = async (/** @type {number} */ at) => {
    const [first, more] = await script(`t${at}`, pageBytes);
    return planpressPage([first, ...await all([...Array(more).keys()], (piece) => loaded(`t${at}-${piece + 1}`))].join("\x1e"), at);
  };

  return {
    begin() {
      used = new Set();
      left = mostBytes;
      worthOf = once(worth);
    },
    page,
    // Where it is as it was typed, nothing else it may be called is read.
    holds: async (term) => pages.some(await judge([{ ...term, forms: [term.forms[0]] }], 1)) || pages.some(await judge([term], 1)),
    bounds: async (terms, depth) => pages.map(await judge(terms, depth)),
    texts: async (bounds, above, see) => {
      // In the order of bounds, and then of the plan.
      const order = pages.filter((at) => bounds[at]).sort((a, b) => bounds[b] - bounds[a]);
      for (let seen = 0; ; seen += wave) {
        const least = above(seen);
        let room = left / pageBytes;
        // Where there is no room for others, those that were read for something else.
        const next = order.filter((at) => bounds[at] > least && (used.has(`t${at}`) || (room -= 1) > 0)).slice(0, wave);
        if (!next.length) return;
        // Each is seen once.
        for (const at of next) bounds[at] = 0;
        (await all(next, page)).forEach(see);
      }
    },
  };
}
