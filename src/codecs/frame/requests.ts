/** Requests as a conversation remembers them: in columns, because there are many. */
import type { AnyCodec, FcId } from '../layout/index.ts';

/** CDBs are copied side by side: an array of its own would take a CDB many times its bytes. */
const SLAB_BYTES = 4096;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/** A SCSI command, as its data and its response need it. */
export class CommandRecord {
  readonly lun: bigint;
  /** FCP_DL, in bytes; `undefined` where the capture cut it off. */
  readonly fcpDl: number | undefined;
  /** The command's name as its standard prints it, or its operation code. */
  readonly name: string;
  /** Reads what the target returns and what the initiator sends, where they have a layout. */
  readonly dataIn: AnyCodec | undefined;
  readonly dataOut: AnyCodec | undefined;
  /** The CDB field is `slab[cdbAt, cdbAt + cdbBytes)`, which nobody writes to again. */
  readonly slab: Uint8Array;
  readonly cdbAt: number;
  readonly cdbBytes: number;

  constructor(
    lun: bigint,
    fcpDl: number | undefined,
    name: string,
    dataIn: AnyCodec | undefined,
    dataOut: AnyCodec | undefined,
    cdbSlab: Uint8Array,
    cdbAt: number,
    cdbBytes: number,
  ) {
    this.lun = lun;
    this.fcpDl = fcpDl;
    this.name = name;
    this.dataIn = dataIn;
    this.dataOut = dataOut;
    this.slab = cdbSlab;
    this.cdbAt = cdbAt;
    this.cdbBytes = cdbBytes;
  }

  /** The CDB field. */
  get cdb(): Uint8Array {
    return this.slab.subarray(this.cdbAt, this.cdbAt + this.cdbBytes);
  }
}

/** Copies the CDB field of a command: a record must not keep a whole capture in memory. */
export function recordCommand(
  lun: bigint,
  cdb: Uint8Array,
  fcpDl: number | undefined,
  name: string,
  dataIn: AnyCodec | undefined,
  dataOut: AnyCodec | undefined,
): CommandRecord {
  const { length } = cdb;
  if (slabUsed + length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const at = slabUsed;
  for (let i = 0; i < length; i++) slab[at + i] = cdb[i]!;
  slabUsed += length;
  return new CommandRecord(lun, fcpDl, name, dataIn, dataOut, slab, at, length);
}

/** The request that opened an exchange. */
export interface ExchangeRecord {
  /** Originator of the exchange. */
  readonly sId: FcId;
  /** Responder of the exchange. */
  readonly dId: FcId;
  readonly oxId: number;
  /** TYPE of the request. */
  readonly type: number;
  /** ELS, SW_ILS or CT command; undefined for FCP and NVMe. */
  readonly code: number | undefined;
  /** Second byte of a SW_ILS, which tells the enhanced commit services apart. */
  readonly subCode: number | undefined;
  /** The server of a CT request. */
  readonly gsType: number | undefined;
  readonly gsSubtype: number | undefined;
  readonly command: CommandRecord | undefined;
}

/** In a column of numbers: undefined. */
const NONE = -1;
const orNone = (value: number | undefined): number => value ?? NONE;
const orUndefined = (value: number): number | undefined => (value === NONE ? undefined : value);

/** Numbers of a request by slot; the names of the columns are those of the records. */
const numbersOf = (slots: number) => ({
  sId: new Int32Array(slots),
  dId: new Int32Array(slots),
  oxId: new Int32Array(slots),
  type: new Int16Array(slots),
  code: new Int32Array(slots),
  subCode: new Int16Array(slots),
  gsType: new Int16Array(slots),
  gsSubtype: new Int16Array(slots),
  lun: new BigUint64Array(slots),
  fcpDl: new Float64Array(slots),
  cdbAt: new Uint16Array(slots),
  cdbBytes: new Uint16Array(slots),
});

/**
 * Requests by slot. As objects, tens of thousands of them would live just long enough for the
 * garbage collector to take them for old, and it lets much of what is old pile up.
 */
export class RequestTable {
  #numbers: ReturnType<typeof numbersOf>;
  /** What is shared by many commands and costs nothing to keep. */
  readonly #names: string[] = [];
  readonly #dataIn: (AnyCodec | undefined)[] = [];
  readonly #dataOut: (AnyCodec | undefined)[] = [];
  /** Where the CDB lies; undefined for what is no command. */
  readonly #slabs: (Uint8Array | undefined)[] = [];

  constructor(slots: number) {
    this.#numbers = numbersOf(slots);
  }

  /** Makes room for so many slots. */
  grow(slots: number): void {
    const before = this.#numbers;
    const after = numbersOf(slots);
    for (const key of Object.keys(before) as Exclude<keyof typeof before, 'lun'>[])
      after[key].set(before[key]);
    this.#numbers = after;
  }

  isOf(slot: number, sId: FcId, dId: FcId, oxId: number): boolean {
    const numbers = this.#numbers;
    return numbers.oxId[slot] === oxId && numbers.sId[slot] === sId && numbers.dId[slot] === dId;
  }

  /** Slots are filled one behind the other, and then again. */
  put(slot: number, record: ExchangeRecord): void {
    const numbers = this.#numbers;
    const { command } = record;
    numbers.sId[slot] = record.sId;
    numbers.dId[slot] = record.dId;
    numbers.oxId[slot] = record.oxId;
    numbers.type[slot] = record.type;
    numbers.code[slot] = orNone(record.code);
    numbers.subCode[slot] = orNone(record.subCode);
    numbers.gsType[slot] = orNone(record.gsType);
    numbers.gsSubtype[slot] = orNone(record.gsSubtype);
    this.#slabs[slot] = command?.slab;
    this.#names[slot] = command?.name ?? '';
    this.#dataIn[slot] = command?.dataIn;
    this.#dataOut[slot] = command?.dataOut;
    if (command === undefined) return;
    numbers.lun[slot] = command.lun;
    numbers.fcpDl[slot] = orNone(command.fcpDl);
    numbers.cdbAt[slot] = command.cdbAt;
    numbers.cdbBytes[slot] = command.cdbBytes;
  }

  get(slot: number): ExchangeRecord {
    const numbers = this.#numbers;
    return {
      sId: numbers.sId[slot]!,
      dId: numbers.dId[slot]!,
      oxId: numbers.oxId[slot]!,
      type: numbers.type[slot]!,
      code: orUndefined(numbers.code[slot]!),
      subCode: orUndefined(numbers.subCode[slot]!),
      gsType: orUndefined(numbers.gsType[slot]!),
      gsSubtype: orUndefined(numbers.gsSubtype[slot]!),
      command: this.#command(slot),
    };
  }

  #command(slot: number): CommandRecord | undefined {
    const numbers = this.#numbers;
    const cdbSlab = this.#slabs[slot];
    if (cdbSlab === undefined) return undefined;
    return new CommandRecord(
      numbers.lun[slot]!,
      orUndefined(numbers.fcpDl[slot]!),
      this.#names[slot]!,
      this.#dataIn[slot],
      this.#dataOut[slot],
      cdbSlab,
      numbers.cdbAt[slot]!,
      numbers.cdbBytes[slot]!,
    );
  }
}
