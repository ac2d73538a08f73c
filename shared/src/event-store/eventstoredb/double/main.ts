import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { appendCall, batchAppendCall } from './append.ts';
import { featuresCall, gossipCall } from './cluster.ts';
import { type Faults, faults } from './faults.ts';
import { openLog } from './log.ts';
import { readCall } from './read.ts';

/**
 * The protocol double as a process: `node main.ts <file> <port>`. Tells its port to its parent, takes
 * faults from it, and ends with it.
 */
const [file, wantedPort] = process.argv.slice(2);
const log = openLog(file!);
// A server writes events of its own into the log. Whoever reads everything meets them.
const started = { id: crypto.randomUUID(), type: '$Started', contentType: 'application/json' };
log.append('$double', 'any', [{ ...started, data: Buffer.from('{}'), metadata: Buffer.alloc(0) }], false);

let port = Number(wantedPort);
const server = new Server();
server.addService(streamsService.StreamsService as unknown as ServiceDefinition, {
  append: appendCall(log),
  batchAppend: batchAppendCall(log),
  read: readCall(log),
});
server.addService(gossipService.GossipService as unknown as ServiceDefinition, { read: gossipCall(() => port) });
server.addService(featuresService.ServerFeaturesService as unknown as ServiceDefinition, {
  getSupportedMethods: featuresCall,
});
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  port = bound;
  process.send?.({ port });
});

process.on('message', (told: Faults) => {
  for (const name of Object.keys(faults) as (keyof Faults)[]) delete faults[name];
  Object.assign(faults, told);
  process.send?.('told');
});
process.on('disconnect', () => process.exit());
