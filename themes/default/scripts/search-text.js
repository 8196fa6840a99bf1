/* The text of a small plan: whole in memory, so that everything is read for every question. In: the index's one script. Out: its text,
   unpacked, and a store of its pages. Only a plan in one script needs this; one in shards has `search-shards.js` instead. */

/**
 * The text behind digits of six bits. `src/search/pack.rs` says how it is packed; the questions, their order and the arithmetic are the same.
 * @param {number} count how many characters it has @param {string} digits
 */
// eslint-disable-next-line no-unused-vars
function planpressUnpack(count, digits) {
  const mostTries = 16;
  const mostLooks = 48;
  const memory = 80;
  const rates = Float64Array.from({ length: memory + 1 }, (_, before) => 1 / (before + 1.6));
  // What is looked up by a context's hash, and then everything that is known of a node, which is something that followed a context.
  const [heads, contexts, codes, counts, totals, nexts, tried] =
    [2 ** 18, count * 3, count * 3, count * 3, count * 3, count * 3, 2 ** 16].map((size) => new Int32Array(size + 1));
  const chances = new Float64Array(2 << 17);
  const seen = new Uint8Array(2 << 17);
  // How frequent each byte is in its group, and all of a group together.
  const bytes = new Int32Array(264 << 8).fill(1);
  const sums = new Int32Array(264).fill(256);
  let [at, range, value, field, nodes] = [0, 1, 0, 0, 0];
  const units = new Uint16Array(count);
  let [a, b, c, d] = [0, 0, 0, 0];

  const mix = (/** @type {number} */ hash, /** @type {number} */ code) => Math.imul(hash + code + 1, 0x9e3779b1);

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
    if (sums[group] < 2 ** 18) {
      bytes[key] += 32;
      sums[group] += 32;
    }
    return key & 255;
  }

  /** The next answer, yes or no, which two experiences foretell. @param {number} one @param {number} two */
  function answer(one, two) {
    refine();
    const p = chances[one];
    const q = chances[two];
    const x = 0.7 * (p / Math.sqrt(1 - p * p)) + 0.4 * (q / Math.sqrt(1 - q * q));
    const split = range * (1 + x / Math.sqrt(1 + x * x)) / 2 | 0;
    const yes = value < split ? 1 : 0;
    if (yes) range = split;
    else {
      value -= split;
      range -= split;
    }
    const goal = yes ? 0.996 : -0.996;
    chances[one] = p + (goal - p) * rates[seen[one]];
    chances[two] = q + (goal - q) * rates[seen[two]];
    if (seen[one] < memory) seen[one] += 1;
    if (seen[two] < memory) seen[two] += 1;
    return yes;
  }

  const own = [0, 0, 0];
  const firsts = [0, 0, 0];
  for (let turn = 1; turn <= count; turn += 1) {
    own[0] = mix(0, a);
    own[1] = mix(own[0], b);
    own[2] = mix(mix(own[1], c), d);
    for (let order = 0; order < 3; order += 1) {
      const first = heads[own[order] >>> 14];
      firsts[order] = contexts[first] === own[order] ? first : 0;
    }
    let [order, code, found, tries, looks] = [3, 0, 0, 0, 0];
    while (order && !found) {
      order -= 1;
      let left = totals[firsts[order]];
      for (let node = firsts[order]; node && tries < mostTries && looks < mostLooks && !found; node = nexts[node]) {
        looks += 1;
        code = codes[node];
        if (tried[code] === turn) continue;
        tried[code] = turn;
        left -= counts[node];
        const known = order << 12 | (tries ? 0 : 1) << 11 | Math.clz32(counts[node]) << 6 | Math.clz32(left);
        tries += 1;
        if (answer(known, 1 << 17 | mix(own[0], code) >>> 15)) found = node;
      }
    }
    if (!found) {
      const first = byte(260 + field);
      code = first << 8 | byte(first || 256 + field);
    }
    for (; order < 3; order += 1) {
      nodes += 1;
      heads[own[order] >>> 14] = nodes;
      contexts[nodes] = own[order];
      codes[nodes] = code;
      counts[nodes] = counts[found] + 1;
      totals[nodes] = totals[firsts[order]] + 1;
      nexts[nodes] = firsts[order];
      found = 0;
    }
    d = c;
    c = b;
    b = a;
    a = code;
    if (code < 32) field = code & 3;
    units[turn - 1] = code;
  }
  return new TextDecoder("utf-16le").decode(units);
}

/** @param {Page[]} pages @returns {Store} */
// eslint-disable-next-line no-unused-vars
function planpressText(pages) {
  const text = pages.map((page) => page.text).join("");
  return {
    text,
    begin() {},
    holds: async (term) => term.any.test(text),
    bounds: async () => [],
    texts: async (_bounds, _above, see) => pages.forEach(see),
    page: async (at) => pages[at],
  };
}
