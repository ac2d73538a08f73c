import { runService } from '@agentcal/shared/process/run';
import { commandService } from './service.ts';

await runService('command-service', commandService);
