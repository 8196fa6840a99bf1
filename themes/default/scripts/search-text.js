/* The text of a small plan: whole in memory, so that everything is read for every question. In: the index's one script. Out: its text,
   unpacked, and a store of its pages. Only a plan in one script needs this; one in shards has `search-shards.js` instead. */

/**
 * The text behind digits of six bits. `src/search/pack/` says how it is packed; the questions, their order and the arithmetic are the same.
 * @param {number} count how many characters it has @param {string} digits
 */
// eslint-disable-next-line no-unused-vars
function planpressUnpack(count, digits) {
  const evidence = new Int16Array(4096);
  const chances = new Int16Array(4096);
  for (let at = 0; at < 4096; at += 1) {
    const z = (at - 2047.5) / 2048;
    evidence[at] = 48 * z / Math.sqrt(1 - z * z);
    chances[at] = 2048 + 32768 * z / Math.sqrt(1 + 256 * z * z);
  }
  const rates = new Int16Array(81).map((_, asked) => 16384 / (asked + 1.6));
  // Two by two the newest nodes of contexts, with tags that say of which; everything that is known of a node, which is something that followed
  // a context; when a unit was last asked about; how probable candidates were and how often asked, first by their counts and then by the unit
  // before; how frequent each byte is in its group, sixteen side by side, and all of a group together; of the contexts of one, two and four
  // units, which they are and their newest nodes.
  const most = count * 3 + 1;
  const [heads, codes, counts, totals, nexts, tried, known, bytes, blocks, groups, own, firsts] =
    [2 ** 17, most, most, most, most, 2 ** 16, 2 ** 17, 2 ** 17, 2 ** 13, 512, 3, 3].map((length) => new Int32Array(length));
  known.fill(1 << 23);
  bytes.fill(1);
  blocks.fill(16);
  groups.fill(256);
  const units = new Uint16Array(count + 4);
  let [read, range, value, field, nodes] = [0, 1, 0, 0, 0];

  const mix = (/** @type {number} */ hash, /** @type {number} */ code) => Math.imul(hash + code + 1, 0x9e3779b1) >>> 4;

  /** @param {number} one @param {number} goal */
  function learn(one, goal) {
    const chance = known[one] >> 8;
    const asked = known[one] & 255;
    known[one] = chance + ((goal - chance) * rates[asked] >> 14) << 8 | Math.min(80, asked + 1);
  }

  /** Reads a unit. In one piece and with variables of its own, which is quick long before a browser has compiled it well. @param {number} at */
  function unit(at) {
    const before = units[at - 1];
    if (before < 32) field = before & 3;
    own[0] = mix(0, before);
    own[1] = mix(own[0], units[at - 2]);
    own[2] = mix(mix(own[1], units[at - 3]), units[at - 4]);
    for (let order = 0; order < 3; order += 1) {
      const set = own[order] >>> 12 << 1;
      const tag = own[order] & 4095;
      const head = heads[heads[set] >>> 20 === tag ? set : set + 1];
      firsts[order] = head >>> 20 === tag ? head & 0xfffff : 0;
    }

    // Is it one of those that followed a context before? Two experiences foretell each answer.
    const near = mix(own[0], field);
    let wide = range;
    let rest = value;
    let order = 3;
    let tries = 0;
    let found = 0;
    let behind = 0;
    let code = 0;
    while (order && !found) {
      order -= 1;
      behind = 0;
      let node = firsts[order];
      let left = totals[node];
      while (node && tries < 12) {
        code = codes[node];
        if (tried[code] !== at) {
          tried[code] = at;
          left -= counts[node];
          const one = order << 12 | (tries ? 0 : 1) << 11 | Math.clz32(counts[node]) << 6 | Math.clz32(left);
          const two = 1 << 16 | mix(near, code) >>> 12;
          tries += 1;
          for (; wide < 2 ** 24; wide <<= 6) rest = rest << 6 | digits.charCodeAt(read++) & 63;
          const split = (wide >> 12) * chances[2 * evidence[known[one] >> 12] + evidence[known[two] >> 12] + 2048];
          const yes = rest < split;
          learn(one, yes ? 65404 : 132);
          learn(two, yes ? 65404 : 132);
          if (yes) {
            wide = split;
            found = node;
            break;
          }
          rest -= split;
          wide -= split;
        }
        behind = node;
        node = nexts[node];
      }
    }

    // If not, its bytes tell it.
    if (!found) {
      code = 0;
      behind = 0;
      for (let group = 260 + field; group; group = group < 260 ? 0 : code || 256 + field) {
        for (; wide < 2 ** 24; wide <<= 6) rest = rest << 6 | digits.charCodeAt(read++) & 63;
        const share = wide / groups[group] | 0;
        let key = group << 4;
        for (; rest >= share * blocks[key]; key += 1) rest -= share * blocks[key];
        for (key <<= 4; rest >= share * bytes[key]; key += 1) rest -= share * bytes[key];
        wide = share * bytes[key];
        bytes[key] += 32;
        blocks[key >> 4] += 32;
        groups[group] += 32;
        code = code << 8 | key & 255;
      }
    }
    range = wide;
    value = rest;

    // It comes before all others that followed the context; in shorter ones it is new.
    for (; order < 3; order += 1) {
      const first = firsts[order];
      const total = totals[first] + 1;
      if (!found) found = nodes += 1;
      nexts[behind] = nexts[found];
      if (found !== first) {
        nexts[found] = first;
        const set = own[order] >>> 12 << 1;
        if (heads[set] >>> 20 !== (own[order] & 4095)) heads[set + 1] = heads[set];
        heads[set] = own[order] << 20 | found;
      }
      codes[found] = code;
      counts[found] = Math.min(16383, counts[found] + 1);
      totals[found] = Math.min(16383, total);
      found = 0;
      behind = 0;
    }
    return code;
  }

  for (let at = 4; at < units.length; at += 1) units[at] = unit(at);
  return new TextDecoder("utf-16le").decode(units.subarray(4));
}

/** @param {ReturnType<typeof planpressWords>} query @param {string[]} raw its pages @returns {Store} */
// eslint-disable-next-line no-unused-vars
function planpressText({ waysOf, gap, once }, raw) {
  const pages = raw.map(planpressPage);
  const text = pages.map((page) => page.text).join("");
  let folded = "";
  const hasPair = once((/** @type {string} */ pair) => {
    const lower = folded || text.toLowerCase();
    // With and without what a phrase goes on over.
    folded ||= lower.replace(/\s/g, "") + lower.replace(new RegExp(gap, "g"), "");
    return folded.includes(pair);
  });
  /** Whether the text holds every two neighbours of a form somewhere: quick to say, and mostly no. @param {string} form */
  const hasPairs = (form) => [...form.replace(/[\s-]/g, "")].every((c, at, all) =>
    !at || waysOf(all[at - 1]).some((a) => waysOf(c).some((b) => hasPair(a + b))));
  return {
    text,
    begin() {},
    holds: once(async (term) => term.forms.some((form) => hasPairs(form.text)) && term.any.test(text)),
    bounds: async () => [],
    texts: async (_bounds, _above, see) => pages.forEach(see),
    page: async (at) => pages[at],
  };
}
