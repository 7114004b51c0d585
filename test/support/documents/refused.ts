/** Reads a document that must be refused, and tells why it was: kind, code and reason. */
import { readDocument } from '#adapters/documents/read-document.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

export async function refusalOf(content: Uint8Array | string, name = ''): Promise<string> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  try {
    const { kind } = await readDocument({ bytes, name });
    return `read as ${kind}`;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [error.kind, error.code, error.details.reason].filter((part) => part !== undefined).join(' ');
  }
}
