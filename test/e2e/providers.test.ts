/** Signing in at a provider from the plain page, in a real Chromium: a real issuer, and the ways back. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { type Issuer, startIssuer } from '../support/oidc/oidc-issuer.ts';
import { onThePage, type Visitor } from './visitor.ts';

const GAME = 'The Sunken Bell';
let issuer: Issuer;

async function settings() {
  issuer = await startIssuer();
  return { ...issuer.settings, REGISTRATION: 'open' };
}

onThePage(
  'signing in at a provider',
  (stage) => {
    let page: Page;
    let visitor: Visitor;

    before(() => {
      issuer.open(stage.server.url);
    });
    after(() => issuer.close());
    beforeEach(async () => {
      ({ page, visitor } = stage);
      // The issuer's own pages would fetch fonts from elsewhere.
      await page.route(/googleapis/, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
    });

    const link = () => page.getByRole('link', { name: 'Sign in with Guild' });

    async function signInAtGuild(login: string): Promise<void> {
      await link().click();
      await page.locator('input[name=login]').fill(login);
      await page.locator('input[name=password]').fill('any');
      await page.locator('button[type=submit]').click();
      await page.getByRole('button', { name: 'Continue' }).click();
    }

    it('leads there and back, and to the table', async () => {
      await page.goto(stage.server.url);
      await link().waitFor();
      await visitor.expectTidy();
      await signInAtGuild('vex');
      await visitor.atTable();
      expect(await page.locator('#name').textContent()).to.equal('Member vex');
    });

    it('keeps an invitation over the way there and over a reload, until it is answered', async () => {
      const game = (await stage.admin.post('/games', { name: GAME })).body.id;
      const { url } = (await stage.admin.post(`/games/${game}/invitations`, {})).body;
      await page.goto(url);
      await visitor.heading(`Invitation to “${GAME}”`).waitFor();
      await page.reload();
      await visitor.heading(`Invitation to “${GAME}”`).waitFor();
      await signInAtGuild('pike');
      await page.getByText('You answer as Member pike.').waitFor();
      await visitor.press('Accept');
      await visitor.told(`You are a player in “${GAME}” now.`);
      await page.reload();
      await visitor.atTable();
      expect(await page.evaluate('sessionStorage.length')).to.equal(0);
    });

    it('says in words why it was refused, and takes that out of the address', async () => {
      await page.goto(`${stage.server.url}/api/v1/auth/oauth/guild/callback?state=x`);
      await visitor.refused('This sign-in was not begun in this browser');
      expect(page.url()).to.equal(`${stage.server.url}/`);
      await visitor.expectTidy();
      await page.goto(`${stage.server.url}/?sign_in_error=__proto__`);
      await visitor.refused('The sign-in did not work.');
    });
  },
  settings,
);
