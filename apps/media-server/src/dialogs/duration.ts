/** Milliseconds of an MSML duration such as `10s`, `500ms` or `1.5s`; undefined stays undefined. A bare number is seconds. */
export function durationMs(text: string): number;
export function durationMs(text: string | undefined): number | undefined;
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number.parseFloat(text);
  return Math.round(text.endsWith('ms') ? amount : amount * 1000);
}

/** A count of MSML: -1 for `-1` and `forever`, `otherwise` when absent. */
export function iterations(text: string | undefined, otherwise = 1): number {
  if (text === undefined) return otherwise;
  return text === 'forever' ? -1 : Number(text);
}
