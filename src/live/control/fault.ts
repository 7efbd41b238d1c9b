/** `fault`: rules that lose, hold, double and damage frames of a link. */
import { z } from 'zod';
import { ETHERTYPE_FCOE, ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import { FcType, RCtl } from '../../codecs/fc/index.ts';
import type { ActiveFault, FaultAction, FaultRule } from '../../link/faults.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { LiveServer } from '../server.ts';
import { ControlError, controlCommand, linkOf, milliseconds, wwpnText } from './command.ts';

/** Frames by what they carry: R_CTL and type of the FC header, and FIP. */
const CARRIES: Readonly<Record<string, (rCtl: number, type: number) => boolean>> = {
  els: (_rCtl, type) => type === FcType.ELS,
  ct: (_rCtl, type) => type === FcType.CT,
  bls: (_rCtl, type) => type === FcType.BLS,
  'fcp-cmnd': (rCtl, type) => type === FcType.FCP && rCtl === RCtl['Unsolicited Command'],
  'fcp-data': (rCtl, type) => type === FcType.FCP && rCtl === RCtl['Solicited Data'],
  'fcp-xfer-rdy': (rCtl, type) => type === FcType.FCP && rCtl === RCtl['Data Descriptor'],
  'fcp-rsp': (rCtl, type) => type === FcType.FCP && rCtl === RCtl['Command Status'],
};
const FCOE_HEADER_BYTES = 14;

/** A test of a frame's bytes: `fip`, `fc` for any FC frame, or one of the above. */
function carries(what: string): (frame: Uint8Array) => boolean {
  return (frame) => {
    let at = 12;
    if (((frame[12]! << 8) | frame[13]!) === ETHERTYPE_VLAN) at = 16;
    const etherType = (frame[at]! << 8) | frame[at + 1]!;
    if (what === 'fip') return etherType === ETHERTYPE_FIP;
    if (etherType !== ETHERTYPE_FCOE) return false;
    const fcAt = at + 2 + FCOE_HEADER_BYTES;
    return what === 'fc' || CARRIES[what]!(frame[fcAt]!, frame[fcAt + 8]!);
  };
}

const KINDS = ['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'clog', 'cut'] as const;
const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** `fault`: adds, lists and clears rules. */
export const faultCommand = controlCommand(
  'fault',
  'add a fault rule to a link (or to the link of a WWPN), list the rules, clear them',
  {
    action: z.enum(['add', 'list', 'clear']).default('list'),
    name: z.string().min(1).max(64).optional(),
    link: z.string().optional(),
    wwpn: wwpnText.optional(),
    /** As seen from the switch. */
    direction: z.enum(['to-switch', 'from-switch', 'both']).default('both'),
    kind: z.enum(KINDS).optional(),
    /** Which frames: all when left out. */
    frames: z.enum(['fip', 'fc', ...Object.keys(CARRIES)] as [string, ...string[]]).optional(),
    /** The first n-1 frames that fit pass. */
    nth: count.optional(),
    /** Frames that are hit at most. */
    times: count.optional(),
    chance: z.number().min(0).max(1).optional(),
    /** The rule ends after this long; for `clog` and `cut` also how long each takes. */
    forMs: milliseconds.optional(),
    delayMs: milliseconds.optional(),
    offsetBytes: z.int().min(0).optional(),
    bits: z.int().min(1).optional(),
  },
  (server, request) => {
    if (request.action === 'clear') return { cleared: server.faults.clear(request.name) };
    if (request.action === 'list') return { faults: server.faults.rules.map(view) };
    return { fault: view(server.faults.add(ruleFrom(server, request))) };
  },
);

interface FaultRequest {
  readonly name?: string | undefined;
  readonly link?: string | undefined;
  readonly wwpn?: bigint | undefined;
  readonly direction: 'to-switch' | 'from-switch' | 'both';
  readonly kind?: (typeof KINDS)[number] | undefined;
  readonly frames?: string | undefined;
  readonly nth?: number | undefined;
  readonly times?: number | undefined;
  readonly chance?: number | undefined;
  readonly forMs?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly offsetBytes?: number | undefined;
  readonly bits?: number | undefined;
}

function ruleFrom(server: LiveServer, request: FaultRequest): FaultRule {
  const { name, link, wwpn, direction, kind, frames, nth, chance, forMs } = request;
  if (kind === undefined)
    throw new ControlError(`fault: kind is missing; one of ${KINDS.join(', ')}`);
  const action = actionFrom(kind, request);
  const lasts = kind === 'cut' || kind === 'clog';
  // One cut or standstill is what is meant where nothing else is said.
  const times = request.times ?? (lasts ? 1 : undefined);
  const all = link === undefined && wwpn === undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(all ? {} : { link: linkOf(server, { link, wwpn }).name }),
    ...(direction === 'both'
      ? {}
      : { direction: direction === 'to-switch' ? ('a-to-b' as const) : ('b-to-a' as const) }),
    ...(frames === undefined ? {} : { matches: carries(frames) }),
    ...(nth === undefined ? {} : { nth }),
    ...(times === undefined ? {} : { times }),
    ...(chance === undefined ? {} : { chance }),
    ...(forMs === undefined || lasts
      ? {}
      : { untilNs: server.now + Math.round(forMs * MILLISECOND) }),
    action,
  };
}

function actionFrom(
  kind: (typeof KINDS)[number],
  { forMs, delayMs, offsetBytes, bits }: FaultRequest,
): FaultAction {
  const ns = (value: number | undefined, what: string): number => {
    if (value === undefined || value <= 0) throw new ControlError(`fault: ${kind} needs ${what}`);
    return Math.round(value * MILLISECOND);
  };
  switch (kind) {
    case 'drop':
      return { kind };
    case 'delay':
      return { kind, delayNs: ns(delayMs, 'delayMs') };
    case 'duplicate':
      return { kind, afterNs: Math.round((delayMs ?? 0) * MILLISECOND) };
    case 'reorder':
      return delayMs === undefined ? { kind } : { kind, withinNs: ns(delayMs, 'delayMs') };
    case 'corrupt':
      return {
        kind,
        ...(offsetBytes === undefined ? {} : { offsetBytes }),
        ...(bits === undefined ? {} : { bits }),
      };
    case 'clog':
      return { kind, forNs: ns(forMs, 'forMs') };
    case 'cut':
      return { kind, forNs: ns(forMs, 'forMs') };
  }
}

function view({ name, rule, applied }: ActiveFault) {
  const { matches: _, ...plain } = rule;
  return { ...plain, name, applied };
}
