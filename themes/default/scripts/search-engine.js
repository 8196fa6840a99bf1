/* The search engine: which entries a query means, and in which order. It knows no page and no document: whoever asks hands it a way to
   load the scripts of `search/`, so that it runs over file:// and in tests alike. Scanning the text is the truth; a large plan's
   postings only choose which text to load, and how much a page can be worth, so that loading can stop.

   Words: a form is one way to write a term (as typed, a synonym, other numerals); a unit is one Han character, a run of letters, or a
   run of digits. Scores are in tenths. */

/**
 * @typedef {{ field: number, number: string, own: string, depth: number, anchor: string, text: string, page: Page, order: number, context: string, parent: Entry | undefined }} Entry
 * @typedef {{ path: string, part: string, text: string, entries: Entry[] }} Page
 * @typedef {(name: string) => Promise<any>} Load
 * @typedef {{ text?: string, page: (at: number) => Promise<Page>, bounds: (terms: Term[], depth: number) => Promise<number[]>,
 *   begin: () => void, holds: (term: Term) => Promise<boolean>,
 *   texts: (bounds: number[], above: (seen: number) => number, see: (page: Page) => void) => Promise<void> }} Store
 * @typedef {{ entry: Entry, score: number, rank: number, ranges: [number, number][] }} Result
 * @typedef {{ results: Result[], total: number, patterns: RegExp[], corrected?: [string, string][], partial?: any }} Answer
 */

/**
 * A page as the index holds it, with everything that follows from what stands before: the rest of a number, of an address.
 * @param {string} raw @param {number} at its position @returns {Page}
 */
function planpressPage(raw, at) {
  const [part, ...records] = raw.split("\x1e");
  const page = /** @type {Page} */ (/** @type {any} */ ({ part, text: "", entries: [] }));
  const above = /** @type {Entry[]} */ ([]);
  let rows = 0;
  for (const record of records) {
    const [head, address, text] = record.split(/[\x1c\x1f]/);
    const field = +head[0];
    const depth = +head[1];
    /** @type {Entry | undefined} */
    let before;
    let parent;
    while ((parent = above.at(-1)) && parent.depth >= depth) before = above.pop();
    const own = head.slice(2).replace("\t", () => `${before?.own}`.replace(/\d+/, (digits) => `${+digits + 1}`));
    let anchor = (parent && (!address || address[0] === ".") ? parent.anchor : "") + address.replace("\t", own.replace(/\D/g, ""));
    if (anchor[0] === "#") {
      rows = +anchor.slice(1) || rows + 1;
      anchor = `${page.entries[0].anchor}.row-${rows}`;
    }
    const entry = { field, number: (parent ? parent.number : "") + own, own, depth, anchor, text, page, order: at * 1e5 + page.entries.length, context: parent ? parent.context + parent.text + "\n" : "", parent };
    page.entries.push(entry);
    page.text += `${text}\n`;
    if (own && field < 5) above.push(entry);
  }
  const [{ field, anchor }] = page.entries;
  page.path = `${field ? "annexes" : "chapters"}/${anchor}.html`;
  return page;
}

/**
 * @param {Load} load @param {any} data words and pages as one text, which is packed where it is published; of a large plan the words
 * @param {any} [map] of a large plan @returns {(text: string) => Promise<Answer | null>}
 */
// eslint-disable-next-line no-unused-vars
function planpressEngine(load, data, map) {
  const fieldWeights = [3, 2.6, 2.3, 1.6, 1, 0.9, 0.7];

  // Of a large plan every page is a script to load.
  const mostShown = map ? 10 : 20;
  /** How many units are cut into terms. */
  const mostCut = map ? 14 : 40;
  const [own, ...raw] = (data.split ? data : planpressUnpack(.../** @type {[number, string]} */ (data))).split("\x1d");
  /** @type {Words} */
  const words = JSON.parse(own);
  const query = planpressWords(words);
  const { word, gap, synonyms, placeOf, unitsOf, regexOf, termOf, once, all: together } = query;
  const gaps = RegExp(gap, "g");
  const store = map ? planpressShards(query, map, load) : planpressText(query, raw);

  /** The entries at a place, one for each part of the plan. @param {Place} place @returns {Promise<Result[]>} */
  async function resultsAt({ annex, numbers, around }) {
    /** Whether an entry stands in the part that is named beside the place, if only by its number. @param {Result} result @returns {any} */
    const isNamed = ({ entry: { page } }) => {
      const part = query.parted(page.part).replace(/\./g, "");
      return part.startsWith(around) || around.includes(part);
    };
    const starts = words.parts.map((part) => part.slice(annex ? 2 : 0)).filter(([, count]) => numbers[0] <= count).slice(0, mostShown);
    const pages = await together(starts, ([start]) => store.page(start + numbers[0] - 1));
    return pages.flatMap(({ entries }) => entries.find(({ own, field, number }) => own && field < 6 && `${placeOf(number)?.numbers}` === `${numbers}`) || [])
      .map((entry) => /** @type {any} */ ({ entry, ranges: [] })).sort((a, b) => isNamed(b) - isNamed(a));
  }

  // ---- Ranking ----

  /** What an entry scores for so many hits, of which no more than eight count: BM25 without rarity, times its field. The index is built by the same formula. */
  const worth = (/** @type {number} */ field, /** @type {number} */ count, /** @type {number} */ length) =>
    Math.ceil(22 * fieldWeights[field] * count / (count + 0.48 + 0.015 * length));

  /** A heading that is the term, or begins or ends with it: by how many sides have more words. @param {Entry} entry @param {RegExpExecArray} hit */
  const bonus = ({ text }, hit) => [60, 15, 0][+word.test(text.slice(0, hit.index)) + +word.test(text.slice(hit.index + hit[0].length))];

  /** @param {Term} term @param {Entry} entry */
  function rate(term, entry) {
    const ranges = /** @type {[number, number][]} */ ([]);
    let best = 0;
    let extra = 0;
    term.forms.forEach(({ regex }, at) => {
      const factor = at ? 0.8 : 1;
      let count = 0;
      for (const hit of entry.text.matchAll(regex)) {
        ranges.push([hit.index, hit.index + hit[0].length]);
        count += 1;
        if (entry.field < 4) extra = Math.max(extra, bonus(entry, hit) * factor);
      }
      if (count) best = Math.max(best, worth(entry.field, Math.min(count, 8), entry.text.length) * factor);
    });
    return { score: term.weight * best + extra, ranges };
  }

  /** How far the hits of each term are from those of the term before; nothing where they go on from these. @param {string} text @param {[number, number][][]} ranges */
  const distance = (text, ranges) => ranges.slice(1).reduce((sum, own, at) => sum + Math.min(...own.flatMap(([start, end]) =>
    ranges[at].map(([first, last]) => start < last ? Math.max(first - end, 1) : text.slice(last, start).replace(gaps, "").length))), 0);

  /** @param {Term[]} all @param {Entry} entry @param {boolean} partial whether one term is enough @returns {Result | []} */
  function rateAll(all, entry, partial) {
    const hits = /** @type {[number, number][][]} */ ([]);
    let score = 0;
    for (const term of all) {
      if (term.any.test(entry.text)) {
        const rated = rate(term, entry);
        score += rated.score;
        hits.push(rated.ranges);
      } else if (!partial) {
        if (!term.any.test(entry.context)) return [];
        score += term.weight * 2;
      }
    }
    if (!hits[0]) return [];
    const apart = distance(entry.text, hits);
    // All terms side by side are a phrase. Postings know that as well, and how far apart others are they do not.
    if (hits[1]) score *= apart || hits.length < all.length ? 1.25 : 1.5;
    return { entry, score, rank: apart * 1e12 + entry.order, ranges: hits.flat() };
  }

  /** @param {Result} a @param {Result} b */
  const inOrder = (a, b) => b.score - a.score || a.rank - b.rank;

  /** Without what is there already, of which more is marked. @param {Result[]} first @param {Result[]} second */
  const joined = (first, second) => first.concat(second.filter(({ entry, ranges }) => {
    const same = first.find((other) => other.entry.order === entry.order);
    same?.ranges.push(...ranges);
    return !same;
  }));

  /** @param {Term[]} all @returns {Promise<Result[]>} */
  async function find(all, partial = false) {
    const bounds = await store.bounds(all, partial ? 3 : 2);
    const results = /** @type {Result[]} */ ([]);
    // Nothing unread can be among the first three, as far as the bounds are exact; and where the best pages hold nothing of it, the others hardly do.
    await store.texts(bounds, (seen) => results.length > mostShown ? results.sort(inOrder)[2].score + 1e-3 : seen && !results[0] ? Infinity : 0, (page) => {
      results.push(...page.entries.flatMap((entry) => rateAll(all, entry, partial)));
    });
    return results.sort(inOrder);
  }

  // ---- Other ways to read a query ----

  /** Whether the text holds a term at all, as far as a question can know: what it may read is not endless. @type {(text: string) => Promise<boolean>} */
  let occurs;

  /**
   * Cuts what was typed without spaces into the fewest terms that the text holds; words of a question fall away. Nothing if something
   * stays that the text does not hold, or it is too long; where a character may stay, its beginning is enough.
   * @param {string} text @param {number} longest the most units of a term @param {any} [lost] what one character costs that stays, if one may @returns {Promise<string[] | undefined>}
   */
  async function piecesOf(text, longest, lost) {
    const units = unitsOf(text).slice(0, lost && mostCut);
    if (units[mostCut]) return undefined;
    /** @type {any[]} the cheapest way to each place: what it costs, and its terms */
    const best = [[0, []]];
    for (let end = 1; end <= units.length; end += 1) {
      for (let start = end - 1; start >= Math.max(0, end - longest); start -= 1) {
        if (!best[start]) continue;
        const [before, pieces] = best[start];
        const piece = units.slice(start, end).join("");
        const ignored = words.ignored.includes(piece);
        const cost = before + (ignored ? 0.6 : 1);
        if (best[end]?.[0] <= cost) continue;
        // A single character is no word.
        if (ignored) best[end] = [cost, pieces];
        else if ((end - start > 1 || /[a-z\d]/.test(piece)) && await occurs(piece)) best[end] = [cost, [...pieces, piece]];
        else if (!piece[1] && cost + lost < 128) best[end] = [cost + lost, pieces];
      }
    }
    return best[units.length]?.[1];
  }

  /** @param {string} text */
  const digits = (text) => text.replace(/\D/g, "");

  /** What was probably meant: one character wrong, swapped, missing or too many. @param {string} text @returns {Promise<string | undefined>} */
  async function corrected(text) {
    const letters = !/[^a-z-]/.test(text);
    const units = letters ? [...text] : unitsOf(text);
    const count = units.length;
    if (count < (letters ? 4 : 2) || count > 20) return undefined;
    const changed = units.toSpliced.bind(units);
    // An empty unit is one that is not known.
    const guesses = /** @type {string[][]} */ (units.flatMap((unit, at) => [
      at + 1 < count && changed(at, 2, units[at + 1], unit),
      count > 2 && !unit[1] && changed(at, 1, ""),
      count > 2 && at && changed(at, 0, ""),
      count > 3 && changed(at, 1),
    ]).filter(Boolean));
    const asked = [...synonyms.keys()];
    const haystack = ["", store.text || await nearby(units), ...asked, ...asked, ""].join("\n");
    const found = /** @type {[text: string, worth: number][]} */ ([]);
    for (const guess of guesses) {
      const pattern = guess.map((unit) => unit ? letters ? unit : regexOf(unit, false) : letters ? "[a-z]" : "[\\p{L}\\p{N}]").join(gap);
      const unknown = guess.indexOf("");
      // At the edge the unknown may belong to the next word: a word has different neighbours.
      const edge = !letters && !(unknown % (guess.length - 1));
      /** @type {Map<string, string[]>} what stands beside each candidate */
      const candidates = new Map();
      for (const hit of haystack.matchAll(RegExp(letters ? `(?<![a-z])${pattern}(?![a-z])` : pattern, "giu"))) {
        const form = hit[0].replace(gaps, "").toLowerCase();
        candidates.set(form, [...candidates.get(form) || [], haystack[unknown ? hit.index + hit[0].length : hit.index - 1]]);
      }
      for (const [form, beside] of candidates) {
        // Another number is another article, and no slip.
        if (form === text || digits(form) !== digits(text) || (edge && word.test(beside[0]) && beside.every((c) => c === beside[0]))) continue;
        // One too many is the least likely slip.
        found.push([form, beside.length + (guess.length < count ? 0 : 1e6)]);
      }
    }
    return found.sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  /** The text of some pages that hold most of these units: a large plan is not read whole. @param {string[]} units */
  async function nearby(units) {
    let text = "";
    // Two slips side by side are two units that changed places.
    for (const slips of [1, 2]) {
      const around = units.map((_, at) => [units.slice(0, at), units.slice(at + slips)].map((part) => part.join("")).filter(Boolean).map(termOf));
      let held = /** @type {number[]} */ ([]);
      // One after the other: what one reads is not to depend on how fast another comes.
      for (const parts of around) if (parts[0]) held = (await store.bounds(parts, 0)).map((worth, page) => worth + (held[page] || 0));
      // The first of them and no more: what is held of a page is fewer than a hundred terms.
      await store.texts(held, (seen) => seen * 99, (page) => {
        text += page.text;
      });
      if (text) break;
    }
    return text;
  }

  // ---- Asking ----

  /** @param {Result[]} results @param {string[]} typed @returns {Answer} */
  function answer(results, typed) {
    return { results: results.slice(0, mostShown), total: results.length, patterns: typed.flatMap((text) => termOf(text).forms.map((form) => form.regex)) };
  }

  /** @param {string} text @returns {Promise<Answer>} */
  async function read(text) {
    const parts = text.split(/[^\p{L}\p{N}%.-]+|-(?![a-z])/u).filter((part) => /[^.-]/.test(part));
    const typed = parts.map(query.alike);
    let results = await find(typed.map(termOf));

    // Few clauses say it in exactly these words; others say it in the same terms, in another order.
    let pieces = /** @type {string[]} */ ([]);
    let longest = typed[1] ? 12 : unitsOf(text).length - 1;
    while (longest > 1 && results.length < 5) {
      const cut = [];
      for (const part of typed) cut.push(await piecesOf(part, longest));
      // Where nothing was found, what was a term is not passed over to find something.
      if (!cut.every((part) => part) || !results[0] && `${cut}`.length < `${pieces}`.length) break;
      pieces = /** @type {string[]} */ ([...new Set(cut.flat())]);
      const more = await find(pieces.map(termOf));
      results = joined(more, results).sort(inOrder);
      longest = Math.max(...pieces.map((piece) => unitsOf(piece).length)) - 1;
    }
    if (results[0]) return answer(results, [...typed, ...pieces]);

    /** @type {[string, string][]} */
    const changes = [];
    const meant = [];
    for (const [at, part] of typed.entries()) {
      const right = !await occurs(part) && !await piecesOf(part, 12) && await corrected(part) || part;
      if (right !== part) changes.push([parts[at], right]);
      meant.push(right);
    }
    if (changes[0]) results = await find(meant.map(termOf));
    if (results[0]) return { ...answer(results, meant), corrected: changes };

    // Each term is somewhere, and no clause holds them all; or all of a question but a character.
    if (text[digits(text) ? 6 : 3] && !pieces[0]) pieces = await piecesOf(typed.join(""), 12, 64) || [];
    if (pieces[0]) results = await find(pieces.map(termOf), true);
    return { ...answer(results, pieces), partial: results[0] };
  }

  return async (typed) => {
    const text = query.plain(typed);
    if (!text) return null;
    store.begin();
    occurs = once((word) => store.holds(termOf(word)));
    const place = placeOf(text);
    const places = place ? await resultsAt(place) : [];
    const found = places[0] && place?.sure && !place.around ? answer(await find([termOf(text)]), [text]) : await read(text);
    const results = joined(places, found.results);
    return { ...found, results, total: Math.max(found.total, results.length) };
  };
}
