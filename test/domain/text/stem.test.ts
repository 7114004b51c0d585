/** Stems of words: those of the paper that describes the algorithm, and those of a table. */
import { expect } from 'chai';
import fc from 'fast-check';
import { stemOf, withoutInflection } from '#domain/text/stem.ts';

const STEMS = `
caresses caress, ponies poni, ties ti, cats cat, feed feed, agreed agre, plastered plaster, bled bled, motoring motor,
sing sing, conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss,
fizzed fizz, failing fail, filing file, happy happi, sky sky, relational relat, conditional condit, rational ration,
valenci valenc, digitizer digit, conformabli conform, radicalli radic, differentli differ, vileli vile,
analogousli analog, vietnamization vietnam, predication predic, operator oper, feudalism feudal, decisiveness decis,
hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit, sensibiliti sensibl, triplicate triplic,
formative form, formalize formal, electriciti electr, electrical electr, hopeful hope, goodness good, revival reviv,
allowance allow, inference infer, airliner airlin, gyroscopic gyroscop, adjustable adjust, defensible defens,
irritant irrit, replacement replac, adjustment adjust, dependent depend, adoption adopt, homologou homolog,
communism commun, activate activ, angulariti angular, homologous homolog, effective effect, bowdlerize bowdler,
probate probat, rate rate, cease ceas, controll control, roll roll`;

describe('Stems', () => {
  it('are those that the algorithm’s paper gives', () => {
    const pairs = STEMS.trim().split(/,\s+/u);
    expect(pairs.map((pair) => `${pair.split(' ')[0]} ${stemOf(pair.split(' ')[0]!)}`)).to.deep.equal(pairs);
  });

  it('are the same of all forms of a word that a table uses', () => {
    for (const forms of ['grapple grapples grappled grappling', 'spell spells', 'cast casts casting'])
      expect(new Set(forms.split(' ').map(stemOf)).size, forms).to.equal(1);
  });

  it('leave short words, numbers and other scripts as they are', () => {
    for (const word of ['as', 'd20', '2d6', 'чары', '红龙', 'épée', '']) expect(stemOf(word)).to.equal(word);
  });

  it('of inflection alone keep a word apart from another one with its stem', () => {
    expect(withoutInflection('beholders')).to.equal('beholder');
    expect(withoutInflection('beholds')).to.equal('behold');
    expect(stemOf('beholder')).to.equal(stemOf('behold'));
  });

  it('are found of any word, in time that does not grow with what it repeats', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{0,60}$/), (word) => stemOf(word).length <= word.length + 1));
    expect(stemOf('ab'.repeat(5_000))).to.have.length.greaterThan(0);
  });
});
