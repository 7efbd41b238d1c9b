/** What is typed for iSCSI: --listen iscsi:, --advertise, --chap. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ISCSI_TARGET_NAME,
  iscsiPlanOf,
  iscsiPlansOf,
  isIscsiAddress,
  parseIscsiAddress,
} from '../../../src/live/iscsi-plan.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { readScenario } from '../../../src/scenario/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'sanmotion-chap-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const planOf = (more: Partial<Parameters<typeof iscsiPlanOf>[0]> = {}) =>
  iscsiPlanOf({ listen: ['iscsi:127.0.0.1:3260'], advertise: [], chap: undefined, ...more });

describe('--listen iscsi:', () => {
  it('names a portal', () => {
    expect(isIscsiAddress('iscsi:127.0.0.1:3260')).toBe(true);
    expect(isIscsiAddress('tcp:127.0.0.1:3260')).toBe(false);
    expect(parseIscsiAddress('iscsi:[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(planOf({ listen: ['unix:/a', 'iscsi:localhost:1'] })?.portals).toEqual([
      { host: 'localhost', port: 1 },
    ]);
    expect(planOf({ listen: ['unix:/a'] })).toBeUndefined();
  });

  it.each(['iscsi:3260', 'iscsi:0.0.0.0:3260', 'iscsi:127.0.0.1:70000', 'iscsi:'])(
    'refuses %s',
    (text) => {
      expect(() => parseIscsiAddress(text)).toThrow(ListenError);
    },
  );
});

describe('--advertise and --chap', () => {
  it('are for portals', () => {
    expect(planOf({ advertise: ['10.0.2.2:3260'] })?.advertise).toEqual(['10.0.2.2:3260']);
    for (const wrong of [
      { listen: [], advertise: ['10.0.2.2:1'] },
      { listen: [], chap: 'a:b' },
      { advertise: ['10.0.2.2'] },
      { advertise: ['a:1', 'b:2'] },
    ])
      expect(() => planOf(wrong), JSON.stringify(wrong)).toThrow(ListenError);
  });

  it('take the secrets out of a file, its own in the second line', () => {
    expect(planOf({ chap: `bob:${file('one', 'secret\n')}` })?.chap).toEqual({
      user: 'bob',
      secret: 'secret',
    });
    expect(planOf({ chap: `bob:${file('two', 'secret\nown\n')}` })?.chap?.target).toEqual({
      name: ISCSI_TARGET_NAME,
      secret: 'own',
    });
  });

  it.each([
    ['no name', ':x'],
    ['no file', 'bob'],
    ['a file that is not there', 'bob:/nowhere/at/all'],
    ['an empty file', `bob:${file('empty', '')}`],
  ])('refuses %s in one line', (_what, chap) => {
    try {
      planOf({ chap });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ListenError);
      expect((error as Error).message.split('\n')).toHaveLength(1);
    }
  });
});

describe('targets of a scenario', () => {
  const TEXT = `
name: one
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array:
  ports: [A]
  luns: [{ name: data }]
  targets:
TARGETS
vms: [{ name: vm1, host: h1, luns: [data] }]
move: { vm: vm1, to: h2 }
`;
  const targets = (...lines: string[]) =>
    readScenario(TEXT.replace('TARGETS', lines.map((one) => `    ${one}`).join('\n')), 'x.yaml');
  const NAME = 'iqn.2026-01.com.example:a';

  it('have portals, groups, secrets', () => {
    const loaded = targets(
      `- name: ${NAME}`,
      `  chap: { user: bob, file: '${file('scenario', 'secret\nown\n')}' }`,
      "  portals: [{ listen: '127.0.0.1:3260' }, { listen: '[::1]:3260', group: 1 }, { listen: '127.0.0.1:0' }]",
    );
    expect(iscsiPlansOf(loaded)).toEqual([
      {
        targetName: NAME,
        portals: [
          { host: '127.0.0.1', port: 3260 },
          { host: '::1', port: 3260 },
          { host: '127.0.0.1', port: 0 },
        ],
        groupTags: [2, 1, 3],
        advertise: [undefined, undefined, undefined],
        chap: { user: 'bob', secret: 'secret', target: { name: NAME, secret: 'own' } },
      },
    ]);
  });

  it.each([
    [
      ["- { name: disks, portals: [{ listen: '127.0.0.1:1' }] }"],
      /^x\.yaml:\d+:\d+: array\.targets\.0\.name is "disks"; .*iSCSI name/,
    ],
    [[`- { name: '${NAME}', portals: [] }`], /^x\.yaml:\d+:\d+: array\.targets\.0\.portals/],
    [
      [`- { name: '${NAME}', portals: [{ listen: '10.0.0.1:1' }] }`],
      /^x\.yaml:\d+:\d+: listen 10\.0\.0\.1:1: 10\.0\.0\.1 is not this machine's loopback/,
    ],
    [
      [`- { name: '${NAME}', portals: [{ listen: '3260' }] }`],
      /^x\.yaml:\d+:\d+: listen 3260: needs HOST:PORT$/,
    ],
    [
      [`- { name: '${NAME}', portals: [{ listen: '127.0.0.1:1', advertise: here }] }`],
      /^x\.yaml:\d+:\d+: advertise here: needs HOST:PORT$/,
    ],
    [
      [`- { name: '${NAME}', portals: [{ listen: '127.0.0.1:1', group: 0 }] }`],
      /^x\.yaml:\d+:\d+: array\.targets\.0\.portals\.0\.group/,
    ],
    [
      [
        `- { name: '${NAME}', portals: [{ listen: '127.0.0.1:1' }] }`,
        `- { name: '${NAME}', portals: [{ listen: '127.0.0.1:2' }] }`,
      ],
      /is the name of another target/,
    ],
    [
      [`- { name: '${NAME}', portals: [{ listen: '127.0.0.1:1' }, { listen: '127.0.0.1:1' }] }`],
      /127\.0\.0\.1:1 is where another portal listens/,
    ],
    [
      [
        `- { name: '${NAME}', portals: [{ listen: '127.0.0.1:1', group: 3 }, { listen: '127.0.0.1:2', group: 3 }] }`,
      ],
      /group 3 has a portal already/,
    ],
    [
      [
        `- { name: '${NAME}', chap: { user: bob, file: /none }, portals: [{ listen: '127.0.0.1:1' }] }`,
      ],
      /^x\.yaml:\d+:\d+: chap \/none: no such file; check the path$/,
    ],
    [
      [
        `- { name: '${NAME}', chap: { user: bob, file: '${file('same', 'a\na\n')}' }, portals: [{ listen: '127.0.0.1:1' }] }`,
      ],
      /both lines of .* are the same; each end needs its own$/,
    ],
  ] as const)('%j is refused in one line', (lines, message) => {
    let said = '';
    try {
      iscsiPlansOf(targets(...lines));
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(message);
    expect(said).not.toContain('\n');
  });
});
