/**
 * A Fibre Channel switch with native links: one domain, an N_Port's adapter behind each port.
 *
 * A frame is taken only from the port at which its S_ID is logged in; FLOGI and FDISC come without one.
 * What goes from N_Port to N_Port leaves as it came. Class 3 knows no refusal: what cannot go is dropped
 * and counted. The link to a port is all that tells whether somebody is there: nothing keeps logins alive.
 * Source: FC-FS-3, frames; FC-LS-3, fabric login; FC-SW-6 for one switch.
 */
import { ElsCommand, fdisc, flogi, logo } from '../../codecs/els/index.ts';
import {
  FC_HEADER_BYTES,
  FCTL_LAST_REPLY,
  type FcHeader,
  FcType,
  fcHeader,
  LinkFrameLocator,
  RCtl,
  WellKnownAddress,
} from '../../codecs/fc/index.ts';
import { fcCrcIsGood } from '../../codecs/fcoe/index.ts';
import { CodecError, type FcId, partOf, uint24At } from '../../codecs/layout/index.ts';
import type { FrameRefusal } from '../../history/fabric.ts';
import type { Instant } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import { FabricContext } from './context.ts';
import { exchangeNames } from './exchange-names.ts';
import { FabricServices } from './fabric-services.ts';
import { FabricSwitch } from './fabric-switch.ts';
import type { FabricRequest } from './login-server.ts';
import { type Login, RouteBits } from './logins.ts';
import { NativeLinks } from './native-links.ts';
import { checkFabricOptions, FABRIC_DEFAULTS, type FabricOptions } from './options.ts';

const F_PORT = WellKnownAddress['F_Port Controller'];
/** Well-known addresses and domain controllers. */
const SERVICE_ADDRESSES_FIRST = 0xff_f000;

/** Moves from frame to frame; its places are read before anybody else can move it. */
const locator = new LinkFrameLocator();

/** The switch as a machine: Fibre Channel frames in and out by its numbered ports, `FabricEvent`s for its owner. */
export class FcSwitch extends FabricSwitch {
  readonly #context: FabricContext;
  readonly #links: NativeLinks;

  /** Errors: `RangeError` or `TypeError` naming the option that makes no sense. */
  constructor(options: FabricOptions) {
    const config = { ...FABRIC_DEFAULTS, ...options };
    checkFabricOptions(config);
    const context = new FabricContext(config);
    const links = new NativeLinks(context);
    super(context, new FabricServices(context, links));
    this.#context = context;
    this.#links = links;
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    const context = this.#context;
    context.core.now = now;
    const state = context.ports[port];
    if (state === undefined) throw new RangeError(`switch ${this.config.name} has no port ${port}`);
    if (!state.up || state.disabled) {
      context.drop('port-down', port);
      return;
    }
    const fault = locator.find(frame);
    if (fault !== undefined) context.drop('malformed', port, { detail: fault.message });
    else this.#handle(port, frame, given);
    this.fabric.controller.flush();
  }

  #handle(port: number, frame: Uint8Array, given: boolean): void {
    const { fcAt } = locator;
    const sId = uint24At(frame, fcAt + 5);
    const dId = uint24At(frame, fcAt + 1);
    if (!locator.isGood) this.#drop('discard-eof', port, sId, dId);
    else if (dId === F_PORT && isLoginRequest(frame)) this.#login(port, frame);
    else this.#forward(port, frame, given, sId, dId);
  }

  #forward(port: number, frame: Uint8Array, given: boolean, sId: FcId, dId: FcId): void {
    const { logins, counters, core, zones } = this.#context;
    const from = logins.routeOf(sId);
    const isItself = (from & RouteBits.FENCED) === 0 && (from & RouteBits.PORT) === port + 1;
    if (!isItself) {
      this.#drop('no-login', port, sId, dId);
      return;
    }
    if (dId >= SERVICE_ADDRESSES_FIRST) {
      const isRenamed = (from & RouteBits.RENAMED) !== 0;
      const source = logins.byId(sId)!;
      this.#serve(source, isRenamed ? exchangeNames(frame.slice(), source) : frame);
      return;
    }
    const to = logins.routeOf(dId);
    if (to === 0) {
      this.#drop('unknown-d-id', port, sId, dId);
      return;
    }
    if (zones.hard && !this.#context.mayPass(sId, dId)) {
      this.#drop('zoning', port, sId, dId);
      return;
    }
    counters.forwarded++;
    const out = (to & RouteBits.PORT) - 1;
    if (((from | to) & RouteBits.RENAMED) === 0) {
      core.send(out, frame, given);
      return;
    }
    const leaving = given ? frame : copyOf(frame);
    exchangeNames(leaving, logins.byId(sId)!, logins.byId(dId)!);
    core.send(out, leaving, true);
  }

  #serve(source: Login, frame: Uint8Array): void {
    const { fcAt, payloadAt, payloadEnd } = locator;
    const header = fcHeader.decode(frame, fcAt, fcAt + FC_HEADER_BYTES);
    const { sId, dId } = header;
    const { services } = this.fabric;
    if (!services.answersAt(dId)) this.#drop('unknown-d-id', source.port, sId, dId);
    else if (!fcCrcIsGood(frame, locator)) this.#drop('bad-crc', source.port, sId, dId);
    else services.handle(source, header, frame.subarray(payloadAt, payloadEnd));
  }

  /** FLOGI, FDISC or LOGO to the F_Port. */
  #login(port: number, frame: Uint8Array): void {
    const { fcAt, payloadAt, payloadEnd } = locator;
    const header = fcHeader.decode(frame, fcAt, fcAt + FC_HEADER_BYTES);
    const { sId, dId } = header;
    if (!fcCrcIsGood(frame, locator)) {
      this.#drop('bad-crc', port, sId, dId);
      return;
    }
    this.#context.counters.served++;
    try {
      this.#ask(this.#requestOf(port, header), partOf(frame, payloadAt, payloadEnd));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#context.drop('malformed', port, { sId, dId, detail: error.message });
    }
  }

  #ask(request: FabricRequest, payload: Uint8Array): void {
    const { loginServer } = this.fabric;
    switch (payload[0]) {
      case ElsCommand.FLOGI:
        loginServer.login({ ...request, by: 'FLOGI', parameters: flogi.view(payload) }, undefined);
        return;
      case ElsCommand.FDISC:
        loginServer.login({ ...request, by: 'FDISC', parameters: fdisc.view(payload) }, undefined);
        return;
      default:
        loginServer.logo(request, logo.decode(payload));
    }
  }

  /** There is one adapter behind a port: its address is empty. */
  #requestOf(port: number, { sId, oxId }: FcHeader): FabricRequest {
    const reply = (dId: FcId, payload: Uint8Array): void => {
      const header = {
        rCtl: RCtl['ELS Reply'],
        dId,
        sId: F_PORT,
        type: FcType.ELS,
        fCtl: FCTL_LAST_REPLY,
        oxId,
      };
      this.#links.sendAt(port, header, payload);
    };
    return { port, adapter: '', oxId, sId, reply };
  }

  #drop(reason: FrameRefusal, port: number, sId: FcId, dId: FcId): void {
    this.#context.drop(reason, port, { sId, dId });
  }
}

const LOGIN_COMMANDS: ReadonlySet<number> = new Set([
  ElsCommand.FLOGI,
  ElsCommand.FDISC,
  ElsCommand.LOGO,
]);

/** Whether a frame that was located asks the F_Port for a login, or for the end of one. */
function isLoginRequest(frame: Uint8Array): boolean {
  const { fcAt, payloadAt } = locator;
  return (
    frame[fcAt] === RCtl['ELS Request'] &&
    frame[fcAt + 8] === FcType.ELS &&
    LOGIN_COMMANDS.has(frame[payloadAt]!)
  );
}

/** A frame that is lent must not be changed: another one. */
function copyOf(frame: Uint8Array): Uint8Array {
  const copy = roomFor(frame.length);
  copy.set(frame);
  return copy;
}
