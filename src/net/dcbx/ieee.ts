/**
 * Data center bridging exchange as the standard has it: TLVs of IEEE 802.1, and who takes what from whom.
 *
 * Transmission selection is asymmetric: a willing port takes what its peer recommends, whatever the peer has itself.
 * Flow control is symmetric: both ends come to the same. Where both are willing, the MAC address decides. What is
 * sent as a configuration is what is in force.
 * Source: IEEE 802.1Q-2014, clause 38.4 and annex D.2; open-lldp, lldp_8021qaz.c; fixtures/lan/lldpad-dcbx-willing.pcap.
 */
import type { Mac } from '../../codecs/layout/index.ts';
import {
  ApplicationSelector,
  type LldpTlv,
  type LldpTlvInput,
  TransmissionSelection,
} from '../../codecs/lldp/index.ts';
import type { DcbSettings, EtsSettings, PriorityOfApplication } from '../../history/dcb.ts';
import { eachOf, etsFault, etsIn } from './settings.ts';

/** Whose priorities pause where both ends are willing: `lldpad` lets the higher MAC address rule. */
export type TieBreak = 'higher' | 'lower';

/** What a peer says; what it leaves out is `undefined`. */
export interface IeeeSaid {
  readonly recommended: EtsSettings | undefined;
  readonly pfc: { readonly willing: boolean; readonly priorities: number } | undefined;
  readonly applications: readonly PriorityOfApplication[] | undefined;
  /** What in it makes no sense, and is passed over. */
  readonly fault: string;
}

/** TLVs of this exchange, each of which may come once. */
export const IEEE_KINDS = [
  'etsConfiguration',
  'etsRecommendation',
  'pfcConfiguration',
  'applicationPriority',
] as const;

type Tables = Pick<
  Extract<LldpTlv, { kind: 'etsRecommendation' }>,
  'bandwidthPercent' | 'transmissionSelection' | `priority${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`
>;
type Of<K extends LldpTlv['kind']> = Extract<LldpTlv, { kind: K }>;

const PORT_SELECTORS: ReadonlySet<number> = new Set([
  ApplicationSelector['TCP or SCTP port'],
  ApplicationSelector['UDP or DCCP port'],
  ApplicationSelector['TCP, SCTP, UDP or DCCP port'],
]);

/** What a data unit says; `undefined` where none of its TLVs is of this exchange. */
export function ieeeSaidIn(tlvs: readonly LldpTlv[]): IeeeSaid | undefined {
  const find = <K extends LldpTlv['kind']>(kind: K) =>
    tlvs.find((one): one is Of<K> => one.kind === kind);
  if (!tlvs.some(({ kind }) => (IEEE_KINDS as readonly string[]).includes(kind))) return undefined;
  const recommendation = find('etsRecommendation');
  const pfc = find('pfcConfiguration');
  const applications = find('applicationPriority');
  const recommended = recommendation === undefined ? undefined : etsOf(recommendation);
  const fault = recommended === undefined ? undefined : etsFault(recommended);
  return {
    recommended: fault === undefined ? recommended : undefined,
    pfc: pfc && { willing: pfc.willing === 1, priorities: pfc.enabled },
    applications: applications?.applications.flatMap(applicationOf),
    fault: fault === undefined ? '' : `its recommendation: ${fault}`,
  };
}

/** What a port says of itself: what is in force there, and what it would have its peer do. */
export function ieeeTlvs(own: DcbSettings, inForce: DcbSettings, willing: boolean): LldpTlvInput[] {
  const isWilling = willing ? 1 : 0;
  return [
    { kind: 'etsConfiguration', willing: isWilling, ...tablesOf(inForce) },
    { kind: 'etsRecommendation', ...tablesOf(own) },
    { kind: 'pfcConfiguration', willing: isWilling, enabled: inForce.pfcEnabled },
    {
      kind: 'applicationPriority',
      applications: inForce.applications.map(({ kind, protocolId, priority }) => ({
        priority,
        selector: ApplicationSelector[kind === 'EtherType' ? kind : 'TCP, SCTP, UDP or DCCP port'],
        protocolId,
      })),
    },
  ];
}

/** Whether a port whose peer is willing too takes what the peer has. */
export function yields(own: Mac, peer: Mac, tieBreak: TieBreak): boolean {
  return own !== peer && own < peer === (tieBreak === 'higher');
}

/** What is in force at a port whose peer has said this. */
export function agreeIeee(
  own: DcbSettings,
  willing: boolean,
  said: IeeeSaid,
  yieldsToWilling: boolean,
): DcbSettings {
  const takesPfc = willing && said.pfc !== undefined && (!said.pfc.willing || yieldsToWilling);
  return {
    ...(willing && said.recommended !== undefined ? said.recommended : etsIn(own)),
    pfcEnabled: takesPfc ? said.pfc!.priorities : own.pfcEnabled,
    applications: willing && said.applications !== undefined ? said.applications : own.applications,
  };
}

/** Why two ends do not hold together: one pauses a priority that the other drops. Empty where they do. */
export function ieeeProblem(inForce: DcbSettings, said: IeeeSaid): string {
  if (said.fault !== '') return said.fault;
  if (said.pfc === undefined) return 'the peer says nothing of flow control';
  return said.pfc.priorities === inForce.pfcEnabled ? '' : 'the peer pauses other priorities';
}

function etsOf(tables: Tables): EtsSettings {
  const { bandwidthPercent, transmissionSelection } = tables;
  return {
    groups: eachOf((i) => tables[`priority${i as 0}`]),
    bandwidth: eachOf((i) =>
      transmissionSelection[i] === TransmissionSelection['Enhanced transmission selection']
        ? bandwidthPercent[i]!
        : 'strict',
    ),
  };
}

function tablesOf({ groups, bandwidth }: EtsSettings): Tables {
  const [p0, p1, p2, p3, p4, p5, p6, p7] = groups;
  return {
    priority0: p0!,
    priority1: p1!,
    priority2: p2!,
    priority3: p3!,
    priority4: p4!,
    priority5: p5!,
    priority6: p6!,
    priority7: p7!,
    bandwidthPercent: Uint8Array.from(bandwidth, (one) => (one === 'strict' ? 0 : one)),
    transmissionSelection: Uint8Array.from(bandwidth, (one) =>
      one === 'strict'
        ? TransmissionSelection['Strict priority']
        : TransmissionSelection['Enhanced transmission selection'],
    ),
  };
}

function applicationOf({
  selector,
  protocolId,
  priority,
}: Of<'applicationPriority'>['applications'][number]): PriorityOfApplication[] {
  if (selector === ApplicationSelector.EtherType)
    return [{ kind: 'EtherType', protocolId, priority }];
  return PORT_SELECTORS.has(selector) ? [{ kind: 'TCP or UDP port', protocolId, priority }] : [];
}
