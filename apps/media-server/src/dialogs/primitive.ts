import type { Clock, IdSource, Log } from '@legato/kernel';
import type { MomlAction, MomlGroup, MomlPrimitive } from '@legato/msml';
import type { MediaFolders } from '../files/media-folders';
import type { RemoteAudio } from '../files/remote-audio';
import type { OpenRecordings } from '../files/open-recordings';
import type { DialogTarget } from '../objects/dialog-target';
import type { MediaPort } from '../objects/media-port';
import type { VoiceFolder } from '../voices/voice-folder';
import type { MediaFlow } from './media-flow';
import type { ShadowVariables } from './shadow-variables';

/** What dialogs work with. */
export interface DialogServices {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly media: MediaPort;
  readonly folders: MediaFolders;
  readonly remote: RemoteAudio;
  /** What variables are spoken with. */
  readonly voices: VoiceFolder;
  readonly openRecordings: OpenRecordings;
}

/** Names that a send can have as its target (RFC 5707 §9.6.3). */
export type PrimitiveKind =
  | 'play'
  | 'record'
  | 'dtmf'
  | 'dtmfgen'
  | 'tonegen'
  | 'group'
  | 'vad'
  | 'gain'
  | 'agc'
  | 'gate'
  | 'clamp'
  | 'relay';

/** A primitive or group that runs. */
export interface Primitive {
  readonly kind: PrimitiveKind;
  readonly id: string | undefined;
  /** Called once. */
  start(): void;
  /** An event for it; unknown ones have no effect. `values` are the parameters of a send (§7.2). `terminate` makes it end, now or when its file is safe. */
  receiveEvent(event: string, values?: string): void;
}

/** What a step of a dialog runs in. */
export interface DialogScope {
  readonly services: DialogServices;
  readonly target: DialogTarget;
  readonly variables: ShadowVariables;
  readonly flow: MediaFlow;
  /** Runs `task` in the dialog's order, unless the dialog has exited. */
  post(task: () => void): void;
  /** Executes actions; does nothing once the dialog is leaving. */
  act(actions: readonly MomlAction[] | undefined): void;
  /** The dialog fails with a code of §11: the rest of it is stopped, and msml.dialog.exit tells why. */
  fail(status: string, description: string): void;
  /** Lets the audio flow that an outermost transformer or group puts out; returns how to end that. */
  attach(element: MomlPrimitive | MomlGroup): () => void;
  /** Starts a primitive or group; `ended` is called when it has ended and its handler was executed. */
  run(element: MomlPrimitive | MomlGroup, ended: () => void): Primitive | undefined;
}

/** Ends a primitive: its handler is executed, then whoever ran it goes on. */
export type EndPrimitive = (handler?: readonly MomlAction[]) => void;
