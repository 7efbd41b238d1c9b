/**
 * MODE SENSE, MODE SELECT and START STOP UNIT: the settings of a logical unit.
 *
 * Settings are shared by all nexuses. Two can be changed: WCE of the caching page and SWP of the
 * control page; nothing is saved.
 */

import { CodecError } from '../../../codecs/layout/index.ts';
import {
  BlockDeviceParameter,
  blockDescriptor,
  longBlockDescriptor,
  type ModePage,
  ModePageCode,
  type ModePageInput,
  modePage,
  modeParameters6,
  modeParameters10,
  PageControl,
  PowerCondition,
  QueueAlgorithm,
  SenseCode,
} from '../../../codecs/scsi/index.ts';
import { BLOCK_BYTES } from '../../medium/medium.ts';
import { type Command, cdbs, command, type Invocation, placeOf } from '../command.ts';
import type { LogicalUnit, ModeParameters } from '../logical-unit.ts';
import {
  data,
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  type Reply,
} from '../reply.ts';
import { flush } from './apply.ts';

/** A page's bytes: from the settings, or with 1 in each bit that can be changed. */
type PageOf = (mode: ModeParameters) => ModePageInput;

const flag = (value: boolean): number => (value ? 1 : 0);

const PAGES: ReadonlyMap<number, { page: PageOf; changeable: ModePageInput }> = new Map([
  [
    ModePageCode.CACHING as number,
    {
      page: (mode: ModeParameters) => ({ kind: 'caching', wce: flag(mode.writeCacheEnabled) }),
      changeable: { kind: 'caching', wce: 1 },
    },
  ],
  [
    ModePageCode.CONTROL,
    {
      page: (mode: ModeParameters) => ({
        kind: 'control',
        queueAlgorithmModifier: QueueAlgorithm.UNRESTRICTED,
        swp: flag(mode.softwareWriteProtect),
      }),
      changeable: { kind: 'control', swp: 1 },
    },
  ],
  [
    ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL,
    {
      page: () => ({ kind: 'informational exceptions control' }),
      changeable: { kind: 'informational exceptions control' },
    },
  ],
]);

/** Subpage of the informational exceptions control page. */
const PROVISIONING_SUBPAGE = 0x02;
/** SBC-4: a threshold of a soft one, armed while the count increases, of the resources that are used. */
const SOFT = 0;
const ARMED_INCREASING = 0b001;
const USED_RESOURCES = 0x02;

/** At which fill level a unit's pool warns; it cannot be changed here. `undefined` where it never does. */
function provisioningPage({ pool }: LogicalUnit, changeable: boolean): ModePageInput | undefined {
  const threshold = pool?.threshold;
  if (threshold === undefined) return undefined;
  const kind = 'logical block provisioning';
  const thresholds = [
    {
      enabled: changeable ? 0 : 1,
      reserved1: 0,
      thresholdType: SOFT,
      thresholdArming: changeable ? 0 : ARMED_INCREASING,
      thresholdResource: changeable ? 0 : USED_RESOURCES,
      reserved2: 0,
      thresholdCount: changeable ? 0 : threshold,
    },
  ];
  return { kind, thresholds };
}

/** A page with all its fields. */
const whole = (page: ModePageInput): ModePage => modePage.decode(modePage.encode(page));

type Sense = {
  pageControl: number;
  pageCode: number;
  subpageCode: number;
  dbd: number;
  allocationLengthBytes: number;
};

const ALL_SUBPAGES = 0xff;

function checkSense(
  table: Command['codec']['table'],
  cdb: Sense,
  lu: LogicalUnit,
): Reply | undefined {
  if (cdb.pageControl === PageControl.SAVED) {
    return illegalRequest(SenseCode.SAVING_PARAMETERS_NOT_SUPPORTED);
  }
  if (cdb.pageCode !== ModePageCode.ALL && !PAGES.has(cdb.pageCode)) {
    const { byte, bit } = placeOf(table, 'pageCode');
    return invalidFieldInCdb(byte, bit);
  }
  return cdb.subpageCode === 0 || cdb.subpageCode === ALL_SUBPAGES || isProvisioning(cdb, lu)
    ? undefined
    : invalidFieldInCdb(placeOf(table, 'subpageCode').byte);
}

/** The page of thresholds is asked for, and there is one. */
const isProvisioning = (cdb: Sense, lu: LogicalUnit): boolean =>
  cdb.pageCode === ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL &&
  cdb.subpageCode === PROVISIONING_SUBPAGE &&
  provisioningPage(lu, false) !== undefined;

function pagesFor(lu: LogicalUnit, cdb: Sense): ModePage[] {
  const thresholds = provisioningPage(lu, cdb.pageControl === PageControl.CHANGEABLE);
  if (isProvisioning(cdb, lu)) return [whole(thresholds!)];
  const isWanted =
    cdb.subpageCode === ALL_SUBPAGES &&
    (cdb.pageCode === ModePageCode.ALL ||
      cdb.pageCode === ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL);
  const plain = plainPagesFor(lu, cdb);
  return isWanted && thresholds !== undefined ? [...plain, whole(thresholds)] : plain;
}

function plainPagesFor(lu: LogicalUnit, cdb: Sense): ModePage[] {
  const codes = cdb.pageCode === ModePageCode.ALL ? [...PAGES.keys()] : [cdb.pageCode];
  const mode = cdb.pageControl === PageControl.DEFAULT ? lu.defaultMode : lu.mode;
  return codes.map((code) => {
    const entry = PAGES.get(code)!;
    return whole(cdb.pageControl === PageControl.CHANGEABLE ? entry.changeable : entry.page(mode));
  });
}

function deviceParameter(lu: LogicalUnit): number {
  return (lu.mode.softwareWriteProtect ? BlockDeviceParameter.WP : 0) | BlockDeviceParameter.DPOFUA;
}

const BLOCKS_32_MAX = 0xffff_ffff;

/** The block descriptor; a count that does not fit 4 bytes is FFFFFFFFh. */
const shortDescriptor = (lu: LogicalUnit) =>
  blockDescriptor.decode(
    blockDescriptor.encode({
      numberOfBlocks: Math.min(lu.medium.blocks, BLOCKS_32_MAX),
      blockLengthBytes: BLOCK_BYTES,
    }),
  );
const longDescriptor = (lu: LogicalUnit) =>
  longBlockDescriptor.decode(
    longBlockDescriptor.encode({
      numberOfBlocks: BigInt(lu.medium.blocks),
      blockLengthBytes: BLOCK_BYTES,
    }),
  );

function sense6({ lu }: Invocation, cdb: Sense): Reply {
  return data(
    modeParameters6.encode({
      deviceSpecificParameter: deviceParameter(lu),
      blockDescriptors: cdb.dbd === 1 ? [] : [shortDescriptor(lu)],
      pages: pagesFor(lu, cdb),
    }),
    cdb.allocationLengthBytes,
  );
}

function sense10({ lu }: Invocation, cdb: Sense & { llbaa: number }): Reply {
  const descriptors =
    cdb.llbaa === 1
      ? { longlba: 1, longBlockDescriptors: cdb.dbd === 1 ? [] : [longDescriptor(lu)] }
      : { longlba: 0, blockDescriptors: cdb.dbd === 1 ? [] : [shortDescriptor(lu)] };
  return data(
    modeParameters10.encode({
      deviceSpecificParameter: deviceParameter(lu),
      ...descriptors,
      pages: pagesFor(lu, cdb),
    }),
    cdb.allocationLengthBytes,
  );
}

type Select = { pf: number; sp: number; parameterListLengthBytes: number };

function checkSelect(cdb: Select): Reply | undefined {
  if (cdb.pf === 0) return invalidFieldInCdb(1, 4);
  return cdb.sp === 1 ? invalidFieldInCdb(1, 0) : undefined;
}

type Descriptor = { numberOfBlocks: number | bigint; blockLengthBytes: number };

/** A block descriptor may only say what is so already; 0 blocks mean the same. */
function fits(lu: LogicalUnit, { numberOfBlocks, blockLengthBytes }: Descriptor): boolean {
  const blocks = Number(numberOfBlocks);
  const same = blocks === 0 || blocks === lu.medium.blocks || blocks === BLOCKS_32_MAX;
  return same && blockLengthBytes === BLOCK_BYTES;
}

const PS = 0x80;

/** The first byte of a page that has a bit which cannot be changed to that; `undefined`: none. */
function firstWrongByte(given: Uint8Array, present: Uint8Array, changeable: Uint8Array) {
  if (given.length !== present.length) return 1;
  for (let i = 0; i < given.length; i++) {
    const fixed = i === 0 ? PS : i === 1 ? 0 : changeable[i]!;
    if (((given[i]! ^ present[i]!) & ~fixed & 0xff) !== 0) return i;
  }
  return undefined;
}

/** The settings that a parameter list asks for, or why it is refused. `at`: where its pages begin. */
function wanted(lu: LogicalUnit, pages: readonly ModePage[], at: number): ModeParameters | Reply {
  const mode = { ...lu.mode };
  let offset = at;
  for (const page of pages) {
    const given = modePage.encode(page);
    const code = given[0]! & 0x3f;
    const entry = PAGES.get(code);
    if (entry === undefined) return invalidFieldInParameterList(offset, 5);
    const wrong = firstWrongByte(
      given,
      modePage.encode(entry.page(lu.mode)),
      modePage.encode(entry.changeable),
    );
    if (wrong !== undefined) return invalidFieldInParameterList(offset + wrong);
    if (page.kind === 'caching') mode.writeCacheEnabled = page.wce === 1;
    if (page.kind === 'control') mode.softwareWriteProtect = page.swp === 1;
    offset += given.length;
  }
  return mode;
}

type Parsed = { descriptors: readonly Descriptor[]; pages: readonly ModePage[]; pagesAt: number };

function select(invocation: Invocation, parse: (list: Uint8Array) => Parsed): Reply {
  const { target, lu, task, dataOut } = invocation;
  if (dataOut.length === 0) return GOOD;
  let parsed: Parsed;
  try {
    parsed = parse(dataOut);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  }
  const { descriptors, pages, pagesAt } = parsed;
  if (pagesAt > dataOut.length) return illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);
  if (descriptors.some((one) => !fits(lu, one))) return invalidFieldInParameterList(4);
  const mode = wanted(lu, pages, pagesAt);
  if ('status' in mode) return mode;
  const changed =
    mode.writeCacheEnabled !== lu.mode.writeCacheEnabled ||
    mode.softwareWriteProtect !== lu.mode.softwareWriteProtect;
  if (!mode.writeCacheEnabled) flush(target, lu);
  lu.mode = mode;
  if (changed) target.notifyOthers(lu, task.nexus.pair, SenseCode.MODE_PARAMETERS_CHANGED);
  return GOOD;
}

function parse6(list: Uint8Array): Parsed {
  const { blockDescriptors, blockDescriptorLengthBytes, pages } = modeParameters6.decode(list);
  return { descriptors: blockDescriptors, pages, pagesAt: 4 + blockDescriptorLengthBytes };
}

function parse10(list: Uint8Array): Parsed {
  const parameters = modeParameters10.decode(list);
  const { blockDescriptors = [], longBlockDescriptors = [], pages } = parameters;
  return {
    descriptors: [...blockDescriptors, ...longBlockDescriptors],
    pages,
    pagesAt: 8 + parameters.blockDescriptorLengthBytes,
  };
}

const senses = {
  reservation: 'read',
  access: 'standby',
  needsReady: false,
  dataInBytes: (cdb: Sense) => cdb.allocationLengthBytes,
} as const;
const selects = {
  reservation: 'write',
  access: 'standby',
  needsReady: false,
  dataOutBytes: (cdb: Select) => cdb.parameterListLengthBytes,
  check: checkSelect,
} as const;

/** MODE SENSE and MODE SELECT, (6) and (10), and START STOP UNIT. Source: SPC-5; SBC-4. */
export const modeCommands: readonly Command[] = [
  command(cdbs['MODE SENSE(6)'], {
    ...senses,
    check: (cdb, lu) => checkSense(cdbs['MODE SENSE(6)'].table, cdb, lu),
    run: sense6,
  }),
  command(cdbs['MODE SENSE(10)'], {
    ...senses,
    check: (cdb, lu) => checkSense(cdbs['MODE SENSE(10)'].table, cdb, lu),
    run: sense10,
  }),
  command(cdbs['MODE SELECT(6)'], { ...selects, run: (invocation) => select(invocation, parse6) }),
  command(cdbs['MODE SELECT(10)'], {
    ...selects,
    run: (invocation) => select(invocation, parse10),
  }),

  /** Starting is allowed under any reservation, stopping is not. */
  command(cdbs['START STOP UNIT'], {
    reservation: (cdb) =>
      cdb.start === 1 && cdb.powerCondition === PowerCondition.START_VALID ? 'allowed' : 'write',
    needsReady: false,
    check: (cdb) => {
      if (cdb.powerCondition !== PowerCondition.START_VALID) return invalidFieldInCdb(4, 7);
      return cdb.loej === 1 ? invalidFieldInCdb(4, 1) : undefined;
    },
    run: ({ target, lu }, cdb) => {
      if (cdb.start === 0 && cdb.noFlush === 0) flush(target, lu);
      lu.started = cdb.start === 1;
      return GOOD;
    },
  }),
];
