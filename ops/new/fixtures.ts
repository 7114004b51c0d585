/** Adds the fixture by which the authorisation matrix calls the new route: without parameters or body. */
import ts from 'typescript';
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';
import type { RouteKeys } from './routes.ts';

const FIXTURES = 'test/support/matrix/*.ts';
/** What the audit has of a route is another table. */
const AUDITED = /\/audited-[\w-]+\.ts$/;

export function addFixture(project: Project, { added, others }: RouteKeys): void {
  for (const path of project.glob(FIXTURES).filter((one) => !AUDITED.test(one))) {
    const edit = project.edit(path);
    const fixtures = edit
      .all(ts.isObjectLiteralExpression)
      .find((one) =>
        one.properties.some(({ name }) => name !== undefined && ts.isStringLiteral(name) && others.includes(name.text)),
      );
    if (fixtures === undefined) continue;
    edit.addTo(fixtures, `'${added}': ${edit.knows('NOTHING') ? 'NOTHING' : '{}'}`);
    return;
  }
  throw new Refusal(`None of ${FIXTURES} says how ${others[0]} is called.`);
}
