/** Passwords are hashed a bounded number at once, and nothing tells whether a login exists. */
import { getRounds } from 'bcrypt';
import { expect } from 'chai';
import { BcryptPasswordHasher } from '#adapters/security/password-hasher.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

/** As cheap as bcrypt allows. */
const COST = 4;

describe('the password hasher', () => {
  const hasher = new BcryptPasswordHasher({ cost: COST });

  it('verifies the password that was hashed, and no other', async () => {
    const hash = await hasher.hash('correct horse 🐎');
    expect(await hasher.verify('correct horse 🐎', hash)).to.equal(true);
    expect(await hasher.verify('correct horse', hash)).to.equal(false);
    expect(hash).not.to.equal(await hasher.hash('correct horse 🐎'));
  });

  it('accepts no password for an unknown login, not even an empty one', async () => {
    expect(await hasher.verifyNothing('anything')).to.equal(false);
    expect(await hasher.verifyNothing('')).to.equal(false);
  });

  it('reports a hash of another cost as outdated', async () => {
    const hash = await hasher.hash('password');
    expect(hasher.isOutdated(hash)).to.equal(false);
    expect(new BcryptPasswordHasher({ cost: COST + 1 }).isOutdated(hash)).to.equal(true);
  });

  for (const atOnce of [1, 2]) {
    const places = atOnce + 50;

    it(`runs ${atOnce} at once, queues 50, refuses the rest, and accepts as many again afterwards`, async () => {
      const hasher = new BcryptPasswordHasher({ cost: COST, atOnce });
      const outcomes = await Promise.allSettled(Array.from({ length: places + 8 }, () => hasher.hash('password')));
      expect(outcomes.map((outcome) => outcome.status)).to.deep.equal([
        ...Array(places).fill('fulfilled'),
        ...Array(8).fill('rejected'),
      ]);
      const [refused] = outcomes.slice(-1) as PromiseRejectedResult[];
      expect(refused?.reason).to.deep.include({ kind: 'unavailable', code: 'hashing_busy' });
      await Promise.all(Array.from({ length: places }, () => hasher.hash('password')));
    });
  }

  it('frees the place of a hash that fails', async () => {
    const hasher = new BcryptPasswordHasher({ cost: COST, atOnce: 2 });
    const broken = () => hasher.verify(undefined as unknown as string, 'hash');
    await Promise.allSettled(Array.from({ length: 4 }, broken));
    expect(await hasher.verify('x', await hasher.hash('x'))).to.equal(true);
    const all = Array.from({ length: 53 }, () => hasher.hash('password'));
    expect(await refusalOf(all.pop() as Promise<unknown>)).to.equal('hashing_busy');
    await Promise.all(all);
  });

  it('asks for admission before each verification, and continues with the next after a refusal', async () => {
    const hasher = new BcryptPasswordHasher({ cost: 4 });
    const stored = await hasher.hash('sturdy-oak-table');
    const admitted: string[] = [];
    const asks = Array.from({ length: 6 }, (_, i) => {
      const admit = async () => {
        if (i % 2 === 0) throw new Error(`refused ${i}`);
        admitted.push(`asked ${i}`);
      };
      return i === 5
        ? hasher.verifyNothing('sturdy-oak-table', { admit })
        : hasher.verify('sturdy-oak-table', stored, { admit });
    });
    const outcomes = (await Promise.allSettled(asks)).map((one) =>
      one.status === 'fulfilled' ? one.value : one.reason.message,
    );
    expect(outcomes).to.deep.equal(['refused 0', true, 'refused 2', true, 'refused 4', false]);
    expect(admitted).to.deep.equal(['asked 1', 'asked 3', 'asked 5']);
  });

  it('spends the rounds of the highest cost in use on every answer, whatever the cost of a hash, and on none', async () => {
    let rounds = 0;
    const compare = async (_: string, stored: string) => {
      expect(stored).to.match(/^\$2b\$\d\d\$[./A-Za-z0-9]{53}$/);
      rounds += 2 ** getRounds(stored);
      return true;
    };
    const spent = async (work: () => Promise<unknown>) => {
      rounds = 0;
      await work();
      return Math.log2(rounds);
    };
    const stored = (cost: string) => `$2b$${cost}$${'x'.repeat(53)}`;
    const raised = new BcryptPasswordHasher({ cost: 11, compare });
    for (const cost of ['04', '10', '11']) expect(await spent(() => raised.verify('x', stored(cost)))).to.equal(11);
    expect(await spent(() => raised.verifyNothing('x'))).to.equal(11);
    const lowered = new BcryptPasswordHasher({ cost: 10, compare });
    lowered.learn('$2b$12$');
    lowered.learn('$2b$11$');
    for (const cost of ['10', '12']) expect(await spent(() => lowered.verify('x', stored(cost)))).to.equal(12);
    expect(await spent(() => lowered.verifyNothing('x'))).to.equal(12);
    expect(await spent(() => lowered.verify('x', stored('13')))).to.equal(13);
    expect(await spent(() => lowered.verifyNothing('x'))).to.equal(13);
  });

  it('tells a right password from a wrong one of an older hash', async () => {
    const older = await hasher.hash('correct horse');
    const raised = new BcryptPasswordHasher({ cost: COST + 2 });
    expect(await raised.verify('correct horse', older)).to.equal(true);
    expect(await raised.verify('correct', older)).to.equal(false);
  });

  it('lets an address in while another one asks for sixty at once', async () => {
    const flooded = new BcryptPasswordHasher({ cost: COST, atOnce: 2 });
    const flood = Array.from({ length: 60 }, () => flooded.verifyNothing('x', { party: '192.0.2.1' }));
    const others = Array.from({ length: 8 }, (_, i) => flooded.verifyNothing('x', { party: `192.0.2.${i + 2}` }));
    const [outcomes, letIn] = await Promise.all([Promise.allSettled(flood), Promise.all(others)]);
    expect(letIn).to.deep.equal(Array(8).fill(false));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(2 + 3);
  });
});
