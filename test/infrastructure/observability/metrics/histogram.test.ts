/** Durations in buckets: as many in each as a plain count says, for any durations. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Histogram } from '#infrastructure/observability/metrics/histogram.ts';

const BOUNDS = [0.001, 0.01, 0.1, 1];

describe('a histogram', () => {
  it('has in each bucket what is not over its bound, and tells their number and sum', () => {
    const seconds = fc.oneof(fc.constantFrom(...BOUNDS), fc.double({ min: 0, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 50 }), (observed) => {
        const histogram = new Histogram<'route'>(BOUNDS);
        const durations = histogram.of({ route: '/a' });
        for (const one of observed) durations.observe(one);
        const values = new Map(
          histogram.values('h').map(({ labels, value, ...rest }) => [nameOf(rest, labels), value]),
        );
        for (const bound of BOUNDS)
          expect(values.get(`h_bucket ${bound}`)).to.equal(observed.filter((one) => one <= bound).length);
        expect(values.get('h_bucket +Inf')).to.equal(observed.length);
        expect(values.get('h_count')).to.equal(observed.length);
        expect(values.get('h_sum')).to.be.closeTo(
          observed.reduce((sum, one) => sum + one, 0),
          1e-9,
        );
      }),
    );
  });

  it('has one series for equal labels, and another for others', () => {
    const histogram = new Histogram<'route'>(BOUNDS);
    histogram.of({ route: '/a' }).observe(1);
    histogram.of({ route: '/a' }).observe(2);
    histogram.of({ route: '/b' }).observe(3);
    const counts = histogram.values('h').filter((one) => 'metricName' in one && one.metricName === 'h_count');
    expect(counts.map(({ labels, value }) => [labels.route, value])).to.deep.equal([
      ['/a', 2],
      ['/b', 1],
    ]);
  });
});

function nameOf(value: object, { le }: Partial<Record<string, string | number>>): string {
  const { metricName } = value as { metricName: string };
  return le === undefined ? metricName : `${metricName} ${le}`;
}
