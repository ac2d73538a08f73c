import { runService } from '@agentcal/shared/process/run';
import { projectionService } from './service.ts';

await runService('projection-service', projectionService);
