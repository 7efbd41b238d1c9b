/** What a command's sense data asks its initiator to do. Source: SPC-5, sense keys; the choices are Linux's (scsi_error.c, scsi_dh_alua.c). */
import { CodecError, nameOf } from '../../codecs/layout/index.ts';
import { AccessState, SenseCode, SenseKey, sense, senseText } from '../../codecs/scsi/index.ts';
import { type Instant, MILLISECOND } from '../../machine/machine.ts';

/** Pause before a command that met BUSY or NOT READY is sent again. */
export const BUSY_PAUSE_NS: Instant = 10 * MILLISECOND;
/** Access states of the port that refused, by ASC and ASCQ. */
const REFUSED_IN: Readonly<Record<number, number>> = {
  [SenseCode.ASYMMETRIC_ACCESS_STATE_TRANSITION]: AccessState.TRANSITIONING,
  [SenseCode.TARGET_PORT_IN_STANDBY_STATE]: AccessState.STANDBY,
  [SenseCode.TARGET_PORT_IN_UNAVAILABLE_STATE]: AccessState.UNAVAILABLE,
  [SenseCode.NOT_READY_OFFLINE]: AccessState.OFFLINE,
};
/** Unit attentions after which access states may be others: 29h/00h may hide one of the others. */
const ACCESS_CHANGED: ReadonlySet<number> = new Set<number>([
  SenseCode.ASYMMETRIC_ACCESS_STATE_CHANGED,
  SenseCode.IMPLICIT_ASYMMETRIC_ACCESS_STATE_TRANSITION_FAILED,
]);
/** 29h/00h and 29h/01h: power on. */
const POWER_ON_ASC = 0x29;
const POWER_ON_ASCQ_MAX = 0x01;

/** What a CHECK CONDITION asks the initiator to do. */
export interface SenseAction {
  readonly retry: boolean;
  readonly pauseNs: number;
  readonly words: string;
  /** The target device has lost power since. */
  readonly powerOn: boolean;
  /** `AccessState` of the target port, where that is what refused the command. */
  readonly access: number | undefined;
  /** A thin unit has no space for the write: it can be written once there is more. */
  readonly noSpace: boolean;
  /** What is to be looked at anew before the path is used again: nothing where left out. */
  readonly outdated: 'access-states' | 'logical-units' | undefined;
}

const NOTHING = {
  retry: false,
  pauseNs: 0,
  powerOn: false,
  access: undefined,
  outdated: undefined,
  noSpace: false,
};

/** Judges sense data; none, of an unknown format, or cut short, is a failure. */
export function judgeSense(data: Uint8Array): SenseAction {
  const decoded = decodedSense(data);
  if (decoded === undefined || decoded.kind === 'unknown') {
    return { ...NOTHING, words: 'CHECK CONDITION without sense data' };
  }
  const { senseKey, asc, ascq } = decoded;
  const words = wordsOf(senseKey, asc, ascq);
  const fail = { ...NOTHING, words };
  const code = asc * 256 + ascq;
  switch (senseKey) {
    case SenseKey.UNIT_ATTENTION:
      return { ...fail, retry: true, ...attentionOf(code) };
    case SenseKey.ABORTED_COMMAND:
      return { ...fail, retry: true };
    case SenseKey.NOT_READY: {
      const access = REFUSED_IN[code];
      return { ...fail, retry: true, pauseNs: access === undefined ? BUSY_PAUSE_NS : 0, access };
    }
    case SenseKey.ILLEGAL_REQUEST:
      // The LUN leads nowhere any more; Linux, too, fails the path and not the I/O.
      return code === SenseCode.LOGICAL_UNIT_NOT_SUPPORTED
        ? { ...fail, retry: true, outdated: 'logical-units' }
        : fail;
    case SenseKey.DATA_PROTECT:
      return { ...fail, noSpace: code === SenseCode.SPACE_ALLOCATION_FAILED_WRITE_PROTECT };
    case SenseKey.MISCOMPARE:
      return { ...fail, words: 'miscompare' };
    default:
      return fail;
  }
}

/** What a unit attention says of things that were known. */
function attentionOf(code: number): Partial<SenseAction> {
  const powerOn = code >> 8 === POWER_ON_ASC && (code & 0xff) <= POWER_ON_ASCQ_MAX;
  if (powerOn) return { powerOn, outdated: 'access-states' };
  const access = REFUSED_IN[code];
  if (access !== undefined) return { access };
  if (ACCESS_CHANGED.has(code)) return { outdated: 'access-states' };
  return code === SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED ? { outdated: 'logical-units' } : {};
}

function decodedSense(data: Uint8Array) {
  if (data.length === 0) return undefined;
  try {
    return sense.decode(data);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return undefined;
  }
}

/** Sense key and additional sense code, as numbers and in the standard's words. */
function wordsOf(senseKey: number, asc: number, ascq: number): string {
  const [key, code, qualifier] = [senseKey, asc, ascq].map((one) => one.toString(16));
  const numbers = `${key}/${code!.padStart(2, '0')}/${qualifier!.padStart(2, '0')}`;
  const names = [nameOf(SenseKey, senseKey)?.replaceAll('_', ' '), senseText(asc, ascq)];
  return `sense ${numbers} (${names.filter((one) => one !== undefined).join(', ')})`;
}
