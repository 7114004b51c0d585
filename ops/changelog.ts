/** The changelog as it is when what was unreleased becomes a version. */

const UNRELEASED = '## Unreleased';

/** Throws where nothing is unreleased, or the version is there already. */
export function released(changelog: string, version: string, date: string): string {
  const [before, rest] = changelog.split(`${UNRELEASED}\n`);
  if (before === undefined || rest === undefined) throw new Error(`The changelog has no "${UNRELEASED}".`);
  if (rest.split('\n## ')[0]?.trim() === '') throw new Error('Nothing is unreleased: there is nothing to release.');
  if (rest.includes(`\n## ${version} `)) throw new Error(`${version} has been released already.`);
  return `${before}${UNRELEASED}\n\n## ${version} – ${date}\n${rest}`;
}
