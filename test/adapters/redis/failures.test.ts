/** What each failure of Redis is to whoever called: gone for now, in doubt, or a fault of ours. */
import { expect } from 'chai';
import { ErrorReply } from 'redis';
import { isUnavailable, LateError, mapFailure, NotConnectedError, unlessAway } from '#adapters/redis/failures.ts';
import { type DomainError, refusal } from '#domain/shared/domain-error.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const BROKEN = new Error('Socket closed unexpectedly');
const codeOf = (error: unknown, changes: boolean) => (mapFailure(error, changes) as { code?: unknown }).code;

describe('A failure of Redis', () => {
  it('is in doubt where a change was sent and nothing was answered, and unavailable otherwise', () => {
    for (const [error, changing] of [
      [BROKEN, 'outcome_unknown'],
      [new LateError(), 'outcome_unknown'],
      [new NotConnectedError(), 'store_unavailable'],
    ] as const) {
      expect(codeOf(error, true), String(error)).to.equal(changing);
      expect(codeOf(error, false), String(error)).to.equal('store_unavailable');
    }
  });

  it('is unavailable, with nothing in doubt, where Redis says that it did nothing', () => {
    const away = ['LOADING', 'MASTERDOWN', 'BUSY', 'READONLY'];
    const refused = ['OOM', 'MISCONF', 'NOREPLICAS', 'NOAUTH', 'NOPERM', 'WRONGPASS', 'TRYAGAIN', 'CLUSTERDOWN'];
    for (const word of [...away, ...refused])
      for (const changes of [true, false])
        expect(codeOf(new ErrorReply(`${word} for a reason`), changes), word).to.equal('store_unavailable');
  });

  it('is passed on as it is where Redis says anything else', () => {
    for (const message of ['ERR unknown command', 'WRONGTYPE of value', 'BUSYGROUP is there', 'NOSCRIPT of it']) {
      const error = new ErrorReply(message);
      for (const changes of [true, false]) expect(mapFailure(error, changes), message).to.equal(error);
    }
  });

  it('keeps its cause for the log', () => {
    for (const changes of [true, false]) expect((mapFailure(BROKEN, changes) as DomainError).cause).to.equal(BROKEN);
  });

  it('is nothing to those who can do without, unless it is a fault of ours', async () => {
    for (const changes of [true, false]) {
      expect(isUnavailable(mapFailure(BROKEN, changes))).to.equal(true);
      expect(await unlessAway(Promise.reject(mapFailure(BROKEN, changes)))).to.equal(undefined);
    }
    const fault = new ErrorReply('ERR unknown command');
    expect(isUnavailable(fault)).to.equal(false);
    expect(isUnavailable(refusal('not_found', 'gone', 'It is gone.')())).to.equal(false);
    expect(await failureOf(unlessAway(Promise.reject(fault)))).to.equal(fault);
    expect(await unlessAway(Promise.resolve(0))).to.equal(0);
  });
});
