import type { Meaning } from './lexicon.ts';

/** Several words that mean one thing, as they are after the rewriting of `english.ts` ("can't" is "can not"). */
export const idioms = {
  except:
    'apart from, aside from, other than, except for, save for, but for, with the exception of, with exception of, ' +
    'instead of, rather than, as opposed to, not counting, leaving out, leave out, ruling out, ' +
    'rule out, steer clear of, stay away from',
  outside: 'outside of',
  busy:
    'out of office, out of the office, out of town, on holiday, on vacation, on leave, tied up, off work, day off, ' +
    "days off, no time, have a conflict, fully booked, am booked, i'm booked, booked up, i'm off, i'm out, " +
    "i'm travelling, in meetings, i'm in a meeting",
  unfit:
    'not work, will not do, would not do, not suit, not fit, not good, not so good, not great, not ideal, not possible, ' +
    'not an option, not convenient, not ok, not okay, not fine, no good, no go, is out, are out, is bad, are bad, ' +
    'is off, is full, is taken, is booked, is fully booked, too early, too late, out of the question',
  speaker: 'i am, am i, we are, are we',
  not: 'rather not',
  else: 'or else, if not, failing that',
  until: 'up to',
  only: 'nothing but, no day but, none but',
  any: 'any other',
  available: 'not busy',
  for: 'no longer than, no more than, not more than, not longer than, at most, a maximum of',
  earliest: 'right away, straight away',
} satisfies Partial<Record<Meaning, string>>;

/** What sounds as if it ruled something out or set a condition, and does not. */
export const politeness = (
  'what about, how about, any chance, all day, other than that, apart from that, not sure, no problem, not a problem, ' +
  'no worries, no rush, no hurry, no preference, no matter, not fussy, not picky, not urgent, not bad, not only, ' +
  'not just, not necessarily, do not mind, never mind, do not care, can not wait, no thanks, no thank you, ' +
  'why not, why do not we, why do not you, can not we, can not you, could not we, could not you, ' +
  'do not you have, is not there, are not there, if possible, if you can, if we can, if at all possible, ' +
  'as long as, save me, save us, save a, save the date'
).split(', ');
