/** The stores outside of units of work cannot write: this file does not compile where they can. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { Reads } from '#application/repos.ts';
import { aUser } from '../support/builders/records.ts';

describe('architecture: stores outside of units of work', () => {
  it('find nothing in an empty database', async () => {
    const reads: Reads = new MemoryDatabase().reads;
    const user = aUser();
    expect(await reads.users.find(user.id)).to.equal(undefined);
    expect((await reads.users.list({}, { limit: 1 })).items).to.deep.equal([]);
  });

  it('have no methods that write in their type', () => {
    const planted = (reads: Reads) => {
      // @ts-expect-error a write goes through a unit of work
      reads.users.add(aUser());
      // @ts-expect-error the same for a removal
      reads.games.remove('gam_1');
      // @ts-expect-error the same for the audit
      reads.audit.seal([]);
      // @ts-expect-error the same for a conditional write
      reads.invitations.use('inv_1');
    };
    expect(planted).to.be.a('function');
  });
});
