/** Turns the unreleased section of the changelog into a release. */

const UNRELEASED = '## Unreleased';

/** Returns the new changelog. Throws if nothing is unreleased, or if the version exists already. */
export function released(changelog: string, version: string, date: string): string {
  const [before, rest] = changelog.split(`${UNRELEASED}\n`);
  if (before === undefined || rest === undefined) throw new Error(`The changelog has no "${UNRELEASED}".`);
  if (rest.split('\n## ')[0]?.trim() === '') throw new Error('Nothing is unreleased: there is nothing to release.');
  if (rest.includes(`\n## ${version} `)) throw new Error(`${version} has been released already.`);
  return `${before}${UNRELEASED}\n\n## ${version} – ${date}\n${rest}`;
}
