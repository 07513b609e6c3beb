import { createHash } from 'node:crypto';
import { claimLua } from './claim.lua';
import { documentLua } from './document.lua';
import { nodeLua } from './node.lua';
import { readLua } from './read.lua';
import { registrationLua } from './registration.lua';
import { sharedLua } from './shared.lua';
import { writeLua } from './write.lua';

/** The functions of the library; what each takes and returns stands above its Lua text. */
export type FunctionName =
  | 'register'
  | 'heartbeat'
  | 'fence'
  | 'leave'
  | 'peers'
  | 'write'
  | 'reassert'
  | 'claim'
  | 'claimed'
  | 'list'
  | 'registrationWrite'
  | 'registrationList'
  | 'registrationDue'
  | 'documentWrite'
  | 'append';

const body = sharedLua + nodeLua + writeLua + claimLua + readLua + registrationLua + documentLua;

/** Named after its own text: nodes of two releases around one Redis each find theirs. */
const libraryName = `legato_${createHash('sha256').update(body).digest('hex').slice(0, 8)}`;

/** The text for FUNCTION LOAD. Lua, because Redis runs it; a string, because only strings are carried by the build. */
export const librarySource = `#!lua name=${libraryName}\n${body.replaceAll('%NAME%', libraryName)}`;

/** The name to FCALL. */
export const functionName = (name: FunctionName) => `${libraryName}_${name}`;
