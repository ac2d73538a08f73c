import { Slot } from '@agentcal/shared/resources/slot';
import { dateOfDay } from '@agentcal/shared/scheduling/dates';
import { type Static, Type } from 'typebox';
import type { DayWindow, Interpretation as Read, Reading } from '../../language/model.ts';
import { kindOf } from './spans.ts';

const AskedWindow = Type.Object(
  {
    date: Type.String(),
    start_time: Type.String({ description: 'Wall time' }),
    end_time: Type.Optional(Type.String({ description: 'Wall time up to 24:00; not there where `kind` is starts_at' })),
    kind: Type.Union([Type.Literal('starts_at'), Type.Literal('starts_within'), Type.Literal('fits_within')], {
      description: 'Whether a meeting starts then, starts within, or lies within as a whole',
    }),
  },
  { title: 'AskedWindow' },
);

const reading = {
  text: Type.String({ description: 'The reading in words, to be said back' }),
  windows: Type.Array(AskedWindow),
  order: Type.Union([Type.Literal('earliest'), Type.Literal('latest')]),
  duration_minutes: Type.Optional(Type.Integer({ description: 'Where the text names one' })),
};

export const Interpretation = Type.Object(
  {
    ...reading,
    timezone: Type.String({ description: 'Of the windows: the zone that the text names, or the speaker’s' }),
    assumptions: Type.Array(Type.String()),
    ambiguous: Type.Boolean({
      description:
        'There are other readings, which are to be offered too, or words in `unparsed` that may change this one',
    }),
    alternatives: Type.Array(
      Type.Object({
        ...reading,
        because: Type.String({ description: 'What the other reading rests on' }),
        data: Type.Optional(
          Type.Array(Slot, { description: 'Its first slots, where it is not too far from the other' }),
        ),
      }),
    ),
    unparsed: Type.Array(Type.String(), { description: 'Words that were not understood and not taken into account' }),
  },
  { title: 'Interpretation' },
);

export function showReading({ text, windows, order, durationMinutes }: Reading & { readonly text: string }) {
  return {
    text,
    windows: windows.map(showWindow),
    order,
    ...(durationMinutes !== undefined && { duration_minutes: durationMinutes }),
  };
}

/** All but the other readings, which come with slots of their own. */
export function showInterpretation(read: Read, timezone: string): Omit<Static<typeof Interpretation>, 'alternatives'> {
  const { assumptions, ambiguous, unparsed } = read;
  return { ...showReading(read), timezone, assumptions: [...assumptions], ambiguous, unparsed: [...unparsed] };
}

function showWindow(window: DayWindow): Static<typeof AskedWindow> {
  const kind = kindOf(window);
  const times = { date: dateOfDay(window.day), start_time: wall(window.from) };
  return kind === 'starts_at' ? { ...times, kind } : { ...times, end_time: wall(window.to), kind };
}

function wall(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
