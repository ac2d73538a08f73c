import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { faults } from './faults.ts';

/** Gossip.Read: a cluster of one, which leads it. */
export function gossipCall(port: () => number): handleUnaryCall<unknown, ClusterInfo> {
  return (_call, answer) => {
    const endPoint = new gossip.EndPoint();
    endPoint.setAddress('127.0.0.1');
    endPoint.setPort(port());
    const member = new gossip.MemberInfo();
    member.setState(faults.electing ? states.UNKNOWN : states.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endPoint);
    const info = new gossip.ClusterInfo();
    info.setMembersList([member]);
    answer(null, info);
  };
}

const states = gossip.MemberInfo.VNodeState;

/** ServerFeatures.GetSupportedMethods: names BatchAppend, which a client then prefers. */
export const featuresCall: handleUnaryCall<unknown, SupportedMethods> = (_call, answer) => {
  const method = new features.SupportedMethod();
  method.setServiceName('event_store.client.streams.Streams');
  method.setMethodName('batchappend');
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion('protocol-double');
  supported.setMethodsList([method]);
  answer(null, supported);
};
