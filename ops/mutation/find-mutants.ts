/** All faults that the operators can plant in a file. */
import ts from 'typescript';
import { idOf, type Mutant, planted } from './mutant.ts';
import { calls } from './operators/calls.ts';
import { conditions } from './operators/conditions.ts';
import { calleeOf } from './operators/operator.ts';
import { sql } from './operators/sql.ts';
import { statements } from './operators/statements.ts';
import { values } from './operators/values.ts';

const OPERATORS = Object.entries({ ...conditions, ...values, ...statements, ...calls, ...sql });
/** Texts for people: of the documents, and of what is logged. */
const TEXTS = ['description', 'example', 'examples', 'message', 'summary', 'title'];
const TEXT_CALLS = /(\b|#)log(ger)?\??\.(trace|debug|info|warn|error|fatal)$|\.(describe|meta)$/;

/** Where a fault would change no behaviour that is promised, or nothing at all. */
function isSkipped(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isPropertyAssignment(node)) return TEXTS.includes(node.name.getText());
  const call = ts.isExpressionStatement(node) ? node.expression : node;
  return ts.isCallExpression(call) && TEXT_CALLS.test(calleeOf(call));
}

export function findMutants(file: string, source: ts.SourceFile, checker: ts.TypeChecker): readonly Mutant[] {
  const found = new Map<string, Mutant>();
  const text = source.getFullText();
  const visit = (node: ts.Node): void => {
    if (isSkipped(node)) return;
    for (const [operator, edits] of OPERATORS) {
      for (const edit of edits(node, checker)) {
        const line = source.getLineAndCharacterOfPosition(edit.start).line + 1;
        const before = text.slice(edit.start, edit.end);
        const mutant = { ...edit, id: idOf(file, operator, edit), file, line, operator, before };
        if (planted(text, edit) !== text) found.set(mutant.id, mutant);
      }
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return [...found.values()];
}
