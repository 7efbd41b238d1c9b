/** Requests on an export, carried out at once, each with its reply. */
import {
  NBD_REQUEST_BYTES,
  type NbdChunkInput,
  NbdCommand,
  NbdCommandFlags,
  NbdError,
  type NbdRequest,
  nbdChunk,
  nbdSimpleReply,
} from '../../codecs/nbd/index.ts';
import type { ChangeKind } from '../../history/storage.ts';
import { BLOCK_BYTES, MediumError } from '../../scsi/medium/medium.ts';
import type { NbdSession } from './handshake.ts';
import { extentsOf, type MetaContext, UnknownReference } from './meta-contexts.ts';

/** Extents that one answer tells of a meta context; who asks goes on behind them. */
const EXTENTS_MAX = 4096;
/** Zeros that are written at once. */
const ZEROS_BLOCKS = 2048;
const NO_BYTES = new Uint8Array(0);

/** A change of blocks. */
export interface NbdChange {
  readonly change: ChangeKind;
  readonly lba: number;
  readonly blocks: number;
  readonly data: Uint8Array;
  readonly durable: boolean;
}

/** What a transmission needs, and whom it tells. */
export interface TransmissionOwner {
  /** Most bytes of a READ or WRITE. */
  readonly transferBytesMax: number;
  send(bytes: Uint8Array): void;
  changed(change: NbdChange): void;
  flushed(): void;
}

/** Why a request fails. */
class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly error: number;

  constructor(error: number, what: string) {
    super(what);
    this.error = error;
  }
}

const failure = (error: unknown): RequestError => {
  if (error instanceof RequestError) return error;
  if (error instanceof UnknownReference) return new RequestError(NbdError.EIO, error.message);
  if (!(error instanceof MediumError)) throw error;
  return new RequestError(
    error.fault === 'no-space' ? NbdError.ENOSPC : NbdError.EIO,
    error.message,
  );
};

/** Flags that each command may have beside FUA, which may stand on all. */
const ALLOWED_FLAGS: Readonly<Record<number, number>> = {
  [NbdCommand.READ]: NbdCommandFlags.DF,
  [NbdCommand.WRITE_ZEROES]: NbdCommandFlags.NO_HOLE | NbdCommandFlags.FAST_ZERO,
  [NbdCommand.BLOCK_STATUS]: NbdCommandFlags.REQ_ONE,
};
const CHANGES: ReadonlySet<number> = new Set([
  NbdCommand.WRITE,
  NbdCommand.TRIM,
  NbdCommand.WRITE_ZEROES,
]);

/** What one connection asks of an export. */
export class NbdTransmission {
  readonly session: NbdSession;
  readonly #owner: TransmissionOwner;
  readonly #sizeBytes: number;

  constructor(session: NbdSession, owner: TransmissionOwner) {
    this.session = session;
    this.#owner = owner;
    const { blocks, blockBytes } = session.exported.medium;
    this.#sizeBytes = blocks * blockBytes;
  }

  /** Bytes of the request that begins so; `undefined` for one with more data than may come. */
  lengthOf(command: number, lengthBytes: number): number | undefined {
    if (command !== NbdCommand.WRITE) return NBD_REQUEST_BYTES;
    return lengthBytes > this.#owner.transferBytesMax ? undefined : NBD_REQUEST_BYTES + lengthBytes;
  }

  /** Carries a request out and answers it; gives the error, 0 where there is none. */
  take(request: NbdRequest): number {
    try {
      this.#check(request);
      this.#run(request);
      return 0;
    } catch (thrown) {
      const { error, message } = failure(thrown);
      if (this.session.structured) {
        const data = { error, message: message.replace(/[^ -~]/g, '?').slice(0, EXTENTS_MAX) };
        this.#chunk({ kind: 'ERROR', cookie: request.cookie, data });
      } else this.#simple(request, error);
      return error;
    }
  }

  #check({ command, flags, lengthBytes, offset }: NbdRequest): void {
    const { exported } = this.session;
    const refuse = (error: number, what: string): never => {
      throw new RequestError(error, what);
    };
    const allowed = NbdCommandFlags.FUA | (ALLOWED_FLAGS[command] ?? 0);
    if ((flags & ~allowed) !== 0) refuse(NbdError.EINVAL, 'has flags that mean nothing here');
    if (CHANGES.has(command) && exported.isReadOnly)
      refuse(NbdError.EPERM, `${exported.name} is read only`);
    if (command === NbdCommand.FLUSH) return;
    if (offset + BigInt(lengthBytes) > BigInt(this.#sizeBytes))
      refuse(CHANGES.has(command) ? NbdError.ENOSPC : NbdError.EINVAL, 'lies behind the end');
    if (lengthBytes === 0) refuse(NbdError.EINVAL, 'asks for nothing');
  }

  #run(request: NbdRequest): void {
    const { command, flags } = request;
    const fua = (flags & NbdCommandFlags.FUA) !== 0;
    switch (command) {
      case NbdCommand.READ:
        this.#read(request);
        return;
      case NbdCommand.WRITE:
        this.#write(Number(request.offset), request.data!, fua);
        break;
      case NbdCommand.FLUSH:
        this.#flush();
        break;
      case NbdCommand.TRIM:
        this.#trim(request, fua);
        break;
      case NbdCommand.WRITE_ZEROES:
        this.#zero(request, fua);
        break;
      case NbdCommand.BLOCK_STATUS:
        this.#status(request);
        return;
      default:
        throw new RequestError(NbdError.EINVAL, `command ${command} is not known`);
    }
    this.#simple(request, 0);
  }

  #read({ cookie, lengthBytes, offset }: NbdRequest): void {
    const { transferBytesMax } = this.#owner;
    if (lengthBytes > transferBytesMax)
      throw new RequestError(NbdError.EOVERFLOW, `more than ${transferBytesMax} bytes at once`);
    const content = this.#bytesAt(Number(offset), lengthBytes);
    if (!this.session.structured) {
      this.#owner.send(nbdSimpleReply.encode({ cookie, data: content }));
      return;
    }
    if (content.every((byte) => byte === 0))
      this.#chunk({ kind: 'OFFSET_HOLE', cookie, data: { offset, holeBytes: lengthBytes } });
    else this.#chunk({ kind: 'OFFSET_DATA', cookie, data: { offset, content } });
  }

  #bytesAt(offset: number, lengthBytes: number): Uint8Array {
    const { lba, blocks } = blocksAround(offset, lengthBytes);
    const from = offset - lba * BLOCK_BYTES;
    return this.session.exported.medium.read(lba, blocks).subarray(from, from + lengthBytes);
  }

  /** Parts of blocks are written with what stands around them. */
  #write(offset: number, data: Uint8Array, fua: boolean): void {
    const { medium } = this.session.exported;
    const { lba, blocks } = blocksAround(offset, data.length);
    let whole = data;
    if (data.length !== blocks * BLOCK_BYTES) {
      whole = medium.read(lba, blocks).slice();
      whole.set(data, offset - lba * BLOCK_BYTES);
    }
    medium.write(lba, whole);
    this.#changed('write', lba, blocks, whole.slice(), fua);
  }

  /** Only whole blocks are given up: nobody is promised what they read as. */
  #trim({ offset, lengthBytes }: NbdRequest, fua: boolean): void {
    const { medium } = this.session.exported;
    const { lba, blocks } = blocksInside(Number(offset), lengthBytes);
    if (medium.unmap === undefined || blocks <= 0) return;
    medium.unmap(lba, blocks);
    this.#changed('unmap', lba, blocks, NO_BYTES, fua);
  }

  #zero({ flags, offset: at, lengthBytes }: NbdRequest, fua: boolean): void {
    const { medium } = this.session.exported;
    const offset = Number(at);
    const end = offset + lengthBytes;
    const { lba, blocks } = blocksInside(offset, lengthBytes);
    const keepsSpace = (flags & NbdCommandFlags.NO_HOLE) !== 0;
    const forgets = medium.unmap !== undefined && !keepsSpace;
    if (!forgets && (flags & NbdCommandFlags.FAST_ZERO) !== 0)
      throw new RequestError(NbdError.ENOTSUP, 'zeros are no faster than data here');
    if (blocks <= 0) {
      this.#write(offset, new Uint8Array(lengthBytes), fua);
      return;
    }
    const [from, to] = [lba * BLOCK_BYTES, (lba + blocks) * BLOCK_BYTES];
    if (offset < from) this.#write(offset, new Uint8Array(from - offset), fua);
    if (forgets) {
      medium.unmap!(lba, blocks);
      this.#changed('unmap', lba, blocks, NO_BYTES, fua);
    } else {
      for (let done = 0; done < blocks; done += ZEROS_BLOCKS) {
        const count = Math.min(ZEROS_BLOCKS, blocks - done);
        medium.write(lba + done, new Uint8Array(count * BLOCK_BYTES));
      }
      this.#changed('write-same', lba, blocks, new Uint8Array(BLOCK_BYTES), fua);
    }
    if (end > to) this.#write(to, new Uint8Array(end - to), fua);
  }

  /** A change survives a loss of power at once where the medium is not volatile, or FUA has it flushed. */
  #changed(change: ChangeKind, lba: number, blocks: number, data: Uint8Array, fua: boolean): void {
    const isVolatile = this.session.exported.medium.volatile === true;
    if (fua && isVolatile) this.#flush();
    this.#owner.changed({ change, lba, blocks, data, durable: fua || !isVolatile });
  }

  #flush(): void {
    const { medium } = this.session.exported;
    medium.flush?.();
    if (medium.volatile === true) this.#owner.flushed();
  }

  /** A chunk for each context that was chosen, the last one ends the reply. */
  #status(request: NbdRequest): void {
    const { contexts, exported } = this.session;
    if (contexts.length === 0)
      throw new RequestError(NbdError.EINVAL, 'no meta context was chosen for this export');
    const one = (request.flags & NbdCommandFlags.REQ_ONE) !== 0;
    const range = {
      offset: Number(request.offset),
      lengthBytes: request.lengthBytes,
      extentsMax: one ? 1 : EXTENTS_MAX,
    };
    const told = contexts.map((context: MetaContext) => extentsOf(exported, context, range));
    for (const [contextId, extents] of told.entries()) {
      const flags = contextId === told.length - 1 ? 1 : 0;
      const data = { contextId, extents };
      this.#chunk({ kind: 'BLOCK_STATUS', flags, cookie: request.cookie, data });
    }
  }

  #chunk(chunk: NbdChunkInput): void {
    this.#owner.send(nbdChunk.encode(chunk));
  }

  #simple({ cookie }: NbdRequest, error: number): void {
    this.#owner.send(nbdSimpleReply.encode({ error, cookie }));
  }
}

/** The blocks that hold any of these bytes. */
function blocksAround(offset: number, lengthBytes: number): { lba: number; blocks: number } {
  const lba = Math.floor(offset / BLOCK_BYTES);
  return { lba, blocks: Math.ceil((offset + lengthBytes) / BLOCK_BYTES) - lba };
}

/** The blocks that hold nothing else; fewer than one where there are none. */
function blocksInside(offset: number, lengthBytes: number): { lba: number; blocks: number } {
  const lba = Math.ceil(offset / BLOCK_BYTES);
  return { lba, blocks: Math.floor((offset + lengthBytes) / BLOCK_BYTES) - lba };
}
