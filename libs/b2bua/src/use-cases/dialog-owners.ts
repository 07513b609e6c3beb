import type { MsmlDialogResult } from '@legato/msml';
import type { Call } from '../call/call';
import { collectDialogFinished } from './collect';
import { playDialogFinished } from './play';
import { recordDialogFinished } from './record';
import { digitsDialogFinished } from './send-digits';

/** Takes what the dialog called `name` came to. */
export type DialogOwner = (call: Call, name: string, result: MsmlDialogResult) => void;

/** Who started an MSML dialog, by what its name begins with: `rec_…`. */
export const dialogOwners: Readonly<Record<string, DialogOwner>> = {
  dtmf: digitsDialogFinished,
  play: playDialogFinished,
  collect: collectDialogFinished,
  rec: recordDialogFinished,
};
