/** A topology as a drawing: hosts on the left, arrays and who backs them up on the right, switches and cables between. */
import {
  type ArrayNode,
  type BackupNode,
  type BridgeNode,
  type FcSwitchNode,
  type HostNode,
  type NpvNode,
  nodesOf,
  type SwitchNode,
  switchesOf,
  type Topology,
} from '../scenario/topology.ts';
import { html, type Markup } from './markup.ts';

const BOX_WIDTH = 150;
const BOX_HEIGHT = 52;
const ROW_HEIGHT = 74;
const MARGIN = 10;
const COLUMNS = { host: 20, switch: 330, array: 640 } as const;
const WIDTH = 810;
/** Hosts drawn at most; how many more there are is said below. */
const HOSTS_MAX = 12;
/** More guests of a host are counted instead of named. */
const GUESTS_MAX = 3;

/** What a box says, and what it is, for the style. */
interface Label {
  readonly title: string;
  readonly lines: readonly string[];
  readonly role: string;
}

interface Box extends Label {
  readonly x: number;
  readonly y: number;
}

/** Draws a topology. */
export function drawTopology(topology: Topology): Markup {
  const hosts = sortedHosts(topology);
  const shown = hosts.slice(0, HOSTS_MAX);
  const columns = [
    { x: COLUMNS.host, labels: shown.map((host) => hostLabel(topology, host)) },
    {
      x: COLUMNS.switch,
      labels: [
        ...switchesOf(topology).map(switchLabel),
        ...nodesOf(topology, 'bridge').map(bridgeLabel),
        ...nodesOf(topology, 'npv').map(npvLabel),
      ],
    },
    {
      x: COLUMNS.array,
      labels: [
        ...nodesOf(topology, 'array').map(arrayLabel),
        ...nodesOf(topology, 'backup').map(backupLabel),
      ],
    },
  ];
  const left = hosts.length - shown.length;
  const rows = Math.max(shown.length + (left > 0 ? 1 : 0), ...columns.map(lengthOf), 1);
  const height = rows * ROW_HEIGHT + 2 * MARGIN;
  const boxes = new Map<string, Box>();
  for (const { labels, x } of columns) {
    for (const [index, label] of labels.entries()) {
      const middle = MARGIN + ((index + 0.5) * rows * ROW_HEIGHT) / labels.length;
      boxes.set(label.title, { ...label, x, y: middle - BOX_HEIGHT / 2 });
    }
  }
  const rest =
    left > 0
      ? html`<text x="${COLUMNS.host}" y="${height - 8}" class="small">and ${left} more hosts</text>`
      : '';
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="topology">${topology.cables.map(
    ({ ends, name }) => drawCable(name, boxes.get(ends[0].node), boxes.get(ends[1].node)),
  )}${[...boxes.values()].map(drawBox)}${rest}</svg>`;
}

/** The hosts between which something moves come first, and are drawn however many there are. */
function sortedHosts(topology: Topology): HostNode[] {
  const isEnd = ({ name }: HostNode): boolean =>
    topology.moves.some(({ plan }) => plan.from === name || plan.to === name);
  const hosts = nodesOf(topology, 'host');
  return [...hosts.filter(isEnd), ...hosts.filter((host) => !isEnd(host))];
}

const lengthOf = ({ labels }: { readonly labels: readonly Label[] }): number => labels.length;

function hostLabel({ guests, moves }: Topology, { name, ports }: HostNode): Label {
  const here = guests.filter(({ host }) => host === name).map((guest) => guest.name);
  const isEnd = (end: 'from' | 'to'): boolean => moves.some(({ plan }) => plan[end] === name);
  return {
    title: name,
    lines: [
      `${ports.length} port${ports.length === 1 ? '' : 's'}`,
      here.length > GUESTS_MAX ? `${here.length} virtual machines` : here.join(', '),
    ],
    role: isEnd('from') ? 'from' : isEnd('to') ? 'to' : '',
  };
}

function switchLabel(node: SwitchNode | FcSwitchNode): Label {
  const { fabric, name, options } = node;
  const { domain, zoning } = options;
  const lan = node.kind === 'fc-switch' ? 'Fibre Channel' : vlanText(node.options.vlan ?? 0);
  return {
    title: name,
    lines: [`fabric ${fabric}, ${lan}`, `domain ${domain}, zoning ${zoning?.enforced ?? 'none'}`],
    role: 'fabric',
  };
}

const vlanText = (vlan: number): string => (vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`);

const bridgeLabel = ({ fabric, name, ports }: BridgeNode): Label => ({
  title: name,
  lines: [`fabric ${fabric}`, `bridge, ${ports.length} ports`],
  role: 'fabric',
});

const npvLabel = ({ fabric, name, ports }: NpvNode): Label => ({
  title: name,
  lines: [
    `fabric ${fabric}, N_Port virtualizer`,
    `${ports.filter(({ kind }) => kind === 'enode').length} uplinks`,
  ],
  role: 'fabric',
});

const arrayLabel = ({ name, ports, units }: ArrayNode): Label => ({
  title: name,
  lines: [`${ports.length} target ports`, `${units.filter(isOwn).length} logical units`],
  role: 'array',
});

/** Not one that is there for backups. */
const isOwn = ({ restores, shows }: ArrayNode['units'][number]): boolean =>
  restores === undefined && shows === undefined;

const backupLabel = ({ name, options, ports }: BackupNode): Label => ({
  title: name,
  lines: [`${ports.length} port${ports.length === 1 ? '' : 's'}`, `backs up ${options.plan.vm}`],
  role: 'array',
});

/** A cable goes from left to right, whichever of its ends is the first. */
function drawCable(name: string, one: Box | undefined, other: Box | undefined): Markup {
  if (one === undefined || other === undefined) return html``;
  const [from, to] = one.x <= other.x ? [one, other] : [other, one];
  const half = BOX_HEIGHT / 2;
  if (from.x === to.x) {
    const [x, y1, y2] = [from.x + BOX_WIDTH / 2, from.y + half, to.y + half];
    return html`<path class="cable" d="M${x},${y1} L${x},${y2}"/>`;
  }
  const [x1, y1, x2, y2] = [from.x + BOX_WIDTH, from.y + half, to.x, to.y + half];
  const middle = (x1 + x2) / 2;
  return html`<path class="cable" data-cable="${name}" d="M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}"><title>${name}</title></path>`;
}

function drawBox({ x, y, title, lines, role }: Box): Markup {
  return html`<g class="box ${role}" data-node="${title}"><rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="6"/><text x="${x + 10}" y="${y + 17}" class="title">${title}</text>${lines.map(
    (line, i) => html`<text x="${x + 10}" y="${y + 31 + i * 13}" class="small">${line}</text>`,
  )}</g>`;
}
