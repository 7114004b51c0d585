/** Tells the audit of the new use case: its action, and the row that says what its route adds. */
import ts from 'typescript';
import type { Names } from './names.ts';
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';

const AUDIT_LOG = 'src/application/shared/audit-log.ts';
const AUDITED_CHANGES = 'test/support/matrix/audited-changes.ts';

export function addAudited(project: Project, { action }: Names, route: string): void {
  const actions = initializerOf(project, AUDIT_LOG, 'AUDIT_ACTIONS');
  const rows = initializerOf(project, AUDITED_CHANGES, 'auditedChanges');
  if (!ts.isArrayLiteralExpression(actions) || !ts.isObjectLiteralExpression(rows))
    throw new Refusal(`AUDIT_ACTIONS is not a list, or auditedChanges is not a table.`);
  project.edit(AUDIT_LOG).addTo(actions, `'${action}'`);
  project
    .edit(AUDITED_CHANGES)
    .addTo(rows, `'${route}': { action: '${action}', subject: null, before: null, after: null }`);
}

function initializerOf(project: Project, path: string, name: string): ts.Expression {
  const declared = project
    .edit(path)
    .all(ts.isVariableDeclaration)
    .find((one) => one.name.getText() === name)?.initializer;
  if (declared === undefined) throw new Refusal(`${path} has no ${name}.`);
  return ts.isAsExpression(declared) ? declared.expression : declared;
}
