import { Type } from 'typebox';

/** The wire shape of `Sealed`: what stands in an event where personal data would. */
export const SealedText = Type.Object({ kid: Type.String(), sealed: Type.String() }, { additionalProperties: false });
