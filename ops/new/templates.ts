/** The code of a new use case. What remains to be written fails when it runs. */
import type { Names } from './names.ts';

export function useCaseText({ room, type, words, action }: Names): string {
  const up = '../'.repeat(room.split('/').length);
  return `/** ${capital(words)}: for whom, and what is true after it. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { AuditEntries, AuditLog } from '${up}shared/audit-log.ts';
import type { UnitOfWork } from '${up}shared/unit-of-work.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class ${type} {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws what the domain refuses with: name each code here. */
  async execute(actor: UserActor): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: '${action}', subject: null });
    await unitOfWork.run(async (repos) => {
      await repos.audit.add(entry);
      throw new Error('${type} is not written yet.');
    });
  }
}
`;
}

export function testText({ room, file, type, variable, words }: Names): string {
  const up = '../'.repeat(room.split('/').length + 1);
  return `/** ${capital(words)} as a use case, in memory. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { ${type} } from '#application/${room}/${file}.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { actorFor } from '${up}support/builders/conversing.ts';
import { outsideUnits } from '${up}support/builders/outside-units.ts';
import { at, newId } from '${up}support/builders/records.ts';

describe('${words}', () => {
  it('does what it promises, and tells the audit', async () => {
    const database = new MemoryDatabase();
    const { unitOfWork, ids } = outsideUnits(database.unitOfWork);
    const audit = new AuditEntries({ clock: { now: () => at(0) }, ids });
    const ${variable} = new ${type}({ unitOfWork, audit });
    await ${variable}.execute(actorFor(newId('user')));
    const { items } = await database.reads.audit.list({}, { limit: 9 });
    expect(items).to.have.length(1);
  });
});
`;
}

export function routeText({ file, variable, words }: Names, useCases: string, tag: string): string {
  return `
function ${variable}({ ${variable} }: ${useCases}): Route {
  return route({
    method: 'post',
    path: '/${file}',
    ${tag},
    summary: '${capital(words)}.',
    access: 'signed_in',
    returns: { 204: null },
    async handle({ actor }) {
      await ${variable}.execute(actor);
      return { status: 204 };
    },
  });
}
`;
}

export function nextSteps({ room, file, type }: Names, route: string): string {
  return `${type} compiles, and its test fails until it is written. Then:
  npm test application/${room}/${file}.test.ts
  give ${route} the method, the path and the access that it should have, its fixture what it takes,
  and its entry the action that it should have, with a row in test/support/matrix/audited-changes.ts
  npm run generate && node test/support/matrix/review-matrix.ts`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
