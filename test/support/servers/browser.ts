/** Finds a Chromium and opens pages in it that remember what their console complained about. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Null where this machine has none. */
export const chromiumPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', ...NAMES.map(which)].find(
  (path): path is string => path !== undefined && path !== '' && existsSync(path),
);

function which(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath!, args: FLAGS });
}

export type Watched = Readonly<{ page: Page; complaints: readonly string[] }>;

/** The browser reports every refused request as an error of its own; what else it says is a fault of the page. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/^Failed to load resource/.test(text)) complaints.push(text);
  });
  return { page, complaints };
}

/**
 * What axe finds serious or critical, with the elements. The page's own policy would keep axe out, so it is evaluated.
 */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

type Violation = Readonly<{ id: string; impact: string; nodes: readonly Readonly<{ html: string }>[] }>;
