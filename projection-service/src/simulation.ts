/**
 * The engine and what follows the log with it, for the simulation: all that they run on is handed in. Nothing else
 * may import it; what other services may know of read models is in tables.ts.
 */
export { projections } from './consumers.ts';
export { apply as applyBatch, type CommitBatch, commitBatch } from './engine/commit.ts';
export type { ConsumedEvent, Consumer, Projection } from './engine/consumer.ts';
export { defineReaction } from './engine/consumer.ts';
export type { EngineDeps } from './engine/deps.ts';
export { startEngine } from './engine/engine.ts';
export type { Row } from './engine/fold.ts';
export type { Leadership, Lease } from './engine/leadership.ts';
export { createMemoryStorage, type MemorySession, type MemoryStorage } from './engine/storage/memory.ts';
export type { MemoryTransaction } from './engine/storage/memory-transaction.ts';
export { Fenced, type Storage, type StorageTransaction } from './engine/storage/port.ts';
export { createMemoryQueue, type KeptJob, keptJobs } from './jobs/memory-queue.ts';
export type { JobQueue, QueueTerms } from './jobs/port.ts';
export { followProgress } from './progress.ts';
export { carryOut as carryOutJob } from './reactions/lifecycle/carry-out.ts';
export type { LifecycleJob } from './reactions/lifecycle/queue.ts';
export { lifecycleReaction } from './reactions/lifecycle/reaction.ts';
export { startDeliveries } from './reactions/webhooks/delivery.ts';
export type { Dispatch } from './reactions/webhooks/dispatch.ts';
export { type DispatchTerms, dispatchTerms } from './reactions/webhooks/dispatcher/terms.ts';
export { createMemoryLedger, type KeptDelivery } from './reactions/webhooks/ledger/memory.ts';
export { webhooksReaction } from './reactions/webhooks/reaction.ts';
export { removalTerms } from './reactions/webhooks/removals.ts';
export type { Attempt, Message, Sender } from './reactions/webhooks/sender.ts';
