/** The list of common passwords: about 49 000 from a package, loaded on first use. */
import type { CommonPasswords } from '#application/identity/ports.ts';

export class PackagedCommonPasswords implements CommonPasswords {
  #loading: Promise<ReadonlySet<string>> | undefined;

  async include(password: string): Promise<boolean> {
    this.#loading ??= load();
    return (await this.#loading).has(password.toLowerCase());
  }
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((password) => String(password).toLowerCase()));
}
