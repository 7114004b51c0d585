/** Who may read and manage a thread. */
import { expect } from 'chai';
import { dependsOnGame, requireManager, requireReader } from '#domain/conversations/policy.ts';
import { lastActivityAt } from '#domain/conversations/thread.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { aGame, aThread, at, aUser } from '../../support/builders/records.ts';
import { outcomeOf } from '../../support/reporting/refusals.ts';

const [owner, other] = [aUser(), aUser()];
const thread = aThread(owner.id, { gameId: aGame(owner.id).id });
const [asOwner, asOther] = [actorFor(owner.id), actorFor(other.id)];

describe('The policy of a thread', () => {
  it('asks for the role in the game only of those who do not own the thread', () => {
    expect([dependsOnGame(thread, asOwner), dependsOnGame(thread, asOther)]).to.deep.equal([false, true]);
    expect(dependsOnGame({ ...thread, gameId: null }, asOther)).to.equal(false);
  });

  it('lets the owner and the members of the game read it; for anyone else it is not there', () => {
    expect(requireReader(thread, asOwner, undefined)).to.equal(thread);
    expect(requireReader(thread, asOther, 'player')).to.equal(thread);
    expect(outcomeOf(() => requireReader(thread, asOther, undefined))).to.equal('thread_not_found');
    expect(outcomeOf(() => requireReader(undefined, asOwner, 'gm'))).to.equal('thread_not_found');
  });

  it('lets the owner and a GM of the game manage it, and no player', () => {
    expect(requireManager(thread, asOwner, undefined)).to.equal(thread);
    expect(requireManager(thread, asOther, 'gm')).to.equal(thread);
    expect(outcomeOf(() => requireManager(thread, asOther, 'player'))).to.equal('thread_not_yours');
  });

  it('orders threads by their newest message, and by their start before the first', () => {
    expect(lastActivityAt({ ...thread, createdAt: at(1), lastMessageAt: null })).to.deep.equal(at(1));
    expect(lastActivityAt({ ...thread, createdAt: at(1), lastMessageAt: at(2) })).to.deep.equal(at(2));
  });
});
