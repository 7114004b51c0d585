/** Tells anybody how one may sign in here. */
import type { Registration } from '../users/register.ts';
import type { OauthProviders, ShownProvider } from './ports.ts';

type Deps = Readonly<{ registration: Registration; providers: Pick<OauthProviders, 'list'> }>;

export type SignInOptions = Readonly<{ registration: Registration; providers: readonly ShownProvider[] }>;

export class ReadSignInOptions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(): SignInOptions {
    const { registration, providers } = this.#deps;
    return { registration, providers: providers.list() };
  }
}
