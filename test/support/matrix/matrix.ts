/** The authorisation matrix: what every caller is answered on every route, and the page where that was reviewed. */
import { BODY_KINDS } from '#adapters/http/declaration/body.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import type { User } from '#domain/identity/user.ts';
import type { Answer } from '../servers/server.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { CALLER_NAMES, CALLERS, type CallerName, type Credentials, TURNED_AWAY } from './callers.ts';
import type { Make, Params, RouteFixture } from './fixture.ts';

/** What callers were answered on one route with one kind of thing. */
export type Row = Readonly<{ route: string; thing: string; answers: Readonly<Record<CallerName, Answer>> }>;
/** A row as the page has it: statuses in the order of the callers, and why that is right. */
export type ReviewedRow = Readonly<{ key: string; statuses: string; why: string }>;

const HEADER = ['route', 'thing', ...CALLER_NAMES, 'why'];
/** What stands for "why" until somebody has said it. */
export const UNREVIEWED = '?';

export function nameOf(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method.toUpperCase()} ${route.path}`;
}

export async function rowsOf(
  world: AuthorizationFixture,
  route: Route,
  fixture: RouteFixture,
  by: 'session' | 'token' = 'session',
): Promise<Row[]> {
  const things: Readonly<Record<string, Make>> = fixture.things ?? { '–': async () => ({}) };
  const rows: Row[] = [];
  for (const [thing, make] of Object.entries(things)) {
    const answers: Partial<Record<CallerName, Answer>> = {};
    const turnedAway = await standing(world, make, 'admin');
    for (const name of CALLER_NAMES) {
      const { role, [by]: credentials } = CALLERS[name];
      const stands = isTurnedAway(name, route) ? turnedAway : await standing(world, make, role);
      answers[name] = await call({ world, route, fixture, ...stands, credentials });
    }
    rows.push({ route: nameOf(route), thing, answers: answers as Row['answers'] });
  }
  return rows;
}

/** They change nothing, so that they can all be the same user, with the same things: the last of them is disabled. */
function isTurnedAway(name: CallerName, { access }: Route): boolean {
  return access !== 'public' && (name === 'anonymous' || TURNED_AWAY.some((one) => one === name));
}

type Standing = Readonly<{ person: Person; params: Params }>;

/** A new user, and a new thing as it stands to them. */
export async function standing(world: AuthorizationFixture, make: Make, role: string): Promise<Standing> {
  const person = await world.person(role);
  return { person, params: await make(world, person) };
}

type Calling = Standing &
  Readonly<{
    world: AuthorizationFixture;
    route: Route;
    fixture: RouteFixture;
    credentials: (world: AuthorizationFixture, user: User, route: Route) => Promise<Credentials>;
  }>;

/** A route may change, end or delete what it is given: who is let in calls it once. */
export async function call({ world, route, fixture, person, params, credentials }: Calling): Promise<Answer> {
  const body = await fixture.body?.(person, params, world);
  const headers = {
    ...(body === undefined ? {} : { 'Content-Type': BODY_KINDS[route.body?.kind ?? 'json'].contentType }),
    ...(route.etag ? { 'If-Match': '*' } : {}),
    ...(await credentials(world, person.user, route)),
  };
  const path = pathOf(route.path, params) + (fixture.query ?? '');
  const text = body === undefined ? undefined : JSON.stringify(body);
  return world.server.client().send(route.method.toUpperCase(), path, text, headers);
}

/** The path with what its parts name. */
export function pathOf(path: string, params: Params): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`The fixture of ${path} names no {${name}}.`);
    return encodeURIComponent(value);
  });
}

export function reviewable(row: Row): Omit<ReviewedRow, 'why'> {
  return {
    key: `${row.route} | ${row.thing}`,
    statuses: CALLER_NAMES.map((name) => row.answers[name].status).join(' | '),
  };
}

export function readPage(page: string): Map<string, ReviewedRow> {
  const lines = page.split('\n').filter((line) => /^\| [A-Z]/.test(line));
  return new Map(
    lines.map((line) => {
      const cells = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      const key = cells.slice(0, 2).join(' | ');
      return [key, { key, statuses: cells.slice(2, -1).join(' | '), why: cells.at(-1) ?? '' }];
    }),
  );
}

export function writePage(rows: readonly ReviewedRow[]): string {
  const table = rows.map(({ key, statuses, why }) => `| ${key} | ${statuses} | ${why} |`);
  return [`| ${HEADER.join(' | ')} |`, `|${' --- |'.repeat(HEADER.length)}`, ...table, ''].join('\n');
}
