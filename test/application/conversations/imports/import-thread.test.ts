/** An import while the store is away: for a moment, or for good. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { EndedImport } from '#application/conversations/imports/import-log.ts';
import { ImportThread } from '#application/conversations/imports/import-thread.ts';
import { StagedWindow } from '#application/conversations/imports/staged-window.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import type { ImportedLine } from '#domain/conversations/imported.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { policyOf } from '../../../support/builders/appending.ts';
import { actorFor } from '../../../support/builders/conversing.ts';
import { at, aUser, newId } from '../../../support/builders/records.ts';
import { refusalOf } from '../../../support/reporting/refusals.ts';

const MESSAGES = 450;

async function* lines(): AsyncGenerator<ImportedLine> {
  const head = { title: 'Talk', systemPrompt: null, archived: false, createdAt: null, messageCount: MESSAGES };
  yield { number: 1, bytes: 20, value: { kind: 'thread', ...head } };
  const said = { role: 'user', name: null, toolCalls: null, toolCallId: null, metadata: {} } as const;
  for (let seq = 1; seq <= MESSAGES; seq += 1) {
    const message = { ...said, seq, content: 'x', authorId: null, createdAt: null, pinned: false };
    yield { number: seq + 1, bytes: 20, value: { kind: 'message', ...message } };
  }
}

describe('ImportThread', () => {
  let database: MemoryDatabase;
  let actor: UserActor;
  let ended: EndedImport[];

  beforeEach(async () => {
    database = new MemoryDatabase();
    ended = [];
    const user = aUser({ roles: [] });
    actor = actorFor(user.id);
    await database.unitOfWork.run(({ users }) => users.add(user));
  });

  /** Each unit of work of which `failing` gives an error for its number, from 1 on, fails with it. */
  const importing = (failing: (unit: number) => DomainError | undefined) => {
    const settings = { policy: policyOf({ maxTokens: 1_000 }), estimator: charsDiv4 };
    const clock = { now: () => at(0) };
    let units = 0;
    const unitOfWork: typeof database.unitOfWork = Object.assign(Object.create(database.unitOfWork), {
      run: async (work: Parameters<typeof database.unitOfWork.run>[0]) => {
        units += 1;
        const error = failing(units);
        if (error !== undefined) throw error;
        return database.unitOfWork.run(work);
      },
    });
    const compactor = { compact: () => Promise.reject(new Error('Nothing is to be compacted.')) };
    const useCase = new ImportThread({
      unitOfWork,
      reads: database.reads,
      threadsPerUser: 0,
      window: new StagedWindow({ compactor, clock, settings }),
      counter: { sizesOf: async (texts) => texts.map(charsDiv4.size) },
      clock,
      ids: { next: newId },
      settings,
      log: { ended: (one) => ended.push(one) },
    });
    return useCase.execute(actor, { gameId: null }, lines());
  };

  const listed = async () =>
    (await database.threads.listByUser(actor.userId, { workspaceId: HOME_ID, limit: 9 })).items;

  it('loses nothing where the store is away for a moment, and adds no page twice', async () => {
    const { id } = await importing((unit) => (unit % 2 === 0 ? storeErrors.storeUnavailable() : undefined));
    const said = await database.conversations.messages(id, { after: 0, limit: 1_000 });
    expect(said.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: MESSAGES }, (_, i) => i + 1));
    expect(ended.map(({ outcome, messages }) => [outcome, messages])).to.deep.equal([['imported', MESSAGES]]);
  });

  it('leaves nothing where the store stays away, or nobody knows whether a page was stored', async () => {
    for (const error of [storeErrors.storeUnavailable(), storeErrors.outcomeUnknown()])
      expect(await refusalOf(importing((unit) => (unit >= 3 && unit < 13 ? error : undefined)))).to.equal(error.code);
    expect(await listed()).to.deep.equal([]);
    expect(ended.map(({ outcome }) => outcome)).to.deep.equal(['failed', 'failed']);
  });
});
