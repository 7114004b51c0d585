/** The form of a commit's subject: `type(scope): subject`, as in Conventional Commits 1.0. */

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const MAX_CHARACTERS = 72;
const FORM = /^(?<type>[a-z]+)\((?<scope>[a-z0-9-]+)\)!?: (?<text>.+)$/;

/** Returns what is wrong with a subject; null if nothing is. */
export function faultOf(subject: string): string | null {
  const { type, text } = FORM.exec(subject)?.groups ?? {};
  if (type === undefined || text === undefined) return 'it is not of the form "type(scope): subject"';
  if (!TYPES.includes(type)) return `"${type}" is none of ${TYPES.join(', ')}`;
  const characters = [...subject].length;
  if (characters > MAX_CHARACTERS) return `it has ${characters} characters, and ${MAX_CHARACTERS} are the most`;
  return text.endsWith('.') ? 'it ends with a full stop' : null;
}
