import { runService } from '@agentcal/shared/process/run';
import { syncService } from './service.ts';

await runService('sync-service', syncService);
