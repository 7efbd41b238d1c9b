/**
 * Which logical units a target port shows an initiator: REPORT LUNS, then for each one INQUIRY, its
 * identity (VPD page 83h), its access states and its capacity. A port that serves no reads and writes
 * now, in standby or in transition, still shows its units. Source: SPC-5 and SBC-4; the order is Linux's.
 */
import { CodecError, formatHex } from '../../codecs/layout/index.ts';
import {
  Association,
  type CdbInput,
  cdb,
  lunNumber,
  PeripheralDeviceType,
  readCapacity16Data,
  reportLunsData,
  ScsiStatus,
  standardInquiry,
  Tpgs,
  VpdPage,
  vpd,
} from '../../codecs/scsi/index.ts';
import { SECOND } from '../../machine/machine.ts';
import type { Answered, InitiatorNexus } from '../transport.ts';
import {
  ACCESS_REPORT_BYTES,
  type AccessReport,
  ASK_FOR_ACCESS,
  readAccessReport,
} from './access.ts';
import { judgeSense } from './sense-action.ts';

/** Logical units one target port may show. */
const LUNS_MAX = 256;
const INQUIRY_BYTES = 96;
const VPD_BYTES = 252;
const CAPACITY_BYTES = 32;
const REPORT_LUNS_BYTES = 8 + 8 * LUNS_MAX;
const COMMAND_TIMEOUT_NS = 5 * SECOND;
/** Unit attentions, busy replies and lost frames one command of a scan lives through. */
const TRIES_MAX = 6;

/** A logical unit as one path shows it. */
export interface ScannedLun {
  readonly lun: bigint;
  readonly lunNumber: number | undefined;
  /** The NAA identifier that is the same on all paths. */
  readonly luId: Uint8Array;
  readonly luName: string;
  /** `undefined` through a port that does not serve it now. */
  readonly blocks: number | undefined;
  readonly vendor: string;
  readonly product: string;
  /** RELATIVE TARGET PORT IDENTIFIER of the port it was seen through. */
  readonly relativePort: number | undefined;
  /** TARGET PORT GROUP of that port. */
  readonly group: number | undefined;
  /** The access states of its groups; `undefined` where it has no asymmetric access. */
  readonly access: AccessReport | undefined;
}

/** What is known of a logical unit before its identity is. */
interface Inquired {
  readonly vendor: string;
  readonly product: string;
  /** `Tpgs`. */
  readonly tpgs: number;
}
type Identified = Omit<ScannedLun, 'lun' | 'lunNumber' | 'blocks' | 'access'>;

/** The logical units behind a nexus, or why they are not known. */
export type ScanResult =
  | { readonly ok: true; readonly luns: readonly ScannedLun[] }
  | { readonly ok: false; readonly reason: string };

/** Scans what one nexus shows; `done` is called once. */
export function scanLuns(nexus: InitiatorNexus, done: (result: ScanResult) => void): void {
  new LunScan(nexus, done).start();
}

class LunScan {
  readonly #nexus: InitiatorNexus;
  readonly #done: (result: ScanResult) => void;
  readonly #found: ScannedLun[] = [];
  #waiting: bigint[] = [];

  constructor(nexus: InitiatorNexus, done: (result: ScanResult) => void) {
    this.#nexus = nexus;
    this.#done = done;
  }

  start(): void {
    const command: CdbInput = { kind: 'REPORT LUNS', allocationLengthBytes: REPORT_LUNS_BYTES };
    this.#send(0n, command, REPORT_LUNS_BYTES, (data) => {
      this.#waiting = reportLunsData.decode(data).luns.slice(0, LUNS_MAX);
      this.#next();
    });
  }

  #next(): void {
    const lun = this.#waiting.shift();
    if (lun === undefined) {
      this.#done({ ok: true, luns: this.#found });
      return;
    }
    const inquiry: CdbInput = { kind: 'INQUIRY', allocationLengthBytes: INQUIRY_BYTES };
    this.#send(lun, inquiry, INQUIRY_BYTES, (data) => {
      const inquiry = standardInquiry.decode(data);
      const vendor = inquiry.t10VendorIdentification.trim();
      const product = inquiry.productIdentification.trim();
      // Array controllers, enclosures and the like are no disks.
      const isDisk = inquiry.peripheralDeviceType === PeripheralDeviceType.DIRECT_ACCESS_BLOCK;
      if (inquiry.peripheralQualifier !== 0 || !isDisk) this.#next();
      else this.#identify(lun, { vendor, product, tpgs: inquiry.tpgs });
    });
  }

  #identify(lun: bigint, { vendor, product, tpgs }: Inquired): void {
    const command: CdbInput = {
      kind: 'INQUIRY',
      evpd: 1,
      pageCode: VpdPage.DEVICE_IDENTIFICATION,
      allocationLengthBytes: VPD_BYTES,
    };
    this.#send(lun, command, VPD_BYTES, (data) => {
      const page = vpd.decode(data);
      const designators = page.kind === 'device identification' ? page.designators : [];
      const naa = designators.find(
        (one) => one.kind === 'NAA' && one.association === Association.LOGICAL_UNIT,
      );
      if (naa?.kind !== 'NAA') {
        this.#next();
        return;
      }
      const port = designators.find((one) => one.kind === 'relative target port');
      const relativePort =
        port?.kind === 'relative target port' ? port.relativeTargetPort : undefined;
      const portGroup = designators.find((one) => one.kind === 'target port group');
      const group = portGroup?.kind === 'target port group' ? portGroup.targetPortGroup : undefined;
      const luId = new Uint8Array(16);
      luId.set(naa.identifier.subarray(0, 16));
      const luName = formatHex(naa.identifier);
      const known = { luId, luName, vendor, product, relativePort, group };
      if (tpgs === Tpgs.NONE) this.#capacity(lun, known, undefined);
      else this.#access(lun, known);
    });
  }

  #access(lun: bigint, known: Identified): void {
    const onward = (access: AccessReport | undefined): void => this.#capacity(lun, known, access);
    this.#send(
      lun,
      ASK_FOR_ACCESS,
      ACCESS_REPORT_BYTES,
      (data) => onward(readAccessReport(data)),
      () => {
        onward(undefined);
        return true;
      },
    );
  }

  #capacity(lun: bigint, known: Identified, access: AccessReport | undefined): void {
    const command: CdbInput = { kind: 'READ CAPACITY(16)', allocationLengthBytes: CAPACITY_BYTES };
    const found = (blocks: number | undefined): void => {
      this.#found.push({ ...known, lun, lunNumber: lunNumber(lun), blocks, access });
      this.#next();
    };
    this.#send(
      lun,
      command,
      CAPACITY_BYTES,
      (data) => found(Number(readCapacity16Data.decode(data).lastLba) + 1),
      ({ sense }) => {
        const isOfThePort = judgeSense(sense).access !== undefined;
        if (isOfThePort) found(undefined);
        return isOfThePort;
      },
    );
  }

  /**
   * Sends until the command succeeds or has been tried often enough. `refused` may make something of
   * a CHECK CONDITION that will stay; false where it does not.
   */
  #send(
    lun: bigint,
    command: CdbInput,
    dataInBytes: number,
    then: (data: Uint8Array) => void,
    refused: (answer: Answered) => boolean = () => false,
    tries = 1,
  ): void {
    const again = (why: string): void => {
      if (tries >= TRIES_MAX || !this.#nexus.ready) this.#fail(`${command.kind}: ${why}`);
      else this.#send(lun, command, dataInBytes, then, refused, tries + 1);
    };
    this.#nexus.execute({
      lun,
      cdb: cdb.encode(command),
      dataInBytes,
      timeoutNs: COMMAND_TIMEOUT_NS,
      onDone: (outcome) => {
        if (outcome.end !== 'answered') again(outcome.end);
        else if (outcome.status !== ScsiStatus.GOOD) {
          if (!staysRefused(outcome) || !refused(outcome)) again(`status ${outcome.status}`);
        } else this.#take(command, outcome, then);
      },
    });
  }

  #take(command: CdbInput, outcome: Answered, then: (data: Uint8Array) => void): void {
    try {
      then(outcome.data);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#nexus.contradiction(error.message);
      this.#fail(`${command.kind}: its data does not decode`);
    }
  }

  #fail(reason: string): void {
    this.#done({ ok: false, reason });
  }
}

/** A refusal that is the same when asked again: of the port's access state, or of the command. */
function staysRefused({ status, sense }: Answered): boolean {
  if (status !== ScsiStatus.CHECK_CONDITION) return false;
  const { access, retry } = judgeSense(sense);
  return access !== undefined || !retry;
}
