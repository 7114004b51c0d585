/** Faults of calls: a step of a chain that is left out or exchanged, an argument that is not passed on. */
import ts from 'typescript';
import { dropped, methodOf, type Operator, replaced } from './operator.ts';

const EXCHANGED: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'includes',
  endsWith: 'includes',
  findLast: 'find',
  find: 'findLast',
  floor: 'ceil',
  ceil: 'floor',
  lastIndexOf: 'indexOf',
};
/** What gives the same type as it is called on. */
const STEPS = [
  'concat',
  'filter',
  'normalize',
  'reverse',
  'slice',
  'sort',
  'toLowerCase',
  'toReversed',
  'toSorted',
  'trim',
  'trimEnd',
];
/** The steps of a schema that narrow it. */
const NARROWING = ['length', 'max', 'min', 'nonempty', 'positive', 'readonly', 'refine', 'regex', 'strict'];

const exchanged: Operator = (node) => {
  const method = methodOf(node);
  const other = method && EXCHANGED[method.name.getText()];
  return method && other !== undefined && other !== null ? [replaced(method.name, other)] : [];
};

const step: Operator = (node) => {
  const method = methodOf(node);
  return method && STEPS.includes(method.name.getText()) ? [replaced(node, method.receiver.getText())] : [];
};

const schema: Operator = (node) => {
  const method = methodOf(node);
  if (method === null || !NARROWING.includes(method.name.getText())) return [];
  return /^z\b/.test(method.receiver.getText()) ? [replaced(node, method.receiver.getText())] : [];
};

/** Only what may be left out compiles. */
const argument: Operator = (node) => {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
  const last = node.arguments?.at(-1);
  return last === undefined || node.arguments === undefined ? [] : [dropped(last, node.arguments)];
};

/** Two arguments of one type in each other's place. */
const order: Operator = (node, checker) => {
  if (!ts.isCallExpression(node) || node.arguments.length !== 2) return [];
  const [first, second] = node.arguments;
  if (first === undefined || second === undefined || first.getText() === second.getText()) return [];
  if (checker.getTypeAtLocation(first) !== checker.getTypeAtLocation(second)) return [];
  return [{ start: first.getStart(), end: second.getEnd(), text: `${second.getText()}, ${first.getText()}` }];
};

export const calls: Readonly<Record<string, Operator>> = { call: exchanged, step, schema, argument, order };
