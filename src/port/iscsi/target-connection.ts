/**
 * A connection of an iSCSI target port: its login or session, the numbers of what it says, and its bytes.
 *
 * Source: RFC 7143, 4.2.2.2 (StatSN), 11.2.
 */
import { encodeIscsiPdu, type IscsiPduInput, NO_DIGESTS } from '../../codecs/iscsi/index.ts';
import { u24 } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { StreamCore } from '../../machine/stream-core.ts';
import type { Conn } from '../../machine/stream-machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { LoginPhase } from './login.ts';
import { MAX_RECV_DATA_SEGMENT_LENGTH } from './negotiation.ts';
import { PduSplitter } from './pdu-splitter.ts';
import type { IscsiSession } from './session.ts';
import type { IscsiEvent } from './target-options.ts';

const DATA_LENGTH_AT = 5;
/** Data of so many bytes are not copied into their PDU. */
const APART_BYTES_MIN = 16 * 1024;
const NO_DATA = new Uint8Array(0);

/** One connection. */
export class TargetConnection {
  readonly conn: Conn;
  readonly splitter = new PduSplitter(MAX_RECV_DATA_SEGMENT_LENGTH);
  login: LoginPhase | undefined;
  session: IscsiSession | undefined;
  timer: Timer | undefined;
  /** When the last byte came, and whether it was asked since whether it is there. */
  heardAt: Instant;
  isAsked = false;
  /** We have said all: the peer's end is waited for. */
  isClosed = false;
  readonly #core: StreamCore<IscsiEvent>;
  #statSn = 1;

  constructor(conn: Conn, core: StreamCore<IscsiEvent>, now: Instant) {
    this.conn = conn;
    this.#core = core;
    this.heardAt = now;
  }

  /** Sends a PDU with the numbers of the connection and its session; before there is one, `cmdSn` is the next. */
  send(pdu: IscsiPduInput, status: boolean, cmdSn: number): void {
    const { session, splitter } = this;
    const numbered = {
      ...pdu,
      statSn: pdu.kind === 'SCSI Data-In' && !status ? 0 : this.#statSn,
      expCmdSn: session?.expCmdSn ?? cmdSn,
      maxCmdSn: session?.maxCmdSn ?? cmdSn,
    } as IscsiPduInput;
    if (status) this.#statSn = (this.#statSn + 1) >>> 0;
    const { digests } = splitter;
    if (
      numbered.kind === 'SCSI Data-In' &&
      (numbered.data?.length ?? 0) >= APART_BYTES_MIN &&
      !digests.header &&
      !digests.data
    )
      this.#sendApart(numbered, numbered.data!);
    else this.#core.send(this.conn, encodeIscsiPdu(numbered, digests));
  }

  /** A PDU whose data leave as they are: to copy them behind their header costs more than all else. */
  #sendApart(pdu: IscsiPduInput, data: Uint8Array): void {
    const header = encodeIscsiPdu({ ...pdu, data: NO_DATA } as IscsiPduInput, NO_DIGESTS);
    u24.write(header, DATA_LENGTH_AT, 0, data.length);
    this.#core.send(this.conn, header);
    this.#core.send(this.conn, data);
    const padding = -data.length & 3;
    if (padding > 0) this.#core.send(this.conn, new Uint8Array(padding));
  }
}
