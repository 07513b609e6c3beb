import { encodeDate } from '../message/header/date';
import { encodeQValue } from '../message/header/q-value';
import { contactExpires } from '../message/header/contact';
import type { Binding } from './binding';
import { secondsLeft } from './binding';
import type { RegisterCommand } from './read-register';
import type { RegistrarRules } from './registrar-rules';
import { grantedSeconds } from './requested-interval';

function contactValue(binding: Binding, now: number): string {
  const q = binding.q === undefined ? '' : `;q=${encodeQValue(binding.q)}`;
  return `<${binding.contact}>${q};expires=${secondsLeft(binding, now)}`;
}

/** The Expires of the answer where a Contact had no interval of its own: older clients look there only. */
function expiresField(command: RegisterCommand, rules: RegistrarRules): [string, string][] {
  const { contacts, expiresS } = command;
  if (!contacts.some((contact) => contactExpires(contact) === undefined)) return [];
  return [['Expires', String(grantedSeconds(expiresS ?? rules.defaultExpiresS, rules))]];
}

/** Header fields of the 200 (RFC 3261 §10.3 step 8): every binding with its interval, Date, and the Path as it came (RFC 3327 §5.3). */
export function registeredHeaders(
  bindings: readonly Binding[],
  command: RegisterCommand,
  rules: RegistrarRules,
  now: number,
): [string, string][] {
  const contacts = bindings.map((binding): [string, string] => ['Contact', contactValue(binding, now)]);
  const path = command.path.length === 0 ? [] : [['Path', command.path.join(', ')] as [string, string]];
  return [...contacts, ...expiresField(command, rules), ...path, ['Date', encodeDate(now)]];
}
