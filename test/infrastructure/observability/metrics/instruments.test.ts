/** What is read at a scrape is what it is then; what cannot be read takes nothing else with it. */
import { expect } from 'chai';
import { Instruments } from '#infrastructure/observability/metrics/instruments.ts';
import { Scraped } from '../../../support/metrics/scraped.ts';

async function scraped(instruments: Instruments): Promise<Scraped> {
  return new Scraped((await instruments.scrape()).text);
}

describe('instruments', () => {
  it('read counters and gauges anew at each scrape, with no series that is gone', async () => {
    const instruments = new Instruments();
    let values: Readonly<Record<string, number>> = { a: 1, b: 2 };
    const samples = () => Object.entries(values).map(([area, value]) => [{ area }, value] as const);
    instruments.readCounter({ name: 'counted_total', help: 'Counted.', labels: ['area'] }, samples);
    instruments.readGauge({ name: 'measured', help: 'Measured.', labels: ['area'] }, async () => samples());
    await scraped(instruments);
    values = { b: 5 };
    const { lines } = await scraped(instruments);
    expect(lines).to.deep.equal([
      { name: 'counted_total', labels: { area: 'b' }, value: 5 },
      { name: 'measured', labels: { area: 'b' }, value: 5 },
    ]);
  });

  it('have no value where a gauge cannot be read, and all others', async () => {
    const instruments = new Instruments();
    let fails = false;
    const read = () => (fails ? Promise.reject(new Error('away')) : Promise.resolve([[{}, 3] as const]));
    instruments.readGauge({ name: 'broken', help: 'Broken.' }, read);
    instruments.readGauge({ name: 'whole', help: 'Whole.' }, () => [[{}, 1]]);
    expect((await scraped(instruments)).value('broken')).to.equal(3);
    fails = true;
    const after = await scraped(instruments);
    expect([after.value('broken'), after.value('whole')]).to.deep.equal([undefined, 1]);
    expect(after.names).to.deep.equal(['broken', 'whole']);
  });

  it('begin known series at 0, and describe what was declared', async () => {
    const instruments = new Instruments();
    const known = [{ area: 'a' }, { area: 'b' }];
    const counter = instruments.counter({ name: 'known_total', help: 'Known.', labels: ['area'], known });
    counter.inc({ area: 'b' });
    const { lines } = await scraped(instruments);
    expect(lines.map(({ value }) => value)).to.deep.equal([0, 1]);
    const described = { name: 'known_total', type: 'counter', labels: ['area'], help: 'Known.' };
    expect(instruments.descriptions).to.deep.equal([described]);
  });

  it('refuse a name that is taken', () => {
    const instruments = new Instruments();
    instruments.counter({ name: 'once_total', help: 'Once.' });
    expect(() => instruments.counter({ name: 'once_total', help: 'Again.' })).to.throw('once_total');
  });
});
