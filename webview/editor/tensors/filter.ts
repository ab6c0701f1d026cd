/**
 * Which names a query matches. Words are separated by spaces and all must match, in any case. `*` (or `.*`) stands for
 * anything: `layers.*down`. Where no name contains the words, their letters in order are enough: `l1qproj`.
 *
 * @returns undefined when the query is empty, so that everything matches
 */
export function filterNames(names: readonly string[], query: string): readonly boolean[] | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const lower = names.map((name) => name.toLowerCase());
  const exact = matchAll(lower, words.map(containing));
  return exact.includes(true) ? exact : matchAll(lower, words.map(subsequence));
}

type Matcher = (name: string) => boolean;

function matchAll(names: readonly string[], matchers: readonly Matcher[]): boolean[] {
  return names.map((name) => matchers.every((matches) => matches(name)));
}

/** The pieces between wildcards, in order: no regular expression, so no query can take long. */
function containing(word: string): Matcher {
  const pieces = word.split(/\.?\*+/).filter(Boolean);
  return (name) => {
    let from = 0;
    for (const piece of pieces) {
      const found = name.indexOf(piece, from);
      if (found < 0) return false;
      from = found + piece.length;
    }
    return true;
  };
}

function subsequence(word: string): Matcher {
  const letters = [...word.replace(/[.*\s]/g, "")];
  return (name) => {
    let from = 0;
    for (const letter of letters) {
      const found = name.indexOf(letter, from);
      if (found < 0) return false;
      from = found + 1;
    }
    return true;
  };
}
