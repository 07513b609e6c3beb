import type { CheckList } from './check-list';
import type { RestClient } from './rest-client';
import { SoftPhone } from './soft-phone';
import { join } from 'node:path';

/** Where one part of the demo plays: the control plane, the results, and what is told of it. */
export interface Stage {
  readonly rest: RestClient;
  /** `host:port` of the control plane. */
  readonly sip: string;
  /** Results of the demo. */
  readonly folder: string;
  readonly list: CheckList;
  readonly say: (line: string) => void;
}

/** A part of the demo: what happens, then what is checked of it. */
export interface Chapter {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}

/** A telephone that speaks a tone and keeps what it hears in `<name>-hears.wav`. */
export async function phone(stage: Pick<Stage, 'folder'>, name: string, toneHz: number): Promise<SoftPhone> {
  const phone = new SoftPhone(name, toneHz, join(stage.folder, `${name}-hears.wav`));
  await phone.start();
  return phone;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Page<T> {
  readonly data: T[];
}

export interface CallResource {
  readonly id: string;
  readonly state: string;
  readonly mode: string;
  readonly from: string;
}

export interface RecordingResource {
  readonly id: string;
  readonly state: string;
  readonly duration_ms?: number;
}
