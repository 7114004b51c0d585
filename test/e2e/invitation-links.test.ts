/** The link of an invitation to a game, opened on the plain page in a real Chromium. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { GameId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anInvitation } from '../support/builders/records.ts';
import type { Client, Json, TestServer } from '../support/servers/server.ts';
import { type Guest, onThePage, PASSWORD, type Visitor } from './visitor.ts';

const GAME = 'The Sunken Bell';

onThePage('an invitation link', (stage) => {
  let game: GameId;
  let page: Page;
  let visitor: Visitor;
  let server: TestServer;
  let admin: Client;

  beforeEach(async () => {
    ({ page, visitor, server, admin } = stage);
    game ??= (await admin.post('/games', { name: GAME })).body.id;
  });

  const invite = async (body: object = {}) => (await admin.post(`/games/${game}/invitations`, body)).body;
  /** Opens the link, and waits until the page has asked where it leads. */
  const open = (url: string) => Promise.all([page.waitForResponse('**/api/v1/invitations/**'), page.goto(url)]);
  const shown = () => visitor.heading(`Invitation to “${GAME}”`).waitFor();
  const accept = async ({ login }: Guest, code: string) =>
    (await server.client().signIn(login, PASSWORD)).post(`/invitations/${code}/accept`);

  async function roleOf({ id }: Guest): Promise<string | undefined> {
    const { items } = (await admin.get(`/games/${game}/members`)).body;
    return items.find((member: Json) => member.user_id === id)?.role_in_game;
  }

  async function expired(): Promise<string> {
    const { container } = server.application;
    const secrets = container.get(tokens.secrets);
    const code = secrets.next();
    const fields = { digest: secrets.digest(code), email: null, expiresAt: new Date(0), createdByUserId: null };
    await container.get(tokens.unitOfWork).run(({ invitations }) => invitations.add(anInvitation(game, fields)));
    return `${server.url}/#/invitations/${code}`;
  }

  it('shows its game, lets an anonymous visitor sign in, and makes them a member only when they accept', async () => {
    const guest = await stage.guest();
    const { url, expires_at } = await invite({ role_in_game: 'gm' });
    await page.goto(url);
    await shown();
    expect(page.url()).to.equal(`${server.url}/`);
    expect(await page.locator('.offer').textContent()).to.include('invited to this game as a GM');
    expect(await page.locator('.offer time').getAttribute('datetime')).to.equal(expires_at);
    expect(await page.getByRole('button', { name: 'Accept' }).isVisible()).to.equal(false);
    await visitor.signIn(guest);
    await page.getByText(`You answer as ${guest.name}.`).waitFor();
    expect(await roleOf(guest), 'before he accepts').to.equal(undefined);
    await visitor.press('Accept');
    await visitor.told(`You are a GM in “${GAME}” now.`);
    await visitor.atTable();
    expect(await roleOf(guest)).to.equal('gm');
  });

  it('can be declined by the user it is bound to, which revokes it', async () => {
    const guest = await stage.guest();
    const { id, url } = await invite({ email: guest.login });
    await visitor.enter(guest);
    await page.goto(url);
    await visitor.press('Decline');
    await visitor.told(`You have declined the invitation to “${GAME}”.`);
    await visitor.atTable();
    const { items } = (await admin.get(`/games/${game}/invitations`)).body;
    expect(items.find((one: Json) => one.id === id).revoked_at).to.be.a('string');
    expect(await roleOf(guest)).to.equal(undefined);
  });

  it('reports that it has expired, is used up or is unknown, and then shows the sign-in or the table', async () => {
    const { code, url } = await invite();
    await accept(await stage.guest(), code);
    const dead = [await expired(), url, `${server.url}/#/invitations/made-up`, `${server.url}/#/invitations/`];
    for (const address of dead) {
      await open(address);
      await visitor.refused('There is no such invitation, or no longer');
      await visitor.heading('Sign in').waitFor();
    }
    await visitor.signIn(await stage.guest());
    await visitor.atTable();
    expect(await page.getByRole('alert').isVisible(), 'nothing is left of it').to.equal(false);
    for (const address of dead) {
      await open(address);
      await visitor.refused('There is no such invitation, or no longer');
      await visitor.atTable();
    }
  });

  it('reports that it was used up or revoked between opening and accepting', async () => {
    const guest = await stage.guest();
    await visitor.enter(guest);
    const [scarce, revoked] = [await invite(), await invite()];
    await open(scarce.url);
    await shown();
    await accept(await stage.guest(), scarce.code);
    await visitor.press('Accept');
    await visitor.refused('used as often as it may be');
    await open(revoked.url);
    await shown();
    await admin.delete(`/games/${game}/invitations/${revoked.id}`);
    await visitor.press('Accept');
    await visitor.refused('taken back');
    await visitor.press('Not now');
    await visitor.atTable();
    expect(await roleOf(guest)).to.equal(undefined);
  });

  it('remains usable by its addressee after another user was refused', async () => {
    const [other, addressee] = [await stage.guest(), await stage.guest()];
    await visitor.enter(other);
    await page.goto((await invite({ email: addressee.login })).url);
    await visitor.press('Accept');
    await visitor.refused('for another e-mail address');
    await visitor.press('Sign out');
    await visitor.signIn(addressee);
    await page.getByText(`You answer as ${addressee.name}.`).waitFor();
    await visitor.press('Accept');
    await visitor.told('You are a player');
    expect([await roleOf(other), await roleOf(addressee)]).to.deep.equal([undefined, 'player']);
  });

  it('shows within view of a small screen that the password is wrong', async () => {
    const guest = await stage.guest();
    await page.setViewportSize({ width: 380, height: 560 });
    await page.goto((await invite()).url);
    await visitor.signIn(guest, 'wrong');
    await visitor.refused('password is wrong');
    const { y, height } = (await page.getByRole('alert').boundingBox())!;
    expect(y + height).to.be.at.most(560);
  });

  it('remains usable after the server was unreachable and after the session has ended', async () => {
    const guest = await stage.guest();
    await visitor.enter(guest);
    await page.route('**/api/v1/invitations/**', (route) => route.abort());
    await page.goto((await invite()).url);
    await visitor.refused('cannot be reached');
    await page.unrouteAll();
    await visitor.press('Try again');
    await shown();
    await page.context().clearCookies();
    await visitor.press('Accept');
    await visitor.refused('session has ended');
    await visitor.signIn(guest);
    await visitor.press('Accept');
    await visitor.told('You are a player');
    expect(await roleOf(guest)).to.equal('player');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1_100, 380]) {
      it(`has no serious accessibility findings in the ${colorScheme} scheme, ${width} pixels wide`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 700 });
        await page.goto((await invite()).url);
        await shown();
        await visitor.expectTidy();
        await visitor.signIn(await stage.guest());
        await page.getByText('You answer as').waitFor();
        await visitor.expectTidy();
        await visitor.press('Accept');
        await visitor.told('You are a player');
        await visitor.expectTidy();
      });
    }
  }
});
