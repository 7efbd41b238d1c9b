/** What a contender has found or made: all that do the same work must come to the same. */
export class Proof {
  frames = 0;
  fcFrames = 0;
  crcGood = 0;
  addresses = 0;
  oxIds = 0;
  commands = 0;
  commandBytes = 0;
  bytes = 0;

  addHeader(dId, sId, oxId) {
    this.fcFrames++;
    this.addresses += dId - sId;
    this.oxIds += oxId;
  }

  addCommand(bytes) {
    this.commands++;
    this.commandBytes += bytes;
  }

  /** A frame that was made. */
  addMade(frame) {
    this.frames++;
    this.bytes += frame.length;
  }
}

export const ETHERTYPE_FCOE = 0x8906;
/** Where the FC header of a frame with one VLAN tag begins, and where its CRC does from the end. */
export const FC_AT = 32;
export const PAYLOAD_AT = FC_AT + 24;
export const TRAILER_BYTES = 8;
