import { type DestinationStream, type Logger, pino } from 'pino';
import { maskFields, maskLine } from './masking.ts';

export interface LoggerOptions {
  readonly level: string;
  /** Which process speaks. */
  readonly service: string;
  readonly destination?: DestinationStream;
}

/** JSON lines, in which secrets and personal data are masked whoever wrote them: see masking.ts. */
export function createLogger({ level, service, destination = pino.destination(1) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: maskFields },
      serializers: { err: describeError },
      hooks: { streamWrite: maskLine },
    },
    destination,
  );
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/**
 * Only what is known to be safe. Errors of drivers carry the row that offended them, and those of HTTP
 * clients the request with its headers.
 */
function describeError(error: unknown): DescribedError {
  if (!isLikeAnError(error)) return { type: typeof error, message: String(error) };
  const { name = 'Error', message, stack, cause } = error;
  return {
    type: name,
    message,
    ...('code' in error && { code: error.code }),
    ...(stack && { stack }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** The job queue tells of errors by their copies, which are errors no longer. */
function isLikeAnError(error: unknown): error is Partial<Error> & { readonly message: string } {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
