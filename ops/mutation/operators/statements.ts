/** Faults of what is done: a call that is left out or not waited for, a guard that is gone. */
import ts from 'typescript';
import { type Operator, replaced } from './operator.ts';

const EFFECTS = [ts.SyntaxKind.CallExpression, ts.SyntaxKind.AwaitExpression, ts.SyntaxKind.BinaryExpression];

/** Calls and assignments that stand for themselves. */
const removed: Operator = (node) => {
  if (!ts.isExpressionStatement(node) || !EFFECTS.includes(node.expression.kind)) return [];
  return node.expression.getText().startsWith('super(') ? [] : [replaced(node, ';')];
};

const unawaited: Operator = (node) => {
  if (!ts.isExpressionStatement(node) || !ts.isAwaitExpression(node.expression)) return [];
  return [replaced(node, `void ${node.expression.expression.getText()};`)];
};

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last))
  );
}

/** An `if` that ends in a return, a throw or the next round. */
const guards: Operator = (node) => {
  if (!ts.isIfStatement(node) || node.elseStatement !== undefined || !leaves(node.thenStatement)) return [];
  return [replaced(node, ';')];
};

const ends: Operator = (node) => {
  if (!ts.isTryStatement(node) || node.finallyBlock === undefined) return [];
  return [replaced(node.finallyBlock, '{}')];
};

export const statements: Readonly<Record<string, Operator>> = {
  statement: removed,
  await: unawaited,
  guard: guards,
  finally: ends,
};
