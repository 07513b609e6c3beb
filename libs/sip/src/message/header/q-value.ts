import { decimal } from '../characters';

/** A preference of 0 to 1 with up to three decimals (RFC 3261 §25.1 qvalue); undefined when absent or malformed. */
export function decodeQValue(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [whole = '', fraction = '', ...rest] = text.split('.');
  const units = decimal(whole === '' ? '0' : whole, 1);
  const thousandths = fraction === '' ? 0 : decimal(fraction.padEnd(3, '0'), 999);
  if (units === undefined || thousandths === undefined || rest.length > 0 || whole + fraction === '')
    return undefined;
  const value = units + thousandths / 1000;
  return value <= 1 ? value : undefined;
}

export const encodeQValue = (value: number): string => String(Math.round(value * 1000) / 1000);
