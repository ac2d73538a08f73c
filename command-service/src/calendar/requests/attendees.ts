import { Refusal } from '@agentcal/shared/kernel/refusal';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';
import { checkAnswers } from '../../event-type/answers.ts';
import type { Questions } from '../../event-type/questions.ts';
import type { Attendee } from '../events.ts';
import type { NewBooking } from './wire.ts';

type Said = Pick<NewBooking, 'attendee' | 'guests' | 'answers'>;

/** Everything personal that came with a booking. @throws {Refusal} */
export function attendeeIn({ attendee, guests, answers }: Said): Attendee {
  if (attendee.timezone !== undefined && !isTimeZone(attendee.timezone)) {
    const errors = [
      { pointer: '/body/attendee/timezone', detail: 'must be an IANA time zone, such as America/New_York' },
    ];
    throw new Refusal('invalid_time_zone', undefined, { errors });
  }
  return { ...attendee, ...(guests && { guests }), ...(answers && { answers }) };
}

/** @throws {Refusal} `invalid_answers` */
export function requireAnswers(questions: Questions | undefined, answers: NewBooking['answers']): void {
  const errors = checkAnswers(questions, answers);
  const [first] = errors;
  if (first) throw new Refusal('invalid_answers', `${first.pointer} ${first.detail}`, { errors });
}
