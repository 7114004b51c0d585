/** How full a window is, and from where on it must be compacted: the same number for the meter and the trigger. */
import { expect } from 'chai';
import { atTrigger, charsDiv4, sizeAtPct, usageOf, usagePct } from '#domain/conversations/usage.ts';
import { conversationWith, defaultPolicy, policyOf, said } from '../../support/builders/appending.ts';

describe('The usage of a window', () => {
  it('is counted in tokens, and is at the trigger from 80 % on, rounded', () => {
    const pctOf = (tokens: number) => usagePct(4 * tokens, defaultPolicy, charsDiv4);
    expect([0, 79, 80, 12_719, 12_720, 16_000, 16_079, 16_081].map(pctOf)).to.deep.equal([
      0, 0, 1, 79, 80, 100, 100, 101,
    ]);
    expect(atTrigger(4 * 12_720 - 1, 0, defaultPolicy, charsDiv4)).to.equal(false);
    expect(atTrigger(4 * 12_720, 0, defaultPolicy, charsDiv4)).to.equal(true);
    expect(sizeAtPct(80, defaultPolicy, charsDiv4)).to.equal(4 * 12_720);
    expect(sizeAtPct(0, defaultPolicy, charsDiv4)).to.equal(0);
  });

  it('is at the trigger with more entries than the limit, and not yet with as many', () => {
    const policy = policyOf({ maxEntries: 8, keepTail: 1 });
    const conversation = conversationWith(policy);
    const append = (n: number) => conversation.append(said(`Room ${n} is dark and cold.`)).compacted;
    for (let n = 1; n <= 8; n++) expect(append(n), `message ${n}`).to.equal(null);
    expect(append(9)).not.to.equal(null);
    expect(atTrigger(0, 8, policy, charsDiv4)).to.equal(false);
    expect(atTrigger(0, 9, policy, charsDiv4)).to.equal(true);
  });

  it('is reported with the limits that it is measured by', () => {
    const load = { size: 4 * 12_720 + 3, entryCount: 40, messageCount: 900, revision: 6 };
    const usage = {
      messageCount: 900,
      entryCount: 40,
      maxEntries: 2_000,
      approxTokens: 12_720,
      maxTokens: 16_000,
      usagePct: 80,
      thresholdPct: 80,
      nextCompactAtPct: 80,
      targetPct: 60,
      compactionPending: true,
      estimator: 'chars_div_4',
      revision: 6,
    };
    expect(usageOf(load, defaultPolicy, charsDiv4)).to.deep.equal(usage);
    const many = usageOf({ ...load, size: 0, entryCount: 2_001 }, defaultPolicy, charsDiv4);
    expect(many).to.include({ approxTokens: 0, usagePct: 0, compactionPending: true });
  });
});
