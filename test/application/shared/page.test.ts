/** Pages of a list that was read as a whole. */
import { expect } from 'chai';
import { pageOfAll } from '#application/shared/page.ts';

describe('pageOfAll', () => {
  const names = ['bard', 'cleric', 'druid', 'fighter', 'monk'];
  const page = (limit: number, cursor?: string) =>
    pageOfAll(names, { limit, ...(cursor === undefined ? {} : { cursor }) }, String, (name, last) => name > last);

  it('begins the next page after the last item of this one, so that none is missed or told twice', () => {
    expect(page(2)).to.deep.equal({ items: ['bard', 'cleric'], next: 'cleric' });
    expect(page(2, 'cleric')).to.deep.equal({ items: ['druid', 'fighter'], next: 'fighter' });
    expect(page(2, 'fighter')).to.deep.equal({ items: ['monk'], next: null });
  });

  it('has no next page where it holds all that is left, nor after the end', () => {
    expect(page(5)).to.deep.equal({ items: names, next: null });
    expect(page(2, 'druid')).to.deep.equal({ items: ['fighter', 'monk'], next: null });
    expect(page(2, 'monk')).to.deep.equal({ items: [], next: null });
  });

  it('goes on after a cursor whose item is gone', () => {
    expect(page(1, 'dancer')).to.deep.equal({ items: ['druid'], next: 'druid' });
  });
});
