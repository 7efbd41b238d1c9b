/**
 * Data center bridging at the ports of an FCF: each has an exchange of its own with the ENode behind it.
 *
 * Ownership: an FCF owns one; its exchanges work on the FCF's context.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import { type DcbxOptions, DcbxPort } from '../../net/dcbx/dcbx-port.ts';
import type { FcfContext } from './context.ts';

/** The exchanges of all ports. */
export class PortBridging {
  readonly #context: FcfContext;
  /** By number; a port may have none. */
  readonly #ports: readonly (DcbxPort | undefined)[];

  constructor(context: FcfContext, options: DcbxOptions | readonly DcbxOptions[]) {
    this.#context = context;
    const optionsOf = (index: number): DcbxOptions | undefined =>
      'settings' in options ? options : options[index];
    this.#ports = context.ports.map(({ index }) => {
      const own = optionsOf(index);
      return own && this.#exchangeAt(index, own);
    });
  }

  /** Neighbours that are remembered at all ports. */
  get peers(): number {
    return this.#ports.reduce((sum, one) => sum + (one?.peers ?? 0), 0);
  }

  /** Begins at ports that are up. */
  start(): void {
    for (const { index, up } of this.#context.ports) if (up) this.#ports[index]?.linkUp();
  }

  linkUp(port: number): void {
    this.#ports[port]?.linkUp();
  }

  linkDown(port: number): void {
    this.#ports[port]?.linkDown();
  }

  /** A power cycle. */
  restart(): void {
    for (const port of this.#ports) port?.linkDown();
    this.start();
  }

  /** An LLDP frame without a tag. */
  handleFrame(port: number, frame: Uint8Array): void {
    this.#context.counters.served++;
    try {
      this.#ports[port]?.handleFrame(frame);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#context.drop('malformed', port, { detail: error.message });
    }
  }

  #exchangeAt(port: number, options: DcbxOptions): DcbxPort {
    const { core, config } = this.#context;
    return new DcbxPort(options, {
      mac: config.fcfMac,
      portName: `port ${port}`,
      get now() {
        return core.now;
      },
      after: (delayNs, run) => core.after(delayNs, run),
      send: (frame) => core.send(port, frame, true),
      agreed: (agreement) => core.emit({ type: 'dcbx', port, ...agreement }),
      contradiction: (what) => this.#context.protocol(port, `LLDP: ${what}`),
    });
  }
}
