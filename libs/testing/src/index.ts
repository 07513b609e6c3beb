export { FakeClock } from './fake-clock';
export type { RecordingTransportOptions, SentMessage } from './recording-transport';
export { RecordingTransport } from './recording-transport';
export type { FaultRates, LossyUdpProxyOptions, ProxyCounts } from './lossy-udp-proxy';
export { LossyUdpProxy, seededRandom } from './lossy-udp-proxy';
export type { MemoryNetworkOptions } from './memory-network';
export { MemoryNetwork } from './memory-network';
export { RecordingClientUser, RecordingTransactionUser } from './recording-users';
export type { RequestFields } from './sip-builders';
export { buildRequest } from './sip-builders';
export { TransportInbox } from './transport-inbox';
export type { CallStoreHarness, OwnedCallStore } from './call-store-contract';
export { callEvent, callWrite, describeCallStore } from './call-store-contract';
export type { EventLogHarness } from './event-log-contract';
export { EventCollector, describeEventLog } from './event-log-contract';
export type { RedisServerOptions } from './redis-server';
export { RedisServer } from './redis-server';
export type { HeardPacket } from './fake-rtp';
export { FakePhone, FakeRtpNetwork } from './fake-rtp';
export type { OwnershipAction, OwnershipPlace } from './ownership-model';
export { ownershipCommands, runOwnership } from './ownership-model';
export { FakeConnection, FakeMediaEngine, FakePlayback, FakeRecording, settled } from './fake-media-engine';
export type { ScriptedUserAgentOptions } from './scripted-user-agent';
export { ScriptedCall, ScriptedUserAgent, sdp } from './scripted-user-agent';
export type { TwoUserAgentsOptions } from './two-user-agents';
export { ANSWER, NOTHING_HELD, OFFER, TwoUserAgents } from './two-user-agents';
export type { RegistrationStoreHarness } from './registration-store-contract';
export {
  CONTRACT_MAX_REGISTRATIONS,
  describeRegistrationStore,
  registeredBinding,
} from './registration-store-contract';
export type { DocumentStoreHarness } from './document-store-contract';
export { CONTRACT_MAX_DOCUMENTS, describeDocumentStore } from './document-store-contract';
export type { NonceLedgerHarness } from './nonce-ledger-contract';
export { describeNonceLedger } from './nonce-ledger-contract';
export { UdpSipClient } from './udp-sip-client';
export { workerPort } from './worker-port';
