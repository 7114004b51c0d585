/** Who may compact a context by hand, and when there is nothing to compact. */
import { expect } from 'chai';
import type { MemoryDatabase } from '#adapters/memory/database.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { actorFor, aPrivateTalk, type Conversing } from '../../support/builders/conversing.ts';
import { aThread, newId } from '../../support/builders/records.ts';
import { story } from '../../support/builders/windows.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

describe('CompactContext', () => {
  let database: MemoryDatabase;
  let owner: UserActor;
  let thread: ThreadId;
  let talk: Conversing;

  beforeEach(async () => {
    ({ database, owner, talk, thread } = await aPrivateTalk());
  });

  const compact = (actor: UserActor, threadId: ThreadId, dryRun = false) =>
    talk.compact.execute(actor, { threadId, dryRun, strategies: null });
  const revisions = async () => (await database.conversations.events(thread, { limit: 9 })).length;

  it('compacts and shows nobody a thread that they may not read, though they may compact their own', async () => {
    for (let n = 0; n < 8; n += 1) await talk.say(owner, thread, `${n}. ${story}`);
    const stranger = actorFor(newId('user'));
    for (const dryRun of [true, false]) {
      expect(await refusalOf(compact(stranger, thread, dryRun))).to.equal('thread_not_found');
      expect(await refusalOf(compact(owner, aThread(owner.userId).id, dryRun))).to.equal('thread_not_found');
    }
    const before = await revisions();
    expect((await compact(owner, thread)).dryRun).to.equal(false);
    expect([before, await revisions()]).to.deep.equal([0, 1]);
  });

  it('needs the permissions `chat.compact` and `chat.use`, of the owner too', async () => {
    for (const permission of ['chat.compact', 'chat.use']) {
      const without = { ...owner, permissions: owner.permissions.filter((one) => one !== permission) };
      expect(await failureOf(compact(without, thread))).to.deep.include({
        kind: 'forbidden',
        code: 'permission_missing',
        details: { permission },
      });
    }
  });

  it('changes nothing where it would free less than 2 % of the budget, and says so', async () => {
    await talk.say(owner, thread, 'We open the door.');
    expect(await refusalOf(compact(owner, thread))).to.equal('nothing_to_compact');
    expect(await revisions()).to.equal(0);
  });
});
