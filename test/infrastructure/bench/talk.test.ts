/** The generated talk of the bench, its halves and its intervals. */
import { expect } from 'chai';
import { intervalOf } from '../../../bench/fidelity/bootstrap.ts';
import { type Half, halfOf } from '../../../bench/fidelity/halves.ts';
import { datesIn } from '../../../bench/fidelity/measures/dates.ts';
import { plantedLeft } from '../../../bench/fidelity/measures/planted.ts';
import { talkOf } from '../../../bench/fidelity/talk/generator.ts';
import { LANGUAGES, languageOf } from '../../../bench/fidelity/talk/language.ts';

const CHARACTERS = 20_000;

describe('bench: generated talk', () => {
  for (const code of LANGUAGES) {
    it(`is the same for the same seed, and fills every pattern, in ${code}`, () => {
      const [one, again, other] = [1, 1, 2].map((seed) => talkOf(languageOf(code, 'tuning'), seed, CHARACTERS));
      expect(one).to.eql(again).and.not.eql(other);
      for (const { content } of one!.lines) expect(content).not.to.match(/[{}[\]]/u);
    });

    it(`plants facts whose answers are in their turns alone, and dates every session, in ${code}`, () => {
      const { lines, planted } = talkOf(languageOf(code, 'measuring'), 3, CHARACTERS);
      expect(planted.length).to.be.greaterThan(10);
      for (const fact of planted) {
        const turns = lines.flatMap(({ content }, turn) => (plantedLeft([fact], [content], code) > 0 ? [turn] : []));
        expect(turns, `${fact.answer}`).to.eql([fact.turn]);
      }
      const headings = lines.filter(({ role }) => role === 'system').map(({ content }) => content);
      for (const heading of headings) expect(datesIn([heading]), heading).to.have.length(1);
    });

    it(`shares no pattern of a fact and no name between the halves in ${code}`, () => {
      const sections = (section: string) =>
        (['tuning', 'measuring'] as const satisfies Half[]).map((half) => languageOf(code, half).section(section));
      for (const section of ['facts', 'petname', 'allergen', 'town']) {
        const [tuning, measuring] = sections(section);
        expect(
          tuning!.filter((one) => measuring!.includes(one)),
          section,
        ).to.eql([]);
      }
    });
  }

  it('splits transcripts into two halves that share none and differ by one at most', () => {
    const all = Array.from({ length: 7 }, (_, i) => ({ title: `chat ${i}` }));
    const [tuning, measuring] = [halfOf(all, 'tuning'), halfOf(all, 'measuring')];
    expect([...tuning, ...measuring]).to.have.members(all);
    expect(Math.abs(tuning.length - measuring.length)).to.equal(1);
  });

  it('has intervals around the mean that are the same each time', () => {
    const values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const { low, high } = intervalOf(values);
    expect(low).to.be.within(0.15, 0.3);
    expect(high).to.be.within(0.4, 0.55);
    expect(intervalOf(values)).to.eql({ low, high });
    expect(intervalOf([0.5, 0.5])).to.eql({ low: 0.5, high: 0.5 });
  });
});
