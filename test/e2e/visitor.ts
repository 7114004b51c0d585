/** Somebody at the plain page, in a real Chromium: what they fill in, press and read. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { UserId } from '#domain/shared/ids.ts';
import { chromiumPath, openBrowser, openPage, seriousFindings, type Watched } from '../support/servers/browser.ts';
import { type Client, type Settings, startTestServer, type TestServer } from '../support/servers/server.ts';

export type Person = Readonly<{ login: string; name: string }>;
export type Guest = Person & Readonly<{ id: UserId }>;

export const PASSWORD = 'sturdy-oak-table';

export class Visitor {
  readonly page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
  }

  field(label: string) {
    return this.page.getByLabel(label, { exact: true });
  }

  heading(name: string) {
    return this.page.getByRole('heading', { name });
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Waits for a problem with these words. */
  refused(text: string): Promise<void> {
    return this.page.getByRole('alert').filter({ hasText: text }).waitFor();
  }

  /** Waits for the news that something is done. */
  told(text: string): Promise<void> {
    return this.page.getByRole('status').filter({ hasText: text }).waitFor();
  }

  atTable(): Promise<void> {
    return this.page.getByText('Start a conversation, or open one.').waitFor();
  }

  /** Fills in the sign-in that is shown. */
  async signIn({ login }: Person, password = PASSWORD): Promise<void> {
    await this.field('E-mail or username').fill(login);
    await this.field('Password').fill(password);
    await this.press('Sign in');
  }

  /** Opens the page and signs in. */
  async enter(person: Person): Promise<void> {
    await this.page.goto(this.#origin);
    await this.signIn(person);
    await this.atTable();
  }

  async setPassword(password: string, again = password): Promise<void> {
    await this.field('New password').fill(password);
    await this.field('New password, again').fill(again);
    await this.press('Set password');
  }

  /** Nothing serious for axe, and nothing beyond the right edge. */
  async expectTidy(): Promise<void> {
    expect(await seriousFindings(this.page)).to.deep.equal([]);
    expect(await this.page.evaluate('document.documentElement.scrollWidth - innerWidth')).to.be.at.most(0);
  }

  /** What stands in the form to set a password. */
  async typed(): Promise<readonly string[]> {
    return [await this.field('New password').inputValue(), await this.field('New password, again').inputValue()];
  }
}

const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').includes('chromium');

/** What a suite has: one server, and a new visitor for every test. */
export class Stage {
  server!: TestServer;
  admin!: Client;
  visitor!: Visitor;
  #guests = 0;

  get page(): Page {
    return this.visitor.page;
  }

  /** A new user, who can sign in with `PASSWORD`. */
  async guest(): Promise<Guest> {
    this.#guests += 1;
    const [login, name] = [`guest${this.#guests}@example.org`, `Guest ${this.#guests}`];
    const made = await this.admin.post('/admin/users', { email: login, display_name: name, password: PASSWORD });
    return { id: made.body.id, login, name };
  }
}

/**
 * Tests in a browser, which fail where its console complains; pending where there is no browser and none is required.
 */
export function onThePage(
  title: string,
  tests: (stage: Stage) => void,
  settings: () => Promise<Settings> = async () => ({}),
): void {
  describe(title, function () {
    this.timeout(60_000);

    if (chromiumPath === undefined && !required) {
      it('needs a Chromium, and CHROMIUM_PATH, /usr/bin and PATH have none');
      return;
    }

    const stage = new Stage();
    let browser: Browser;
    let watched: Watched;

    before(async () => {
      expect(chromiumPath, 'a Chromium is required, and there is none').to.be.a('string');
      stage.server = await startTestServer(await settings());
      stage.admin = await stage.server.admin();
      browser = await openBrowser();
    });

    after(async () => {
      await browser?.close();
      await stage.server?.close();
    });

    beforeEach(async () => {
      watched = await openPage(browser, { viewport: { width: 1_100, height: 700 } });
      stage.visitor = new Visitor(watched.page, stage.server.url);
    });

    afterEach(async () => {
      await watched.page.context().close();
      expect(watched.complaints).to.deep.equal([]);
    });

    tests(stage);
  });
}
