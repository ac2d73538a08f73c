import type { FastifyError } from 'fastify';
import { StoreUnavailable } from '../event-store/port.ts';
import { type ProblemCode, Refusal } from '../kernel/refusal.ts';
import { faultsOf, summary } from './faults.ts';

/**
 * Finds the refusal in whatever was thrown. What nobody foresaw becomes `unexpected`: the log gets its
 * stack, the caller does not get its words.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isFastifyError(error)) return fromFastify(error);
  if (isOutage(error)) return new Refusal('unavailable');
  return new Refusal('unexpected');
}

const byFastifyCode: Readonly<Record<string, [ProblemCode, string?]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_json'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as content-length says'],
  FST_ERR_BAD_URL: ['invalid_request', 'The URL is not validly percent-encoded'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is longer than any id'],
};

const byStatus: Readonly<Record<number, ProblemCode>> = {
  404: 'route_not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

function fromFastify(error: FastifyError): Refusal {
  if (error.validation) {
    const errors = faultsOf(error.validation, error.validationContext ?? 'body');
    return new Refusal('invalid_request', summary(errors), { errors });
  }
  const known = byFastifyCode[error.code];
  if (known) return new Refusal(...known);
  const status = error.statusCode ?? 500;
  if (status < 400 || (status >= 500 && status !== 503)) return new Refusal('unexpected');
  return new Refusal(byStatus[status] ?? 'invalid_request');
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error && ('validation' in error || ('code' in error && String(error.code).startsWith('FST_')))
  );
}

const outageCodes = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53[0-9]..|57P0[1-5])$/;
const outageWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** Whether an engine behind us is away for the moment: worth sending again, and no bug of ours. */
function isOutage(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  if (!(error instanceof Error)) return false;
  return ('code' in error && outageCodes.test(String(error.code))) || outageWords.test(error.message);
}

/** An error for the log: its words and stacks, and none of the values that drivers attach to theirs. */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && { code: error.code }),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}
