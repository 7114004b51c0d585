/** Who may append, and until when: checked before anything is counted, and once more where it is stored. */
import { expect } from 'chai';
import type { MemoryDatabase } from '#adapters/memory/database.ts';
import { managedThread, readableThread } from '#application/conversations/thread-access.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { actorFor, aPrivateTalk, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { aGame, aMembership, aThread, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

describe('access to AppendMessage', () => {
  let database: MemoryDatabase;
  let owner: UserActor;
  let thread: ThreadId;
  let talk: Conversing;

  beforeEach(async () => {
    ({ database, owner, talk, thread } = await aPrivateTalk());
  });

  it('counts nothing for a thread that is not there or not the caller’s', async () => {
    let counted = 0;
    const counting = { ...charsDiv4, size: (text: string) => ++counted && text.length };
    const stranger = actorFor(aUser({ roles: [] }).id);
    const own = conversing(database, { estimator: counting });
    const unknown = aThread(owner.userId).id;
    expect(await refusalOf(own.say(owner, unknown, 'x'))).to.equal('thread_not_found');
    expect(await refusalOf(own.say(stranger, thread, 'x'))).to.equal('thread_not_found');
    expect(counted).to.equal(0);
  });

  it('is refused to anybody without `chat.use`, the owner of the thread included', async () => {
    const without = { ...owner, permissions: owner.permissions.filter((one) => one !== 'chat.use') };
    for (const find of [readableThread, managedThread]) {
      expect((await find(database, owner, thread)).id).to.equal(thread);
      expect(await failureOf(find(database, without, thread))).to.deep.include({
        kind: 'forbidden',
        code: 'permission_missing',
        details: { permission: 'chat.use' },
      });
    }
  });

  it('refuses a member who leaves the game after the check of their access, and stores nothing', async () => {
    const [member, game] = [aUser({ roles: [] }), aGame(null)];
    await database.unitOfWork.run(async ({ users, games, memberships }) => {
      await users.add(member);
      await games.add(game);
      await memberships.add(aMembership(game.id, owner.userId));
      await memberships.add(aMembership(game.id, member.id));
    });
    const { id } = await talk.start.execute(owner, { title: null, gameId: game.id, systemPrompt: null });
    const leaving = conversing({
      ...database,
      unitOfWork: database.unitOfWork,
      threads: database.threads,
      conversations: Object.assign(Object.create(database.conversations), {
        append: async (...given: Parameters<typeof database.conversations.append>) => {
          await database.unitOfWork.run(({ memberships }) => memberships.remove(game.id, member.id));
          return database.conversations.append(...given);
        },
      }),
    });
    expect(await refusalOf(leaving.say(actorFor(member.id), id, 'One more thing.'))).to.equal('thread_not_found');
    expect(await database.conversations.messages(id, { limit: 9 })).to.deep.equal([]);
  });
});
