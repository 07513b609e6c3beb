import { FRAMES_PER_SECOND } from '../mixer/frame';
import { Resampler } from './resampler';

/** Brings the 20 ms frames of one stream to another sample rate; follows when the rate of the stream changes. */
export class FrameConverter {
  private resampler: Resampler | undefined;
  private inputSamples = 0;
  private output = new Int16Array(0);

  /** The frame at `sampleRate`: itself when it has that rate, else a buffer that is valid until the next call. */
  convert(frame: Int16Array, sampleRate: number): Int16Array {
    const outputSamples = sampleRate / FRAMES_PER_SECOND;
    if (frame.length === outputSamples) {
      this.resampler = undefined;
      return frame;
    }
    if (!this.resampler || this.inputSamples !== frame.length || this.output.length !== outputSamples) {
      this.resampler = new Resampler(frame.length * FRAMES_PER_SECOND, sampleRate);
      this.inputSamples = frame.length;
      this.output = new Int16Array(outputSamples);
    }
    this.resampler.process(frame, frame.length, this.output);
    return this.output;
  }
}
