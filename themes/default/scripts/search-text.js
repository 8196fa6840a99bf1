/* The text of a small plan: whole in memory, so that everything is read for every question. In: the index's one script. Out: its text,
   unpacked, and a store of its pages. Only a plan in one script needs this; one in shards has `search-shards.js` instead. */

/**
 * The text behind digits of six bits. `src/search/pack/` says how it is packed; the questions, their order and the arithmetic are the same.
 * @param {number} count how many characters it has @param {string} digits
 */
// eslint-disable-next-line no-unused-vars
function planpressUnpack(count, digits) {
  const table = (/** @type {(z: number) => number} */ of) => Int32Array.from({ length: 4096 }, (_, at) => of((at - 2047.5) / 2048));
  const evidence = table((z) => 48 * z / Math.sqrt(1 - z * z));
  const chances = table((z) => 2048 + 32768 * z / Math.sqrt(1 + 256 * z * z));
  const rates = Int32Array.from({ length: 81 }, (_, asked) => 16384 / (asked + 1.6));
  // Two by two the newest nodes of contexts, with tags that say of which; everything that is known of a node, which is something that followed
  // a context; when a unit was last asked about; how probable candidates were and how often asked, first by their counts and then by the unit
  // before; how frequent each byte is in its group, and all of a group together.
  const most = count * 3 + 1;
  const [heads, codes, counts, totals, nexts, tried, known, bytes, sums] =
    [2 ** 17, most, most, most, most, 2 ** 16, 2 ** 17, 2 ** 17, 512].map((length) => new Int32Array(length));
  known.fill(1 << 23);
  bytes.fill(1);
  sums.fill(256);
  let [at, range, value, field, nodes] = [0, 1, 0, 0, 0];
  let [a, b, c, d] = [0, 0, 0, 0];

  const mix = (/** @type {number} */ hash, /** @type {number} */ code) => Math.imul(hash + code + 1, 0x9e3779b1) >>> 4;

  function refine() {
    while (range < 2 ** 24) {
      range <<= 6;
      value = value << 6 | digits.charCodeAt(at) & 63;
      at += 1;
    }
  }

  /** The next byte. @param {number} group */
  function byte(group) {
    refine();
    const share = range / sums[group] | 0;
    const sought = value / share | 0;
    let key = group << 8;
    let below = 0;
    for (; below + bytes[key] <= sought; key += 1) below += bytes[key];
    value -= below * share;
    range = share * bytes[key];
    bytes[key] += 32;
    sums[group] += 32;
    return key & 255;
  }

  /** @param {number} one @param {boolean} yes */
  function learn(one, yes) {
    const chance = known[one] >> 8;
    const asked = known[one] & 255;
    known[one] = chance + (((yes ? 65404 : 132) - chance) * rates[asked] >> 14) << 8 | Math.min(80, asked + 1);
  }

  /** The next answer, yes or no, which two experiences foretell. @param {number} one @param {number} two */
  function answer(one, two) {
    refine();
    const split = (range >> 12) * chances[2 * evidence[known[one] >> 12] + evidence[known[two] >> 12] + 2048];
    const yes = value < split;
    if (!yes) value -= split;
    range = yes ? split : range - split;
    learn(one, yes);
    learn(two, yes);
    return yes;
  }

  const own = new Int32Array(3);
  const firsts = new Int32Array(3);
  let [turn, code, behind, tries] = [0, 0, 0, 0];

  /** The node of the next unit among those that followed a context, if it is there. @param {number} order how long the context is */
  function seek(order) {
    behind = 0;
    let node = firsts[order];
    let left = totals[node];
    while (node && tries < 12) {
      code = codes[node];
      if (tried[code] !== turn) {
        tried[code] = turn;
        left -= counts[node];
        const how = order << 12 | (tries ? 0 : 1) << 11 | Math.clz32(counts[node]) << 6 | Math.clz32(left);
        tries += 1;
        if (answer(how, 1 << 16 | mix(mix(own[0], field), code) >>> 12)) return node;
      }
      behind = node;
      node = nexts[node];
    }
    return 0;
  }

  /** Puts a unit before all others that followed a context; without a node it is new there. @param {number} order @param {number} node */
  function put(order, node) {
    const first = firsts[order];
    const total = totals[first] + 1;
    if (!node) node = nodes += 1;
    nexts[behind] = nexts[node];
    if (node !== first) {
      nexts[node] = first;
      const at = own[order] >>> 12 << 1;
      if (heads[at] >>> 20 !== (own[order] & 4095)) heads[at + 1] = heads[at];
      heads[at] = own[order] << 20 | node;
    }
    codes[node] = code;
    counts[node] = Math.min(16383, counts[node] + 1);
    totals[node] = Math.min(16383, total);
    behind = 0;
  }

  /** Reads the next unit. */
  function next() {
    turn += 1;
    own[0] = mix(0, a);
    own[1] = mix(own[0], b);
    own[2] = mix(mix(own[1], c), d);
    for (let order = 0; order < 3; order += 1) {
      const at = own[order] >>> 12 << 1;
      const tag = own[order] & 4095;
      const head = heads[heads[at] >>> 20 === tag ? at : at + 1];
      firsts[order] = head >>> 20 === tag ? head & 0xfffff : 0;
    }
    let [order, found] = [3, 0];
    tries = 0;
    while (order && !found) found = seek(order -= 1);
    if (!found) {
      const first = byte(260 + field);
      code = first << 8 | byte(first || 256 + field);
      behind = 0;
    }
    for (; order < 3; order += 1) {
      put(order, found);
      found = 0;
    }
    d = c;
    c = b;
    b = a;
    a = code;
    if (code < 32) field = code & 3;
    return code;
  }

  const units = new Uint16Array(count);
  for (let at = 0; at < count; at += 1) units[at] = next();
  return new TextDecoder("utf-16le").decode(units);
}

/** @param {ReturnType<typeof planpressWords>} query @param {Page[]} pages @returns {Store} */
// eslint-disable-next-line no-unused-vars
function planpressText({ waysOf, gap, once }, pages) {
  const text = pages.map((page) => page.text).join("");
  const lower = text.toLowerCase();
  // With and without what a phrase goes on over.
  const folded = lower.replace(/\s/g, "") + lower.replace(new RegExp(gap, "g"), "");
  const hasPair = once((/** @type {string} */ pair) => folded.includes(pair));
  /** Whether the text holds every two neighbours of a form somewhere: quick to say, and mostly no. @param {string} form */
  const hasPairs = (form) => [...form.replace(/\s/g, "")].every((c, at, all) =>
    !at || waysOf(all[at - 1]).some((a) => waysOf(c).some((b) => hasPair(a + b))));
  return {
    text,
    begin() {},
    holds: async (term) => term.forms.some((form) => hasPairs(form.text)) && term.any.test(text),
    bounds: async () => [],
    texts: async (_bounds, _above, see) => pages.forEach(see),
    page: async (at) => pages[at],
  };
}
