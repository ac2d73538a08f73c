import type { RecordedEvent } from '../../kernel/event.ts';
import type { ReadStreamOptions } from '../port.ts';
import type { Gateway } from './gateway.ts';

const pageSize = 500;

/** Page by page, so that no call stays open while its reader takes time. */
export async function* readStream(
  gateway: Gateway,
  streamId: string,
  { fromRevision, maxCount = Number.POSITIVE_INFINITY, direction = 'forwards' }: ReadStreamOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  const step = direction === 'forwards' ? 1 : -1;
  let from = step > 0 ? (fromRevision ?? 0) : await lastUpTo(gateway, streamId, fromRevision);
  for (let left = maxCount; left > 0 && (from === 'end' || from >= 0); left -= pageSize) {
    const wanted = Math.min(left, pageSize);
    const page = await gateway.streamPage(streamId, from, wanted, direction);
    yield* page;
    if (page.length < wanted) return;
    from = page.at(-1)!.revision + step;
  }
}

/** Where a backward read begins: beyond the end of a stream there is nothing to read back from. */
async function lastUpTo(gateway: Gateway, streamId: string, fromRevision: number | undefined): Promise<number | 'end'> {
  if (fromRevision === undefined) return 'end';
  const [last] = await gateway.streamPage(streamId, 'end', 1, 'backwards');
  return Math.min(fromRevision, last?.revision ?? -1);
}
