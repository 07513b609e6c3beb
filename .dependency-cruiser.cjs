/** The import law of docs/architecture.md, checked by machine. */
const lib = (name) => `^libs/${name}/`;
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(libs|apps)/', pathNot: [from, ...allowed.map(lib)] },
});
const never = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.spec\\.ts$' },
  to: { path: to },
});

const protocolCore = '^libs/(kernel|sip|sdp|msml|media|flows|b2bua)/';
const frameworks = 'node_modules/(@nestjs|rxjs|ioredis)/';

module.exports = {
  forbidden: [
    only('kernel-imports-nothing', '^libs/kernel/', []),
    only('protocol-libs-import-kernel', '^libs/(sip|sdp|msml|media|flows)/', ['kernel', 'testing']),
    only('b2bua-imports-protocol-libs', '^libs/b2bua/', ['kernel', 'sip', 'sdp', 'msml', 'flows']),
    only('sip-nest-imports', '^libs/sip-nest/', ['kernel', 'sip', 'observability']),
    only('state-redis-imports', '^libs/state-redis/', ['kernel', 'b2bua', 'observability']),
    only('contracts-imports', '^libs/contracts/', ['kernel', 'flows']),
    only('outbound-http-imports', '^libs/outbound-http/', ['kernel']),
    only('observability-imports', '^libs/observability/', ['kernel']),
    never('protocol-core-knows-no-framework', protocolCore, frameworks),
    never('media-server-has-no-b2bua', '^apps/media-server/', '^libs/(b2bua|state-redis)/'),
    never('control-plane-imports-no-app', '^apps/control-plane/', '^apps/(media-server|console|cli)/'),
    never('media-server-imports-no-app', '^apps/media-server/', '^apps/(control-plane|console|cli)/'),
    {
      name: 'sockets-only-in-transports',
      severity: 'error',
      from: {
        path: '^libs/(kernel|sip|sdp|msml|b2bua|media|flows)/',
        pathNot: '(\\.spec\\.ts$|^libs/sip/src/transport/|^libs/media/src/rtp/.*socket)',
      },
      to: { path: '^(node:)?(net|dgram|tls|http|https)$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '(\\.spec\\.ts$|^libs/testing/|^apps/[^/]+/spec/)' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'barrel-is-the-door',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^libs/[^/]+/src/.+', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^dist/' },
  },
};
