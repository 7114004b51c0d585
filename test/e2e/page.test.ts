/** The plain page in a real Chromium: a user signs in, talks, sees the context compact itself, and signs out. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { seriousFindings } from '../support/servers/browser.ts';
import { ADMIN, type Client, type TestServer } from '../support/servers/server.ts';
import { onThePage, type Stage } from './visitor.ts';

const SAID = 'The bell in the well rings twice, and Mira counts the steps down to the water: 14.';
const MARKUP = '<img src="x" onerror="alert(1)"><script>alert(2)</script>';

onThePage('the plain page', testsOf, async () => ({ CTX_MAX_TOKENS: '400' }));

function testsOf(stage: Stage): void {
  let server: TestServer;
  let page: Page;
  let api: Client;

  beforeEach(() => {
    ({ server, page, admin: api } = stage);
  });

  async function signIn({ login, password }: Readonly<{ login: string; password: string }> = ADMIN): Promise<void> {
    if (page.url() === 'about:blank') await page.goto(server.url);
    await page.getByLabel('E-mail or username').fill(login);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function startConversation(): Promise<string> {
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.locator('#content:focus').waitFor();
    return new URL(page.url()).hash.slice(1);
  }

  async function say(text: string): Promise<void> {
    const messages = await page.locator('.message').count();
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.keyboard.press('Enter');
    await page.locator('.message').nth(messages).waitFor();
  }

  async function sayUntilCompacted(): Promise<void> {
    for (let said = 0; said < 30; said += 1) {
      if ((await page.locator('.banner').count()) > 0) return;
      await say(SAID);
    }
    expect.fail('Thirty messages were not compacted.');
  }

  const meter = () => page.locator('#meter-text').textContent();
  const alert = () => page.getByRole('alert');

  async function meterOf(threadId: string): Promise<string> {
    const { body } = await api.get(`/chat/${threadId}/context-usage`);
    return `Context ${body.usage_pct}% · Next compact at ${body.next_compact_at_pct}%`;
  }

  it('reports a wrong password, and signs in with the right one', async () => {
    await signIn({ ...ADMIN, password: 'wrong' });
    await alert().filter({ hasText: 'password is wrong' }).waitFor();
    expect(await page.locator('#table').isVisible()).to.equal(false);
    await signIn();
    await page.getByText('Start a conversation, or open one.').waitFor();
    expect(await alert().isVisible()).to.equal(false);
  });

  it('US-REDIS-004: shows the usage that the API reports after every message', async () => {
    await signIn();
    const threadId = await startConversation();
    for (let count = 0; count < 4; count += 1) {
      await say(SAID);
      expect(await meter()).to.equal(await meterOf(threadId));
    }
    expect(await page.locator('#fill').evaluate((fill) => fill.style.width)).to.equal(
      (await meter())!.match(/\d+%/)![0],
    );
  });

  it('US-REDIS-005: shows the banner of a compaction before the message that caused it, even after a reload', async () => {
    await signIn();
    const threadId = await startConversation();
    await sayUntilCompacted();
    const [event] = (await api.get(`/chat/${threadId}/events`)).body.items;
    const banner = `Conversation compacted · −${event.before_messages - event.after_messages} message`;
    const items = () => page.locator('#messages > li').evaluateAll((all) => all.map((item) => item.className));
    expect(await page.locator('.banner').textContent())
      .to.include(banner)
      .and.not.include(' · by ');
    expect((await items()).slice(-2)).to.deep.equal(['banner', 'message user own']);
    const before = [await items(), await meter()];
    await page.reload();
    await page.locator('.banner').waitFor();
    expect([await items(), await meter()]).to.deep.equal(before);
    expect(await page.getByRole('navigation').locator('[aria-current]').textContent()).to.equal(
      await page.locator('#title').textContent(),
    );
  });

  it('US-REDIS-006: compacts on request, and reports when nothing can be freed', async () => {
    await signIn();
    const threadId = await startConversation();
    await page.getByRole('button', { name: 'Compact now' }).click();
    await alert().filter({ hasText: 'nothing left' }).waitFor();
    for (let count = 0; count < 9; count += 1) await say(`${SAID} ${count} times she counts.`);
    const full = await meter();
    await page.getByRole('button', { name: 'Compact now' }).click();
    await page.locator('.banner').filter({ hasText: 'tokens · by you' }).waitFor();
    expect(await meter())
      .to.equal(await meterOf(threadId))
      .and.not.equal(full);
  });

  it('hides the “Compact now” button from a player', async () => {
    const player = { login: 'player@example.org', password: 'sturdy-oak-table' };
    const body = { email: player.login, display_name: 'Pip', password: player.password, roles: ['player'] };
    await api.post('/admin/users', body);
    await signIn(player);
    await startConversation();
    expect(await page.locator('#compact').isVisible()).to.equal(false);
  });

  it('shows markup as plain text', async () => {
    await signIn();
    await startConversation();
    await say(MARKUP);
    expect(await page.locator('.message p').last().textContent()).to.equal(MARKUP);
    expect(await page.locator('main img, main script').count()).to.equal(0);
  });

  it('US-REDIS-007: lists the advice if a message cannot fit, and leaves the input in place', async () => {
    await signIn();
    const threadId = await startConversation();
    await say(SAID);
    const usage = await meter();
    const long = 'word '.repeat(500);
    await page.getByLabel('Message', { exact: true }).fill(long);
    await page.keyboard.press('Enter');
    await alert().getByRole('listitem').filter({ hasText: 'two parts' }).waitFor();
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).to.equal(long);
    expect([await meter(), await meterOf(threadId)]).to.deep.equal([usage, usage]);
  });

  it('loads older messages page by page', async () => {
    const threadId = (await api.post('/chat', { title: 'A long evening' })).body.id;
    for (let count = 1; count <= 120; count += 1) await api.post(`/chat/${threadId}`, { content: `Turn ${count}.` });
    await signIn();
    await page.getByRole('link', { name: 'A long evening' }).click();
    await page.locator('.message').first().waitFor();
    const older = page.getByRole('button', { name: 'Older messages' });
    for (const shown of [50, 100]) {
      expect(await page.locator('.message').count()).to.equal(shown);
      await older.click();
      await page.locator('.message').nth(shown).waitFor();
    }
    const said = await page.locator('.message p').allTextContents();
    expect(said).to.deep.equal(Array.from({ length: 120 }, (_, index) => `Turn ${index + 1}.`));
    expect(await older.isVisible()).to.equal(false);
  });

  it('leaves the input in place while the server is unreachable, and sends it once it is back', async () => {
    await signIn();
    await startConversation();
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.getByLabel('Message', { exact: true }).fill(SAID);
    await page.keyboard.press('Enter');
    await alert().filter({ hasText: 'cannot be reached' }).waitFor();
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).to.equal(SAID);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.message').waitFor();
    expect(await alert().isVisible()).to.equal(false);
  });

  it('returns to the sign-in if the session has ended, and restores the input afterwards', async () => {
    await signIn();
    await startConversation();
    await page.context().clearCookies();
    await page.getByLabel('Message', { exact: true }).fill(SAID);
    await page.keyboard.press('Enter');
    await alert().filter({ hasText: 'session has ended' }).waitFor();
    await signIn();
    await page.locator('#talk').waitFor();
    expect(await page.getByLabel('Message', { exact: true }).inputValue()).to.equal(SAID);
  });

  it('signs out, and stays signed out after a reload', async () => {
    await signIn();
    await startConversation();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('#table').isVisible()).to.equal(false);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1_100, 380]) {
      it(`has no serious accessibility findings in the ${colorScheme} scheme, ${width} pixels wide`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 700 });
        await page.goto(server.url);
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        expect(await seriousFindings(page)).to.deep.equal([]);
        await signIn();
        await page.getByRole('navigation').waitFor();
        expect(await seriousFindings(page)).to.deep.equal([]);
        await page.getByRole('button', { name: 'New conversation' }).click();
        await page.locator('#talk').waitFor();
        await sayUntilCompacted();
        await page.getByLabel('Message', { exact: true }).fill('word '.repeat(500));
        await page.keyboard.press('Enter');
        await alert().waitFor();
        expect(await seriousFindings(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
      });
    }
  }

  it('has no serious accessibility findings on the page of API documentation', async () => {
    await page.goto(`${server.url}/docs`);
    expect(await seriousFindings(page)).to.deep.equal([]);
  });
}
