/** Quotas are exact, whoever comes at the same moment. */
import { expect } from 'chai';
import { AddSource } from '#application/library/add-source.ts';
import { DeleteSource } from '#application/library/documents/delete-source.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { TakeAsk } from '#application/workspaces/take-ask.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { at, aUser, newId } from '../support/builders/records.ts';
import { aWorkspace, aWorkspaceMembership, memberActor } from '../support/builders/workspaces.ts';
import { rounds } from '../support/reporting/rounds.ts';

const ROUNDS = rounds(100);
const CALLERS = 16;
const [clock, ids] = [{ now: () => at(0) }, { next: newId }];
const audit = new AuditEntries({ clock, ids });

contract('Quotas under concurrent changes', ON_RECORD_STORES, recordStores, (stores) => {
  const user = aUser({ roles: [] });
  const deps = () => ({ ...stores(), audit, clock, ids });

  async function aLimitedWorkspace(sources: number): Promise<WorkspaceId> {
    const { id } = aWorkspace();
    await stores().unitOfWork.run(async ({ workspaces, workspaceMembers, quotas }) => {
      await workspaces.add(aWorkspace({ id }));
      await workspaceMembers.add(aWorkspaceMembership(id, user.id, { role: 'editor' }));
      await quotas.saveLimits(id, { sources });
    });
    return id;
  }

  beforeEach(() => stores().unitOfWork.run(({ users }) => users.add(user)));

  const add = (workspaceId: WorkspaceId, title: string) => {
    const about = { title, publisher: null, edition: null, description: null, included: false, workspaceId };
    return new AddSource(deps()).execute(memberActor(user.id, workspaceId, 'editor'), about);
  };
  const used = async (id: WorkspaceId) => (await stores().reads.quotas.list(id)).map((usage) => usage.used);

  it(`give the last source to one of ${CALLERS} who race for it, ${ROUNDS} times`, async function () {
    this.timeout(300_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await aLimitedWorkspace(2);
      await add(id, 'First');
      const racers = Array.from({ length: CALLERS }, (_, racer) => add(id, `Book ${racer}`));
      const outcomes = await Promise.allSettled(racers);
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'added'));
      expect(codes.toSorted()).to.deep.equal(['added', ...Array(CALLERS - 1).fill('quota_exceeded')]);
      expect((await stores().reads.sources.list(id, { limit: 20 })).items).to.have.length(2);
      expect(await used(id)).to.deep.equal([2]);
    }
  });

  it(`let ${CALLERS} who ask at once have the last question of the day once, ${ROUNDS} times`, async function () {
    this.timeout(300_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await aLimitedWorkspace(1);
      await stores().unitOfWork.run(({ quotas }) => quotas.saveLimits(id, { asks_per_day: 1 }));
      const asks = Array.from({ length: CALLERS }, () => new TakeAsk(deps()).execute(id));
      const outcomes = await Promise.allSettled(asks);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    }
  });

  it(`count what is there while some add and others delete, ${ROUNDS} times`, async function () {
    this.timeout(300_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await aLimitedWorkspace(4);
      const actor = memberActor(user.id, id, 'editor');
      const there = [await add(id, 'One'), await add(id, 'Two'), await add(id, 'Three')];
      await Promise.allSettled([
        ...there.map((source) => new DeleteSource(deps()).execute(actor, source.id)),
        ...Array.from({ length: 5 }, (_, racer) => add(id, `Book ${racer}`)),
      ]);
      const { items } = await stores().reads.sources.list(id, { limit: 20 });
      expect(items.length).to.be.within(1, 4);
      expect(await used(id)).to.deep.equal([items.length]);
    }
  });
});
