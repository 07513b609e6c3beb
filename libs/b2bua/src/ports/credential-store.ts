/** Who may call, register and send messages. */
export type { CredentialStore, UserCredentials } from '@legato/sip';
