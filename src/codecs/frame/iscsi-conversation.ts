/**
 * What was said on an iSCSI connection so far, so that what answers can be read: which command a tag
 * stands for, which digests there are, who logged in where.
 *
 * Memory is bounded: the oldest task is forgotten first.
 */
import { IscsiFramer } from '../iscsi/framer.ts';
import {
  type IscsiPduOf,
  iscsiText,
  keyOf,
  LoginStage,
  LoginStatus,
  type TextKey,
} from '../iscsi/index.ts';
import { formatHex } from '../layout/index.ts';
import type { CommandRecord } from './requests.ts';

/** Tasks that are remembered; no window of commands is wider. */
const TASKS_MAX = 4096;
/** Bytes of a text that goes on over several PDUs. */
const TEXT_BYTES_MAX = 1 << 16;
/** Keys that a login may leave. */
const KEYS_MAX = 256;

/** PDUs that carry text. */
export type TextPdu =
  | IscsiPduOf<'Login Request'>
  | IscsiPduOf<'Login Response'>
  | IscsiPduOf<'Text Request'>
  | IscsiPduOf<'Text Response'>;

/** What its login says of a connection. */
export interface IscsiLogin {
  readonly initiatorName: string | undefined;
  readonly targetName: string | undefined;
  readonly sessionType: string | undefined;
  /** 12 hex digits. */
  readonly isid: string | undefined;
  readonly tsih: number;
  readonly cid: number;
  /** `LoginStatus` of the last Login Response; `undefined` before there is one. */
  readonly status: number | undefined;
  /** The full feature phase was reached. */
  readonly complete: boolean;
}

/** Remembers one connection. */
export class IscsiConversation {
  /** Cuts its stream, by the digests that the login agrees on. */
  readonly framer: IscsiFramer;
  readonly #tasks = new Map<number, CommandRecord>();
  /** Text that is not whole yet, of each side. */
  readonly #texts = new Map<'initiator' | 'target', Uint8Array>();
  /** The last value of each key, whoever said it. */
  readonly #keys = new Map<string, string>();
  #isid: string | undefined;
  #tsih = 0;
  #cid = 0;
  #status: number | undefined;
  #complete = false;
  #isLoginWhole = false;
  /** MaxRecvDataSegmentLength, which each side says of itself. */
  readonly #declared: { initiator?: string; target?: string } = {};

  constructor(framer: IscsiFramer = new IscsiFramer()) {
    this.framer = framer;
  }

  /** Remembers what a task is. */
  open(tag: number, command: CommandRecord): void {
    this.#tasks.delete(tag);
    this.#tasks.set(tag, command);
    if (this.#tasks.size <= TASKS_MAX) return;
    const { value: oldest } = this.#tasks.keys().next();
    this.#tasks.delete(oldest!);
  }

  /** What a task is; `undefined` where its request was not seen. */
  of(tag: number): CommandRecord | undefined {
    return this.#tasks.get(tag);
  }

  /** The task has ended. */
  close(tag: number): void {
    this.#tasks.delete(tag);
  }

  /** Tasks that have not ended. */
  get openTasks(): number {
    return this.#tasks.size;
  }

  /** Whether the next text of that kind's sender goes on with one of before. */
  isMidText(kind: TextPdu['kind']): boolean {
    return this.#texts.has(senderOf(kind));
  }

  /** What the login says. */
  get login(): IscsiLogin {
    return {
      initiatorName: this.#keys.get('InitiatorName'),
      targetName: this.#keys.get('TargetName'),
      sessionType: this.#keys.get('SessionType'),
      isid: this.#isid,
      tsih: this.#tsih,
      cid: this.#cid,
      status: this.#status,
      complete: this.#complete,
    };
  }

  /** The last value of each key that the login has said, whoever said it: what was agreed on. */
  get keys(): ReadonlyMap<string, string> {
    return this.#keys;
  }

  /** The longest data segment that each side takes, as it said. */
  get declared(): { readonly initiator?: string; readonly target?: string } {
    return this.#declared;
  }

  /** Every PDU of the login was seen, and none was cut. */
  get isLoginWhole(): boolean {
    return this.#isLoginWhole;
  }

  /** Hears a Login or Text PDU; `isCut`: keys at its end are missing. */
  learn(pdu: TextPdu, isCut = false): void {
    const keys = this.#textOf(pdu);
    if (isCut) this.#isLoginWhole = false;
    else if (pdu.kind === 'Login Request' && !this.#keys.has('InitiatorName'))
      this.#isLoginWhole = true;
    const own = keys.find(({ key }) => key === 'MaxRecvDataSegmentLength');
    if (own !== undefined) this.#declared[senderOf(pdu.kind)] = own.value;
    if (pdu.kind === 'Login Request') {
      this.#isid = formatHex(pdu.isid);
      this.#cid = pdu.cid;
    }
    if (pdu.kind !== 'Login Request' && pdu.kind !== 'Login Response') return;
    for (const { key, value } of keys)
      if (this.#keys.size < KEYS_MAX || this.#keys.has(key)) this.#keys.set(key, value);
    if (pdu.kind === 'Login Response') this.#answered(pdu);
  }

  #answered({ status, tsih, transit, nextStage }: IscsiPduOf<'Login Response'>): void {
    this.#status = status;
    this.#tsih = tsih;
    const isLast = transit === 1 && nextStage === LoginStage['full feature'];
    if (status !== LoginStatus.success || !isLast) return;
    this.#complete = true;
    const agreed = (key: string): boolean => this.#keys.get(key) === 'CRC32C';
    this.framer.digests = { header: agreed('HeaderDigest'), data: agreed('DataDigest') };
  }

  /** The keys of a text, once it is whole. */
  #textOf(pdu: TextPdu): TextKey[] {
    const sender = senderOf(pdu.kind);
    const before = this.#texts.get(sender) ?? new Uint8Array(0);
    const text = new Uint8Array(before.length + pdu.data.length);
    text.set(before);
    text.set(pdu.data, before.length);
    this.#texts.delete(sender);
    if (pdu.continue === 1) {
      if (text.length <= TEXT_BYTES_MAX) this.#texts.set(sender, text);
      return [];
    }
    try {
      return iscsiText.decode(text).pairs.map(({ pair }) => keyOf(pair));
    } catch {
      return [];
    }
  }
}

const senderOf = (kind: TextPdu['kind']): 'initiator' | 'target' =>
  kind === 'Login Request' || kind === 'Text Request' ? 'initiator' : 'target';
