/** Fills a library, and asks it as one of its readers. */
import type { Found, Meaning } from '../../src/application/retrieval/finding/passage-finder.ts';
import type { UserId } from '../../src/domain/shared/ids.ts';
import { HOME_ID } from '../../src/domain/shared/workspace-rights.ts';
import { aDocument, aPassage } from '../../test/support/builders/documents.ts';
import { anAccess, aSource, at, aUser } from '../../test/support/builders/records.ts';
import type { Place } from './places.ts';
import type { Section } from './srd.ts';

/** As a reading does it: so many passages in a unit of work. */
const PASSAGES_PER_STEP = 100;

export async function addReader({ stores }: Place): Promise<UserId> {
  const user = aUser();
  await stores.unitOfWork.run((repos) => repos.users.add(user));
  return user.id;
}

export type Texts = readonly Pick<Section, 'headingPath' | 'text'>[];

/** Adds a book of one document for each of `documents`, with a licence for these readers. */
export async function addBook(
  { stores }: Place,
  documents: Iterable<readonly [title: string, texts: Texts]>,
  readers: readonly UserId[],
): Promise<void> {
  const source = aSource();
  await stores.unitOfWork.run(async (repos) => {
    await repos.sources.add(source);
    for (const reader of readers)
      await repos.sourceAccesses.save(anAccess(source.id, reader, { validFrom: at(0), expiresAt: null }), HOME_ID);
  });
  for (const [title, texts] of documents) {
    const document = aDocument(source.id, { title, passages: texts.length });
    await stores.unitOfWork.run((repos) => repos.documents.add(document));
    const passages = texts.map(({ headingPath, text }, place) =>
      // What cites it must lead back to its file.
      aPassage(document, { headingPath, text, ordinal: place + 1, pageLabel: title }),
    );
    for (let done = 0; done < passages.length; done += PASSAGES_PER_STEP)
      await stores.unitOfWork.run((repos) => repos.passages.add(passages.slice(done, done + PASSAGES_PER_STEP)));
  }
}

/** `mayChangeSources`: no licence is asked of them. */
export function find(
  { finder }: Place,
  userId: UserId,
  question: string,
  limit: number,
  { mayChangeSources = false, meaning = null }: Readonly<{ mayChangeSources?: boolean; meaning?: Meaning | null }> = {},
): Promise<Found> {
  const changesIn = mayChangeSources ? [HOME_ID] : [];
  const reader = { userId, workspaces: [HOME_ID], changesIn, gameId: null, everyMemberOf: null, now: at(1) };
  return finder.find({ question, reader, sourceIds: null, limit, meaning });
}
