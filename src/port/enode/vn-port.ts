/**
 * A VN_Port: an N_Port whose link is FCoE. It is known on the Ethernet by the MAC address that was
 * granted with its N_Port_ID. Source: FC-BB-5, VN_Ports.
 */
import { putMac, uint24At } from '../../codecs/layout/index.ts';
import { Lport } from '../n-port/lport.ts';

/** An N_Port with the MAC address of its virtual link. */
export class VnPort extends Lport {
  /** Halves of its MAC address as numbers, which the ENode compares and writes with every frame. */
  macHigh24 = 0;
  macLow24 = 0;

  /** The MAC address that the fabric granted; empty before and after its login. */
  get mac(): string {
    return this.linkAddress;
  }

  /** Reads the halves of the MAC address that was granted. */
  readMac(): void {
    const mac = new Uint8Array(6);
    putMac(mac, 0, this.mac);
    this.macHigh24 = uint24At(mac, 0);
    this.macLow24 = uint24At(mac, 3);
  }
}
