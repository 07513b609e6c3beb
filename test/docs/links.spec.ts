import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DOCS = join(__dirname, '../../docs');
const TUTORIALS = join(DOCS, 'tutorials');
const pages = [
  join(DOCS, 'concepts.md'),
  join(DOCS, 'rest-to-wire.md'),
  ...readdirSync(TUTORIALS).map((name) => join(TUTORIALS, name)),
];

const withoutSnippets = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');

/** What a heading is linked by: small letters, blanks as dashes, nothing else. */
const anchorsOf = (text: string): string[] =>
  [...withoutSnippets(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page that lead nowhere. */
function deadLinks(path: string): string[] {
  const links = [...withoutSnippets(readFileSync(path, 'utf8')).matchAll(/\]\(([^)]+)\)/g)];
  return links
    .map(([, link = '']) => link)
    .filter((link) => !link.includes('://'))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = join(dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
}

describe('the pages for newcomers', () => {
  it.each(pages)('%s has no dead link', (path) => {
    expect(deadLinks(path)).toEqual([]);
  });

  it('say each word of the interface once', () => {
    const words = readFileSync(join(DOCS, 'concepts.md'), 'utf8').match(/^\*\*[^*]+\*\*/gm) ?? [];
    expect(words.map((word) => word.replace(/\*\*|\./g, ''))).toEqual([
      'Call',
      'Leg',
      'Direct, anchored',
      'Media server',
      'Recording',
      'Play',
      'Collect',
      'Flow',
      'Conference',
      'Participant',
      'Command',
      'Event',
      'Idempotency',
      'Node',
    ]);
  });
});
