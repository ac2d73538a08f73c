import { type Static, Type } from 'typebox';
import { Metadata } from '../http/schemas.ts';
import { Terms } from '../scheduling/model.ts';

/** An event type. The fields of `Terms` stand beside the others; notice is shown in minutes and in hours. */
export const EventType = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    name: Type.String(),
    slug: Type.String(),
    description: Type.Union([Type.String(), Type.Null()]),
    location: Type.Union([Type.String(), Type.Null()]),
    ...Terms.properties,
    min_notice_hours: Type.Number(),
    metadata: Metadata,
    created_at: Type.String(),
  },
  { title: 'EventType' },
);
export type EventType = Static<typeof EventType>;
