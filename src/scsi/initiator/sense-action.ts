/** What a command's sense data asks its initiator to do. Source: SPC-5, sense keys; the choices are Linux's. */
import { SenseKey, sense } from '../../codecs/scsi/index.ts';
import { type Instant, MILLISECOND } from '../../machine/machine.ts';

/** Pause before a command that met BUSY or NOT READY is sent again. */
export const BUSY_PAUSE_NS: Instant = 10 * MILLISECOND;
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
}

/** Judges sense data; none, or of an unknown format, is a failure. */
export function judgeSense(data: Uint8Array): SenseAction {
  const decoded = data.length === 0 ? undefined : sense.decode(data);
  if (decoded === undefined || decoded.kind === 'unknown') {
    const words = 'CHECK CONDITION without sense data';
    return { retry: false, pauseNs: 0, words, powerOn: false };
  }
  const { senseKey, asc, ascq } = decoded;
  const words = `sense ${senseKey.toString(16)}/${asc.toString(16).padStart(2, '0')}/${ascq.toString(16).padStart(2, '0')}`;
  const powerOn = asc === POWER_ON_ASC && ascq <= POWER_ON_ASCQ_MAX;
  const fail = { retry: false, pauseNs: 0, words, powerOn: false };
  switch (senseKey) {
    case SenseKey.UNIT_ATTENTION:
      return { retry: true, pauseNs: 0, words, powerOn };
    case SenseKey.ABORTED_COMMAND:
      return { ...fail, retry: true };
    case SenseKey.NOT_READY:
      return { ...fail, retry: true, pauseNs: BUSY_PAUSE_NS };
    case SenseKey.MISCOMPARE:
      return { ...fail, words: 'miscompare' };
    default:
      return fail;
  }
}
