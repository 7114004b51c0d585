/** How many compactions by hand run and wait at once. */
import { expect } from 'chai';
import { ManualTurns } from '#application/conversations/context/manual-turns.ts';
import { newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

const nothing = async () => {};

describe('Compactions by hand', () => {
  it('take one place each, of four that a user has, and give back their own alone', async () => {
    const [vex, grog] = [newId('user'), newId('user')];
    const turns = new ManualTurns();
    const [first, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const own = turns.run(vex, () => first.promise);
    const others = Array.from({ length: 4 }, () => turns.run(grog, () => rest.promise));
    expect(await refusalOf(turns.run(grog, nothing))).to.equal('compaction_busy');
    first.resolve();
    await own;
    expect(await refusalOf(turns.run(grog, nothing))).to.equal('compaction_busy');
    await turns.run(vex, nothing);
    rest.resolve();
    await Promise.all(others);
    await turns.run(grog, nothing);
  });

  it('are twenty of all users together, whoever asks', async () => {
    const turns = new ManualTurns();
    const gate = Promise.withResolvers<void>();
    const running = Array.from({ length: 20 }, () => turns.run(newId('user'), () => gate.promise));
    expect(await refusalOf(turns.run(newId('user'), nothing))).to.equal('compaction_busy');
    gate.resolve();
    await Promise.all(running);
    await turns.run(newId('user'), nothing);
  });
});
