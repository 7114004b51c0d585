/** An invitation to a game. */
import type { GameId } from '#domain/shared/ids.ts';
import type { InvitationTerms } from '#domain/shared/invitation.ts';
import type { GameRole } from './game.ts';

export type Invitation = InvitationTerms & Readonly<{ gameId: GameId; roleInGame: GameRole }>;
