/** What an operator is: the faults of one kind that can be planted at a node. */
import ts from 'typescript';
import type { Edit } from '../mutant.ts';

/** The checker knows unions and what may be left out. */
export type Operator = (node: ts.Node, checker: ts.TypeChecker) => readonly Edit[];

export function replaced(node: ts.Node, text: string): Edit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

/** The node with the comma after it, or before it where it is the last one of its list. */
export function dropped(node: ts.Node, list: ts.NodeArray<ts.Node>): Edit {
  const at = list.indexOf(node);
  const [before, after] = [list[at - 1], list[at + 1]];
  if (after !== undefined) return { start: node.getStart(), end: after.getStart(), text: '' };
  return { start: before === undefined ? node.getStart() : before.getEnd(), end: node.getEnd(), text: '' };
}

/** What is called, as it is written: `audit.add`, `this.#deps.log.info`. */
export function calleeOf(call: ts.CallExpression): string {
  return call.expression.getText();
}

/** The method of `receiver.method(…)`. */
export function methodOf(
  node: ts.Node,
): Readonly<{ call: ts.CallExpression; receiver: ts.Node; name: ts.Node }> | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  return { call: node, receiver: node.expression.expression, name: node.expression.name };
}
