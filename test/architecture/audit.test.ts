/**
 * Audit entries are made outside of units of work: a unit may run more than once, and its entry must have the same id
 * and time each time.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { ROOT } from '../support/project.ts';

/** Whether the node is a function that runs within a unit: the callback of `run`, or one that is given `repos`. */
function runsInUnit(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node)) return false;
  if (node.parameters.some(({ name }) => name.getText() === 'repos')) return true;
  const { parent } = node;
  return ts.isCallExpression(parent) && /(^|\.)unitOfWork\.run$/.test(parent.expression.getText());
}

/** The calls in a source text that make an entry within a unit of work. */
function madeInUnits(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, inUnit: boolean): void => {
    const inside = inUnit || runsInUnit(node);
    if (inside && ts.isCallExpression(node) && /(^|[.#])audit\.(by|anonymous)$/.test(node.expression.getText()))
      found.push(node.getText().split('\n')[0] as string);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true), false);
  return found;
}

describe('architecture: audit entries', () => {
  it('are made before the unit of work, which only adds to them what it finds', () => {
    const files = globSync('src/**/*.ts', { cwd: ROOT });
    const made = files.flatMap((file) =>
      madeInUnits(readFileSync(join(ROOT, file), 'utf8')).map((call) => [file, call]),
    );
    expect(made, 'Make the entry before `unitOfWork.run`, and add `{ ...entry, before, after }` within').to.deep.equal(
      [],
    );
  });

  it('are found within a unit of work where one is planted', () => {
    const planted = [
      'unitOfWork.run(async ({ games, audit: log }) => { await log.add(audit.by(actor, x)); });',
      'this.#deps.unitOfWork.run((repos) => repos.audit.add(this.#deps.audit.anonymous(origin, x)));',
      'async function decline(repos: Repos, audit: AuditEntries) { await repos.audit.add(audit.by(actor, x)); }',
    ];
    for (const text of planted) expect(madeInUnits(text), text).to.have.length(1);
    expect(
      madeInUnits('const entry = audit.by(actor, x); unitOfWork.run((repos) => repos.audit.add(entry));'),
    ).to.deep.equal([]);
  });
});
