/** Names in `.env` that no setting has, and that look like a slip: elsewhere they would be ignored without a word. */

/** Long names may have two letters wrong; a short one with two wrong letters is another name. */
const SHORT_NAME = 6;

/** A fault for each name of `.env` that is close to a known one without being it. */
export function unknownNames(given: readonly string[], known: readonly string[]): readonly string[] {
  const unknown = given.filter((name) => !known.includes(name));
  return unknown.flatMap((name) => {
    const meant = closest(name.toUpperCase(), known);
    return meant === undefined ? [] : [`${name}: stands in .env, but there is no such setting. Is ${meant} meant?`];
  });
}

function closest(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const allowed = name.length <= SHORT_NAME ? 1 : 2;
  return nearest !== undefined && nearest.distance <= allowed ? nearest.candidate : undefined;
}

/** How many letters must be put in, left out or exchanged to make one text the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const exchanged = (previous[column - 1] as number) + (letter === other[column - 1] ? 0 : 1);
      const added = Math.min(previous[column] as number, current[column - 1] as number) + 1;
      current.push(Math.min(exchanged, added));
    }
    previous = current;
  }
  return previous[other.length] as number;
}
