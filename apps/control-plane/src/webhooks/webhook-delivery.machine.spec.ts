import { reachableStates, toMermaid } from '@legato/kernel';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { webhookDeliveryMachine } from './webhook-delivery.machine';

describe('the machine webhook-delivery', () => {
  it('reaches each of its states, and ends delivered or dead', () => {
    expect([...reachableStates(webhookDeliveryMachine, 'queued')].sort()).toEqual(
      Object.keys(webhookDeliveryMachine).sort(),
    );
    const finals = Object.entries(webhookDeliveryMachine).filter(
      ([, arrows]) => Object.keys(arrows).length === 0,
    );
    expect(finals.map(([state]) => state)).toEqual(['delivered', 'dead']);
  });

  it('is drawn in docs/figures', () => {
    const file = join(__dirname, '../../../../docs/figures/webhook-delivery.mmd');
    const figure = toMermaid(webhookDeliveryMachine, 'queued');
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(file, figure);
    expect(readFileSync(file, 'utf8')).toBe(figure);
  });
});
