/**
 * Data center bridging exchange before the standard, as Converged Enhanced Ethernet has it: each end numbers what it
 * says and acknowledges what it has heard; a feature counts when both have.
 *
 * Ownership: a `CeeEnd` owns its features; whoever owns it sends what `tlv` gives when `heard` asks for it.
 * Source: DCB Capability Exchange Protocol 1.01, control state machine; open-lldp, dcb_protocol.c.
 */
import {
  CeeSelector,
  type CeeTlv,
  type CeeTlvInput,
  type LldpCee,
  LldpOui,
  type LldpTlvInput,
} from '../../codecs/lldp/index.ts';
import type { DcbSettings, EtsSettings, PriorityOfApplication } from '../../history/dcb.ts';
import { CeeFeature, type CeeFeatureSaid } from './cee-feature.ts';
import { eachOf, etsFault, etsIn, NO_DCB, ONE_GROUP, PRIORITIES } from './settings.ts';

/** The group of priorities that are served before all others, without a share. */
const UNLIMITED_GROUP = 15;
const OUI_LOWER_BITS = 16;
/** Bits of an OUI's first byte that lie in front of the selector. */
const OUI_UPPER_SHIFT = OUI_LOWER_BITS + 2;

type Of<K extends CeeTlv['kind']> = Extract<CeeTlv, { kind: K }>;
type Feature = Of<'priorityGroups' | 'pfc' | 'applicationProtocol'>;

/** One end. */
export class CeeEnd {
  readonly #ets: CeeFeature<EtsSettings>;
  readonly #pfc: CeeFeature<number>;
  readonly #applications: CeeFeature<readonly PriorityOfApplication[]>;
  #sequence = 1;
  /** Of the peer's, the last that was heard. */
  #acknowledgement = 0;

  constructor(own: DcbSettings, willing: boolean) {
    this.#ets = new CeeFeature('priority groups', etsIn(own), willing, false, 1);
    this.#pfc = new CeeFeature('flow control', own.pfcEnabled, willing, true, 1);
    this.#applications = new CeeFeature(
      'applications',
      inOrder(own.applications),
      willing,
      true,
      1,
    );
  }

  /** What both ends go by. */
  get inForce(): DcbSettings {
    return {
      ...(this.#ets.inForce ?? ONE_GROUP),
      pfcEnabled: this.#pfc.inForce ?? NO_DCB.pfcEnabled,
      applications: this.#applications.inForce ?? NO_DCB.applications,
    };
  }

  /** Why not all features are in operation; empty where they are. */
  get problem(): string {
    const off = this.#features.find(({ problem }) => problem !== '');
    if (off !== undefined) return `${off.name}: ${off.problem}`;
    return this.#features.every(({ isSynced }) => isSynced) ? '' : 'the peer has not answered';
  }

  /** The TLV that says all this to the peer. */
  get tlv(): LldpTlvInput {
    const { own } = this.#ets;
    const tlvs: CeeTlvInput[] = [
      { kind: 'control', sequence: this.#sequence, acknowledgement: this.#acknowledgement },
      {
        kind: 'priorityGroups',
        ...flagsOf(this.#ets),
        ...groupsOf(own),
        bandwidthPercent: Uint8Array.from(own.bandwidth, (one) => (one === 'strict' ? 0 : one)),
        trafficClasses: PRIORITIES,
      },
      {
        kind: 'pfc',
        ...flagsOf(this.#pfc),
        enabledPriorities: this.#pfc.own,
        trafficClasses: PRIORITIES,
      },
      {
        kind: 'applicationProtocol',
        ...flagsOf(this.#applications),
        applications: this.#applications.own.map(({ kind, protocolId, priority }) => ({
          protocolId,
          ouiUpper: LldpOui['DCBX CEE'] >> OUI_UPPER_SHIFT,
          selector: CeeSelector[kind],
          ouiLower: LldpOui['DCBX CEE'] & (2 ** OUI_LOWER_BITS - 1),
          priorityMap: 1 << priority,
        })),
      },
    ];
    return { kind: 'cee', tlvs };
  }

  /** What a peer's TLV says; true where it is to be answered at once. */
  heard({ tlvs }: LldpCee): boolean {
    const controls = tlvs.filter((one): one is Of<'control'> => one.kind === 'control');
    const [control] = controls;
    // There is one version: whoever is at another one comes to this.
    if (control === undefined || controls.length > 1 || control.operatingVersion !== 0)
      return false;
    const { sequence, acknowledgement } = control;
    const next = (this.#sequence + 1) >>> 0;
    this.#ets.heard(saidIn(tlvs, 'priorityGroups', groupsIn), acknowledgement, next);
    this.#pfc.heard(
      saidIn(tlvs, 'pfc', (one) => one.enabledPriorities),
      acknowledgement,
      next,
    );
    this.#applications.heard(
      saidIn(tlvs, 'applicationProtocol', applicationsIn),
      acknowledgement,
      next,
    );
    // A peer that acknowledges nothing has begun anew.
    const isNews = this.#acknowledgement !== sequence || acknowledgement === 0;
    this.#acknowledgement = sequence;
    const saysMore =
      acknowledgement === this.#sequence && this.#features.some(({ isSynced }) => !isSynced);
    if (saysMore) this.#sequence = next;
    return isNews || saysMore;
  }

  /** The peer is gone. */
  expired(): void {
    this.#sequence = 1;
    this.#acknowledgement = 0;
    for (const one of this.#features) one.reset();
  }

  get #features(): readonly CeeFeature<unknown>[] {
    return [this.#ets, this.#pfc, this.#applications];
  }
}

function saidIn<K extends Feature['kind'], T>(
  tlvs: readonly CeeTlv[],
  kind: K,
  settingsIn: (tlv: Of<K>) => T | undefined,
): CeeFeatureSaid<T> | 'twice' | undefined {
  const [first, second] = tlvs.filter((one): one is Of<K> => one.kind === kind);
  if (first === undefined) return undefined;
  if (second !== undefined) return 'twice';
  const { enabled, willing, error, operatingVersion } = first as Feature;
  return {
    enabled: enabled === 1,
    willing: willing === 1,
    error: error === 1,
    operatingVersion,
    settings: settingsIn(first),
  };
}

const flagsOf = ({ willing, error }: CeeFeature<unknown>) => ({
  enabled: 1,
  willing: willing ? 1 : 0,
  error: error ? 1 : 0,
});

type Groups = Pick<Of<'priorityGroups'>, `priority${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`>;

/** Groups that are served strictly are one group here. */
function groupsOf({ groups, bandwidth }: EtsSettings): Groups {
  const group = (priority: number): number => {
    const one = groups[priority]!;
    return bandwidth[one] === 'strict' ? UNLIMITED_GROUP : one;
  };
  return {
    priority0: group(0),
    priority1: group(1),
    priority2: group(2),
    priority3: group(3),
    priority4: group(4),
    priority5: group(5),
    priority6: group(6),
    priority7: group(7),
  };
}

/** The group without limit becomes group 7, where that has no share of its own. */
function groupsIn(tlv: Of<'priorityGroups'>): EtsSettings | undefined {
  const groups = eachOf((i) => tlv[`priority${i as 0}`]);
  const highest = PRIORITIES - 1;
  const isUnlimited = groups.includes(UNLIMITED_GROUP);
  if (isUnlimited && (groups.includes(highest) || tlv.bandwidthPercent[highest] !== 0))
    return undefined;
  const shares = tlv.bandwidthPercent;
  const isShared = shares.some((one) => one > 0);
  const settings: EtsSettings = {
    groups: groups.map((one) => (one === UNLIMITED_GROUP ? highest : one)),
    bandwidth: eachOf((i) => {
      const share = shares[i]!;
      return isShared && (share > 0 || groups.includes(i)) ? share : 'strict';
    }),
  };
  return etsFault(settings) === undefined ? settings : undefined;
}

/** Of several priorities the lowest; protocols of other organizations say nothing here. */
function applicationsIn({ applications }: Of<'applicationProtocol'>): PriorityOfApplication[] {
  const known = applications.flatMap(
    ({ protocolId, selector, priorityMap, ouiUpper, ouiLower }) => {
      const oui = (ouiUpper << OUI_UPPER_SHIFT) | ouiLower;
      if (oui !== LldpOui['DCBX CEE'] || priorityMap === 0) return [];
      const kind = Object.entries(CeeSelector).find(([, code]) => code === selector)?.[0];
      if (kind === undefined) return [];
      const priority = eachOf((i) => i).findIndex((i) => (priorityMap & (1 << i)) !== 0);
      return [{ kind: kind as PriorityOfApplication['kind'], protocolId, priority }];
    },
  );
  return inOrder(known);
}

/** Two ends that list the same in another order have the same. */
const inOrder = (applications: readonly PriorityOfApplication[]): PriorityOfApplication[] =>
  [...applications].sort((a, b) => a.protocolId - b.protocolId);
