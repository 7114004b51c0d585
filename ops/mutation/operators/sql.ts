/** Faults of SQL: boundaries, the order of rows, and conditions that hold of every row. */
import ts from 'typescript';
import type { Edit } from '../mutant.ts';
import type { Operator } from './operator.ts';

const IS_SQL = /\b(SELECT|UPDATE|DELETE FROM|INSERT INTO|WHERE|ORDER BY|AND)\s/;
const SWAPS: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/ (<=|>=) /g, (found) => found.replace('=', '')],
  [/ [<>] /g, (found) => `${found.trimEnd()}= `],
  [/ (ASC|DESC)\b/g, (found) => (found === ' ASC' ? ' DESC' : ' ASC')],
  [/ IS NOT NULL\b/g, () => ' IS NULL'],
  [/ IS NULL\b/g, () => ' IS NOT NULL'],
];
/** A comparison of a column with a value, so that the value is still used when the comparison holds of every row. */
const CONDITION = /\b[a-z_.]+ (=|<>|<=|>=|<|>) (:[a-z_A-Z]+|\$\d+|\?|[a-z_]+\.[a-z_]+)/g;

/** The text with everything that is not SQL (expressions in a template) blanked out, at the same places. */
function sqlOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.getText();
  if (!ts.isTemplateExpression(node)) return null;
  const start = node.getStart();
  return node.templateSpans.reduce((text, { expression }) => {
    const [from, to] = [expression.getStart() - start, expression.getEnd() - start];
    return text.slice(0, from) + '\u0000'.repeat(to - from) + text.slice(to);
  }, node.getText());
}

function editsIn(text: string, start: number, pattern: RegExp, replace: (found: string) => string): readonly Edit[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
    text: replace(match[0]),
  }));
}

const words: Operator = (node) => {
  const text = sqlOf(node);
  if (text === null || !IS_SQL.test(text)) return [];
  return SWAPS.flatMap(([pattern, replace]) => editsIn(text, node.getStart(), pattern, replace));
};

/** Not what `SET` gives a column. */
const conditions: Operator = (node) => {
  const text = sqlOf(node);
  if (text === null || !IS_SQL.test(text)) return [];
  const start = node.getStart();
  return editsIn(text, start, CONDITION, (found) => `(${found} OR 1 = 1)`).filter((edit) => {
    const keyword = text
      .slice(0, edit.start - start)
      .match(/\b(SET|WHERE|AND|OR|ON|WHEN)\b/g)
      ?.at(-1);
    return keyword !== undefined && keyword !== 'SET';
  });
};

export const sql: Readonly<Record<string, Operator>> = { sql: words, 'sql condition': conditions };
