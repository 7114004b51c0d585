/** What answers say about limits, to the second, at times that stand still. */
import { expect } from 'chai';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { RequestRateLimits } from '#adapters/http/pipeline/rate-limits.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';
import { at } from '../../../support/builders/records.ts';
import { failureOf } from '../../../support/reporting/refusals.ts';

describe('the headers of rate limits', () => {
  let seconds: number;
  let limits: RequestRateLimits;
  beforeEach(() => {
    seconds = 0;
    limits = new RequestRateLimits({
      limiter: new EmbeddedRateLimiter(),
      clock: { now: () => at(seconds) },
      quotas: { anonymous: 3, actor: 0 },
    });
  });

  it('tell how many are left, and in how many whole seconds all are; a refusal says when to come back', async () => {
    const headers: Record<string, string> = {};
    for (const left of [2, 1, 0]) {
      seconds += 10;
      await limits.take('anonymous', 'a', headers);
      expect(headers).to.deep.equal({
        'RateLimit-Policy': '"burst";q=3;w=60',
        RateLimit: `"burst";r=${left};t=60`,
      });
    }
    seconds = 35.5;
    const refused = (await failureOf(limits.take('anonymous', 'a', headers))) as DomainError;
    expect(refused).to.deep.include({ code: 'rate_limited', details: { retryAfterSeconds: 35 } });
    expect(headers.RateLimit).to.equal('"burst";r=0;t=55');
    expect(await limits.leaves('anonymous', 'a')).to.equal(false);
    seconds = 70;
    expect(await limits.leaves('anonymous', 'a')).to.equal(true);
    await limits.take('anonymous', 'a', headers);
    expect(headers.RateLimit).to.equal('"burst";r=0;t=60');
  });

  it('are not there, and nothing is refused, where there is no limit', async () => {
    const headers: Record<string, string> = {};
    for (let n = 0; n < 100; n += 1) await limits.take('actor', 'a', headers);
    expect(await limits.leaves('actor', 'a')).to.equal(true);
    expect(headers).to.deep.equal({});
  });
});
