export type { AudioCodec, AudioDecoder, AudioEncoder } from './codecs/codec';
export { codecNamed } from './codecs/codec-table';
export { MediaEngine } from './engine/media-engine';
export type {
  CodecName,
  ConnectionStats,
  MediaConnection,
  MediaCounts,
  MediaDirection,
  MediaEngineOptions,
  MediaRecording,
  PlayOptions,
  Playback,
  PlaybackOutcome,
  RecordOptions,
  RecordingOutcome,
  RemoteMedia,
  StreamDirection,
} from './engine/media-objects';
export type { MediaErrorCode } from './engine/media.errors';
export { MediaObjectError } from './engine/media.errors';
export type { PacketListener, RtpPort, RtpPortFactory } from './rtp/rtp-port';
export { NoPortError } from './rtp/rtp-port';
export { energyShareAt } from './tones/goertzel';
export { sineWave } from './tones/sine';
export { repairStagedRecordings } from './wav/repair';
export type { WavAudio } from './wav/wav-reader';
export { readWav } from './wav/wav-reader';
export type { WavFormat } from './wav/wav-writer';
export { writeWav } from './wav/wav-writer';
