/**
 * Which unit each LUN of each login was, as far as the frames of a capture tell, and who went on
 * with what he knew of it although its target had warned him.
 *
 * A host knows a unit by its names (INQUIRY, VPD page 83h). UNIT ATTENTION 3F/0E (REPORTED LUNS DATA
 * HAS CHANGED) and 3F/03 (INQUIRY DATA HAS CHANGED) warn it that they may be others now; until it
 * looks again, what it reads and writes is for a unit that it only believes to be there. That the
 * unit was another is proven by the next look alone.
 */
import { formatFcId } from '../../codecs/layout/index.ts';
import { formatLun, SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import { Findings, notObservable, onFabric } from '../findings.ts';
import type { Conclusion } from '../rule.ts';
import type { ExchangeRow } from '../seen/exchange-row.ts';
import type { UnitLook } from '../seen/unit-looks.ts';
import { IdMap } from './id-map.ts';
import { Numbers } from './numbers.ts';

/** Logins and units that are kept; more are counted only. */
const LOGINS_MAX = 10_000;
const UNITS_MAX = 10_000;
/** Frames that are kept of one unit's looks, and of the commands behind one warning. */
const FRAMES_MAX = 64;

/** Warnings: of one unit, and of all units of the login. */
const { INQUIRY_DATA_HAS_CHANGED, REPORTED_LUNS_DATA_HAS_CHANGED } = SenseCode;

/** A warning, and what was done to the unit until it was looked at. */
export interface UnseenTime {
  /** `3F/0E` or `3F/03`. */
  readonly sense: string;
  /** The frame that warned, and that of the command which it answered; of the latest warning. */
  frame: number;
  asked: number;
  /** Reads and writes that went well since the first warning. */
  commands: number;
  firstFrame: number;
  lastFrame: number;
  /** Writes since the latest warning, and their first frames. */
  writes: number;
  readonly writeFrames: number[];
  lastWriteFrame: number;
  /** The look that ended it, and the names before and then. */
  look: { readonly frame: number; readonly from: Names; readonly to: Names } | undefined;
  /** The latest REPORT LUNS before that look: it takes warnings away that nobody was told of. */
  reportLuns: number;
  /** Commands that began behind the look went well: no warning was owed when it was made. */
  isSettled: boolean;
  /** One was: the unit may have become another behind the last write. */
  isDoubtful: boolean;
}

type Names = readonly string[];

/** A logical unit as one login sees it. */
export interface SeenUnit {
  readonly fabric: string;
  readonly initiator: number;
  readonly target: number;
  readonly lun: bigint;
  /** As it was told last. */
  names: Names;
  blocks: bigint | undefined;
  /** Frames that asked for its names; the first of many. */
  readonly looks: number[];
  /** Since a warning that nobody has heeded. */
  unseen: UnseenTime | undefined;
  /** Times that a look has ended, the latest of them; commands that were under way may still come to the last. */
  readonly ended: UnseenTime[];
}

interface Login {
  readonly units: Map<bigint, SeenUnit>;
  /** The latest warning that was about all units. */
  warning: ExchangeRow | undefined;
  /** The latest REPORT LUNS, which takes warnings of 3F/0E away unsaid. */
  reportLuns: number;
  isWarned: boolean;
}

/** Keeps what is known of units. */
export class UnitIdentities {
  #logins = new IdMap<Login>(LOGINS_MAX);
  readonly #fabrics = new Numbers();
  readonly #units: SeenUnit[] = [];
  /** Kinds of commands by name: there are few. */
  readonly #kinds = new Map<string, 'write' | 'read' | 'none'>();
  #anyWarned = false;
  #left = 0;

  /** Takes an exchange that has ended, and what it told of its unit. */
  take(row: ExchangeRow, look: UnitLook | undefined): void {
    if (row.kind === 'els') this.#loggedIn(row);
    if (row.kind !== 'fcp' || row.lun === undefined) return;
    if (look !== undefined) this.#look(row, look);
    else if (row.sense !== undefined) this.#warned(row);
    else if (this.#anyWarned && row.status === 'GOOD') this.#done(row);
  }

  /** The first name of the unit that a command was for, as its login was told it last. */
  nameOf({ fabric, lun, originator, responder }: ExchangeRow): string | undefined {
    const login = this.#logins.get(this.#fabrics.of(fabric), originator, responder);
    return lun === undefined ? undefined : login?.units.get(lun)?.names[0];
  }

  /** A login begins or ends: what was known of the one before says nothing of it. */
  #loggedIn({ command, fabric, originator, responder }: ExchangeRow): void {
    if (command !== 'PLOGI' && command !== 'LOGO' && command !== 'PRLO') return;
    const number = this.#fabrics.of(fabric);
    this.#logins.delete(number, originator, responder);
    this.#logins.delete(number, responder, originator);
  }

  /** Frames are missing: looks may be among them. */
  forget(): void {
    this.#logins = new IdMap<Login>(LOGINS_MAX);
  }

  #loginOf({ fabric, originator, responder }: ExchangeRow): Login {
    const number = this.#fabrics.of(fabric);
    let login = this.#logins.get(number, originator, responder);
    if (login === undefined) {
      login = { units: new Map(), warning: undefined, reportLuns: 0, isWarned: false };
      this.#logins.set(number, originator, responder, 0, login);
    }
    return login;
  }

  #unitOf(row: ExchangeRow, login: Login): SeenUnit | undefined {
    const lun = row.lun!;
    let unit = login.units.get(lun);
    if (unit !== undefined) return unit;
    if (this.#units.length >= UNITS_MAX) {
      this.#left++;
      return undefined;
    }
    const { fabric, originator: initiator, responder: target } = row;
    const unseen = login.warning === undefined ? undefined : unseenSince(login.warning);
    const known = { names: [], blocks: undefined, looks: [], unseen, ended: [] };
    unit = { fabric, initiator, target, lun, ...known };
    login.units.set(lun, unit);
    this.#units.push(unit);
    return unit;
  }

  #look(row: ExchangeRow, { names, blocks }: UnitLook): void {
    const login = this.#loginOf(row);
    const unit = this.#unitOf(row, login);
    if (unit === undefined) return;
    if (blocks !== undefined) unit.blocks = blocks;
    if (names === undefined) return;
    const frame = row.firstFrame;
    if (unit.looks.length < FRAMES_MAX) unit.looks.push(frame);
    const { unseen } = unit;
    if (unseen !== undefined && frame > unseen.frame) {
      unseen.look = { frame, from: unit.names, to: names };
      unseen.reportLuns = login.reportLuns;
      unit.ended.push(unseen);
      if (unit.ended.length > FRAMES_MAX) unit.ended.shift();
      unit.unseen = undefined;
    }
    if (names.length > 0) unit.names = names;
  }

  #warned(row: ExchangeRow): void {
    const code = warningOf(row);
    if (code === undefined) return;
    this.#anyWarned = true;
    const login = this.#loginOf(row);
    login.isWarned = true;
    const own = this.#unitOf(row, login);
    if (code === REPORTED_LUNS_DATA_HAS_CHANGED) {
      login.warning = row;
      for (const unit of login.units.values()) warn(unit, row);
    } else if (own !== undefined) warn(own, row);
  }

  /** A command has ended well. */
  #done(row: ExchangeRow): void {
    const { fabric, originator, responder, command, firstFrame } = row;
    const login = this.#logins.get(this.#fabrics.of(fabric), originator, responder);
    if (login?.isWarned !== true) return;
    if (command === 'REPORT LUNS') login.reportLuns = Math.max(login.reportLuns, firstFrame);
    const kind = this.#kindOf(command);
    if (kind === 'none') return;
    const unit = this.#unitOf(row, login);
    if (unit === undefined) return;
    count(unit.unseen, row, kind);
    count(unit.ended.at(-1), row, kind);
  }

  #kindOf(command: string): 'write' | 'read' | 'none' {
    let kind = this.#kinds.get(command);
    if (kind === undefined) {
      kind = WRITES.test(command) ? 'write' : command.startsWith('READ(') ? 'read' : 'none';
      this.#kinds.set(command, kind);
    }
    return kind;
  }

  /** Units that were looked at, or used behind a warning. */
  get units(): readonly SeenUnit[] {
    return this.#units;
  }

  /** Commands and looks whose unit is not among them, for there are too many. */
  get left(): number {
    return this.#left;
  }

  /** What the frames prove; `undefined` where no unit was warned of. */
  conclude(): Conclusion | undefined {
    const findings = new Findings();
    let heeded = 0;
    let open = 0;
    for (const unit of this.#units) {
      for (const time of unit.ended) {
        if (isProven(time)) findings.add(textOf(unit, time), framesOf(time), subjectOf(unit));
        else if (isOther(time) && time.commands > 0) open++;
        else if (time.look!.from.length > 0 && time.look!.to.length > 0) heeded++;
      }
      if ((unit.unseen?.commands ?? 0) > 0) open++;
    }
    if (findings.count > 0) return findings.conclude('');
    if (open > 0)
      return notObservable(
        `${open} logical units were read or written after a warning that they may be others, and no look proves what they were`,
      );
    if (heeded === 0) return undefined;
    return findings.conclude(
      `${heeded} warnings that a logical unit may be another, after which none was another that was used before the next look`,
    );
  }
}

const WRITES = /^(WRITE(?! BUFFER)|UNMAP|COMPARE AND WRITE|ORWRITE|XDWRITE|XPWRITE)/;

/** The `SenseCode` of a warning that a unit may be another. */
function warningOf({ sense }: ExchangeRow): number | undefined {
  if (sense?.senseKey !== SenseKey.UNIT_ATTENTION) return undefined;
  const code = (sense.asc << 8) | sense.ascq;
  const warns = code === INQUIRY_DATA_HAS_CHANGED || code === REPORTED_LUNS_DATA_HAS_CHANGED;
  return warns ? code : undefined;
}

const unseenSince = (row: ExchangeRow): UnseenTime => ({
  sense: warningOf(row) === INQUIRY_DATA_HAS_CHANGED ? '3F/03' : '3F/0E',
  frame: row.lastFrame,
  asked: row.firstFrame,
  commands: 0,
  firstFrame: 0,
  lastFrame: 0,
  writes: 0,
  writeFrames: [],
  lastWriteFrame: 0,
  look: undefined,
  reportLuns: 0,
  isSettled: false,
  isDoubtful: false,
});

/** A unit may have become another with the latest warning: writes before it prove nothing. */
function warn(unit: SeenUnit, row: ExchangeRow): void {
  const { unseen } = unit;
  if (unseen === undefined) {
    const ended = unit.ended.at(-1);
    if (ended?.isSettled === false) ended.isDoubtful = true;
    unit.unseen = unseenSince(row);
    return;
  }
  unseen.frame = row.lastFrame;
  unseen.asked = row.firstFrame;
  unseen.writes = 0;
  unseen.writeFrames.length = 0;
  unseen.lastWriteFrame = 0;
}

/**
 * Counts a command that went well. One that was sent behind the command that was answered with the
 * warning was for the unit of then, even where the host had not read the warning yet.
 */
function count(time: UnseenTime | undefined, row: ExchangeRow, kind: 'write' | 'read'): void {
  if (time === undefined) return;
  const { firstFrame, lastFrame } = row;
  if (firstFrame < time.asked || lastFrame < time.frame) return;
  if (time.look !== undefined && firstFrame > time.look.frame) {
    time.isSettled = true;
    return;
  }
  if (time.commands++ === 0) time.firstFrame = firstFrame;
  time.lastFrame = Math.max(time.lastFrame, lastFrame);
  if (kind === 'read') return;
  time.writes++;
  time.lastWriteFrame = Math.max(time.lastWriteFrame, lastFrame);
  if (time.writeFrames.length < FRAMES_MAX) time.writeFrames.push(firstFrame);
}

const kindOfName = (name: string): string => name.slice(0, name.indexOf('.'));

/** True where the look showed another unit: names of the same kind, none of them the same. */
function isOther({ look }: UnseenTime): boolean {
  if (look === undefined || look.from.length === 0 || look.to.length === 0) return false;
  return (
    kindOfName(look.from[0]!) === kindOfName(look.to[0]!) &&
    !look.to.some((name) => look.from.includes(name))
  );
}

function isProven(time: UnseenTime): boolean {
  const { look, writes, lastWriteFrame, reportLuns, isDoubtful } = time;
  if (!isOther(time) || writes === 0 || isDoubtful) return false;
  return reportLuns < lastWriteFrame || reportLuns > look!.frame;
}

function textOf({ initiator, target, lun, fabric }: SeenUnit, time: UnseenTime): string {
  const { look, writes, sense, frame } = time;
  const { from, to, frame: lookFrame } = look!;
  const times = writes === 1 ? 'once' : `${writes} times`;
  return `${formatFcId(initiator)} wrote ${times} to LUN ${formatLun(lun)} of ${formatFcId(target)} ${onFabric(fabric)} after the warning ${sense} of frame ${frame}, meaning ${from[0]}, which its look in frame ${lookFrame} shows to be ${to[0]}`;
}

const subjectOf = ({ lun }: SeenUnit): string => `LUN ${formatLun(lun)}`;

const framesOf = ({ frame, writeFrames, look }: UnseenTime): number[] => [
  frame,
  ...writeFrames,
  look!.frame,
];
