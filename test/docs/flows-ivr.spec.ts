import { checkFlow } from '@legato/flows';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(__dirname, '../../docs/flows-ivr.md'), 'utf8');
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text]) => JSON.parse(text ?? '') as Record<string, unknown>,
);

describe('docs/flows-ivr.md', () => {
  it('shows documents that are valid', () => {
    const documents = blocks.filter((block) => 'steps' in block);
    expect(documents).toHaveLength(2);
    for (const document of documents) expect(checkFlow(document)).toMatchObject({ ok: true });
  });
});
