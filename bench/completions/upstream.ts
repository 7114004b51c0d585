/** A language model in a process of its own, which begins to answer at once; it tells its address. */
import { says, startModelServer } from '../../test/support/model/model-server.ts';

const PIECES = 'The door creaks, and behind it somebody counts the steps down to the water.'.split(/(?<= )/);

const { url } = await startModelServer(says(...PIECES));
process.send!(url);
