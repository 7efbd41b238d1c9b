/** A scenario file to start from, as text: what its parts say, with comments for whoever goes on with it. */

/** A fabric, with what is said of it beside its name. */
export interface InitFabric {
  readonly name: string;
  readonly keys: Readonly<Record<string, number | boolean>>;
  readonly note?: string;
}

/** A host with a port on each of these fabrics. */
export interface InitHost {
  readonly name: string;
  readonly ports: readonly string[];
  readonly note?: string;
}

/** A logical unit. */
export interface InitLun {
  readonly name: string;
  readonly blocks: number;
  readonly note?: string;
}

/** A virtual machine; its WWPNs by fabric, and the LUNs under which it sees its units, where they are known. */
export interface InitVm {
  readonly name: string;
  readonly host: string;
  readonly luns: readonly string[];
  readonly wwpns?: Readonly<Record<string, readonly string[]>>;
  readonly mask?: Readonly<Record<string, string>>;
  readonly note?: string;
}

/** The parts of a scenario file. */
export interface InitParts {
  readonly name: string;
  readonly description: string;
  /** Lines of the comment at the top. */
  readonly about: readonly string[];
  readonly fabrics: readonly InitFabric[];
  readonly hosts: readonly InitHost[];
  /** The fabric of each port of the array. */
  readonly arrayPorts: readonly string[];
  readonly luns: readonly InitLun[];
  readonly vms: readonly InitVm[];
  readonly move: {
    readonly vm: string;
    readonly to: string;
    readonly strategy: string;
    readonly drain: string;
    readonly note?: string;
  };
}

/** A move between two hosts on two fabrics, of a guest with two disks. */
export const PLAIN_PARTS: InitParts = {
  name: 'my-move',
  description: 'A virtual machine goes to another host while its I/O runs',
  about: [],
  fabrics: [
    { name: 'A', keys: { vlan: 1002, domain: 1 } },
    { name: 'B', keys: { vlan: 1003, domain: 2 } },
  ],
  hosts: [
    { name: 'h1', ports: ['A', 'B'] },
    { name: 'h2', ports: ['A', 'B'] },
  ],
  arrayPorts: ['A', 'A', 'B', 'B'],
  luns: [
    { name: 'system', blocks: 4096 },
    { name: 'data', blocks: 4096 },
  ],
  vms: [{ name: 'vm1', host: 'h1', luns: ['system', 'data'] }],
  move: { vm: 'vm1', to: 'h2', strategy: 'wwpn-pair', drain: 'wait' },
};

/** Keys of a fabric that are worth trying; those that the parts say are left out. */
const FABRIC_HINTS: readonly (readonly [key: string, value: string, meaning: string])[] = [
  ['zoning', 'hard', 'none, soft or hard'],
  ['persistentFcIds', 'false', 'true: a WWPN gets the N_Port_ID again that it had before'],
  ['rATovMs', '10000', 'R_A_TOV: no frame lives longer in the fabric'],
  ['fkaAdvPeriodMs', '8000', 'between advertisements; 2.5 periods of silence end a login'],
];

/** The text of a scenario file. `version` is that of the package, for the schema that it names. */
export function initText(parts: InitParts, version: string): string {
  const { about, arrayPorts, description, fabrics, hosts, luns, move, name, vms } = parts;
  const masks = vms.flatMap(({ mask, name: vm }) => (mask === undefined ? [] : [{ vm, mask }]));
  return [
    `# yaml-language-server: $schema=${schemaAddress(version)}`,
    '#',
    ...about.map((line) => `# ${line}`.trimEnd()),
    ...(about.length === 0 ? [] : ['#']),
    '# Run it: sanmotion move FILE. Every key, its limits and its default: docs/scenarios.md; an editor that',
    '# reads the first line completes and checks them. What is left out has a default.',
    `name: ${name}`,
    `description: ${description}`,
    '',
    '# A fabric is a switch (FCF) with its VLAN; vlan 0 is untagged. The domain is the first byte of its N_Port_IDs.',
    'fabrics:',
    ...fabrics.flatMap((one, index) => fabricLines(one, index === 0)),
    '',
    '# A host has a port on each fabric that it names.',
    'hosts:',
    ...hosts.map(({ note, ports, name: host }) =>
      withNote(`  - { name: ${host}, ports: [${ports.join(', ')}] }`, note),
    ),
    '',
    '# One array: a target port on each fabric named, and its logical units, in blocks of 512 bytes.',
    'array:',
    `  ports: [${arrayPorts.join(', ')}]`,
    '  luns:',
    ...luns.map(({ blocks, note, name: lun }) =>
      withNote(`    - { name: ${lun}, blocks: ${blocks} }`, note),
    ),
    ...(masks.length === 0
      ? ['  # masks: left out, every virtual machine sees its own units as LUN 0, 1 and so on']
      : [
          '  # LUN: logical unit, as the array shows them to a virtual machine.',
          '  masks:',
          ...masks.map(({ mask, vm }) => `    - { for: ${vm}, luns: { ${mappingOf(mask)} } }`),
        ]),
    '',
    '# Guests: where they run, which units are theirs, and what I/O they do.',
    'vms:',
    ...vms.flatMap(vmLines),
    '',
    '# strategy: wwpn-pair, same-wwpn, proxy, cold or handoff; drain: wait, abort, purge, logout-clears, link-pull or',
    "# crash; docs/moves.md says what they are. A vendor's whole way: profile: powervm (sanmotion explain powervm).",
    'move:',
    ...(move.note === undefined ? [] : [`  # ${move.note}`]),
    `  vm: ${move.vm}`,
    `  to: ${move.to}`,
    `  strategy: ${move.strategy}`,
    `  drain: ${move.drain}`,
    '  defences: [logo-acknowledged] # what keeps late frames harmless; wait-r-a-tov is the safest and the slowest',
    '',
    '# I/O before the move and behind it; how long a guest waits for an I/O, and may stand still.',
    'timing: { beforeMs: 20, afterMs: 40, guestTimeoutMs: 60000, blackoutBudgetMs: 5000 }',
    '',
    '# Beside the move, where it is said: a LAN that has to follow (docs/lan.md), queues and pauses on cables',
    '# (docs/qos.md), places far from each other for `site:` of hosts, fabrics and the array (docs/sites.md).',
    '# lan: { kind: learning, order: together }',
    '# qos: { priority: 3 }',
    '# sites: [{ name: east }, { name: west, to: { east: { delayUs: 500 } } }]',
    '',
    '# What somebody does meanwhile: cables pulled, masks and zones changed, frames lost (docs/scenarios.md, events).',
    '# events:',
    '#   - { at: stun, do: pause, node: array, forMs: 500 }',
    '',
  ].join('\n');
}

/** Where the schema of this version is found: npm's files, as unpkg serves them. */
export function schemaAddress(version: string): string {
  return `https://unpkg.com/sanmotion@${version}/scenario.schema.json`;
}

const withNote = (line: string, note: string | undefined): string =>
  note === undefined ? line : `${line} # ${note}`;

const mappingOf = (mapping: Readonly<Record<string, string>>): string =>
  Object.entries(mapping)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');

/** Hints stand at the first fabric alone. */
function fabricLines({ keys, name, note }: InitFabric, isFirst: boolean): string[] {
  const hints = isFirst ? FABRIC_HINTS.filter(([key]) => !(key in keys)) : [];
  return [
    withNote(`  - name: ${name}`, note),
    ...Object.entries(keys).map(([key, value]) => `    ${key}: ${value}`),
    ...hints.map(([key, value, meaning]) => `    # ${key}: ${value} # ${meaning}`),
  ];
}

function vmLines({ host, luns, name, note, wwpns }: InitVm, index: number): string[] {
  return [
    withNote(`  - name: ${name}`, note),
    `    host: ${host}`,
    `    luns: [${luns.join(', ')}]`,
    ...(wwpns === undefined
      ? index === 0
        ? [
            '    # wwpns: { A: [20:01:..., 20:02:...] } # left out, made from its place in this list',
          ]
        : []
      : [
          '    wwpns:',
          ...Object.entries(wwpns).map(
            ([fabric, names]) =>
              `      ${fabric}: [${names.map((one) => JSON.stringify(one)).join(', ')}]`,
          ),
        ]),
    ...(index === 0
      ? [
          '    workload: { queueDepth: 8, readPercent: 50, blocksMax: 16, rangeBlocks: 1024, thinkUs: 50 }',
        ]
      : []),
  ];
}
