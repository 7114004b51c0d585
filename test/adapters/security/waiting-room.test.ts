/** Who waits for a hash: no party keeps another from its turn. */
import { expect } from 'chai';
import { WaitingRoom } from '#adapters/security/waiting-room.ts';

describe('the waiting room', () => {
  let room: WaitingRoom;
  let served: string[];

  beforeEach(() => {
    [room, served] = [new WaitingRoom(), []];
  });

  /** Returns whether there was a place. */
  function enter(party: string | null, name = String(party)): boolean {
    const turn = room.enter(party);
    void turn?.then(() => served.push(name));
    return turn !== undefined;
  }
  const enterMany = (count: number, party: (i: number) => string | null) =>
    Array.from({ length: count }, (_, i) => enter(party(i))).filter((entered) => entered).length;
  async function serveAll(): Promise<readonly string[]> {
    while (room.next());
    await Promise.resolve();
    return served;
  }

  it('has three places for one party, however many of it come, and as many again afterwards', async () => {
    expect(enterMany(60, () => 'flood')).to.equal(3);
    expect(enter('another')).to.equal(true);
    await serveAll();
    expect(enterMany(60, () => 'flood')).to.equal(3);
  });

  it('has 50 places in all, the last ten of them for parties of which nobody waits', () => {
    expect(enterMany(60, (i) => `address ${i % 20}`)).to.equal(40);
    expect(enterMany(20, (i) => `address ${i}`)).to.equal(0);
    expect(enterMany(60, (i) => `new ${i}`)).to.equal(10);
    room.next();
    expect([enter('late'), enter('too late')]).to.deep.equal([true, false]);
  });

  it('serves one of each party before the second of any, and the first come first', async () => {
    for (const [party, name] of [
      ['a', 'a1'],
      ['a', 'a2'],
      ['a', 'a3'],
      ['b', 'b1'],
      ['c', 'c1'],
      ['b', 'b2'],
    ] as const) {
      enter(party, name);
    }
    expect(await serveAll()).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(room.next()).to.equal(false);
  });

  it('gives whoever shares with nobody a place of their own', async () => {
    expect(enterMany(60, () => null)).to.equal(50);
    expect(await serveAll()).to.have.length(50);
  });
});
