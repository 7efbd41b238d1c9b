/** I12: when OX_IDs are used again. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { type HistoryEntry, inMs } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import type { Rule } from '../rule.ts';
import { nameOfExchange, type SeenExchange } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';

/** Exchanges remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

/** I12: an OX_ID rests while frames of its old exchange may be alive. */
export class OxIdRests implements Rule {
  readonly invariant = 'I12';
  readonly sentence = 'No OX_ID is used again while frames of its old exchange may be under way';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['command', 'response', 'ba', 'abts', 'els-request'];
  readonly #bounds: RuleContext['bounds'];
  readonly #findings = new Findings();
  readonly #links = new Numbers();
  /** Exchanges that used an OX_ID last and were not answered, by link, originator and OX_ID. */
  readonly #last = new IdMap<SeenExchange>(REMEMBERED_MAX);
  /** Those of whose commands an answer was seen, by link, originator and responder. */
  readonly #heard = new IdMap<true>(REMEMBERED_MAX);
  #commands = 0;
  #isCapture = false;

  constructor({ bounds }: Pick<RuleContext, 'bounds'>) {
    this.#bounds = bounds;
  }

  observe({ event }: HistoryEntry): void {
    // A machine that starts anew knows nothing of its old exchanges, and a slow link hides their age.
    if (event.type !== 'frame-hit') this.#last.clear();
  }

  see(frame: SeenFrame): void {
    if (frame.protocol !== 'fc') return;
    if (frame.role === 'command') this.#command(frame);
    else if (frame.role === 'response') this.#response(frame);
    else if (frame.role === 'ba' && frame.exchange !== undefined) this.#hear(frame.exchange);
    else if (frame.role === 'els-request' && frame.payload[0] === ElsCommand.RRQ) this.#rrq(frame);
  }

  #command(fc: FcFrame): void {
    const { exchange, disturbed, tapped, number } = fc;
    if (exchange === undefined || disturbed !== undefined || exchange.frame !== number) return;
    // Where frames go in to the switch, the order is that of the one who chose the OX_ID.
    if (fc.direction === 'out' && tapped.direction !== 'unknown') return;
    this.#commands++;
    this.#isCapture ||= tapped.direction === 'unknown';
    const link = this.#links.of(fc.link);
    const before = this.#last.get(link, fc.originator, fc.header.oxId);
    this.#last.set(link, fc.originator, fc.header.oxId, 0, exchange);
    if (before === undefined || before.late || before.state === 'answered') return;
    const heard = this.#heard.get(link, before.originator, before.responder);
    // A tap that sees one direction alone shows no answer, whoever gives one.
    if (heard === undefined && tapped.direction === 'unknown') return;
    const restedNs = fc.at - before.lastAt;
    if (restedNs >= this.#bounds.rATovNs) return;
    const how = before.state === 'aborted' ? 'was aborted' : 'has not ended';
    this.#findings.add(
      `${nameOfExchange(exchange)}: used again ${inMs(restedNs, 1)} after the last frame of an exchange that ${how}`,
      [before.frame, number],
    );
  }

  /** What was answered needs no rest. */
  #response({ exchange, link, originator, header }: FcFrame): void {
    if (exchange === undefined) return;
    this.#hear(exchange);
    if (exchange.state !== 'answered') return;
    const number = this.#links.of(link);
    if (this.#last.get(number, originator, header.oxId) !== exchange) return;
    this.#last.delete(number, originator, header.oxId);
  }

  /** The responder of an exchange can be heard on its link. */
  #hear({ link, originator, responder }: SeenExchange): void {
    const number = this.#links.of(link);
    if (this.#heard.get(number, originator, responder) === undefined)
      this.#heard.set(number, originator, responder, 0, true);
  }

  /** RRQ gives an OX_ID back. Shape: command word, S_ID at byte 5, OX_ID at byte 8. Source: FC-LS-3. */
  #rrq({ payload, link }: FcFrame): void {
    if (payload.length < 12) return;
    const sId = (payload[5]! << 16) | (payload[6]! << 8) | payload[7]!;
    const oxId = (payload[8]! << 8) | payload[9]!;
    this.#last.delete(this.#links.of(link), sId, oxId);
  }

  conclude() {
    if (this.#isCapture && this.#commands > 0 && this.#heard.size === 0)
      return notObservable('no answer to a command is there, only one direction');
    return this.#findings.concludeOf(
      this.#commands,
      `${this.#commands} commands, each with an OX_ID that was free`,
      'no command was sent',
    );
  }
}
