import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const manual = readFileSync(join(root, 'docs/configuration.md'), 'utf8');

describe('docker-compose.yml', () => {
  it('runs the control plane, the media server and Redis', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['control-plane', 'media-server', 'redis']);
  });

  it.each(services)('pins the image of %s and restarts it', (_name, { image, restart }) => {
    expect(image).toMatch(/^[a-z]+:\d[\w.-]+$/);
    expect(restart).toBe('unless-stopped');
  });

  it.each(services)('configures %s with variables that the manual knows', (_name, { environment = {} }) => {
    for (const variable of Object.keys(environment)) expect(manual).toContain(`\`${variable}\``);
  });

  it.each(services)('mounts into %s only volumes that exist', (_name, { volumes = [] }) => {
    const named = volumes
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => !source.startsWith('.'));
    for (const name of named) expect(Object.keys(compose.volumes)).toContain(name);
  });

  it('waits for services that exist, and for health only where a health check says so', () => {
    for (const [, { depends_on: needs = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needs)) {
        const needed = compose.services[name];
        expect(needed).toBeDefined();
        if (condition === 'service_healthy') expect(needed?.healthcheck?.test[0]).toBe('CMD');
      }
    }
  });

  it('starts what `npm run build` makes', () => {
    for (const app of ['control-plane', 'media-server']) {
      expect(compose.services[app]?.command).toEqual(['node', `dist/apps/${app}/src/main.js`]);
    }
  });

  it('shares one recordings folder between both applications', () => {
    const folder = compose.services['media-server']?.environment?.LEGATO_MS_RECORDINGS_DIR;
    expect(compose.services['control-plane']?.environment?.LEGATO_RECORDINGS_DIR).toBe(folder);
  });

  it('names files of the repository that are there', () => {
    const named = [...text.matchAll(/\/srv\/legato\/(deploy\/[\w./-]+)/g)].map(([, path]) => path ?? '');
    expect(named.length).toBeGreaterThan(0);
    for (const path of named) expect(existsSync(join(root, path))).toBe(true);
  });
});
