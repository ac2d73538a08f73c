import { runService } from '@agentcal/shared/process/run';
import { queryService } from './service.ts';

await runService('query-service', queryService);
