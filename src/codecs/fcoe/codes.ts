/**
 * Code bytes that stand for FC-2 delimiters in FCoE, FCIP and iFCP.
 * Source: RFC 3643; Linux uapi or scsi/fc/fc_encaps.h.
 */

/** Start of frame. Initiate codes lie below 30h; a normal code is its initiate code plus 8. */
export const Sof = {
  SOFf: 0x28,
  SOFi4: 0x29,
  SOFi2: 0x2d,
  SOFi3: 0x2e,
  SOFn4: 0x31,
  SOFn2: 0x35,
  SOFn3: 0x36,
  SOFc4: 0x39,
} as const;

/** End of frame. EOFni and EOFa mark a frame that is to be discarded. */
export const Eof = {
  EOFn: 0x41,
  EOFt: 0x42,
  EOFrt: 0x44,
  EOFdt: 0x46,
  EOFni: 0x49,
  EOFdti: 0x4e,
  EOFrti: 0x4f,
  EOFa: 0x50,
} as const;
