/** What a capture tells of its iSCSI, FCIP, RPC and BGP connections: who logged in, what passed, what is missing. */
import {
  bgpNameOf,
  type IscsiLogin,
  LoginStatus,
  nameOf,
  rpcNameOf,
  type StreamConnection,
  type StreamGap,
  type StreamPdu,
  type StreamProtocol,
} from '../../codecs/index.ts';

/** Connections that are listed; of more only the number is told. */
const ROWS_MAX = 10_000;

/** Bytes of a connection that could not be read. */
export interface StreamGaps {
  /** Bytes that are not in the capture. */
  readonly lostBytes: number;
  /** Bytes that are, of which nobody knows what they are: the capture begins in the middle of the connection, or bytes in front of them are lost. */
  readonly skippedBytes: number;
}

/** A connection, and what passed on it. */
export interface StreamRow extends StreamGaps {
  readonly protocol: StreamProtocol;
  readonly client: string;
  readonly server: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** PDUs by name; frames of FCIP by what they are. */
  readonly pdus: Readonly<Record<string, number>>;
  /** PDUs whose digest is wrong, or frames whose CRC is. */
  readonly digestBad: number;
  readonly malformed: number;
  /** Segments whose TCP checksum is wrong, as if they were not there. */
  readonly checksumBad: number;
  /** What the login said, and how it was answered; `undefined` for the others. */
  readonly login?: StreamLogin;
  /** Tasks that were begun and not answered when the connection or the capture ended. */
  readonly openTasks?: number;
}

/** A login of iSCSI, as far as the capture has it. */
export interface StreamLogin extends Omit<IscsiLogin, 'status' | 'complete'> {
  /** In the words of RFC 7143; `none` where no answer was seen. */
  readonly result: string;
  readonly headerDigest: boolean;
  readonly dataDigest: boolean;
}

type Writable<T> = { -readonly [P in keyof T]: T[P] };
interface Row extends Writable<Omit<StreamRow, 'pdus' | 'login' | 'openTasks'>> {
  readonly connection: StreamConnection;
  readonly pdus: Map<string, number>;
  /** Said when the connection has ended. */
  ended?: Pick<StreamRow, 'login' | 'openTasks'>;
}

/** Collects what is told of streams. */
export class StreamRows {
  readonly #rows = new Map<number, Row>();
  #left = 0;

  /** Connections that are in no row. */
  get left(): number {
    return this.#left;
  }

  /** A unit has passed. */
  pdu({ connection, frame, firstFrame, lastFrame }: StreamPdu): void {
    const row = this.#rowOf(connection, firstFrame);
    if (row === undefined) return;
    row.lastFrame = lastFrame;
    const name = kindOf(frame);
    row.pdus.set(name, (row.pdus.get(name) ?? 0) + 1);
    if (frame.crc === 'bad') row.digestBad++;
    if (frame.malformed !== undefined && !frame.cut) row.malformed++;
  }

  /** Bytes could not be read. */
  gap({ connection, what, bytes, frame }: StreamGap): void {
    const row = this.#rowOf(connection, frame);
    if (row === undefined) return;
    if (what === 'lost') row.lostBytes += bytes;
    else row.skippedBytes += bytes;
    row.lastFrame = frame;
  }

  /** A segment was damaged on its way. */
  damaged(connection: StreamConnection, frame: number): void {
    const row = this.#rowOf(connection, frame);
    if (row === undefined) return;
    row.checksumBad++;
    row.lastFrame = frame;
  }

  /** A connection is followed no more. */
  ended(connection: StreamConnection): void {
    const row = this.#rows.get(connection.number);
    if (row !== undefined) row.ended = endOf(connection);
  }

  /** The rows, in the order in which connections were met. */
  rows(): StreamRow[] {
    return [...this.#rows.values()].map(({ connection, pdus, ended, ...row }) => ({
      ...row,
      pdus: Object.fromEntries([...pdus].sort(([a], [b]) => (a < b ? -1 : 1))),
      ...(ended ?? endOf(connection)),
    }));
  }

  #rowOf(connection: StreamConnection, frame: number): Row | undefined {
    const { number, protocol, client, server } = connection;
    const known = this.#rows.get(number);
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX) {
      this.#left++;
      return undefined;
    }
    const row: Row = {
      connection,
      protocol,
      client,
      server,
      firstFrame: frame,
      lastFrame: frame,
      pdus: new Map(),
      lostBytes: 0,
      skippedBytes: 0,
      digestBad: 0,
      malformed: 0,
      checksumBad: 0,
    };
    this.#rows.set(number, row);
    return row;
  }
}

/** What an iSCSI PDU, an RPC or a BGP message is called; of FCIP, what the frame is. */
function kindOf(frame: StreamPdu['frame']): string {
  const { layers, protocol } = frame;
  if (protocol === 'rpc') return rpcNameOf(frame);
  if (protocol === 'bgp') return bgpNameOf(frame);
  if (protocol !== 'iscsi') return protocol;
  const { kind } = (layers[0]?.value ?? {}) as { kind?: string };
  return kind ?? 'unknown';
}

function endOf({ iscsi }: StreamConnection): Pick<StreamRow, 'login' | 'openTasks'> {
  if (iscsi === undefined) return {};
  const { status, complete, ...login } = iscsi.login;
  const { header, data } = iscsi.framer.digests;
  return {
    login: { ...login, result: resultOf(status, complete), headerDigest: header, dataDigest: data },
    openTasks: iscsi.openTasks,
  };
}

function resultOf(status: number | undefined, complete: boolean): string {
  if (complete) return 'logged in';
  if (status === undefined) return 'none';
  if (status === LoginStatus.success) return 'not completed';
  return nameOf(LoginStatus, status) ?? `status ${status.toString(16).padStart(4, '0')}`;
}
