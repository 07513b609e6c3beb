export type { AudioCodec, AudioDecoder, AudioEncoder } from './codecs/codec';
export { codecNamed } from './codecs/codec-table';
export type { DtmfToneOptions } from './dtmf/dtmf-tones';
export { dtmfTones } from './dtmf/dtmf-tones';
export { MediaEngine } from './engine/media-engine';
export type {
  CodecName,
  ConferenceMix,
  ConferenceOptions,
  ConnectionStats,
  DigitOptions,
  MediaConnection,
  MediaCounts,
  MediaDirection,
  MediaEngineOptions,
  MediaRecording,
  MediaTotals,
  PauseMode,
  PlayOptions,
  PlaySource,
  Playback,
  PlaybackOutcome,
  RecordOptions,
  RecordingOutcome,
  RemoteMedia,
  StreamDirection,
  TransformPlace,
} from './engine/media-objects';
export type { MediaErrorCode } from './engine/media.errors';
export { MediaObjectError } from './engine/media.errors';
export type { SpeakersListener } from './mixer/speaker-notifier';
export type { Transformer } from './mixer/transformer';
export { AudioTransformer, inParallel, inSerial } from './mixer/transformer';
export type { VoiceListener } from './engine/voice-watch';
export type { StreamShape } from './mixer/stream-shape';
export type { PacketListener, RtpPort, RtpPortFactory } from './rtp/rtp-port';
export type { UdpBackend } from './rtp/udp-backend';
export { UDP_BACKENDS } from './rtp/udp-backend';
export { NoPortError } from './rtp/rtp-port';
export { energyShareAt } from './tones/goertzel';
export { sineWave } from './tones/sine';
export { repairStagedRecordings } from './wav/repair';
export type { WavAudio } from './wav/wav-reader';
export { readWav } from './wav/wav-reader';
export type { WavFormat } from './wav/wav-writer';
export { writeWav } from './wav/wav-writer';
