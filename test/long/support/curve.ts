export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly atS: number; readonly value: number }[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [760, 300, 60, 40, 20, 20];
const GRID = 5;

/** Lines over minutes as SVG; `unit` is that of the values, whose axis begins at 0. */
export function curve(title: string, unit: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const longest = Math.max(...all.map(({ atS }) => atS));
  const step = niceStep(Math.max(...all.map(({ value }) => value)) / GRID);
  const highest = step * (GRID + 1);
  const x = (atS: number) => (LEFT + ((WIDTH - LEFT - RIGHT) * atS) / longest).toFixed(1);
  const y = (value: number) => (HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * value) / highest).toFixed(1);
  const text = (at: readonly [string | number, string | number], anchor: string, what: string) =>
    `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}">${what}</text>`;
  const rows = Array.from({ length: GRID + 2 }, (_, index) => index * step).flatMap((value) => [
    `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
    text([LEFT - 6, y(value)], 'end', String(value)),
  ]);
  const minutes = Array.from({ length: GRID + 1 }, (_, index) => (index * longest) / GRID).map((atS) =>
    text([x(atS), HEIGHT - BOTTOM + 18], 'middle', `${(atS / 60).toFixed(0)} min`),
  );
  const drawn = lines.flatMap(({ name, colour, points }, index) => [
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.map(({ atS, value }) => `${x(atS)},${y(value)}`).join(' ')}"/>`,
    `<text x="${LEFT + 10 + index * 160}" y="${HEIGHT - 6}" fill="${colour}">${name}</text>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text([LEFT, 14], 'start', `${title}, ${unit}`),
    ...rows,
    ...minutes,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** 1, 2 or 5 times a power of ten, no smaller than `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}
