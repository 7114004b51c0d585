/** What no audit entry may hold. */
const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const EMAIL = /[^\s@"]+@[^\s@"]+\.[a-z]{2,}/i;

/** Returns what is wrong with the facts of an entry, each with its place: a name's spelling, or an e-mail address. */
export function factFaults(facts: unknown, place = ''): string[] {
  if (typeof facts === 'string') return EMAIL.test(facts) ? [`${place} has an e-mail address`] : [];
  if (typeof facts !== 'object' || facts === null) return [];
  return Object.entries(facts).flatMap(([name, value]) => {
    const at = place === '' ? name : `${place}.${name}`;
    const misspelt = Array.isArray(facts) || SNAKE_CASE.test(name) ? [] : [`${at} is not in snake_case`];
    return [...misspelt, ...factFaults(value, at)];
  });
}
