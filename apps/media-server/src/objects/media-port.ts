import type { MediaEngine } from '@legato/media';

/** What the media server asks of the engine; specs pass one without sockets. */
export type MediaPort = Pick<
  MediaEngine,
  | 'openConnection'
  | 'createConference'
  | 'destroyConference'
  | 'updateConference'
  | 'onActiveSpeakers'
  | 'join'
  | 'unjoin'
  | 'shapeStream'
  | 'monitor'
  | 'unmonitor'
  | 'transform'
  | 'onVoice'
  | 'play'
  | 'record'
  | 'counts'
>;
