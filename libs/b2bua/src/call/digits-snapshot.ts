import type { CommandId, LegRole } from './call-snapshot';

/** Digits on their way to a party. Which ones stands nowhere. */
export interface DigitsSnapshot {
  /** `dtmf_<uuidv7>`: of the MSML dialog that sends them. */
  readonly name: string;
  readonly leg: LegRole;
  readonly command: CommandId;
  /** In a direct call: INFOs that are not answered. */
  left: number;
  /** In a direct call: the status of the first INFO that was refused. */
  refusal?: number;
}
