/** The port of the web: pages and files of the public internet, in bounds. */

/** `name` is the last part of the path of where it was found, and may be empty. */
export type WebPage = Readonly<{ bytes: Uint8Array; name: string; url: URL }>;

export interface WebPages {
  /** Throws 422 `url_refused` for what cannot be the address of a public page, whatever its name leads to. */
  check(url: string): void;
  /**
   * Fetches what an address leads to. Throws what `check` throws, of each address on the way; 422 `url_unreadable` for
   * an answer that would be the same again, 413 `document_too_large`, and 429 `url_unreachable` for what may pass.
   * Throws the reason of `signal` once it is aborted.
   */
  fetch(url: string, signal: AbortSignal): Promise<WebPage>;
}
