/** The world of a scenario as a drawing: hosts, fabrics, array, and the cables between. */
import type { Scenario } from '../scenario/schema.ts';
import { html, type Markup } from './markup.ts';

const BOX_WIDTH = 150;
const ROW_HEIGHT = 74;
const COLUMNS = { host: 20, fabric: 330, array: 640 } as const;
const WIDTH = 810;
/** Hosts drawn at most; the rest is named in one box. */
const HOSTS_MAX = 12;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly role: string;
}

/** Draws the topology. */
export function topologyOf(scenario: Scenario): Markup {
  const { fabrics, hosts, array, vms, move } = scenario;
  const shown = hosts.slice(0, HOSTS_MAX);
  const rows = Math.max(shown.length + (hosts.length > HOSTS_MAX ? 1 : 0), fabrics.length, 1);
  const height = rows * ROW_HEIGHT + 20;
  const place = (index: number, of: number): number =>
    10 + ((index + 0.5) * (height - 20)) / of - 26;
  const hostBoxes = shown.map((host, i): Box => {
    const guests = vms.filter((vm) => vm.host === host.name).map((vm) => vm.name);
    const role = vms.some((vm) => vm.name === move.vm && vm.host === host.name)
      ? 'from'
      : host.name === move.to
        ? 'to'
        : '';
    const lines = [
      `${host.ports.length} port${host.ports.length === 1 ? '' : 's'}`,
      guests.length > 3 ? `${guests.length} virtual machines` : guests.join(', '),
    ];
    return { x: COLUMNS.host, y: place(i, shown.length), title: host.name, lines, role };
  });
  const fabricBoxes = fabrics.map((fabric, i): Box => {
    const lines = [
      `FCF, domain ${fabric.domain}, VLAN ${fabric.vlan === 0 ? 'none' : fabric.vlan}`,
      `zoning ${fabric.zoning}, duplicates ${fabric.duplicateWwpn}`,
    ];
    const title = `fabric ${fabric.name}`;
    return { x: COLUMNS.fabric, y: place(i, fabrics.length), title, lines, role: 'fabric' };
  });
  const arrayBox: Box = {
    x: COLUMNS.array,
    y: place(0, 1),
    title: array.name,
    lines: [`${array.ports.length} target ports`, `${array.luns.length} logical units`],
    role: 'array',
  };
  const at = (name: string): Box | undefined =>
    fabricBoxes[fabrics.findIndex((one) => one.name === name)];
  const cables = [
    ...shown.flatMap((host, i) => host.ports.map((fabric) => cable(hostBoxes[i]!, at(fabric)))),
    ...array.ports.map((fabric) => cable(at(fabric), arrayBox)),
  ];
  const rest =
    hosts.length > HOSTS_MAX
      ? html`<text x="${COLUMNS.host}" y="${height - 8}" class="small">and ${hosts.length - HOSTS_MAX} more hosts</text>`
      : '';
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="topology">${cables}${[
    ...hostBoxes,
    ...fabricBoxes,
    arrayBox,
  ].map(draw)}${rest}</svg>`;
}

function cable(from: Box | undefined, to: Box | undefined): Markup {
  if (from === undefined || to === undefined) return html``;
  const [x1, y1, x2, y2] = [from.x + BOX_WIDTH, from.y + 26, to.x, to.y + 26];
  const middle = (x1 + x2) / 2;
  return html`<path class="cable" d="M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}"/>`;
}

function draw({ x, y, title, lines, role }: Box): Markup {
  return html`<g class="box ${role}"><rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="52" rx="6"/><text x="${x + 10}" y="${y + 17}" class="title">${title}</text>${lines.map(
    (line, i) => html`<text x="${x + 10}" y="${y + 31 + i * 13}" class="small">${line}</text>`,
  )}</g>`;
}
