/**
 * The commands that read and write blocks over Fibre Channel, with the blocks: as one tap saw them, or as all taps did
 * where each frame is what it was where it was seen first.
 *
 * Memory is bounded: the oldest exchanges are forgotten first.
 */
import { FCTL_RELATIVE_OFFSET, RCtl } from '../../../codecs/fc/index.ts';
import { cdbOf, type FcpCmnd, fcpCmnd, fcpRsp } from '../../../codecs/fcp/index.ts';
import { formatFcId } from '../../../codecs/layout/index.ts';
import { cdb } from '../../../codecs/scsi/index.ts';
import type { InitiatorDevice, InitiatorPort, TargetPort } from '../../../history/index.ts';
import { IdMap } from '../../ledger/id-map.ts';
import { Numbers } from '../../ledger/numbers.ts';
import { remember } from '../../ledger/remember.ts';
import { noteData } from '../block-digests.ts';
import { decoded } from '../decoded.ts';
import type { FcFrame } from '../frame.ts';
import { noteFrame, scsiTask } from '../scsi-blocks.ts';
import type { SeenMoment, SeenSession, SeenTask } from '../session.ts';

/** Exchanges and pairs of N_Ports that are remembered. */
const EXCHANGES_MAX = 4096;
const SESSIONS_MAX = 4096;
/** Links on the way of one command. */
const LINKS_MAX = 32;

/** An exchange that reads or writes blocks. */
interface BlockExchange {
  readonly task: SeenTask;
  /** Of its own: the frame's memory will be another frame's. */
  readonly cdb: Uint8Array;
  /** Bytes of data that its command asks for. */
  readonly expectedBytes: number;
  /** Where its command was seen. */
  readonly links: Set<string>;
  /** Bytes of data up to the end of what was seen. */
  dataBytes: number;
}

/** Follows them, and tells each that ends. */
export class FcpTasks {
  readonly #ended: (task: SeenTask) => void;
  readonly #isOneTap: boolean;
  readonly #links = new Numbers();
  readonly #exchanges = new IdMap<BlockExchange>(EXCHANGES_MAX);
  readonly #sessions = new Map<string, SeenSession>();
  #count = 0;

  /** `isOneTap`: frames are those of one tap, where each link shows a command once. */
  constructor(ended: (task: SeenTask) => void, { isOneTap }: { readonly isOneTap: boolean }) {
    this.#ended = ended;
    this.#isOneTap = isOneTap;
  }

  /** Takes a frame that its tap has not shown before. */
  take(fc: FcFrame, moment: SeenMoment): void {
    const { originator, responder, role, header } = fc;
    const link = this.#linkOf(fc);
    if (role === 'command') {
      if (fc.crcGood) this.#begin(fc, link, moment);
      return;
    }
    const exchange = this.#exchanges.get(originator, responder, header.oxId, link);
    if (exchange === undefined || !fc.crcGood) return;
    if (role === 'data-in' || role === 'data-out') noteFcpData(exchange, fc, moment);
    else if (role === 'response') this.#answered(exchange, fc, moment);
    else if (role === 'ba' && header.rCtl === RCtl.BA_ACC && exchange.task.ended === undefined)
      exchange.task.aborted ??= moment;
  }

  /** Frames are missing in front of the next. */
  lose(): void {
    for (const { task } of this.#exchanges.values()) task.isPartial = true;
  }

  /** Links by number; where all taps are one, all links are. */
  #linkOf({ link }: FcFrame): number {
    return this.#isOneTap ? this.#links.of(link) : 0;
  }

  #begin(fc: FcFrame, link: number, moment: SeenMoment): void {
    const { originator, responder, header } = fc;
    const command = fc.command ?? decoded(fcpCmnd, fc.payload);
    if (command === undefined) return;
    const known = this.#exchanges.get(originator, responder, header.oxId, link);
    if (!this.#isOneTap && known !== undefined && isOnItsWay(known, command, fc.link)) {
      known.links.add(fc.link);
      return;
    }
    this.#exchanges.delete(originator, responder, header.oxId, link);
    const task = command.taskManagementFlags === 0 ? this.#taskOf(fc, command, moment) : undefined;
    if (task?.blocks === undefined) return;
    this.#exchanges.set(originator, responder, header.oxId, link, {
      task,
      cdb: cdbOf(command).slice(),
      expectedBytes: command.fcpDl,
      links: new Set([fc.link]),
      dataBytes: 0,
    });
  }

  #taskOf(fc: FcFrame, command: FcpCmnd, moment: SeenMoment): SeenTask {
    const session = this.#sessionOf(fc);
    const { fcpDl, lun } = command;
    const bytes = cdbOf(command);
    const asked = decoded(cdb, bytes) as { readonly lba?: number | bigint } | undefined;
    const unit = `${session.server} LUN ${lun}`;
    const { oxId: tag } = fc.header;
    return scsiTask({ session, tag, lun, unit, cdb: bytes, asked, expectedBytes: fcpDl }, moment);
  }

  #sessionOf({ originator, responder }: FcFrame): SeenSession {
    const [client, server] = [formatFcId(originator), formatFcId(responder)];
    const name = `${client} ${server}`;
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    const session: SeenSession = {
      number: ++this.#count,
      carrier: 'FCP',
      initiator: '' as InitiatorPort,
      target: '' as TargetPort,
      device: '' as InitiatorDevice,
      client,
      server,
      began: undefined,
      isShared: false,
      ended: undefined,
    };
    remember(this.#sessions, name, session, SESSIONS_MAX);
    return session;
  }

  #answered(exchange: BlockExchange, fc: FcFrame, moment: SeenMoment): void {
    const { task, dataBytes, expectedBytes } = exchange;
    if (task.ended !== undefined || task.aborted !== undefined) return;
    const response = fc.response ?? decoded(fcpRsp, fc.payload);
    if (response === undefined) return;
    task.ended = moment;
    task.status = response.scsiStatus;
    if (dataBytes < expectedBytes) task.isPartial = true;
    noteFrame(task, moment.frame);
    this.#ended(task);
  }
}

/** The command of an exchange that other taps have shown comes to the next: not the same once more, which comes after an answer. */
function isOnItsWay(
  { task, cdb: before, links }: BlockExchange,
  again: FcpCmnd,
  link: string,
): boolean {
  if (task.ended !== undefined || links.has(link) || links.size >= LINKS_MAX) return false;
  if (task.lun !== again.lun) return false;
  const now = cdbOf(again);
  return before.length === now.length && before.every((byte, i) => byte === now[i]);
}

/** Data of an exchange: the last that its initiator sent is what was not seen before. */
function noteFcpData(exchange: BlockExchange, fc: FcFrame, moment: SeenMoment): void {
  const { task } = exchange;
  const { header, payloadBytes, role } = fc;
  if ((role === 'data-in') !== (task.kind === 'read') || task.ended !== undefined) return;
  const offset = (header.fCtl & FCTL_RELATIVE_OFFSET) !== 0 ? header.parameter : exchange.dataBytes;
  noteFrame(task, moment.frame);
  if (task.blocks !== undefined) noteData(task.blocks, offset, fc.payload);
  if (offset + payloadBytes <= exchange.dataBytes) return;
  exchange.dataBytes = offset + payloadBytes;
  if (role === 'data-out') task.sent = moment;
}
