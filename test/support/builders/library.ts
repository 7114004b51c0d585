/** A library that is searched: sources with documents, and what is read of them. */

import type { RecordStores } from '#application/repos.ts';
import type { Meaning, PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import type { Document } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { aDocument, aPassage } from './documents.ts';
import { anAccess, aSource, at, aUser } from './records.ts';

/** A heading path, and the text below it. */
export type Section = readonly [headingPath: string, text: string];

const NOW = at(100);

/** A few rules of a game. */
export const RULES: readonly Section[] = [
  ['Combat > Grappling', 'To seize a creature, make a Strength check contested by its Dexterity check.'],
  ['Combat > Opportunity Attacks', 'A creature that leaves your reach provokes an attack, unless it disengages.'],
  ['Conditions > Prone', 'A prone creature crawls. An attack against it from nearby has advantage.'],
];

export class TestLibrary {
  readonly #stores: Pick<RecordStores, 'unitOfWork'>;
  readonly #finder: PassageFinder;

  constructor({ stores, finder }: Readonly<{ stores: Pick<RecordStores, 'unitOfWork'>; finder: PassageFinder }>) {
    this.#stores = stores;
    this.#finder = finder;
  }

  async addUser(): Promise<UserId> {
    const user = aUser();
    await this.#stores.unitOfWork.run((repos) => repos.users.add(user));
    return user.id;
  }

  async addSource(fields: Partial<Source> = {}): Promise<Source> {
    const source = aSource(fields);
    await this.#stores.unitOfWork.run((repos) => repos.sources.add(source));
    return source;
  }

  async license(sourceId: SourceId, userId: UserId, fields: Partial<SourceAccess> = {}): Promise<void> {
    const access = anAccess(sourceId, userId, { validFrom: at(0), expiresAt: null, ...fields });
    await this.#stores.unitOfWork.run((repos) => repos.sourceAccesses.save(access, HOME_ID));
  }

  /** Adds a document that serves what is read of it. */
  async addDocument(sourceId: SourceId, sections: readonly Section[], fields: Partial<Document> = {}) {
    const document = aDocument(sourceId, { passages: sections.length, ...fields });
    await this.#stores.unitOfWork.run((repos) => repos.documents.add(document));
    const passages = await this.read(document, sections, document.generation);
    return { document, passages };
  }

  /** Adds passages in two parts, as a reading does that is done in steps. */
  async read(document: Document, sections: readonly Section[], generation: number): Promise<readonly Passage[]> {
    const passages = sections.map(([headingPath, text], at) =>
      aPassage(document, { headingPath, text, generation, ordinal: at + 1 }),
    );
    const half = Math.ceil(passages.length / 2);
    for (const part of [passages.slice(0, half), passages.slice(half)])
      await this.#stores.unitOfWork.run((repos) => repos.passages.add(part));
    return passages;
  }

  save(document: Document): Promise<void> {
    return this.#stores.unitOfWork.run((repos) => repos.documents.save(document));
  }

  find(
    userId: UserId,
    question: string,
    given: Partial<LibraryReader & { sourceIds: SourceId[]; limit: number; meaning: Meaning }> = {},
  ) {
    const { sourceIds = null, limit = 8, meaning = null, ...fields } = given;
    const reader = { ...readerOf(userId), ...fields };
    return this.#finder.find({ question, reader, sourceIds, limit, meaning });
  }

  async findTexts(...asked: Parameters<TestLibrary['find']>): Promise<readonly string[]> {
    return (await this.find(...asked)).passages.map(({ text }) => text);
  }
}

export function readerOf(userId: UserId): LibraryReader {
  return { userId, workspaces: [HOME_ID], changesIn: [], gameId: null, everyMemberOf: null, now: NOW };
}
