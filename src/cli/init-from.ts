/**
 * A scenario to start from, out of a capture: what it shows, and where it shows nothing, what is usual.
 *
 * Ports at one ENode are one host's; ENodes whose own ports have one node name, or between which one guest's ports
 * on several fabrics go together, are one host's too. Ports that others found units behind are the array's.
 */
import type { MoveRow } from '../audit/ledger/move-finder.ts';
import { escapeText } from '../codecs/layout/index.ts';
import type { CaptureSurvey, SeenFabric, SeenPort } from './init-survey.ts';
import type { InitFabric, InitHost, InitLun, InitParts, InitVm } from './init-text.ts';
import { duration } from './output.ts';

/** Guests beside the one that moves, and units of one guest, that are written. */
const GUESTS_MAX = 30;
const UNITS_MAX = 256;
/** Blocks of a unit whose size nobody asked for. */
const BLOCKS_DEFAULT = 4096;

/** Limits of a scenario's fabrics, as the schema has them. */
const LIMITS = {
  fkaAdvPeriodMs: [500, 90_000],
  eDTovMs: [1, 60_000],
  rATovMs: [1, 120_000],
} as const;

/** The parts of the scenario. */
export function partsFrom(survey: CaptureSurvey): InitParts {
  return new Drawing(survey).parts();
}

interface Guest {
  readonly host: string;
  /** Names by fabric: the one in use, and the second of a pair. */
  readonly wwpns: Map<string, string[]>;
  readonly move: MoveRow | undefined;
}

class Drawing {
  readonly #survey: CaptureSurvey;
  readonly #names = new Map<string, string>();
  readonly #targets: ReadonlySet<string>;
  readonly #ports: readonly SeenPort[];
  /** The ENodes of each host, the first host being the one that the guest leaves. */
  readonly #hosts: string[][] = [];
  readonly #luns = new Map<string, InitLun>();

  constructor(survey: CaptureSurvey) {
    this.#survey = survey;
    const { identities } = survey.report;
    this.#targets = new Set(identities.flatMap(({ target }) => target.wwpn ?? []));
    this.#ports = survey.ports.filter(({ wwpn }) => !this.#targets.has(wwpn));
    const used = survey.fabrics.filter(({ key }) => this.#ports.some((one) => one.fabric === key));
    for (const [index, { key }] of used.entries()) this.#names.set(key, fabricName(index));
    this.#group();
  }

  parts(): InitParts {
    const { file } = this.#survey;
    const guests = this.#guests();
    const vms = guests.map((guest, index) => this.#vm(guest, index));
    const [first] = guests;
    const fabrics = this.#fabrics(first?.move);
    const names = fabrics.map(({ name }) => name);
    const hosts = this.#hosts.map((enodes, index) => this.#host(enodes, index));
    if (hosts.length === 0) hosts.push({ name: 'h1', ports: names, note: 'none was seen' });
    if (hosts.length === 1)
      hosts.push({ name: 'h2', ports: hosts[0]!.ports, note: 'no second one was seen' });
    if (vms.length === 0) vms.push({ ...this.#vmOf(undefined), name: 'vm1', host: hosts[0]!.name });
    return {
      name: 'from-capture',
      description: 'As a capture shows it',
      about: [
        `Made by sanmotion init --from ${escapeText(file)}: what it shows is here; the rest is as usual.`,
      ],
      fabrics,
      hosts,
      arrayPorts: this.#arrayPorts(names),
      luns: [...this.#luns.values()],
      vms,
      move: moveOf(first?.move, vms[0]!, hosts),
    };
  }

  /** Hosts, the one that a guest leaves and the one it goes to before others. */
  #group(): void {
    const group = new Map<string, string[]>();
    const join = (one: string, other: string): void => {
      const [a, b] = [group.get(one) ?? [one], group.get(other) ?? [other]];
      const all = [...new Set([...a, ...b])];
      for (const enode of all) group.set(enode, all);
    };
    const { moves } = this.#survey.report;
    for (const { from, to } of moves) for (const end of [from, to]) join(end.place, end.place);
    const base = this.#ports.filter(({ by }) => by === 'FLOGI');
    for (const port of base) {
      const same = base.find(({ fabric, wwnn }) => wwnn === port.wwnn && fabric !== port.fabric);
      join(port.enode, same?.enode ?? port.enode);
    }
    // Ports of one guest that go together leave one host and come to one.
    for (const [index, move] of moves.entries()) {
      for (const other of moves.slice(index + 1)) {
        if (this.#nodeOf(move.from.wwpn) !== this.#nodeOf(other.from.wwpn)) continue;
        if (this.#fabricOf(move.from.wwpn) === this.#fabricOf(other.from.wwpn)) continue;
        join(move.from.place, other.from.place);
        join(move.to.place, other.to.place);
      }
    }
    for (const enodes of group.values())
      if (!this.#hosts.includes(enodes)) this.#hosts.push(enodes);
  }

  #nodeOf(wwpn: string): string {
    return this.#ports.find((one) => one.wwpn === wwpn)?.wwnn ?? wwpn;
  }

  #fabricOf(wwpn: string): string | undefined {
    return this.#ports.find((one) => one.wwpn === wwpn)?.fabric;
  }

  #hostOf(enode: string): string {
    return hostName(
      Math.max(
        0,
        this.#hosts.findIndex((one) => one.includes(enode)),
      ),
    );
  }

  #fabrics(move: MoveRow | undefined): InitFabric[] {
    const keptId = move !== undefined && move.from.nPortId === move.to.nPortId;
    const seen = this.#survey.fabrics.filter(({ key }) => this.#names.has(key));
    if (seen.length === 0)
      return [{ name: 'A', keys: { vlan: 0, domain: 1 }, note: 'no login was seen' }];
    return seen.map((one) => ({
      name: this.#names.get(one.key)!,
      keys: {
        vlan: one.vlan,
        ...this.#domainOf(one),
        ...timersOf(one),
        ...(keptId && move.kind === 'same' ? { persistentFcIds: true } : {}),
      },
    }));
  }

  #domainOf({ key }: SeenFabric): { domain?: number } {
    const domain = (this.#ports.find(({ fabric }) => fabric === key)?.nPortId ?? 0) >> 16;
    return domain >= 1 && domain <= 239 ? { domain } : {};
  }

  #host(enodes: readonly string[], index: number): InitHost {
    const own = this.#ports.filter(({ enode }) => enodes.includes(enode));
    const fabrics = [...new Set(own.map(({ fabric }) => this.#names.get(fabric)!))];
    const base = own.find(({ by }) => by === 'FLOGI');
    const note = `ENode ${enodes.join(', ')}${base === undefined ? '' : `, WWPN ${base.wwpn}`}`;
    const all = [...this.#names.values()];
    return { name: hostName(index), ports: fabrics.length === 0 ? all : fabrics.sort(), note };
  }

  /** The guest that moves first, then others that have ports of their own. */
  #guests(): Guest[] {
    const guests: Guest[] = [];
    const taken = new Set<string>();
    const add = (wwpns: readonly string[], enode: string, move: MoveRow | undefined): void => {
      const fabric = this.#names.get(this.#fabricOf(wwpns[0]!) ?? '') ?? fabricName(0);
      if (wwpns.some((one) => taken.has(one))) return;
      for (const wwpn of wwpns) taken.add(wwpn);
      const host = this.#hostOf(enode);
      const node = this.#nodeOf(wwpns[0]!);
      const same = guests.find(
        (one) =>
          one.host === host &&
          !one.wwpns.has(fabric) &&
          [...one.wwpns.values()].some(([name]) => this.#nodeOf(name!) === node),
      );
      if (same === undefined) guests.push({ host, wwpns: new Map([[fabric, [...wwpns]]]), move });
      else same.wwpns.set(fabric, [...wwpns]);
    };
    for (const move of this.#survey.report.moves) {
      const { from, kind, to } = move;
      add(kind === 'same' ? [from.wwpn] : [from.wwpn, to.wwpn], from.place, move);
    }
    for (const { by, enode, wwpn } of this.#ports)
      if (by === 'FDISC' && guests.length <= GUESTS_MAX) add([wwpn], enode, undefined);
    return guests;
  }

  #vm(guest: Guest, index: number): InitVm {
    const wwpns = Object.fromEntries([...guest.wwpns].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { ...this.#vmOf(guest), name: `vm${index + 1}`, host: guest.host, wwpns };
  }

  /** The units of a guest; of none, one that is made up. */
  #vmOf(guest: Guest | undefined): Omit<InitVm, 'name' | 'host'> {
    const names = new Set([...(guest?.wwpns.values() ?? [])].flat());
    const mask: Record<string, string> = {};
    for (const { blocks, identity, initiator, lun, target } of this.#survey.report.identities) {
      if (initiator.wwpn === undefined || !names.has(initiator.wwpn)) continue;
      if (lun === undefined || !/^\d{1,5}$/.test(lun) || Object.keys(mask).length >= UNITS_MAX)
        continue;
      mask[lun] ??= this.#lun(identity ?? `${target.nPortId} LUN ${lun}`, blocks).name;
    }
    const luns = [...new Set(Object.values(mask))];
    if (luns.length > 0) return { luns, mask };
    return { luns: [this.#lun('none was seen of a guest', undefined).name] };
  }

  #lun(identity: string, blocks: string | undefined): InitLun {
    const size = Number(blocks ?? BLOCKS_DEFAULT);
    const known = this.#luns.get(identity);
    if (known !== undefined) return known;
    const isSize = Number.isSafeInteger(size) && size >= 1 && size <= 2 ** 40;
    const lun = {
      name: `lun${this.#luns.size}`,
      blocks: isSize ? size : BLOCKS_DEFAULT,
      note: escapeText(identity),
    };
    this.#luns.set(identity, lun);
    return lun;
  }

  #arrayPorts(fabrics: readonly string[]): string[] {
    const { identities } = this.#survey.report;
    const seen = [...this.#targets].flatMap((wwpn) => {
      const key = identities.find(({ target }) => target.wwpn === wwpn)?.fabric;
      return this.#names.get(key ?? '') ?? [];
    });
    return [...seen, ...fabrics.filter((name) => !seen.includes(name))].sort();
  }
}

const fabricName = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `F${index}`;
const hostName = (index: number): string => `h${index + 1}`;

/** Timers that a scenario can have. */
function timersOf(fabric: SeenFabric): Record<string, number> {
  const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fabric[name];
      const [least, most] = LIMITS[name];
      return value !== undefined && value >= least && value <= most ? [[name, value]] : [];
    }),
  );
}

function moveOf(
  move: MoveRow | undefined,
  vm: InitVm,
  hosts: readonly InitHost[],
): InitParts['move'] {
  const to = hosts.find(({ name }) => name !== vm.host)!.name;
  if (move === undefined)
    return { vm: vm.name, to, strategy: 'wwpn-pair', drain: 'wait', note: 'no move was seen' };
  const { blackoutNs, from, kind, open } = move;
  const pause = blackoutNs === undefined ? '' : `, blackout ${duration(Number(blackoutNs))}`;
  const drain = from.logout === undefined ? 'link-pull' : open.length > 0 ? 'purge' : 'wait';
  const enode = move.to.place;
  const target = hosts.find(({ note }) => note?.includes(enode))?.name ?? to;
  return {
    vm: vm.name,
    to: target === vm.host ? to : target,
    strategy: kind === 'same' ? 'same-wwpn' : 'wwpn-pair',
    drain,
    note: `in the capture: ${move.because}${pause}`,
  };
}
