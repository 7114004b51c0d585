/** Rechecking linked accounts: pages, pauses, and what happens to an account while its provider answers. */
import { expect } from 'chai';
import type { DueGrants } from '#application/identity/oauth/ports.ts';
import { RecheckOauthAccounts } from '#application/identity/oauth/recheck-oauth-accounts.ts';
import type { RefreshedOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import { anOauthAccount, at, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const HOUR = 3_600;
const open = new AbortController().signal;

describe('RecheckOauthAccounts', () => {
  const [guild, forger] = [newId('user'), newId('user')].map((user, n) =>
    anOauthAccount(user, { provider: n === 0 ? 'guild' : 'forger' }),
  ) as [ReturnType<typeof anOauthAccount>, ReturnType<typeof anOauthAccount>];
  const away: RefreshedOauthAccount = { did: 'away', error: new Error('away') };
  let outcomes: Map<string, RefreshedOauthAccount>;
  let asked: string[];
  let dues: DueGrants[];
  let seconds: number;
  let recheck: RecheckOauthAccounts;

  function make(recheckMs: number, accounts = [guild, forger, anOauthAccount(newId('user'))]): void {
    recheck = new RecheckOauthAccounts({
      reads: {
        oauthAccounts: {
          async listDue(due) {
            dues.push(due);
            return accounts.filter(({ provider }) => due.providers.includes(provider));
          },
        },
      },
      providers: { list: () => ['guild', 'forger'].map((name) => ({ name, label: name })) },
      refreshOauthAccount: {
        async execute(id) {
          asked.push(id);
          return outcomes.get(id) ?? { did: 'refreshed' };
        },
      },
      clock: { now: () => at(seconds) },
      recheckMs,
    });
  }
  beforeEach(() => {
    [outcomes, asked, dues, seconds] = [new Map(), [], [], 0];
    make(24 * HOUR * 1_000);
  });

  /** The providers that are asked at this second. */
  async function providersAt(second: number): Promise<readonly string[]> {
    seconds = second;
    [asked, dues] = [[], []];
    await recheck.execute(open).catch(() => {});
    return dues[0]?.providers ?? [];
  }

  it('asks for what was last tried a day ago', async () => {
    await recheck.execute(open);
    expect(dues).to.deep.equal([{ providers: ['guild', 'forger'], before: at(-24 * HOUR), now: at(0) }]);
    expect(asked).to.have.length(3);
  });

  it('does nothing with an interval of 0, and stops between two accounts when it closes', async () => {
    make(0);
    await recheck.execute(open);
    expect(dues).to.deep.equal([]);
    make(1);
    await recheck.execute(AbortSignal.abort());
    expect(asked).to.deep.equal([]);
  });

  it('pauses a provider that is away for a minute, doubling up to an hour, and goes on with the others', async () => {
    outcomes.set(guild.id, away);
    expect(await failureOf(recheck.execute(open))).to.include({ message: 'away' });
    // The second account of the same provider is not asked, that of the other one is.
    expect(asked).to.deep.equal([guild.id, forger.id]);
    let second = 0;
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      expect(await providersAt(second + minutes * 60 - 0.001)).to.deep.equal(['forger']);
      second += minutes * 60;
      expect(await providersAt(second)).to.deep.equal(['guild', 'forger']);
    }
    outcomes.clear();
    await providersAt(second + HOUR);
    outcomes.set(guild.id, away);
    await providersAt(second + 2 * HOUR);
    expect(await providersAt(second + 2 * HOUR + 60)).to.deep.equal(['guild', 'forger']);
  });

  it('ends a pause that began by a clock that was ahead', async () => {
    outcomes.set(guild.id, away);
    await providersAt(365 * 24 * HOUR);
    expect(await providersAt(0)).to.deep.equal(['guild', 'forger']);
  });

  it('tells what a provider refused after the whole page, without a pause', async () => {
    outcomes.set(guild.id, { did: 'refused', error: new Error('refused') });
    expect(await failureOf(recheck.execute(open))).to.include({ message: 'refused' });
    expect(asked).to.have.length(3);
    expect(await providersAt(1)).to.deep.equal(['guild', 'forger']);
  });
});
