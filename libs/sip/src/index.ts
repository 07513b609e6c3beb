// message
export type { AcceptRange } from './message/header/accept';
export { accepts, decodeAccept, encodeAccept } from './message/header/accept';
export { decodeAccessNetworkInfo, encodeAccessNetworkInfo } from './message/header/access-network-info';
export { decodeAllow, encodeAllow } from './message/header/allow';
export type { AuthParams } from './message/header/auth-params';
export { decodeAuthParams, encodeAuthParams } from './message/header/auth-params';
export { decodeAuthenticationInfo } from './message/header/authentication-info';
export type { DigestChallenge } from './message/header/challenge';
export { decodeChallenge, decodeDigestChallenge, encodeDigestChallenge } from './message/header/challenge';
export type { ContactList } from './message/header/contact';
export { contactExpires, contactQ, decodeContacts, encodeContacts } from './message/header/contact';
export type { ContentDisposition } from './message/header/content-disposition';
export { decodeContentDisposition, encodeContentDisposition } from './message/header/content-disposition';
export type { ContentType } from './message/header/content-type';
export { decodeContentType, decodeMediaType, encodeContentType } from './message/header/content-type';
export type { DigestCredentials } from './message/header/credentials';
export {
  decodeCredentials,
  decodeDigestCredentials,
  encodeDigestCredentials,
} from './message/header/credentials';
export type { CSeqValue } from './message/header/cseq';
export { decodeCSeq, encodeCSeq } from './message/header/cseq';
export { decodeDate, encodeDate } from './message/header/date';
export type { EventValue } from './message/header/event';
export { decodeEvent, encodeEvent } from './message/header/event';
export { decodeDeltaSeconds, decodeExpires, encodeExpires } from './message/header/expires';
export { decodeMaxForwards, encodeMaxForwards } from './message/header/max-forwards';
export { SMALLEST_MIN_SE_SECONDS, decodeMinSE, encodeMinSE } from './message/header/min-se';
export { decodeOptionTags, encodeOptionTags, unsupportedTags } from './message/header/option-tags';
export { decodeIdentities, encodeIdentities } from './message/header/p-asserted-identity';
export { decodePrivacy, encodePrivacy, hidesIdentity } from './message/header/privacy';
export { decodeQValue, encodeQValue } from './message/header/q-value';
export type { RAckValue } from './message/header/rack';
export { decodeRAck, encodeRAck } from './message/header/rack';
export type { ReasonValue } from './message/header/reason';
export { decodeReason, encodeReason, reasonOf } from './message/header/reason';
export type { ReferTo } from './message/header/refer-to';
export { decodeReferTo, encodeReferTo } from './message/header/refer-to';
export type { ReplacesValue } from './message/header/replaces';
export { decodeReplaces, encodeReplaces } from './message/header/replaces';
export type { RetryAfter } from './message/header/retry-after';
export { decodeRetryAfter, encodeRetryAfter } from './message/header/retry-after';
export { decodeRoutes, encodeRoutes, isLooseRoute } from './message/header/route';
export { decodeRSeq, encodeRSeq } from './message/header/rseq';
export type { Refresher, SessionExpires } from './message/header/session-expires';
export { decodeSessionExpires, encodeSessionExpires } from './message/header/session-expires';
export type { SubscriptionState } from './message/header/subscription-state';
export { decodeSubscriptionState, encodeSubscriptionState } from './message/header/subscription-state';
export type { WarningValue } from './message/header/warning';
export { decodeWarning, encodeWarning } from './message/header/warning';
export { canonicalName } from './message/header-names';
export { splitCommaList } from './message/comma-list';
export { Headers } from './message/headers';
export { MAX_HEADER_FIELDS, MAX_LINE_BYTES, MAX_MESSAGE_BYTES, MAX_VIAS } from './message/limits';
export { parseDatagram } from './message/message.parser';
export type { BodyPart } from './message/multipart';
export {
  MAX_BODY_PARTS,
  bodyParts,
  decodeMultipart,
  encodeMultipart,
  isOptionalPart,
} from './message/multipart';
export type { NameAddrFields } from './message/name-addr';
export { NameAddr } from './message/name-addr';
export { Params } from './message/params';
export { reasonPhrase } from './message/reason-phrases';
export { salvageResponse } from './message/salvage';
export { serialize } from './message/serializer';
export type { ParseOutcome, Salvage, SipMessage, SipParseError } from './message/sip-message';
export { SipRequest } from './message/sip-request';
export type { ResponseOptions } from './message/sip-response';
export { SipResponse } from './message/sip-response';
export type { UriFields } from './message/sip-uri';
export { escapeUser, SipUri } from './message/sip-uri';
export type { ViaFields, ViaValue } from './message/via';
export { BRANCH_COOKIE, Via } from './message/via';

// transport
export { freePort } from './transport/free-port';
export type { Address, Flow, TransportProtocol } from './message/flow';
export { CachedDns, nodeDns } from './transport/node-dns';
export type { Dns, Hop, NaptrRecord, Resolver, SrvRecord } from './transport/resolver';
export type { SipResolverOptions } from './transport/sip-resolver';
export { sipResolver } from './transport/sip-resolver';
export { markReceived } from './transport/received-via';
export { responsePath } from './transport/response-path';
export type { StreamTransportOptions } from './transport/stream.transport';
export type { StreamLimits } from './transport/stream-limits';
export { DEFAULT_STREAM_LIMITS } from './transport/stream-limits';
export { TcpTransport } from './transport/tcp.transport';
export type { TlsTransportOptions } from './transport/tls.transport';
export { TlsTransport } from './transport/tls.transport';
export type { NamedAddress, SipTransport, TransportHandler } from './transport/transport';
export { isFlow, isReliable } from './transport/transport';
export type { UdpTransportOptions } from './transport/udp.transport';
export { UdpTransport } from './transport/udp.transport';
export type { WsLimits } from './transport/ws-limits';
export type { WsCredentials, WsTransportOptions } from './transport/ws.transport';
export { WsTransport } from './transport/ws.transport';
// transaction
export type { Admission, SourceRateLimitOptions } from './transaction/source-rate-limit';
export { SourceRateLimit } from './transaction/source-rate-limit';
export type { LayerCounters } from './transaction/layer-counters';
export type { TimerValues } from './transaction/timer-values';
export { DEFAULT_TIMERS } from './transaction/timer-values';
export type {
  LocalAddress,
  SendOptions,
  TransactionCounts,
  TransactionLayerOptions,
} from './transaction/transaction-layer';
export { TransactionLayer } from './transaction/transaction-layer';
export type {
  ClientTransaction,
  ClientTransactionUser,
  ServerTransaction,
  ServerTransactionState,
  TransactionUser,
} from './transaction/transaction-user';

// auth
export type { AuthenticatedUser, AuthVerdict } from './auth/auth-verdict';
export { maySendAs } from './auth/claimed-identity';
export type { ClientAccount } from './auth/client-account';
export { accountFromPassword } from './auth/client-account';
export type { AuthorizableRequest, ChallengedRequest, ClientAuthorizer } from './auth/client-authorizer';
export type { CallLimits, CredentialStore, UserCredentials } from './auth/credential-store';
export type { DigestInput, Qop } from './auth/digest';
export { allHa1, digestResponse, ha1Of } from './auth/digest';
export type { DigestAlgorithm, Ha1ByAlgorithm } from './auth/digest-algorithm';
export { DIGEST_ALGORITHMS, DIGEST_LENGTHS } from './auth/digest-algorithm';
export type { DigestClientOptions } from './auth/digest-client';
export { DigestClient } from './auth/digest-client';
export type { DigestRealm, DigestServerOptions } from './auth/digest-server';
export { DigestServer } from './auth/digest-server';
export type { NonceLedger } from './auth/nonce-ledger';
export { MemoryNonceLedger } from './auth/nonce-ledger';

// dialog
export type { DialogState } from './dialog/dialog-state';
export { DialogTable } from './dialog/dialog-table';
// user-agent
export type { InDialogMethod } from './user-agent/invite-usage';
export { InviteUsage } from './user-agent/invite-usage';
export type { HeaderList, SdpBody } from './user-agent/usage-body';
export type { EndReason, InvitePurpose, UsageEvent } from './user-agent/usage-events';
export type { SendRequestOptions, UsageOutput } from './user-agent/usage-output';
export type { DeliverToUsage, UsageRunnerOptions } from './user-agent/usage-runner';
export { UsageRunner } from './user-agent/usage-runner';
export type { InviteUsageState, OutgoingInvite } from './user-agent/usage-state';
export type { InDialogOwner, UserAgentCoreOptions } from './user-agent/user-agent-core';
export { UserAgentCore } from './user-agent/user-agent-core';

// registrar
export { addressOfRecord, domainOf, parseAddressOfRecord, userOf } from './registrar/address-of-record';
export type { BindingChange, RegisterInput, RegisterOutcome } from './registrar/apply-register';
export { applyRegister, expiredBindings } from './registrar/apply-register';
export type { Binding, BindingReach } from './registrar/binding';
export { liveBindings, secondsLeft } from './registrar/binding';
export type { BindingTarget } from './registrar/call-targets';
export { callTargets } from './registrar/call-targets';
export type { RegisterCommand } from './registrar/read-register';
export { readRegister } from './registrar/read-register';
export type { RegisterRefusal } from './registrar/register-refusal';
export { refuseRegister } from './registrar/register-refusal';
export { registeredHeaders } from './registrar/register-response';
export type { RegistrarRules } from './registrar/registrar-rules';
export { DEFAULT_REGISTRAR_RULES } from './registrar/registrar-rules';

// registration-client
export type { RegistrationClientOptions, RegistrationNews } from './registration-client/registration-client';
export { RegistrationClient } from './registration-client/registration-client';
export type { RegistrationClientState } from './registration-client/registration-client.machine';
