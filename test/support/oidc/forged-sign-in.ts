/** A whole sign-in at the forging issuer, whose code is the nonce that it was asked with. */
import { UserAgent } from './user-agent.ts';

export type ForgedOutcome = Readonly<{ status: number; code: string | undefined; agent: UserAgent }>;

/** Signs in at a Tavernkeep that knows the issuer as `forger`; `returned` is what the issuer adds to the way back. */
export async function forgedSignIn(
  tavernkeep: string,
  returned: Readonly<Record<string, string>> = {},
): Promise<ForgedOutcome> {
  const agent = new UserAgent();
  const start = `${tavernkeep}/api/v1/auth/oauth/forger`;
  const begun = await agent.fetch(start);
  if (begun.location === null) return { status: begun.status, code: JSON.parse(begun.text).code, agent };
  const asked = new URL(begun.location).searchParams;
  const query = new URLSearchParams({ code: asked.get('nonce') ?? '', state: asked.get('state') ?? '', ...returned });
  const page = await agent.fetch(`${start}/callback?${query}`);
  return { status: page.status, code: page.text === '' ? undefined : JSON.parse(page.text).code, agent };
}
