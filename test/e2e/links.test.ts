/** A link to set a password, opened on the plain page in a real Chromium. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { Client, TestServer } from '../support/servers/server.ts';
import { type Guest, onThePage, PASSWORD, type Visitor } from './visitor.ts';

const GOOD = 'gilded-raven-quill';

onThePage('a password link', (stage) => {
  let page: Page;
  let visitor: Visitor;
  let server: TestServer;
  let admin: Client;

  beforeEach(() => {
    ({ page, visitor, server, admin } = stage);
  });

  const linkFor = async ({ id }: Guest) => (await admin.post(`/admin/users/${id}/password-link`)).body;

  it('sets a password with which its user can sign in', async () => {
    const body = { email: 'newcomer@example.org', display_name: 'Newcomer' };
    const made = (await admin.post('/admin/users', body)).body;
    await page.goto(made.password_link.url);
    await visitor.field('New password').and(page.locator(':focus')).waitFor();
    await visitor.setPassword(GOOD);
    await visitor.told('The password is set. Sign in with it.');
    await visitor.signIn({ login: body.email, name: body.display_name }, GOOD);
    await visitor.atTable();
    expect(await page.locator('#name').textContent()).to.equal('Newcomer');
  });

  it('removes the code from the address at once, keeps it in the tab until it is used, and sends it in one request alone', async () => {
    const { code, url } = await linkFor(await stage.guest());
    const carriers: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) return;
      const sent = `${request.url()} ${JSON.stringify(request.headers())} ${request.postData()}`;
      if (sent.includes(code)) carriers.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    await page.goto(url);
    await visitor.heading('Set a password').waitFor();
    expect(page.url()).to.equal(`${server.url}/`);
    const shown = 'JSON.stringify([document.documentElement.outerHTML, localStorage, history.state])';
    const kept = 'JSON.stringify([document.documentElement.outerHTML, localStorage, sessionStorage, history.state])';
    expect(await page.evaluate(shown)).not.to.include(code);
    await page.reload();
    await visitor.heading('Set a password').waitFor();
    expect(page.url()).to.equal(`${server.url}/`);
    await visitor.setPassword(GOOD);
    await visitor.heading('Sign in').waitFor();
    expect(await page.evaluate(kept)).not.to.include(code);
    expect(carriers).to.deep.equal(['POST /api/v1/auth/password/set']);
  });

  it('reports why a password is refused, leaves the input in place, and accepts a better one', async () => {
    const person = await stage.guest();
    await page.goto((await linkFor(person)).url);
    for (const [password, why] of [
      ['short', 'at least 8 characters'],
      ['password123', 'among the most common'],
    ] as const) {
      await visitor.setPassword(password);
      await visitor.refused(why);
      expect(await visitor.typed()).to.deep.equal([password, password]);
    }
    await visitor.setPassword(GOOD, `${GOOD}s`);
    await visitor.refused('The two passwords are not the same.');
    expect(await visitor.typed()).to.deep.equal([GOOD, `${GOOD}s`]);
    await visitor.setPassword(GOOD);
    await visitor.told('The password is set.');
    await server.client().signIn(person.login, GOOD);
  });

  it('reports a used link, an unknown link or a busy server (503), and leaves the input in place', async () => {
    const { code, url } = await linkFor(await stage.guest());
    await admin.post('/auth/password/set', { code, new_password: GOOD });
    for (const [address, why] of [
      [url, 'This link was used or has expired.'],
      [`${server.url}/#set-password=made-up`, 'There is no such link'],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(address);
      await visitor.setPassword(PASSWORD);
      await visitor.refused(why);
      expect(await visitor.typed()).to.deep.equal([PASSWORD, PASSWORD]);
    }
    const busy = {
      status: 503,
      contentType: 'application/problem+json',
      body: '{"detail": "Too many sign-ins at once."}',
    };
    await page.route('**/auth/password/set', (route) => route.fulfill(busy));
    await visitor.press('Set password');
    await visitor.refused('Too many sign-ins at once.');
    expect(await visitor.typed()).to.deep.equal([PASSWORD, PASSWORD]);
  });

  it('shows its form to another signed-in user, who stays signed in', async () => {
    const [owner, other] = [await stage.guest(), await stage.guest()];
    await visitor.enter(other);
    await visitor.press('New conversation');
    await page.locator('#content:focus').waitFor();
    const conversation = page.url();
    await page.goto((await linkFor(owner)).url);
    await page.getByText(`You are signed in as ${other.name}.`).waitFor();
    expect(await page.locator('#table').isVisible()).to.equal(false);
    expect(await page.getByRole('alert').isVisible()).to.equal(false);
    await page.goBack();
    await visitor.heading('New conversation').waitFor();
    expect([page.url(), await visitor.heading('Set a password').count()]).to.deep.equal([conversation, 0]);
    await page.goto((await linkFor(owner)).url);
    await visitor.setPassword(GOOD);
    await visitor.press(`Go on as ${other.name}`);
    await visitor.atTable();
    await server.client().signIn(owner.login, GOOD);
  });

  it('ends the session of a user who sets their own password, and can be left without setting one', async () => {
    const person = await stage.guest();
    await visitor.enter(person);
    await page.goto((await linkFor(person)).url);
    await visitor.press('Not now');
    await visitor.atTable();
    await page.goto((await linkFor(person)).url);
    await visitor.setPassword(GOOD);
    await visitor.told('The password is set.');
    expect(await page.locator('#who').isVisible()).to.equal(false);
    await visitor.signIn(person, GOOD);
    await visitor.atTable();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1_100, 380]) {
      it(`has no serious accessibility findings in the ${colorScheme} scheme, ${width} pixels wide`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 700 });
        await page.goto((await linkFor(await stage.guest())).url);
        await visitor.setPassword('short');
        await visitor.refused('at least 8');
        await visitor.expectTidy();
        await visitor.setPassword(PASSWORD);
        await visitor.told('The password is set.');
        await visitor.expectTidy();
      });
    }
  }
});
