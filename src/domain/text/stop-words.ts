/** English stop words. For other languages there is no list: the word frequencies of a window have to do. */
import { hashOf } from './word-hash.ts';

const STOP_WORDS = `
a about above after again ah all also am an and any are aren't as at be because been before being below between both
but by can can't come could couldn't did didn't do does doesn't doing don't down during each even every few for from
further get gets getting go goes going gonna good got gotta had has hasn't have haven't having he he'd he'll he's her
here here's hers herself hey him himself his how huh i i'd i'll i'm i've if in into is isn't it it's its itself just
kind know let let's like little look lot made make many maybe me mean mm more most much my myself no nope not now of off
oh ok okay on once one only or other our ours out over own please put really right same say says see she she'd she'll
she's should shouldn't so some something sorry still such sure take tell than thank thanks that that's the their theirs
them themselves then there there's these they they'd they'll they're they've thing things think this those through to
too two uh um under until up us very want wanna was wasn't way we we'd we'll we're we've well were weren't what what's
when where where's which while who who's whom whose why will with won't would wouldn't yeah yep yes you you'd you'll
you're you've your yours yourself
`;

const hashes = new Set(STOP_WORDS.trim().split(/\s+/u).map(hashOf));

/** Whether the word with this hash (`hashOf`) is a stop word. */
export function isStopWord(hash: number): boolean {
  return hashes.has(hash);
}
