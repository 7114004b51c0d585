/** Faults of values: numbers that are one off, another word of the same union, a field that is not there. */
import ts from 'typescript';
import { dropped, type Operator, replaced } from './operator.ts';

const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*' };

const arithmetic: Operator = (node) => {
  if (!ts.isBinaryExpression(node)) return [];
  const other = ARITHMETIC[node.operatorToken.getText()];
  return other === undefined ? [] : [replaced(node.operatorToken, other)];
};

/** One more and one less; a thousand and its multiples are units and sizes, where only another magnitude counts. */
const numbers: Operator = (node) => {
  if (!ts.isNumericLiteral(node)) return [];
  const value = Number(node.text);
  if (value >= 1_000 && value % 1_000 === 0)
    return [replaced(node, String(value * 2)), replaced(node, String(value / 2))];
  return [replaced(node, String(value + 1)), ...(value > 0 ? [replaced(node, String(value - 1))] : [])];
};

const booleans: Operator = (node) => {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [replaced(node, 'false')];
  return node.kind === ts.SyntaxKind.FalseKeyword ? [replaced(node, 'true')] : [];
};

/** The next word of the union that is expected here, or that the other side of a comparison has. */
const words: Operator = (node, checker) => {
  if (
    !ts.isStringLiteral(node) ||
    (ts.isPropertyName(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node)
  ) {
    return [];
  }
  const { parent } = node;
  const other = ts.isBinaryExpression(parent) && parent.right === node ? checker.getTypeAtLocation(parent.left) : null;
  const type = other ?? checker.getContextualType(node);
  if (type === undefined || !type.isUnion()) return [];
  const union = type.types.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
  const next = union[(union.indexOf(node.text) + 1) % union.length];
  return next === undefined || next === node.text ? [] : [replaced(node, `'${next}'`)];
};

const fields: Operator = (node) => {
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.map((property) => dropped(property, node.properties));
};

const elements: Operator = (node) => {
  if (!ts.isArrayLiteralExpression(node)) return [];
  return node.elements.map((element) => dropped(element, node.elements));
};

/** A pattern without an anchor, or without its flags. */
const patterns: Operator = (node) => {
  if (!ts.isRegularExpressionLiteral(node)) return [];
  const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
  const weaker = [
    ...(source.startsWith('^') ? [`/${source.slice(1)}/${flags}`] : []),
    ...(source.endsWith('$') && !source.endsWith('\\$') ? [`/${source.slice(0, -1)}/${flags}`] : []),
    ...(flags === '' ? [] : [`/${source}/`]),
  ];
  return weaker.filter((text) => text !== '//').map((text) => replaced(node, text));
};

export const values: Readonly<Record<string, Operator>> = {
  arithmetic,
  number: numbers,
  boolean: booleans,
  word: words,
  field: fields,
  element: elements,
  pattern: patterns,
};
