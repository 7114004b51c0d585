/** Sessions whose ends are told, so that nobody has to, and whoever goes on because of one looks again. */
import { ACCESS_TOPIC, type AccessChange } from '#application/shared/access/access-change.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Sessions } from '../ports.ts';

type Deps = Readonly<{ sessions: Sessions; accessChanges: EventBus<AccessChange> }>;

/** Sessions that end by their age, or because their user began too many, are not told. */
export function announcedSessions({ sessions, accessChanges }: Deps): Sessions {
  const tell = (change: AccessChange) => void accessChanges.publish(ACCESS_TOPIC, change);
  return {
    begin: (...given) => sessions.begin(...given),
    find: (...given) => sessions.find(...given),
    touch: (...given) => sessions.touch(...given),
    count: (...given) => sessions.count(...given),
    listByUser: (...given) => sessions.listByUser(...given),
    end: async (digest) => {
      await sessions.end(digest);
      tell({ of: 'session', id: digest });
    },
    endByUser: async (userId, ...given) => {
      const ended = await sessions.endByUser(userId, ...given);
      tell({ of: 'user', id: userId });
      return ended;
    },
  };
}
