import { type Static, Type } from 'typebox';
import { ProblemCodeText } from '../http/schemas.ts';
import { Booking } from './booking.ts';

/** Bookings that were made together. Each of them is moved and cancelled by itself from then on. */
export const Series = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    bookings: Type.Array(Booking),
    /** Where as many as fit were wanted: the starts that did not, each with the code of a problem. */
    refused: Type.Array(Type.Object({ start_time: Type.String(), code: ProblemCodeText })),
  },
  { title: 'Series' },
);
export type Series = Static<typeof Series>;
