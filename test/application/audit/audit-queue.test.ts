/** Refusals on their way to the audit: what is written, what is only counted, and that nobody can hide another's. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AuditEntries, type AuditEntry, type AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { at, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const YEAR_SECONDS = 365 * 86_400;

describe('AuditQueue', () => {
  let now: Date;
  let away: boolean;
  let database: MemoryDatabase;
  let queue: AuditQueue;
  const clock = { now: () => now };
  const audit = new AuditEntries({ clock, ids: { next: newId } });

  beforeEach(() => {
    [now, away, database] = [at(0), false, new MemoryDatabase()];
    const unitOfWork: UnitOfWork<{ audit: AuditLog }> = {
      run: (work) => (away ? Promise.reject(new Error('away')) : database.unitOfWork.run(work)),
    };
    queue = new AuditQueue({ unitOfWork, audit, clock });
  });

  const times = (count: number, entry: (n: number) => AuditEntry) => {
    for (let n = 0; n < count; n += 1) queue.enqueue(entry(n));
  };
  const signIn = (ip: string) =>
    audit.anonymous({ ip, requestId: null }, { action: 'users.sign_in', subject: null, outcome: 'failed' });
  const refusal = (ip: string) =>
    audit.anonymous({ ip, requestId: null }, { action: 'access.refuse', subject: null, outcome: 'refused' });
  const gm = actorFor(newId('user'));
  const refusalOfActor = (actor = gm) =>
    audit.by(actor, { action: 'access.refuse', subject: null, outcome: 'refused' });

  const stored = async () => (await database.reads.audit.list({}, { limit: 2_000 })).items;
  const written = async () => (await stored()).filter(({ action }) => action !== 'audit.leave_out').length;
  /** What was left out, by kind, with whom the entries name. */
  const leftOut = async () => {
    const counts: Record<string, unknown> = {};
    for (const { action, actorKind, after } of (await stored()).toReversed())
      if (action === 'audit.leave_out') counts[`${actorKind} ${after?.kind}`] = after?.left_out;
    return counts;
  };

  it('writes at most 20 failed sign-ins of an address a minute, and then how many were left out', async () => {
    times(500, () => signIn('192.0.2.1'));
    await queue.flush();
    expect(await written()).to.equal(20);
    now = at(59.999);
    times(1, () => signIn('192.0.2.1'));
    await queue.flush();
    expect(await written()).to.equal(20);
    expect(await leftOut()).to.deep.equal({});
    now = at(60);
    await queue.flush();
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 481 });
    times(3, () => signIn('192.0.2.1'));
    await queue.flush();
    expect(await written()).to.equal(23);
  });

  it('tells what was left out although the next minute’s flood has begun', async () => {
    times(21, () => signIn('192.0.2.1'));
    now = at(60);
    times(30, () => signIn('192.0.2.1'));
    await queue.flush();
    expect(await written()).to.equal(40);
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 1 });
  });

  it('writes the failed sign-ins of other addresses, and refusals of actors, during a flood from one address', async () => {
    times(500, () => refusal('192.0.2.1'));
    times(500, () => signIn('192.0.2.1'));
    times(5, () => signIn('192.0.2.2'));
    times(3, () => refusalOfActor());
    await queue.flush();
    const entries = await stored();
    expect(entries.filter(({ ip, action }) => ip === '192.0.2.2' && action === 'users.sign_in')).to.have.length(5);
    expect(entries.filter(({ actorId }) => actorId === gm.userId)).to.have.length(3);
  });

  it('takes all addresses of an IPv6 network of 64 bits for one', async () => {
    times(100, (n) => signIn(`2001:db8:0:1::${n.toString(16)}`));
    await queue.flush();
    expect(await written()).to.equal(20);
  });

  it('writes one anonymous refusal of an address a minute, and ten in all', async () => {
    times(40, (n) => refusal(`192.0.2.${n % 20}`));
    await queue.close();
    const entries = (await stored()).filter(({ action }) => action === 'access.refuse');
    expect(new Set(entries.map(({ ip }) => ip))).to.have.lengthOf(10);
    expect(entries).to.have.length(10);
    expect(await leftOut()).to.deep.equal({ 'system anonymous': 30 });
  });

  it('writes the refusals of one actor during a flood from another, at most 120 of all', async () => {
    times(500, () => refusalOfActor());
    const others = Array.from({ length: 9 }, () => actorFor(newId('user')));
    for (const other of others) times(12, () => refusalOfActor(other));
    await queue.close();
    const entries = await stored();
    const by = (id: string) => entries.filter(({ actorId }) => actorId === id).length;
    expect(by(gm.userId)).to.equal(30);
    expect(others.slice(0, 7).map(({ userId }) => by(userId))).to.deep.equal([12, 12, 12, 12, 12, 12, 12]);
    expect(await written()).to.equal(120);
    expect(await leftOut()).to.deep.equal({ 'system actor': 470 + 108 - 90 });
  });

  it('counts the kinds apart, and tells all of them when it closes', async () => {
    times(21, () => signIn('192.0.2.1'));
    times(3, () => refusal('192.0.2.1'));
    times(34, () => refusalOfActor());
    await queue.close();
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 1, 'system anonymous': 2, 'system actor': 4 });
  });

  it('begins a new minute where the clock was a year ahead and is set right', async () => {
    now = at(YEAR_SECONDS);
    times(25, () => signIn('192.0.2.1'));
    now = at(0);
    times(25, () => signIn('192.0.2.1'));
    await queue.flush();
    expect(await written()).to.equal(40);
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 5 });
    now = at(60);
    await queue.flush();
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 5 });
    expect((await stored()).filter(({ action }) => action === 'audit.leave_out')).to.have.length(2);
  });

  it('retains what could not be written, numbers included, and writes it at the next flush', async () => {
    away = true;
    times(22, () => signIn('192.0.2.1'));
    expect(((await failureOf(queue.close())) as Error).message).to.equal('away');
    times(1, () => refusalOfActor());
    away = false;
    await queue.flush();
    expect(await written()).to.equal(21);
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 2 });
  });

  it('retains the oldest 500 while the store is away, and counts the others', async () => {
    away = true;
    for (let minute = 0; minute < 10; minute += 1) {
      now = at(60 * minute);
      times(120, (n) => signIn(`192.0.2.${n}`));
      if (minute % 2 === 0) await failureOf(queue.flush());
    }
    away = false;
    await queue.close();
    expect(await written()).to.equal(500);
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 700 });
    const oldest = (await stored())
      .filter(({ action }) => action === 'users.sign_in')
      .map((entry) => entry.at.getTime());
    expect(Math.max(...oldest)).to.equal(at(240).getTime());
  });

  it('counts what was queued during a write that failed, beyond the oldest 500', async () => {
    const minutes = (from: number, to: number) => {
      for (let minute = from; minute < to; minute += 1) {
        now = at(60 * minute);
        times(120, (n) => signIn(`192.0.2.${n}`));
      }
    };
    away = true;
    minutes(0, 4);
    const failing = failureOf(queue.flush());
    minutes(4, 6);
    await failing;
    away = false;
    await queue.close();
    expect(await written()).to.equal(500);
    expect(await leftOut()).to.deep.equal({ 'system sign_in': 220 });
  });
});
